"""A database is copied into another one of any kind, and goes on where it was broken off."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from cx_tui.db import schema, table_copy
from cx_tui.db.engine import connect
from cx_tui.db.tables import customer, kept_at
from cx_tui.domain.query import Query
from cx_tui.errors import Refused
from cx_tui.services.copying import copy_database
from cx_tui.services.session import Session
from tests.conftest import ENGINES
from tests.db.sessions import ANA, add


def silent(table: str, done: int, of: int) -> None:
    """Tells nobody."""


class BrokenOff(Exception):
    """Stands for a program that is killed."""


@pytest.mark.parametrize("source", ENGINES)
async def test_a_copy_that_was_broken_off_goes_on_and_is_like_its_source(
    source: str, world_of: Callable[[str], str], new_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_copy, "PART", 700)
    parts = 0

    def breaks(table: str, done: int, of: int) -> None:
        nonlocal parts
        parts += 1
        if parts == 9:
            raise BrokenOff

    with pytest.raises(BrokenOff):
        await copy_database(world_of(source), new_url, breaks)
    copied = await copy_database(world_of(source), new_url, silent)
    assert copied.went_on
    assert copied.differences == []
    assert copied.rows["customer"] == 3_000
    database = connect(new_url)
    try:
        assert await schema.check(database) is None
        session = Session(database, ANA)
        async with database.reading() as connection:
            name = (await connection.execute(select(customer.c.name).where(customer.c.id == 7))).scalar_one()
            assert (
                await connection.execute(select(kept_at).where(kept_at.c.name == "copying"))
            ).first() is None
        listing = await session.customers.list(Query(search=name))
        assert 7 in [row["id"] for row in await listing.rows(0, 50, ("name",))]
        # The next numbers are above those that came.
        assert (await add(session, "Newcomer")).id == 3_001
    finally:
        await database.close()


async def test_nothing_is_copied_into_a_database_that_has_data(
    world_of: Callable[[str], str], database_url: str
) -> None:
    database = connect(database_url)
    try:
        await add(Session(database, ANA), "Ours")
        with pytest.raises(Refused, match="choose a new one"):
            await copy_database(world_of("sqlite"), database_url, silent)
    finally:
        await database.close()


async def test_what_differs_afterwards_is_named(
    world_of: Callable[[str], str], new_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = next(one for one in table_copy.tables() if one.name == "number_range")
    usual = table_copy.copy_table

    async def tampered(source, target, which, progress):  # type: ignore[no-untyped-def]
        done = await usual(source, target, which, progress)
        if which.name == "number_range":
            async with target.writing() as connection:
                await connection.execute(text("DELETE FROM number_range"))
        return done

    monkeypatch.setattr(table_copy, "copy_table", tampered)
    copied = await copy_database(world_of("sqlite"), new_url, silent)
    assert any(one.startswith("number_range: rows is") for one in copied.differences)
    assert table.name == "number_range"
