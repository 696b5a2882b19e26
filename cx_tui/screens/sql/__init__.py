"""The page where operators ask in SQL."""

from cx_tui.screens.sql.sql_page import SqlPage

__all__ = ["SqlPage"]
