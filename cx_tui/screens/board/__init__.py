"""The board of delayed changes."""

from cx_tui.screens.board.board_screen import BoardScreen

__all__ = ["BoardScreen"]
