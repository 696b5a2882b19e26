"""Long work on calls in a process of its own, so that no key waits for it.

The process is spawned: one that is forked after polars was used hangs for good.  It ends with whoever asked,
also when the answer is not wanted any more.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from cx_tui.domain.calls.query import CallQuery
from cx_tui.services.child_process import stderr_of_its_own

if TYPE_CHECKING:
    from cx_tui.services.calls.calls import Calls

T = TypeVar("T")


async def in_child(work: Callable[..., T], *arguments: object) -> T:
    """What a function of a module makes of arguments, in a process of its own."""
    with stderr_of_its_own():
        pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        found = asyncio.get_running_loop().run_in_executor(pool, work, *arguments)
    try:
        return await found
    except asyncio.CancelledError:
        for process in list(pool._processes.values()):
            process.kill()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


async def pivoted(url: str, place: str, query: CallQuery, by: Sequence[str]) -> pl.DataFrame:
    """The figures of calls by columns, computed in a child; amounts are in millionths."""
    return await in_child(_pivot, url, place, query, tuple(by))


def _pivot(url: str, place: str, query: CallQuery, by: Sequence[str]) -> pl.DataFrame:
    from cx_tui.db.engine import connect
    from cx_tui.services.calls.calls import Calls

    async def pivot() -> pl.DataFrame:
        database = connect(url, read_only=True)
        try:
            return await Calls(database, place).list(query).group(by)
        finally:
            await database.close()

    return asyncio.run(pivot())


async def written(calls: "Calls", query: CallQuery, path: Path, only: Sequence[str] = ()) -> int:
    """Calls, or these columns of them, written into a file by a child; says how many."""
    return await in_child(_write, calls.database_url, calls.place, query, path, tuple(only))


def _write(url: str, place: str, query: CallQuery, path: Path, only: Sequence[str]) -> int:
    from cx_tui.db.engine import connect
    from cx_tui.services.calls.calls import Calls
    from cx_tui.services.calls.written import write_calls

    async def write() -> int:
        database = connect(url, read_only=True)
        try:
            return await write_calls(Calls(database, place).list(query), path, only)
        finally:
            await database.close()

    return asyncio.run(write())
