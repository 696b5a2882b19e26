"""The file of the embedded database may be deleted, moved or replaced while the program uses it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from cx_tui.db.engine import Database, connect
from cx_tui.errors import Unavailable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where it is."""
    return tmp_path / "own.db"


@pytest.fixture
async def used(file: Path) -> AsyncIterator[Database]:
    """A database that was written to."""
    database = connect(f"sqlite:///{file}")
    async with database.writing() as connection:
        await connection.execute(text("CREATE TABLE kept (name TEXT)"))
    yield database
    await database.close()


def delete(file: Path) -> None:
    file.unlink()


def is_there(file: Path) -> bool:
    return file.exists()


def move(file: Path, name: str) -> Path:
    return file.rename(file.with_name(name))


async def write(database: Database, name: str) -> None:
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO kept VALUES (:name)"), {"name": name})


async def names(database: Database) -> list[str]:
    async with database.reading() as connection:
        return [row[0] for row in await connection.execute(text("SELECT name FROM kept ORDER BY name"))]


async def test_nothing_is_written_into_a_file_that_is_deleted_and_none_is_made(
    used: Database, file: Path
) -> None:
    delete(file)
    with pytest.raises(Unavailable, match="is not there any more"):
        await write(used, "lost")
    with pytest.raises(Unavailable, match="is not there any more"):
        await names(used)
    assert not is_there(file)


async def test_it_goes_on_when_the_file_is_put_back(used: Database, file: Path) -> None:
    moved = move(file, "moved.db")
    with pytest.raises(Unavailable, match="is not there any more"):
        await write(used, "one")
    move(moved, file.name)
    await write(used, "two")
    assert await names(used) == ["two"]


async def test_nothing_is_written_into_a_file_that_was_replaced_and_then_the_new_one_is_used(
    used: Database, file: Path
) -> None:
    await write(used, "old")
    other = connect(f"sqlite:///{file.with_name('other.db')}")
    async with other.writing() as connection:
        await connection.execute(text("CREATE TABLE kept (name TEXT)"))
    await other.close()
    for part in ("-wal", "-shm"):
        file.with_name(f"own.db{part}").unlink(missing_ok=True)
    move(file.with_name("other.db"), file.name)
    with pytest.raises(Unavailable, match="was replaced by another one"):
        await write(used, "one")
    await write(used, "two")
    assert await names(used) == ["two"]


async def test_a_connection_beside_the_first_makes_no_empty_file(used: Database, file: Path) -> None:
    async with used.reading():
        delete(file)
        with pytest.raises(Unavailable, match="is not there any more"):
            async with used.reading():
                pass
    assert not is_there(file)
