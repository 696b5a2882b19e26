"""A question about very many records, asked of some of them at a time on two connections: SQLite works for
each in a thread of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from cx_tui.db.engine import Database, ask

AT_A_TIME = 131_072
CONNECTIONS = 2

T = TypeVar("T")
Given = dict[str, int]
"""From above which number until which one."""


def limited(question: Select[tuple[T]], own: ColumnElement[int]) -> Select[tuple[T]]:
    """The same question about some of the records."""
    return question.where(own > bindparam("above"), own <= bindparam("until"))


async def parts_of(database: Database, own: ColumnElement[int]) -> list[Given]:
    """All records of a table, some at a time."""
    async with database.reading() as connection:
        (last,) = (await ask(connection, select(func.coalesce(func.max(own), 0))))[0]
    return [{"above": above, "until": above + AT_A_TIME} for above in range(0, last, AT_A_TIME)]


async def each(
    database: Database, parts: Sequence[Given], work: Callable[[AsyncConnection, Given], Awaitable[T]]
) -> list[T]:
    """What comes of the work for each of the parts, in any order."""
    left = iter(parts)

    async def some() -> list[T]:
        async with database.reading() as connection:
            return [await work(connection, given) for given in left]

    tasks = [asyncio.ensure_future(some()) for _ in range(min(CONNECTIONS, len(parts)))]
    try:
        return [one for found in await asyncio.gather(*tasks) for one in found]
    except BaseException:
        for task in tasks:
            task.cancel()
        for task in tasks:
            # What it failed with is said already; nothing of it may go on.
            with suppress(BaseException):
                await task
        raise
