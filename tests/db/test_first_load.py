"""The first rows of PostgreSQL's tables: taken over only while there are none, and left as they were."""

import pytest
from sqlalchemy import insert, text

from cx_tui.db import first_load
from cx_tui.db.engine import Database
from cx_tui.db.tables import found_by, kept_at
from tests.conftest import opened
from tests.db.sessions import scalar

LOCKED = text("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock'")
DEFAULTS = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'customer'::regclass AND atthasdef"


@pytest.fixture
def kind() -> str:
    """SQLite has no need of it."""
    return "postgresql"


async def test_a_table_without_rows_is_taken_over_with_what_belongs_to_it(database: Database) -> None:
    async with database.writing() as connection:
        assert await first_load.take_over(connection, ["customer"])
        assert (await connection.execute(LOCKED)).scalar_one() > 1


async def test_a_table_with_rows_is_left_alone_and_not_locked(database: Database) -> None:
    async with database.writing() as connection:
        assert not await first_load.take_over(connection, ["kept_at"])
        assert (await connection.execute(LOCKED)).scalar_one() == 0
    assert await scalar(database, text("SELECT count(*) FROM kept_at")) == 1


async def test_a_row_that_another_adds_meanwhile_is_not_lost(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = first_load._any_rows

    async def and_then_another(connection: object, names: list[str]) -> bool:
        answer = await looked(connection, names)  # type: ignore[arg-type]  # passed on
        monkeypatch.setattr(first_load, "_any_rows", looked)
        async with opened(database_url) as other, other.writing() as writing:
            await writing.execute(insert(kept_at).values(name="another"))
        return answer

    async with database.writing() as connection:
        await connection.execute(kept_at.delete())
    monkeypatch.setattr(first_load, "_any_rows", and_then_another)
    async with database.writing() as connection:
        assert not await first_load.take_over(connection, ["kept_at"])
        assert (await connection.execute(LOCKED)).scalar_one() == 0
    assert await scalar(database, text("SELECT name FROM kept_at")) == "another"


async def test_what_rows_share_is_a_default_only_meanwhile(database: Database) -> None:
    before = await scalar(database, text(DEFAULTS))
    async with database.writing() as connection:
        values = {"channels": 5, "portal": True, "daily_limit": None, "id": 9}
        async with first_load.by_default(connection, "customer", values) as ours:
            assert ours == {"channels", "portal", "daily_limit"}
        async with first_load.by_default(connection, found_by.name, {}) as ours:
            assert ours == set()
    assert await scalar(database, text(DEFAULTS)) == before
