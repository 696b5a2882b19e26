"""A connection on which something hangs that nobody waits for: it is given up, and the next one works."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest
from sqlalchemy import text

from cx_tui.db.engine import Database
from cx_tui.errors import Unavailable
from tests.conftest import Server, opened


@pytest.fixture
async def database(postgres: Server) -> AsyncIterator[Database]:
    async with postgres.database() as url, opened(url) as database:
        yield database


async def test_a_connection_that_is_busy_with_something_else_counts_as_lost(database: Database) -> None:
    async def ask() -> None:
        async with database.reading() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            hangs = asyncio.ensure_future(driver.execute("SELECT pg_sleep(60)"))
            await asyncio.sleep(0.1)
            try:
                await connection.execute(text("SELECT 1"))
            finally:
                assert connection.invalidated
                hangs.cancel()
                with suppress(BaseException):
                    await hangs

    with pytest.raises(Unavailable, match="another operation"):
        await ask()
    async with database.reading() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar() == 1


async def test_a_database_all_of_whose_connections_hang_is_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database.engine.pool, "_timeout", 0.1)
    async with AsyncExitStack() as held:

        async def hold(number: int) -> None:
            for _ in range(number):
                await held.enter_async_context(database.reading())

        with pytest.raises(Unavailable, match="did not answer in time"):
            await hold(20)
