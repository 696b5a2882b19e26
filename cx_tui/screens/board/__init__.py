"""The board of delayed changes."""

from .screen import BoardScreen

__all__ = ["BoardScreen"]
