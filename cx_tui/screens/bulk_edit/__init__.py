"""Giving fields of many records new values at once."""

from cx_tui.screens.bulk_edit.bulk_edit_screen import BulkEditScreen

__all__ = ["BulkEditScreen"]
