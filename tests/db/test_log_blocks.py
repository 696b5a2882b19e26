"""What is done to customers by the thousand stands in the log like all else, though it is kept in blocks."""

from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from cx_tui.db import history, log_blocks
from cx_tui.db.engine import Database
from cx_tui.db.history_tables import block, change
from cx_tui.domain.history import Act, Change, LogQuery
from cx_tui.domain.records.customer import Status
from cx_tui.errors import Conflict
from cx_tui.services.history.log_list import LogListing
from cx_tui.services.session import Session
from tests.db.sessions import ANA, BEN, add, last, scalar
from tests.db.uploads import file_of, uploaded

NEW = 2 * log_blocks.SIZE + 500
OLD = 3


@pytest.fixture
def session(database: Database) -> Session:
    return Session(database, ANA)


@pytest.fixture
async def upload_id(session: Session, tmp_path: Path) -> int:
    """An upload that made many customers and changed some."""
    for number in range(OLD):
        await add(session, f"Old {number}")
    made = [[f'New {n:04} "{n}" ä', "Ulm\\", "EUR", ""] for n in range(NEW)]
    changed = [[f"Old {number}", "Bonn", "", ""] for number in range(OLD)]
    rows = [["Name", "City", "Currency", "Tags"], *made, *changed]
    done = await uploaded(session, file_of(tmp_path / "many.csv", rows))
    assert (done.summary.put.created, done.summary.put.updated) == (NEW, OLD)
    assert done.summary.put.operation_id
    return done.summary.put.operation_id


async def test_they_are_few_rows_in_the_log(session: Session, upload_id: int) -> None:
    assert await scalar(session.database, select(func.count()).select_from(block)) < NEW / 100
    theirs = select(func.count()).where(change.c.operation_id == upload_id)
    assert await scalar(session.database, theirs) == OLD


async def test_all_that_an_operation_did_is_read_part_by_part(session: Session, upload_id: int) -> None:
    found: list[Change] = []
    while part := await session.log.changes(upload_id, 700, found[-1].id if found else 0):
        found += part
    assert len(found) == NEW + OLD
    assert len({one.id for one in found}) == NEW + OLD
    made, changed = found[:NEW], found[NEW:]
    assert all(one.act is Act.CREATE for one in made)
    assert all(one.act is Act.UPDATE for one in changed)
    assert all(one.customer_id < other.customer_id for one, other in pairwise(made))
    assert made[7].after == {"name": 'New 0007 "7" ä', "city": "Ulm\\", "currency": "EUR"}
    assert made[7].before == {}


async def test_every_position_of_its_list_is_found(session: Session, upload_id: int) -> None:
    listing = session.log.changed(upload_id)
    assert await listing.count() == NEW + OLD
    every = await session.log.changes(upload_id, NEW + OLD)
    for start in (0, log_blocks.SIZE - 2, NEW - 2, NEW, NEW + OLD - 1, NEW + OLD):
        assert await listing.rows(start, 4) == every[start : start + 4]
    assert await listing.ids(0, NEW + 99) == [one.id for one in every]
    for place in (0, log_blocks.SIZE, NEW - 1, NEW, NEW + OLD - 1):
        assert await listing.position(every[place].id) == place
    assert await listing.position(-10_000_000) is None
    apart = [every[place].id for place in (5, log_blocks.SIZE + 5, NEW + 1)]
    assert sorted(await listing.again(apart)) == sorted(apart)


async def test_the_log_of_one_of_them_begins_with_its_making(session: Session, upload_id: int) -> None:
    one = (await session.log.changes(upload_id, 9, -log_blocks.SIZE))[0].customer_id
    assert [done.id for done in await session.log.operations(LogQuery(customer_id=one), 9)] == [upload_id]
    (made,) = await session.log.changes(upload_id, 9, customer_id=one)
    assert (made.act, made.customer_id) == (Act.CREATE, one)
    listing: LogListing[Change] = session.log.changed(upload_id, one)
    assert await listing.count() == 1
    assert await listing.rows(0, 9) == [made]
    customer = await session.records.get(one)
    saved = await session.records.save(customer, {"city": "Kiel"})
    found = await session.log.operations(LogQuery(customer_id=one), 9)
    assert [done.id for done in found] == [saved.operation_id, upload_id]
    assert await session.log.changes(upload_id, 9, customer_id=one + NEW) == []


async def test_it_says_who_made_a_customer_that_another_changes_meanwhile(
    session: Session, upload_id: int
) -> None:
    one = (await session.log.changes(upload_id, 1))[0].customer_id
    async with session.database.reading() as connection:
        made = await history.last_of(connection, "customer", one, one)
        assert made
        assert made.id == upload_id
        assert await history.last_of(connection, "customer", 10**6, 10**6) is None


