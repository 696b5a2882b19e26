"""Live calls follow what switches tell, and what they do not tell."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cx_tui.db.calls import live
from cx_tui.db.engine import Database
from cx_tui.db.tables import counters
from cx_tui.domain.calls.events import Answered, Ended, Event, Records, Ringing, Snapshot, Started
from cx_tui.domain.calls.key import key_of
from cx_tui.domain.calls.live import State
from cx_tui.errors import Refused
from cx_tui.services.calls.ingest import Ingest
from tests.calls.made import NOON, a_call, priced, some_customers


@pytest.fixture
async def customers(database: Database) -> Database:
    """A database with 3 customers."""
    await some_customers(database, 3)
    return database


@pytest.fixture
def ingest(customers: Database) -> Ingest:
    """What takes the events."""
    return Ingest(customers, priced)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def started(key: str = "1", customer: int | None = 1, at: float = 0) -> Started:
    return Started(source="sw1", key=key, live_key=f"h:{key}", customer_id=customer, invited_at=after(at))


def snapshot(*keys: str, at: float = 60) -> Snapshot:
    return Snapshot(source="sw1", at=after(at), calls=[started(key) for key in keys])


async def states(database: Database) -> dict[str, State]:
    async with database.reading() as connection:
        return {call.source_key: call.state for call in await live.up(connection)}


async def channels(database: Database) -> dict[int, int]:
    async with database.reading() as connection:
        rows = await connection.execute(select(counters.c.customer_id, counters.c.live))
        return {row[0]: row[1] for row in rows if row[1]}


async def test_a_call_is_set_up_rings_is_answered_and_ends(customers: Database, ingest: Ingest) -> None:
    ring, answer = Ringing(source="sw1", key="1", at=after(2)), Answered(source="sw1", key="1", at=after(5))
    for event, state in ((started(), State.STARTED), (ring, State.RINGING), (answer, State.ANSWERED)):
        await ingest.take([event])
        assert await states(customers) == {"1": state}
        assert await channels(customers) == {1: 1}
    tally = await ingest.take([Ended(call=a_call("1", talk=9))])
    assert tally.new == 1
    assert await states(customers) == {}
    assert await channels(customers) == {}


async def test_all_of_it_told_twice_or_at_once_is_the_same(customers: Database, ingest: Ingest) -> None:
    events: list[Event] = [started("1"), started("2", 2), Ringing(source="sw1", key="1", at=after(2))]
    await ingest.take(events)
    await ingest.take([*events, *events])
    assert await channels(customers) == {1: 1, 2: 1}
    await ingest.take([*events, Ended(call=a_call("1")), Ended(call=a_call("1"))])
    assert await channels(customers) == {2: 1}


async def test_a_start_that_is_told_after_the_record_makes_no_ghost(
    customers: Database, ingest: Ingest
) -> None:
    await ingest.take([Records(calls=[a_call("1", talk=9)])])
    await ingest.take([started("1"), snapshot("1")])
    assert await states(customers) == {}


async def test_ringing_of_a_call_that_nobody_began_is_waited_for_in_the_snapshot(
    customers: Database, ingest: Ingest
) -> None:
    await ingest.take([Ringing(source="sw1", key="1", at=after(2))])
    assert await states(customers) == {}
    await ingest.take([snapshot("1", "2")])
    assert await channels(customers) == {1: 2}


async def test_what_a_snapshot_does_not_name_is_a_ghost_until_its_record_comes(
    customers: Database, ingest: Ingest
) -> None:
    await ingest.take([started("1"), started("2", 2), started("young", at=59)])
    await ingest.take([snapshot("2")])
    assert await states(customers) == {"1": State.GHOST, "2": State.STARTED, "young": State.STARTED}
    assert await channels(customers) == {1: 1, 2: 1}
    await ingest.take([snapshot("2")])
    assert await channels(customers) == {1: 1, 2: 1}
    await ingest.take([Ended(call=a_call("1"))])
    assert "1" not in await states(customers)
    assert await channels(customers) == {1: 1, 2: 1}


async def test_a_ghost_that_a_later_snapshot_names_is_none(customers: Database, ingest: Ingest) -> None:
    await ingest.take([started("1"), snapshot(), snapshot("1", at=90)])
    assert await states(customers) == {"1": State.STARTED}
    assert await channels(customers) == {1: 1}


async def test_a_snapshot_says_nothing_of_other_sources(customers: Database, ingest: Ingest) -> None:
    await ingest.take([replace(started("1"), source="sw2"), snapshot()])
    assert await states(customers) == {"1": State.STARTED}


async def test_a_ghost_can_be_ended_by_a_person(customers: Database, ingest: Ingest) -> None:
    await ingest.take([started("1"), started("2")])
    async with customers.writing() as connection:
        assert await live.forget(connection, key_of("sw1", "1"))
        assert not await live.forget(connection, key_of("sw1", "1"))
    assert await channels(customers) == {1: 1}


async def test_a_call_of_nobody_is_live_too(customers: Database, ingest: Ingest) -> None:
    await ingest.take([started("1", None)])
    assert await states(customers) == {"1": State.STARTED}
    assert await channels(customers) == {}


async def test_a_source_has_one_owner_who_goes_on_where_it_was(customers: Database, ingest: Ingest) -> None:
    other = Ingest(customers, priced)
    assert await ingest.own("file a") == ""
    assert await other.own("file a") is None
    await ingest.store([a_call("1")], {"file a": "line 7"})
    with pytest.raises(Refused, match="another program"):
        await other.store([a_call("2")], {"file a": "line 9"})
    await ingest.leave("file a")
    assert await other.own("file a") == "line 7"
    assert (await other.store([a_call("2")], {"file a": "line 9"})).new == 1
