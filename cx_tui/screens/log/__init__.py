"""The log of what was done, View Difference, and undoing."""

from .difference import DifferenceScreen
from .screen import LogScreen

__all__ = ["DifferenceScreen", "LogScreen"]