async def test_undoing_it_takes_all_of_them_back(session: Session, upload_id: int) -> None:
    undone = await session.log.undo(upload_id)
    assert (undone.records, undone.refused) == (NEW + OLD, 0)
    again = await session.log.undo(undone.operation_id)
    assert again.records == NEW + OLD
    assert (
        await scalar(session.database, "SELECT count(*) FROM customer WHERE deleted_at IS NULL") == NEW + OLD
    )


async def test_numbers_with_gaps_begin_another_block(session: Session, kind: str, tmp_path: Path) -> None:
    """On PostgreSQL others may take numbers meanwhile."""
    if kind == "postgresql":
        await add(session, "Old")
        async with session.database.writing() as connection:
            await connection.execute(text("ALTER SEQUENCE customer_id_seq INCREMENT 2"))
    rows = "".join(f"New {n},EUR\n" for n in range(5))
    await uploaded(session, file_of(tmp_path / "gaps.csv", f"Name,Currency\n{rows}"))
    operation, changes = await last(session)
    assert [one.after["name"] for one in changes] == [f"New {n}" for n in range(5)]
    assert await scalar(session.database, select(func.count()).select_from(block)) == (
        5 if kind == "postgresql" else 1
    )
    assert (await session.log.changed(operation.id).ids(0, 9)) == [one.id for one in changes]


@pytest.fixture
async def some(session: Session, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Customers of whom three are as near to each other as those of a block."""
    monkeypatch.setattr(log_blocks, "SPAN", 3)
    return [(await add(session, f"Customer {number}", channels=number % 3)).id for number in range(12)]


async def rows_of(database: Database, operation_id: int) -> tuple[int, int]:
    """How many blocks and single changes an operation has."""
    counted = (select(func.count()).where(one.c.operation_id == operation_id) for one in (block, change))
    in_blocks, single = [await scalar(database, one) for one in counted]
    return in_blocks, single


async def test_a_bulk_edit_its_undo_and_a_delete_are_kept_in_blocks(
    session: Session, some: list[int]
) -> None:
    edited = await session.bulk.edit(some[::-1], {"channels": 2})
    undone = await session.log.undo(edited.operation_id)
    deleted = await session.bulk.delete(some)
    brought_back = await session.log.undo(deleted.operation_id)
    for operation_id, count in (
        (edited.operation_id, 8),
        (undone.operation_id, 8),
        (deleted.operation_id, 12),
        (brought_back.operation_id, 12),
    ):
        assert await rows_of(session.database, operation_id) == (4, 0)
        assert len(await session.log.changes(operation_id, 99)) == count
    channels = [(await session.records.get(one)).channels for one in some]
    assert channels == [number % 3 for number in range(12)]


async def test_a_customer_is_found_in_its_blocks_and_no_other_is(session: Session, some: list[int]) -> None:
    edited = await session.bulk.edit([some[0], some[2], some[3]], {"channels": 9})
    again = await session.bulk.edit(some, {"channels": 5, "status": Status.PENALTY})
    for place, numbers in ((0, [again, edited]), (1, [again]), (3, [again, edited]), (4, [again])):
        query = LogQuery(customer_id=some[place])
        wanted = [one.operation_id for one in numbers]
        found = [one.id for one in await session.log.operations(query, 9)]
        assert [one for one in found if one >= edited.operation_id] == wanted
        assert await session.log.listing(query).ids(0, 2 + len(wanted)) == found
    (mine,) = await session.log.changes(edited.operation_id, 9, customer_id=some[2])
    assert (mine.before, mine.after) == ({"channels": "2"}, {"channels": "9"})
    assert await session.log.changes(edited.operation_id, 9, customer_id=some[1]) == []
    assert await session.log.changed(edited.operation_id, some[1]).count() == 0
    assert await session.log.changed(edited.operation_id, some[2]).rows(0, 9) == [mine]


async def test_who_edited_many_is_named_to_one_whose_save_meets_it(session: Session, some: list[int]) -> None:
    mine = await session.records.get(some[5])
    await Session(session.database, BEN).bulk.edit(some, {"channels": 77})
    with pytest.raises(Conflict, match=r"ben \(.* UTC\) changed Channels meanwhile"):
        await session.records.save(mine, {"channels": 8})


async def test_each_position_is_found_though_there_are_many_blocks(session: Session, some: list[int]) -> None:
    edited = await session.bulk.edit(some, {"channels": 44})
    listing = session.log.changed(edited.operation_id)
    assert await listing.count() == len(some)
    assert [one.customer_id for one in await listing.rows(0, 99)] == some
    assert [one.customer_id for one in await listing.rows(2, 3)] == some[2:5]
    for place, one in enumerate(some):
        assert await listing.position(-one) == place
    assert await listing.position(-some[-1] - 5) is None
