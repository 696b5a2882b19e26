"""Acts on many customers at once: all that is right of them is written and noted, or nothing at all."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from cx_tui.db import bulk_writing
from cx_tui.db.engine import Database
from cx_tui.db.tables import customer
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import Act, LogQuery, values
from cx_tui.domain.query import Query, StatusFilter
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.domain.selection import Selection
from cx_tui.errors import Invalid, Refused
from cx_tui.services.changes import bulk
from cx_tui.services.history import undo
from cx_tui.services.seeding import seed
from cx_tui.services.session import Session
from tests.conftest import WORLD_NOW
from tests.db.sessions import ANA, add, add_contact, everything_follows, last, noted, scalar
from tests.patience import patient

CUSTOMERS = 90
NEW: dict[str, Any] = {
    "channels": 77,
    "flow_speed": 9,
    "status": Status.PENALTY,
    "debit_limit": Decimal("-5.000001"),
    "minimum_payment": Decimal("12.5"),
    "tax": Decimal("19.25"),
    "daily_limit": None,
    "portal": False,
    "portal_areas": {"CDR": "hide", "Balance": "show", "Rates": "inherit"},
    "tags": ("night", "x"),
    "reseller": 1,
    "account_manager": None,
    "invoice_schedule": "weekly",
    "invoice_due_days": 0,
    "invoice_template": 2,
    "rtp_firewall": "unlocked",
    "recording_days": 30,
    "asserted_id": "remove",
    "country": "",
    "approved_clis_only": True,
    "verify_email": True,
    "verify_mobile": True,
}


def new_value(name: str) -> Any:
    kind, value = fields_of(Customer)[name].kind, NEW[name]
    return kind.choices(value) if hasattr(kind, "choices") else value


@pytest.fixture
async def session(database: Database, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A small world, worked in small parts."""
    monkeypatch.setattr(bulk, "SLICE", 16)
    await seed(database, CUSTOMERS, 3, now=WORLD_NOW)
    # What the seed keeps holds for its moment; from now on it is kept for this one.
    session = Session(database, ANA)
    await session.customers.sweep()
    return session


async def everyone(session: Session) -> dict[int, Customer]:
    from cx_tui.db.records import CUSTOMERS as REPOSITORY

    async with session.database.reading() as connection:
        return await REPOSITORY.some(connection, range(1, CUSTOMERS + 1))


async def test_every_field_marked_bulk_is_edited_and_noted(session: Session) -> None:
    assert {name for name, one in fields_of(Customer).items() if one.bulk} == set(NEW)
    for name in NEW:
        before = await everyone(session)
        value = new_value(name)
        done = await session.bulk.edit(sorted(before), {name: value})
        after = await everyone(session)
        changes = await session.log.changes(done.operation_id, 1000)
        noted_of = {change.record_id: change for change in changes}
        assert len(noted_of) == len(changes) == done.changed
        for key, old in before.items():
            wanted = bulk.merged(getattr(old, name), value)
            assert getattr(after[key], name) == wanted
            if wanted == getattr(old, name):
                assert after[key] == old
                assert key not in noted_of
            else:
                assert after[key].version == old.version + 1
                assert values(Customer, noted_of[key].before) == {name: getattr(old, name)}
                assert values(Customer, noted_of[key].after) == {name: wanted}
    await everything_follows(session.database)


async def test_several_fields_are_one_operation_with_its_number_and_title(session: Session) -> None:
    ids = await session.bulk.chosen(Selection(frozenset(range(1, 41))))
    told: list[tuple[int, int]] = []
    done = await session.bulk.edit(
        ids, {"channels": 7, "status": Status.ACTIVE}, lambda *progress: told.append(progress)
    )
    operation, changes = await last(session)
    assert (operation.id, operation.records, operation.act) == (
        done.operation_id,
        done.changed,
        Act.BULK_EDIT,
    )
    assert operation.title == "Channels = 7, Status = Active"
    assert (operation.who, operation.origin) == (ANA.name, ANA.origin)
    assert len(changes) == done.changed <= 40
    assert told == [(16, 40), (32, 40), (40, 40)]


