"""What is asked of sealed calls, whatever keeps them: Parquet files, or a ClickHouse server.

A day is put as a whole, and put again it replaces itself.  Everything is asked of days, newest first; who
asks knows from the counts of days which of them hold a window.
"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import polars as pl

from cx_tui.domain.calls.query import CallQuery


class SealedCalls(Protocol):
    """Sealed days of calls."""

    async def put_day(self, day: date, rows: pl.LazyFrame) -> None:
        """Have these calls be those of a day, whatever it had before."""

    async def count(self, query: CallQuery, days: Sequence[date]) -> int:
        """How many calls of these days a query asks for."""

    async def page(
        self, query: CallQuery, days: Sequence[date], start: int, count: int, columns: Sequence[str] = ()
    ) -> pl.DataFrame:
        """A window of the calls of these days in the query's order: whole rows, or some columns."""

    async def by_keys(self, days: Sequence[date], keys: pl.DataFrame) -> pl.DataFrame:
        """The calls of these days that have these keys, in any order."""

    async def group(self, query: CallQuery, days: Sequence[date], by: Sequence[str]) -> pl.DataFrame:
        """The figures of the calls of these days by the values of columns."""
