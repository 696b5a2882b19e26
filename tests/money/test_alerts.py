"""Alerts fire once whoever looks, tell whom they should, lift their own penalties; contracts stop calls."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from cx_tui.db.calls import sources
from cx_tui.db.calls.storing import store
from cx_tui.db.engine import Database
from cx_tui.db.outbox_tables import message
from cx_tui.db.tables import counters
from cx_tui.domain.history import DelayedState
from cx_tui.domain.money.replaying import in_words
from cx_tui.domain.money.watching import Step
from cx_tui.domain.records.alert import Area, Operator
from cx_tui.domain.records.customer import Status
from cx_tui.errors import Invalid, Refused
from cx_tui.services.session import Session
from tests.calls.made import NOON, a_call, priced
from tests.db.sessions import ANA, add, add_contact, scalar, two_offices


async def watch(session: Session, of: int, title: str = "Low", **more: Any) -> Any:
    """A new alert, usually of a balance below 10."""
    values = {
        "customer_id": of, "title": title, "threshold": Decimal(10), "recipients": ("noc@example.com",),
        **more,
    }  # fmt: skip
    return (await session.records_of["alert"].create(values)).record


async def letters(session: Session) -> list[tuple[str, str]]:
    """Who is written to, and what of."""
    async with session.database.reading() as connection:
        rows = await connection.execute(select(message.c.address, message.c.job_id).order_by(message.c.id))
        return [tuple(row) for row in rows]


async def status(session: Session, of: int) -> Status:
    return (await session.records.get(of)).status


async def test_it_fires_once_is_over_once_and_both_are_told(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await add_contact(session, of, "Bea", email="bea@example.com")
    await watch(
        session, of, contacts=True, reset=Decimal(20), recipients=("noc@example.com", "Bea@example.com")
    )
    money = session.money
    assert (await money.alerts.test("Low")).step is Step.FIRES
    assert await letters(session) == []
    assert [await money.alerts.run_due() for _ in range(3)] == [1, 0, 0]
    assert sorted(address for address, _ in await letters(session)) == ["bea@example.com", "noc@example.com"]
    await money.ledger.correct(of, Decimal(20), "a gift")
    assert await money.alerts.run_due() == 0
    await money.ledger.correct(of, Decimal("0.01"), "one more")
    assert [await money.alerts.run_due() for _ in range(2)] == [1, 0]
    assert len(await letters(session)) == 4


async def test_two_programs_that_look_at_once_send_one_letter(database_url: str) -> None:
    async with two_offices(database_url) as (ana, ben):
        of = (await add(ana)).id
        await watch(ana, of)
        await asyncio.gather(*(one.money.alerts.run_due() for one in (ana, ben, ana, ben)))
        assert len(await letters(ana)) == 1


async def test_a_penalty_lifts_by_itself_back_to_the_status_before(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session, status=Status.ACTIVE)).id
    await watch(session, of, penalty=30)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    await session.money.alerts.run_due(long_ago)
    assert await status(session, of) is Status.PENALTY
    assert await session.delayed.run_due() == 1
    assert await status(session, of) is Status.ACTIVE


async def test_a_penalty_that_ends_does_not_let_a_customer_call_who_was_stopped_meanwhile(
    database: Database,
) -> None:
    session = Session(database, ANA)
    of = (await add(session, status=Status.ACTIVE)).id
    idle = (await add(session, "Globex", status=Status.INACTIVE)).id
    await watch(session, of, penalty=30)
    await watch(session, idle, "Other", penalty=30)
    await session.money.alerts.run_due(datetime.now(UTC) - timedelta(hours=1))
    assert await status(session, idle) is Status.INACTIVE
    await session.records.save(await session.records.get(of), {"status": Status.INACTIVE})
    await session.delayed.run_due()
    assert await status(session, of) is Status.INACTIVE
    assert len(await session.delayed.board([DelayedState.HELD])) == 1


@pytest.mark.parametrize(("calls", "step"), [(0, Step.UNKNOWN), (1, Step.UNKNOWN), (3, Step.FIRES)])
async def test_too_few_calls_say_nothing_of_a_ratio(database: Database, calls: int, step: Step) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await watch(session, of, area=Area.ASR, minimum_calls=3, threshold=Decimal(40))
    async with database.writing() as connection:
        made = [
            a_call(f"{one}", customer=of, talk=60 if one == 0 else 0, dialled="44") for one in range(calls)
        ]
        await store(connection, made, priced)
    now = NOON + timedelta(minutes=5)
    found = await session.money.alerts.test("Low", now)
    assert found.step is step
    assert found.value == (Decimal("33.333") if calls == 3 else None)
    later = await session.money.alerts.test("Low", now + timedelta(minutes=15))
    assert later.step is Step.UNKNOWN


@pytest.mark.parametrize("area", [Area.CPS, Area.CHANNELS])
async def test_while_no_source_is_read_nobody_knows_how_many_calls_are_up(
    database: Database, area: Area
) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await watch(session, of, area=area, threshold=Decimal(1))
    assert (await session.money.alerts.test("Low")).step is Step.FIRES
    async with database.writing() as connection:
        await sources.own(connection, "sw1", "a collector")
    assert (await session.money.alerts.test("Low")).step is Step.FIRES
    later = datetime.now(UTC) + timedelta(minutes=5)
    assert (await session.money.alerts.test("Low", later)).step is Step.UNKNOWN
    assert await session.money.alerts.run_due(later) == 0


async def test_the_daily_spend_is_that_of_today(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await watch(session, of, area=Area.DAILY_SPEND, operator=Operator.AT_LEAST, threshold=Decimal(5))
    async with database.writing() as connection:
        await store(connection, [a_call("1", customer=of, talk=6000, dialled="44")], priced)
    assert (await session.money.alerts.test("Low", NOON)).step is Step.FIRES
    assert (await session.money.alerts.test("Low", NOON + timedelta(days=1))).value == 0


async def test_a_contract_that_is_due_is_kept_and_signing_lets_calls_pass_at_once(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    contracts = session.records_of["contract"]
    terms, privacy = [
        (await contracts.create({"name": name, "text": "You pay."})).record for name in ("Terms", "Privacy")
    ]
    mine = session.records_of["customer-contract"]
    first, second = date(2026, 6, 1), date(2026, 7, 1)
    own = (await mine.create({"customer_id": of, "contract": terms.id, "grace_date": first})).record
    other = (await mine.create({"customer_id": of, "contract": privacy.id, "grace_date": second})).record

    async def due() -> date | None:
        found: date | None = await scalar(database, select(counters.c.contract_due))
        return found

    assert await due() == first
    waiting = await session.money.contracts.unsigned()
    assert [(one.contract, one.grace_date) for one in waiting] == [("Terms", first), ("Privacy", second)]
    with pytest.raises(Invalid, match="who signed"):
        await session.money.contracts.sign(own.id, " ")
    await session.money.contracts.sign(own.id, "Bea Smith", "192.0.2.7")
    assert await due() == second
    with pytest.raises(Refused, match="Bea Smith"):
        await session.money.contracts.sign(own.id, "Joe")
    await mine.save(other, {"required": False})
    assert await due() is None


@pytest.mark.parametrize(
    ("area", "more", "fired"),
    [
        (Area.ASR, {"minimum_calls": 3, "threshold": Decimal(40)}, ["12:03"]),
        (Area.ASR, {"minimum_calls": 4, "threshold": Decimal(40)}, []),
        (Area.BALANCE, {"threshold": Decimal("-0.05")}, ["12:04"]),
        (Area.CHANNELS, {"operator": Operator.AT_LEAST, "threshold": Decimal(1)}, ["12:01"]),
        (Area.DAILY_SPEND, {"operator": Operator.AT_LEAST, "threshold": Decimal("0.1")}, ["12:04"]),
    ],
)
async def test_a_replay_says_when_it_would_have_fired_and_does_nothing(
    database: Database, area: Area, more: dict[str, Any], fired: list[str]
) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await watch(session, of, area=area, **more)
    async with database.writing() as connection:
        made = [
            a_call(f"{minute}", customer=of, at=NOON + timedelta(minutes=minute), talk=talk, dialled="44")
            for minute, talk in ((0, 175), (1, 0), (2, 0))
        ]
        await store(connection, made, priced)
    _, found = await session.money.alerts.replay("Low", NOON + timedelta(days=2))
    assert [f"{one.at:%H:%M}" for one in found.events if one.step is Step.FIRES] == fired
    assert await letters(session) == []
    assert (await session.records_of["alert"].get(1)).fired_at is None


async def test_a_replay_without_calls_says_that_nothing_is_known(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await watch(session, of, area=Area.ASR, penalty=5)
    alert, found = await session.money.alerts.replay("Low", NOON)
    assert (found.known, found.fired) == (0, 0)
    (sentence,) = in_words(alert, found)
    assert "was not known once in the last 7 days" in sentence


async def test_a_contract_that_somebody_has_is_not_deleted(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    contracts = session.records_of["contract"]
    terms = (await contracts.create({"name": "Terms", "text": "You pay."})).record
    await session.records_of["customer-contract"].create({"customer_id": of, "contract": terms.id})
    with pytest.raises(Refused, match="used by"):
        await contracts.delete(terms.id)


async def test_a_new_revision_is_signed_anew_and_what_was_signed_stays(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    contracts, mine = session.records_of["contract"], session.records_of["customer-contract"]
    first = (await contracts.create({"name": "Terms", "text": "You pay."})).record
    own = (
        await mine.create({"customer_id": of, "contract": first.id, "grace_date": date(2026, 6, 1)})
    ).record
    await session.money.contracts.sign(own.id, "Bea")
    second = (await contracts.create({"name": "Terms", "revision": 2, "text": "You pay more."})).record
    await mine.create({"customer_id": of, "contract": second.id, "grace_date": date(2026, 9, 1)})
    waiting = await session.money.contracts.unsigned()
    assert [(one.contract, one.revision) for one in waiting] == [("Terms", 2)]
    assert (await mine.get(own.id)).signed_by == "Bea"
    assert await scalar(database, select(counters.c.contract_due)) == date(2026, 9, 1)