async def test_portal_areas_are_merged_area_by_area(session: Session) -> None:
    one = await add(session, "Own areas", portal_areas={"CDR": "hide", "Rates": "show"})
    two = await add(session, "No areas")
    await session.bulk.edit(
        [one.id, two.id], {"portal_areas": {"Rates": "inherit", "Balance": "hide"}, "channels": 3}
    )
    first, second = await session.records.get(one.id), await session.records.get(two.id)
    assert first.portal_areas == {"Balance": "hide", "CDR": "hide"}
    assert second.portal_areas == {"Balance": "hide"}
    assert (first.channels, second.channels) == (3, 3)
    again = await session.bulk.edit([one.id, two.id], {"portal_areas": {"CDR": "inherit"}})
    assert again.changed == 1


async def test_an_edit_that_changes_nobody_is_not_in_the_log(session: Session) -> None:
    made = await add(session, "Acme", channels=5)
    before = await noted(session.database)
    assert (await session.bulk.edit([made.id], {"channels": 5})).changed == 0
    assert (await session.bulk.edit([], {"channels": 5})).changed == 0
    assert (await session.bulk.delete([99_999])).changed == 0
    assert await noted(session.database) == before
    assert await session.records.get(made.id) == made


async def test_deleted_customers_are_left_alone(session: Session) -> None:
    ids = await session.bulk.chosen(Selection(frozenset({1, 2, 3})))
    await session.records.delete(2)
    before = (await everyone(session))[2]
    done = await session.bulk.edit(ids, {"channels": 4321})
    assert done.changed == 2
    assert (await everyone(session))[2] == before
    assert list(await session.bulk.chosen(Selection(frozenset({1, 2, 3, 99_999})))) == [1, 3]


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(status=StatusFilter.ACTIVE),
        Query(search="telecom"),
        Query(search="a", status=StatusFilter.PENDING),
        Query(search="nobody is called this"),
    ],
    ids=repr,
)
async def test_a_selection_of_all_but_some_is_what_its_list_has(session: Session, query: Query) -> None:
    listed = await (await session.customers.list(query)).ids(0, 1000)
    left_out = frozenset(listed[:3]) | {99_999}
    chosen = await session.bulk.chosen(Selection(left_out, all_but=True, query=query))
    assert list(chosen) == sorted(set(listed) - left_out)


async def test_what_is_at_stake_is_counted(session: Session) -> None:
    one, two = await add(session, "One", channels=5), await add(session, "Two", channels=5)
    await add_contact(session, one.id)
    gone = await add_contact(session, two.id)
    await session.records_of["contact"].delete(gone.id)
    await session.delayed.order(two, {"channels": 6}, two.created_at)
    stake = await session.bulk.stake([one.id, two.id])
    assert (stake.number, stake.live, stake.contacts, stake.waiting) == (2, 0, 1, 1)
    third = await add(session, "Three", status=Status.ACTIVE)
    ids = [one.id, two.id, third.id]
    assert await session.bulk.distinct(ids, "channels") == [("5", 2), ("0", 1)]
    assert await session.bulk.distinct(ids, "status") == [("Pending Approval", 2), ("Active", 1)]
    assert await session.bulk.distinct(ids, "tags") == [("", 3)]
    assert await session.bulk.distinct(ids, "portal_areas") == [("", 3)]


@pytest.mark.parametrize("name", ["name", "currency", "toml", "allowed_times", "private_notes"])
async def test_a_field_that_is_not_bulk_is_refused(session: Session, name: str) -> None:
    before = await noted(session.database)
    with pytest.raises(Invalid, match="can't be edited in bulk") as caught:
        await session.bulk.edit([1], {"channels": 5, name: "x"})
    assert list(caught.value.problems) == [name]
    with pytest.raises(Refused, match="choose a value"):
        await session.bulk.edit([1], {})
    assert await noted(session.database) == before


Act_ = Callable[[Session, Callable[[int, int], None]], Awaitable[object]]
ACTS: dict[str, Act_] = {
    "constants": lambda session, progress: session.bulk.edit(range(1, 91), {"channels": 5}, progress),
    "areas and proofs": lambda session, progress: session.bulk.edit(
        range(1, 91), {"portal_areas": {"CDR": "hide"}, "verify_email": True}, progress
    ),
    "delete": lambda session, progress: session.bulk.delete(range(1, 91), progress),
    "undo": lambda session, progress: session.log.undo(1, progress),
}


async def snapshot(session: Session) -> tuple[Any, Any]:
    return await everyone(session), await noted(session.database)


