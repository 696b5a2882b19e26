"""What a server keeps for its next start: taken when it is of this database and program, and else left."""

from pathlib import Path

import pytest
from sqlalchemy import text, update

from cx_tui.db.engine import Database
from cx_tui.db.tables import counters
from cx_tui.domain.admission import plain, shelf
from cx_tui.domain.admission.facts import Customer
from cx_tui.domain.records.customer import Status
from cx_tui.services.admission import snapshot as snapshots
from cx_tui.services.admission.following import Following
from cx_tui.services.session import Session
from tests.db.companies import company, made
from tests.db.sessions import ANA, add
from tests.decide.test_following import asked
from tests.unit.telecoms import customer


@pytest.fixture
def session(database: Database) -> Session:
    """What Ana can do."""
    return Session(database, ANA)


@pytest.fixture
async def kept(session: Session, tmp_path: Path) -> Path:
    """The snapshot of a server beside a company and others."""
    await company(session)
    await made(session, "sip-user", customer_id=1, username="alice")
    for number in range(3):
        other = await add(session, f"Other {number}")
        await made(session, "ip", customer_id=other.id, address=f"198.51.100.{number}")
    path = tmp_path / "decide.snapshot"
    state = Following(session.database, kept=path)
    await state.load()
    assert state.refused == "there is none yet"
    await state.save()
    assert path.stat().st_mode & 0o777 == 0o600
    return path


async def started(session: Session, path: Path) -> Following:
    state = Following(session.database, kept=path)
    await state.load()
    return state


async def test_what_was_reserved_when_it_was_kept_is_not_reserved_at_the_next_start(
    session: Session, kept: Path
) -> None:
    state = await started(session, kept)
    account = state.world.customers[1].account
    account.reserved, account.free_reserved, state.saved = 5, 6, 0
    await state.save()
    again = (await started(session, kept)).world.customers[1].account
    assert (again.reserved, again.free_reserved) == (0, 0), "its journal says what is"


async def test_a_start_takes_the_snapshot_and_decides_as_the_database_does(
    session: Session, kept: Path
) -> None:
    state, fresh = await started(session, kept), Following(session.database)
    await fresh.load()
    assert (state.refused, state.world.size, state.version) == ("", 4, fresh.version)
    decision, other = asked(state), asked(fresh)
    assert decision.admitted, decision.trace
    assert (decision.as_dict(), decision.trace) == (other.as_dict(), other.trace)
    assert set(state.world.customers) == {1, 2, 3, 4}
    packed = as_lists(state), as_lists(fresh)
    assert packed[0] == packed[1]


def as_lists(state: Following) -> list[object]:
    parts = plain.Parts()
    return [parts.plain(one) for one in sorted(state.world.customers.values(), key=lambda one: one.id)]


async def test_only_whom_a_call_needs_is_made(session: Session, kept: Path) -> None:
    state = await started(session, kept)
    assert dict.__len__(state.world.customers) == 0
    assert asked(state).admitted
    assert dict.__len__(state.world.customers) == 1
    assert state.world.users["alice"].customer_id == 1
    assert state.world.users.get("bob") is None
    assert asked(state, "203.0.113.1").gate == "authentication"
    assert state.world.size == 4


async def test_what_was_saved_after_the_snapshot_is_taken_from_the_log(session: Session, kept: Path) -> None:
    await session.records.save(await session.records.get(1), {"status": Status.INACTIVE})
    await session.records.delete(2)
    new = await add(session, "New")
    await made(session, "ip", customer_id=new.id, address="198.51.100.77")
    state = await started(session, kept)
    assert state.refused == ""
    assert asked(state).gate == "status"
    assert set(state.world.customers) == {1, 3, 4, new.id}
    await state.save()
    again = await started(session, kept)
    assert (again.refused, again.reloaded) == ("", 0)
    assert asked(again).gate == "status"
    assert asked(again, "198.51.100.77").customer is not None


async def test_balances_are_those_of_now_though_no_operation_tells_them(session: Session, kept: Path) -> None:
    async with session.database.writing() as connection:
        await connection.execute(update(counters).values(balance=-100, day_spend=3))
    state = await started(session, kept)
    assert asked(state).gate == "credit"
    assert state.world.customers[3].account.spend == 3_000_000
    async with session.database.writing() as connection:
        await connection.execute(update(counters).values(balance=100))
    await state.look()
    assert state.world.customers[4].account.balance == 100_000_000, "while it was still packed"
    assert asked(state).admitted


async def test_a_snapshot_of_another_database_is_left(session: Session, kept: Path) -> None:
    async with session.database.writing() as connection:
        await connection.execute(text("UPDATE operation SET title = 'another'"))
    state = await started(session, kept)
    assert state.refused == "it is of another database"
    assert asked(state).admitted


async def test_on_postgresql_places_in_the_log_are_nothing_to_a_restored_copy(
    session: Session, kept: Path
) -> None:
    async with session.database.writing() as connection:
        # As a restored copy has them: the same rows, written by another transaction.
        await connection.execute(text("UPDATE operation SET title = title"))
        on_sqlite = connection.dialect.name == "sqlite"
    state = await started(session, kept)
    assert state.refused == ("" if on_sqlite else "it is of another database")
    assert asked(state).admitted


async def test_customers_that_no_operation_tells_of_make_it_worthless(session: Session, kept: Path) -> None:
    async with session.database.writing() as connection:
        await connection.execute(text("UPDATE customer SET deleted_at = created_at WHERE id = 4"))
    state = await started(session, kept)
    assert state.refused == "customers were written behind the log's back"
    assert set(state.world.customers) == {1, 2, 3}


@pytest.mark.parametrize("what", ["schema", "shape"])
async def test_a_snapshot_of_another_version_is_left(
    session: Session, kept: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if what == "schema":
        monkeypatch.setattr(snapshots, "HEAD", "9999")
    else:
        monkeypatch.setattr(snapshots, "shape", lambda: 7)
    state = await started(session, kept)
    assert state.refused == "it is of another version of the program"
    assert asked(state).admitted


@pytest.mark.parametrize("damage", ["cut", "bit", "empty", "other"])
async def test_a_damaged_snapshot_is_left(session: Session, kept: Path, damage: str) -> None:
    spoil(kept, damage)
    state = await started(session, kept)
    assert state.refused
    assert asked(state).admitted


def spoil(path: Path, how: str) -> None:
    whole = path.read_bytes()
    turned = bytearray(whole)
    turned[len(whole) // 2] ^= 1
    made = {"cut": whole[:-9], "bit": bytes(turned), "empty": b"", "other": b"x" * 99}
    path.write_bytes(made[how])


def test_who_shares_an_address_comes_off_the_shelf_together() -> None:
    packing = shelf.Packing()
    for number in range(1, 3_001):
        packing.add(at_one_address(number))
    from cx_tui.domain.admission.world import World

    some = World(shelf=packing.shelf())
    assert some.customers[7].id == 7
    assert dict.__len__(some.customers) == 3_000


def at_one_address(number: int) -> Customer:
    from dataclasses import replace

    one = customer()
    addresses = tuple(replace(each, id=number, customer_id=number) for each in one.addresses)
    return replace(one, id=number, addresses=addresses)
