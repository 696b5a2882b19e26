"""Free minutes: each second is given once, a call that has more is split, and re-rating gives back."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from cx_tui.db import soundness
from cx_tui.db.engine import Database
from cx_tui.db.free_minutes_tables import free_minutes
from cx_tui.db.tables import table_named
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.query import CallQuery
from cx_tui.domain.calls.recalculation import Operation, Recalculation
from cx_tui.domain.money.free_minutes import Held, Left, Place, left_in, split, that_hold
from cx_tui.domain.records.package import PackageType
from cx_tui.errors import Refused
from cx_tui.services.calls.calls import Calls
from cx_tui.services.session import Session
from tests.db.companies import company
from tests.db.sessions import ANA, scalar, two_offices

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
NOON = datetime.combine(YESTERDAY, time(12), UTC)
A_MINUTE = Decimal("0.02")
"""What a call to 44 costs; each second is billed."""


def called(key: str, of: int, minutes: float, number: str = "442079460000", at: datetime = NOON) -> Call:
    """A call of so many minutes."""
    talk = round(minutes * 60)
    return Call(
        source="test", source_key=key, customer_id=of, dialled=number, invited_at=at, answered_at=at,
        ended_at=at + timedelta(seconds=talk), talk_ms=talk * 1000, carrier="Northline", sip_code=200,
    )  # fmt: skip


async def has(session: Session, of: int, minutes: int, name: str = "Flat", **more: Any) -> Any:
    """A customer has a package with free minutes."""
    values = {
        "name": name,
        "type": PackageType.FREE_MINUTES,
        "minutes": minutes,
        "retail": Decimal(5),
        **more,
    }
    sold = (await session.records_of["package"].create(values)).record
    own = {"customer_id": of, "package": sold.id, "starts": YESTERDAY}
    return (await session.records_of["customer-package"].create(own)).record


async def charges(calls: Calls) -> dict[str, Decimal]:
    """What each call costs."""
    found = await calls.list(CallQuery()).rows(0, 100)
    return {one.source_key: one.charge or Decimal(0) for one in found}


async def used(database: Database, own_id: int) -> int:
    """The seconds that are used of a customer's package."""
    assert await soundness.ledger_differences(database) == []
    question = select(free_minutes.c.used).where(free_minutes.c.own_id == own_id)
    return int(await scalar(database, question) or 0)


@pytest.fixture
def session(database: Database) -> Session:
    return Session(database, ANA)


async def test_a_call_beyond_the_last_free_minute_is_split(session: Session, tmp_path: Path) -> None:
    of = (await company(session)).id
    own = await has(session, of, 10)
    calls = Calls(session.database, str(tmp_path))
    later = NOON + timedelta(hours=1)
    last = later + timedelta(hours=1)
    some = [called("whole", of, 8), called("split", of, 5, at=later), called("paid", of, 1, at=last)]
    before = (await session.money.ledger.balance(of)).balance
    await calls.ingest().store([*some, some[0]])
    assert await charges(calls) == {"whole": 0, "split": 3 * A_MINUTE, "paid": A_MINUTE}
    assert (await session.money.ledger.balance(of)).balance == before - 4 * A_MINUTE
    assert await used(session.database, own.id) == 600
    await calls.ingest().store(some)
    assert await used(session.database, own.id) == 600


async def test_a_call_that_is_free_in_whole_has_no_connect_fee_and_a_split_one_has_it(
    session: Session, tmp_path: Path
) -> None:
    of = (await company(session)).id
    async with session.database.writing() as connection:
        await connection.execute(update(table_named("rate")).values(connect_fee=Decimal("0.15")))
    await has(session, of, 10)
    calls = Calls(session.database, str(tmp_path))
    later = NOON + timedelta(hours=1)
    await calls.ingest().store([called("whole", of, 8), called("split", of, 5, at=later)])
    assert await charges(calls) == {"whole": 0, "split": Decimal("0.15") + 3 * A_MINUTE}


async def test_two_programs_do_not_give_the_last_minute_twice(database_url: str, tmp_path: Path) -> None:
    async with two_offices(database_url) as (ana, ben):
        of = (await company(ana)).id
        own = await has(ana, of, 1)
        both = [Calls(one.database, str(tmp_path)) for one in (ana, ben)]
        await asyncio.gather(*(one.ingest().store([called(f"{n}", of, 1)]) for n, one in enumerate(both * 2)))
        assert sorted((await charges(both[0])).values()) == [0, *[A_MINUTE] * 3]
        assert await used(ana.database, own.id) == 60


