"""A path that is typed, pasted or chosen, with what is in its folder beneath."""

from .picker import FilePicker

__all__ = ["FilePicker"]
