"""What others have committed is seen once, and none of it is overlooked, however late a transaction ends."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import change_log, history
from cx_tui.db.engine import Database
from cx_tui.db.history_tables import operation
from cx_tui.domain.history import Act
from tests.conftest import Server, opened
from tests.db.sessions import ANA


async def begun(connection: AsyncConnection, title: str) -> int:
    """An operation in the transaction of a connection."""
    return await history.begin(connection, ANA, Act.UPDATE, title, datetime.now(UTC), records=1)


async def place(database: Database) -> str:
    async with database.reading() as connection:
        return await change_log.place(connection)


async def since(database: Database, place: str) -> change_log.Since:
    async with database.reading() as connection:
        return await change_log.since(connection, place)


@pytest.fixture
async def several(postgres: Server, postgres_template: str) -> AsyncIterator[Database]:
    """A PostgreSQL database: on SQLite nobody begins before another has ended."""
    async with postgres.database(postgres_template) as url, opened(url) as database:
        yield database


async def test_an_operation_is_seen_once(database: Database) -> None:
    here = await place(database)
    async with database.writing() as connection:
        one = await begun(connection, "Acme")
        two = await begun(connection, "Beta")
    found = await since(database, here)
    assert found.operations == [one, two]
    assert (await since(database, found.place)).operations == []


async def test_nothing_is_seen_where_nothing_was_done(database: Database) -> None:
    here = await place(database)
    assert await since(database, here) == (here, [])


async def test_what_began_before_and_ends_after_another_is_seen_when_it_ends(several: Database) -> None:
    here = await place(several)
    async with several.connected() as slow:
        begins = await slow.begin()
        late = await begun(slow, "held for five seconds")
        async with several.writing() as connection:
            soon = await begun(connection, "quick")
        assert late < soon
        first = await since(several, here)
        assert first.operations == [soon]
        assert (await since(several, first.place)).operations == []
        await begins.commit()
    then = await since(several, first.place)
    assert then.operations == [late]
    assert (await since(several, then.place)).operations == []


async def test_what_is_taken_back_is_never_seen(several: Database) -> None:
    here = await place(several)
    async with several.connected() as connection:
        begins = await connection.begin()
        await begun(connection, "a mistake")
        await begins.rollback()
    assert (await since(several, here)).operations == []


async def test_an_operation_in_a_savepoint_counts_as_its_transaction(several: Database) -> None:
    here = await place(several)
    async with several.connected() as connection:
        begins = await connection.begin()
        async with connection.begin_nested():
            one = await begun(connection, "within")
        assert (await since(several, here)).operations == []
        await begins.commit()
    assert (await since(several, here)).operations == [one]


async def test_operations_of_a_database_that_was_restored_elsewhere_do_not_come_for_ever(
    several: Database,
) -> None:
    async with several.writing() as connection:
        one = await begun(connection, "of the old server")
        await connection.execute(update(operation).where(operation.c.id == one).values(xact=2**40))
    here = await place(several)
    async with several.writing() as connection:
        two = await begun(connection, "of this server")
    assert (await since(several, here)).operations == [two]


async def test_the_place_is_another_one_when_something_was_written_that_is_not_in_the_log(
    several: Database,
) -> None:
    here = await place(several)
    async with several.writing() as connection:
        await connection.exec_driver_sql("INSERT INTO kept_at (name) VALUES ('something')")
    found = await since(several, here)
    assert found.place != here
    assert found.operations == []
