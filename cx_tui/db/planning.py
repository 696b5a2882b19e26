"""What SQLite's planner is kept from, where it costs more than it brings."""

from typing import Any

from sqlalchemy import ColumnElement, func


def without_index(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same column, but SQLite's planner sees no index in it: walked in the order of an index, every
    row is looked up on another page."""
    return func.coalesce(column, None)
