"""Rows of records for a bulk load: what is not said of one is as a form would leave it."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from cx_tui.db.tables import record_table
from cx_tui.domain.record import Record

Row = tuple[Any, ...]


class Rows:
    """The rows of one kind of record, numbered from 1."""

    def __init__(self, record: type[Record], now: datetime) -> None:
        self.table: Table = record_table(record)
        usual = {one.name: _usual(one) for one in fields(record)}
        usual |= {"version": 1, "created_at": now, "changed_at": now}
        self.columns = tuple(column.name for column in self.table.columns)
        self._usual = [usual.get(name) for name in self.columns]
        self._places = {name: place for place, name in enumerate(self.columns)}
        self._rows: list[Row] = []
        self._last = 0

    def add(self, values: Mapping[str, Any]) -> int:
        """One more: its number."""
        self._last += 1
        row = self._usual.copy()
        row[self._places["id"]] = self._last
        for name, value in values.items():
            row[self._places[name]] = value
        self._rows.append(tuple(row))
        return self._last

    def taken(self) -> list[Row]:
        """The rows that were added since the last time."""
        rows, self._rows = self._rows, []
        return rows


def _usual(one: Any) -> Any:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else None