async def test_the_longest_prefix_is_used_first_and_other_numbers_are_paid(
    session: Session, tmp_path: Path
) -> None:
    of = (await company(session)).id
    wide = await has(session, of, 1, "World")
    london = await has(session, of, 1, "London", destinations=("4420",))
    calls = Calls(session.database, str(tmp_path))
    await calls.ingest().store([called("both", of, 3)])
    assert (await charges(calls))["both"] == A_MINUTE
    assert (await used(session.database, wide.id), await used(session.database, london.id)) == (60, 60)
    free = await session.money.packages.free_of(called("both", of, 3))
    assert sorted(free) == [("London", 60), ("World", 60)]


async def test_a_shorter_call_gives_minutes_back_and_undoing_that_takes_them_again(
    session: Session, tmp_path: Path
) -> None:
    of = (await company(session)).id
    own = await has(session, of, 10)
    calls = Calls(session.database, str(tmp_path))
    await calls.ingest().store([called("long", of, 12)])
    assert await charges(calls) == {"long": 2 * A_MINUTE}
    same = await calls.dry_run(Recalculation(day=YESTERDAY, operation=Operation.RATE))
    assert same.changes == ()
    shorter = Recalculation(day=YESTERDAY, operation=Operation.DURATION, minimum_ms=1, new_ms=240_000)
    first = await calls.recalculating.apply(await calls.dry_run(shorter))
    assert await charges(calls) == {"long": 0}
    assert await used(session.database, own.id) == 240
    assert first is not None
    await calls.recalculating.undo(first)
    assert await charges(calls) == {"long": 2 * A_MINUTE}
    assert await used(session.database, own.id) == 600
    again = await calls.recalculating.apply(await calls.dry_run(shorter))
    await calls.ingest().store([called("next day", of, 6, at=NOON + timedelta(hours=12))])
    assert again is not None
    with pytest.raises(Refused, match="have used since"):
        await calls.recalculating.undo(again)


def held(minutes: int = 10, quantity: int = 1, starts: date = date(2026, 6, 16), **more: Any) -> Held:
    return Held(1, minutes * 60 * quantity, starts, **more)


@pytest.mark.parametrize(
    ("day", "first", "granted"),
    [
        (date(2026, 6, 15), None, 0),
        (date(2026, 6, 16), date(2026, 6, 16), 600),
        (date(2026, 6, 30), date(2026, 6, 16), 600),
        (date(2026, 7, 1), date(2026, 7, 1), 1200),
    ],
)
def test_a_part_of_a_period_has_its_part_of_the_minutes(day: date, first: date | None, granted: int) -> None:
    one = held(quantity=2, days=(1,))
    spell = one.period(day)
    assert (spell.first if spell else None) == first
    assert (one.granted(spell) if spell else 0) == granted


def test_numbers_that_no_destination_names_have_no_free_minutes() -> None:
    one = held(destinations=("44", "4420"))
    assert [one.reach(number) for number in ("442079", "44163", "49")] == [4, 2, None]
    assert that_hold([one], "49", date(2026, 6, 20)) == []


def test_no_more_seconds_are_given_than_are_left_or_billed() -> None:
    a, b = Place(1, date(2026, 6, 1)), Place(2, date(2026, 6, 1))
    assert split(100, [a, b], {a: 60, b: 60}) == [(a, 60), (b, 40)]
    assert split(30, [a, b], {a: 60, b: 60}) == [(a, 30)]
    assert split(30, [a], {a: 0}) == []


def test_what_is_left_of_a_period_is_known_from_the_newest_one_that_calls_have_used() -> None:
    one = held(days=(1,), starts=date(2026, 6, 1))
    june, july = one.period(date(2026, 6, 20)), one.period(date(2026, 7, 20))
    assert june is not None
    assert july is not None
    known = [Left(2, date(2026, 7, 1), 5), Left(1, date(2026, 6, 1), 40)]
    assert left_in(one, june, known) == 40
    assert left_in(one, july, known) == 600, "nobody has used any of July"
    assert left_in(one, june, [Left(1, date(2026, 7, 1), 40)]) == 0, "June is over"
