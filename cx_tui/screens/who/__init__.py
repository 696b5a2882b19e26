"""Who is here."""

from cx_tui.screens.who.who_screen import WhoScreen

__all__ = ["WhoScreen"]
