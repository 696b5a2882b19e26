"""Customers who are made by the thousand stand in the log like all others, though it keeps them in blocks."""

from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from cx_tui.db import creations, history
from cx_tui.db.engine import Database
from cx_tui.db.history_tables import change, creation
from cx_tui.domain.history import Act, Change, LogQuery
from cx_tui.services.log_listing import LogListing
from cx_tui.services.office import Office
from tests.db.offices import ANA, add, last, scalar
from tests.db.uploads import file_of, uploaded

NEW = 2 * creations.SIZE + 500
OLD = 3


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database, ANA)


@pytest.fixture
async def upload_id(office: Office, tmp_path: Path) -> int:
    """An upload that made many customers and changed some."""
    for number in range(OLD):
        await add(office, f"Old {number}")
    made = [[f'New {n:04} "{n}" ä', "Ulm\\", "EUR", ""] for n in range(NEW)]
    changed = [[f"Old {number}", "Bonn", "", ""] for number in range(OLD)]
    rows = [["Name", "City", "Currency", "Tags"], *made, *changed]
    done = await uploaded(office, file_of(tmp_path / "many.csv", rows))
    assert (done.summary.put.created, done.summary.put.updated) == (NEW, OLD)
    assert done.summary.put.operation_id
    return done.summary.put.operation_id


async def test_they_are_few_rows_in_the_log(office: Office, upload_id: int) -> None:
    assert await scalar(office.database, select(func.count()).select_from(creation)) < NEW / 100
    theirs = select(func.count()).where(change.c.operation_id == upload_id)
    assert await scalar(office.database, theirs) == OLD


async def test_all_that_an_operation_did_is_read_part_by_part(office: Office, upload_id: int) -> None:
    found: list[Change] = []
    while part := await office.log.changes(upload_id, 700, found[-1].id if found else 0):
        found += part
    assert len(found) == NEW + OLD
    assert len({one.id for one in found}) == NEW + OLD
    made, changed = found[:NEW], found[NEW:]
    assert all(one.act is Act.CREATE for one in made)
    assert all(one.act is Act.UPDATE for one in changed)
    assert all(one.customer_id < other.customer_id for one, other in pairwise(made))
    assert made[7].after == {"name": 'New 0007 "7" ä', "city": "Ulm\\", "currency": "EUR"}
    assert made[7].before == {}


async def test_every_position_of_its_list_is_found(office: Office, upload_id: int) -> None:
    listing = office.log.changed(upload_id)
    assert await listing.count() == NEW + OLD
    every = await office.log.changes(upload_id, NEW + OLD)
    for start in (0, creations.SIZE - 2, NEW - 2, NEW, NEW + OLD - 1, NEW + OLD):
        assert await listing.rows(start, 4) == every[start : start + 4]
    assert await listing.ids(0, NEW + 99) == [one.id for one in every]
    for place in (0, creations.SIZE, NEW - 1, NEW, NEW + OLD - 1):
        assert await listing.position(every[place].id) == place
    assert await listing.position(-10_000_000) is None
    apart = [every[place].id for place in (5, creations.SIZE + 5, NEW + 1)]
    assert sorted(await listing.again(apart)) == sorted(apart)


async def test_the_log_of_one_of_them_begins_with_its_making(office: Office, upload_id: int) -> None:
    one = (await office.log.changes(upload_id, 9, -creations.SIZE))[0].customer_id
    assert [done.id for done in await office.log.operations(LogQuery(customer_id=one), 9)] == [upload_id]
    (made,) = await office.log.changes(upload_id, 9, customer_id=one)
    assert (made.act, made.customer_id) == (Act.CREATE, one)
    listing: LogListing[Change] = office.log.changed(upload_id, one)
    assert await listing.count() == 1
    assert await listing.rows(0, 9) == [made]
    customer = await office.records.get(one)
    saved = await office.records.save(customer, {"city": "Kiel"})
    found = await office.log.operations(LogQuery(customer_id=one), 9)
    assert [done.id for done in found] == [saved.operation_id, upload_id]
    assert await office.log.changes(upload_id, 9, customer_id=one + NEW) == []


async def test_it_says_who_made_a_customer_that_another_changes_meanwhile(
    office: Office, upload_id: int
) -> None:
    one = (await office.log.changes(upload_id, 1))[0].customer_id
    async with office.database.reading() as connection:
        made = await history.last_of(connection, "customer", one, one)
        assert made
        assert made.id == upload_id
        assert await history.last_of(connection, "customer", 10**6, 10**6) is None


async def test_undoing_it_takes_all_of_them_back(office: Office, upload_id: int) -> None:
    undone = await office.log.undo(upload_id)
    assert (undone.records, undone.refused) == (NEW + OLD, 0)
    again = await office.log.undo(undone.operation_id)
    assert again.records == NEW + OLD
    assert (
        await scalar(office.database, "SELECT count(*) FROM customer WHERE deleted_at IS NULL") == NEW + OLD
    )


async def test_numbers_with_gaps_begin_another_block(office: Office, kind: str, tmp_path: Path) -> None:
    """On PostgreSQL others may take numbers meanwhile."""
    if kind == "postgresql":
        await add(office, "Old")
        async with office.database.writing() as connection:
            await connection.execute(text("ALTER SEQUENCE customer_id_seq INCREMENT 2"))
    rows = "".join(f"New {n},EUR\n" for n in range(5))
    await uploaded(office, file_of(tmp_path / "gaps.csv", f"Name,Currency\n{rows}"))
    operation, changes = await last(office)
    assert [one.after["name"] for one in changes] == [f"New {n}" for n in range(5)]
    assert await scalar(office.database, select(func.count()).select_from(creation)) == (
        5 if kind == "postgresql" else 1
    )
    assert (await office.log.changed(operation.id).ids(0, 9)) == [one.id for one in changes]
