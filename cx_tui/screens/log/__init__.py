"""The log of what was done, View Difference, and undoing."""

from cx_tui.screens.log.difference import DifferenceScreen
from cx_tui.screens.log.log_screen import LogScreen

__all__ = ["DifferenceScreen", "LogScreen"]