async def prepared(session: Session, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    """An operation that can be undone, in small parts too."""

    for module in (bulk, undo):
        monkeypatch.setattr(module, "SLICE", 6)
    await session.bulk.edit(range(1, 91), {"channels": 1234, "tags": ("x",)})
    return await snapshot(session)


async def cancelled_after(session: Session, act: Act_, turns: int) -> list[int]:
    """Cancel an act so many turns of the loop after its second part: at any statement."""
    loop = asyncio.get_running_loop()
    told: list[int] = []

    def turn(left: int) -> None:
        if left:
            loop.call_soon(turn, left - 1)
        else:
            task.cancel()

    def progress(done: int, of: int) -> None:
        told.append(done)
        if len(told) == 2:
            turn(turns)

    task = asyncio.ensure_future(act(session, progress))
    with pytest.raises(asyncio.CancelledError):
        await task
    return told


@pytest.mark.parametrize("act", ACTS)
async def test_an_act_that_is_cancelled_has_not_happened_and_the_database_is_usable_at_once(
    session: Session, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await prepared(session, monkeypatch)
    for turns in range(0, 40, 4):
        told = await cancelled_after(session, ACTS[act], turns)
        assert 2 <= len(told) < 15
        assert await asyncio.wait_for(snapshot(session), patient(5)) == before
        one = before[0][1]
        saved = await asyncio.wait_for(session.records.save(one, {"city": f"Turn {turns}"}), patient(5))
        before[0][1] = saved.record
        before = (before[0], await noted(session.database))
    await everything_follows(session.database)


@pytest.mark.parametrize("act", ACTS)
async def test_an_act_that_fails_in_the_middle_has_not_happened(
    session: Session, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await prepared(session, monkeypatch)

    def fail(done: int, of: int) -> None:
        if done > 40:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ACTS[act](session, fail)
    assert await snapshot(session) == before
    await everything_follows(session.database)


async def test_many_are_deleted_together_and_noted_one_by_one(session: Session) -> None:
    before = await session.customers.status_counts()
    done = await session.bulk.delete(range(1, 51))
    gone = select(customer.c.id).where(customer.c.deleted_at.is_not(None))
    async with session.database.reading() as connection:
        deleted = {row[0] for row in await connection.execute(gone)}
    operation, changes = await last(session)
    assert (operation.act, operation.title, operation.records) == (Act.DELETE, "50 customers", done.changed)
    assert {change.record_id for change in changes} <= deleted
    assert len(changes) == done.changed
    session.customers._clock = None
    counts = await session.customers.status_counts()
    assert counts[StatusFilter.ALL] == before[StatusFilter.ALL] - done.changed
    again = await session.bulk.delete(range(1, 51))
    assert again.changed == 0


async def test_one_that_is_deleted_is_named(session: Session) -> None:
    made = await add(session, "Acme")
    await session.bulk.delete([made.id])
    (operation,) = await session.log.operations(LogQuery(customer_id=made.id), 1)
    assert operation.title == "Acme"
    assert await scalar(session.database, select(customer.c.version).where(customer.c.id == made.id)) == 2


async def test_what_was_written_is_moved_from_the_log_into_the_file_afterwards(
    session: Session, kind: str
) -> None:
    if kind != "sqlite":
        return
    done = await session.bulk.edit(range(1, 91), {"channels": 4321})
    async with session.database.reading() as connection:
        assert (await connection.exec_driver_sql("PRAGMA wal_autocheckpoint")).scalar() == 1000
    await session.database.close()
    async with session.database.reading() as connection:
        found = await connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
        busy, in_log, moved = tuple(found.one())
    assert (busy, in_log) == (0, moved)
    assert len(await session.log.changes(done.operation_id, 1000)) == done.changed


async def test_the_next_one_waits_until_the_last_is_moved_out_of_the_log(
    session: Session, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind != "sqlite":
        return
    moved = asyncio.Event()
    move = bulk_writing._move_log

    async def slowly(database: Database) -> None:
        await asyncio.sleep(0.2)
        await move(database)
        moved.set()

    monkeypatch.setattr(bulk_writing, "_move_log", slowly)
    await session.bulk.edit(range(1, 91), {"channels": 4321})
    assert not moved.is_set()
    async with bulk_writing.writing_much(session.database):
        assert moved.is_set()
