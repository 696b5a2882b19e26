"""The ledger: appended and never changed, and the balance is always its sum and what calls cost since."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from cx_tui.db import ledger as entries
from cx_tui.db import soundness
from cx_tui.db.calls.storing import store
from cx_tui.db.engine import Database
from cx_tui.db.ledger_tables import ledger
from cx_tui.db.tables import counters
from cx_tui.domain.history import LogQuery
from cx_tui.domain.money.entry import Entry, Kind
from cx_tui.domain.records.payment import PaymentStatus
from cx_tui.errors import CxError, Invalid, Refused
from cx_tui.services.session import Session
from tests.calls.made import NOON, a_call, priced
from tests.db.sessions import ANA, add, two_offices

TODAY = NOON.date()


async def booked(session: Session, of: int) -> list[tuple[Kind, Decimal]]:
    """Why and by how much a balance moved, the oldest first."""
    return [(one.kind, one.amount) for one in reversed(await session.money.ledger.entries(of))]


async def balance(session: Session, of: int) -> Decimal:
    """The balance, which is what the ledger says."""
    found = await session.money.ledger.balance(of)
    assert found.balance == found.ledger_sum
    assert await soundness.ledger_differences(session.database) == []
    return found.balance


async def pay(session: Session, of: int, total: str, status: PaymentStatus, **more: Any) -> Any:
    """A new payment."""
    values = {"customer_id": of, "total": Decimal(total), "status": status, **more}
    return (await session.records_of["payment"].create(values)).record


async def test_only_a_completed_payment_counts_and_each_change_of_its_status_is_booked_once(
    database: Database,
) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    made = await pay(session, of, "100.000001", PaymentStatus.PENDING)
    payments = session.records_of["payment"]
    assert await balance(session, of) == 0
    for status, then in (
        (PaymentStatus.COMPLETED, "100.000001"),
        (PaymentStatus.CANCELLED, "0"),
        (PaymentStatus.COMPLETED, "100.000001"),
    ):
        made = (await payments.save(made, {"status": status})).record
        await payments.save(made, {"status": status, "description": f"now {status.value}"})
        made = await payments.get(made.id)
        assert await balance(session, of) == Decimal(then)
    amount = Decimal("100.000001")
    assert await booked(session, of) == [
        (Kind.PAYMENT, amount), (Kind.CANCELLATION, -amount), (Kind.PAYMENT, amount),
    ]  # fmt: skip
    assert made.completed_at is not None
    (newest, *_) = await session.money.ledger.entries(of)
    assert newest.who == "ana"
    assert newest.operation_id is not None


async def test_two_operators_who_complete_a_payment_at_once_book_it_once(database_url: str) -> None:
    async with two_offices(database_url) as (ana, ben):
        of = (await add(ana)).id
        made = await pay(ana, of, "50", PaymentStatus.PENDING)
        wanted = {"status": PaymentStatus.COMPLETED}
        await asyncio.gather(
            *(one.records_of["payment"].save(made, wanted) for one in (ana, ben)), return_exceptions=True
        )
        assert await booked(ana, of) == [(Kind.PAYMENT, Decimal(50))]
        assert await balance(ana, of) == 50


async def test_a_millionth_is_not_lost_beside_a_milliard(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await pay(session, of, "1000000000", PaymentStatus.COMPLETED)
    await pay(session, of, "0.000001", PaymentStatus.COMPLETED)
    await pay(session, of, "-250.5", PaymentStatus.COMPLETED)
    assert await balance(session, of) == Decimal("999999749.500001")


async def test_the_database_refuses_to_change_or_delete_an_entry(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await pay(session, of, "5", PaymentStatus.COMPLETED)
    for statement in (update(ledger).values(amount=7), delete(ledger)):
        with pytest.raises((DBAPIError, CxError), match="book a correction"):
            async with database.writing() as connection:
                await connection.execute(statement)
    assert await balance(session, of) == 5


async def test_the_same_source_and_turn_can_not_be_booked_twice(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    entry = Entry(
        customer_id=of, kind=Kind.PACKAGE, amount=Decimal(-9), currency="EUR", source="package 1 2026-06-01",
        day=TODAY, at=NOON,
    )  # fmt: skip
    async with database.writing() as connection:
        await entries.book(connection, [entry])
    with pytest.raises((DBAPIError, CxError)):
        async with database.writing() as connection:
            await entries.book(connection, [entry])
    assert await balance(session, of) == -9


async def test_a_correction_has_a_reason_and_stands_in_the_log(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    with pytest.raises(Invalid, match="say why"):
        await session.money.ledger.correct(of, Decimal(3), " ")
    with pytest.raises(Invalid, match="not 0"):
        await session.money.ledger.correct(of, Decimal(0), "nothing")
    await session.money.ledger.correct(of, Decimal("-3.25"), "a doubled top-up")
    assert await balance(session, of) == Decimal("-3.25")
    (newest,) = await session.log.operations(LogQuery(), 1)
    assert "a doubled top-up" in newest.title
    with pytest.raises(Refused, match="book a correction"):
        await session.log.undo(newest.id)


async def test_undoing_the_creation_of_a_payment_is_refused(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    values = {"customer_id": of, "total": Decimal(8), "status": PaymentStatus.COMPLETED}
    written = await session.records_of["payment"].create(values)
    assert written.operation_id is not None
    with pytest.raises(Refused, match="never deleted"):
        await session.log.undo(written.operation_id)
    assert await balance(session, of) == 8


async def test_an_undone_completion_is_cancelled_in_the_ledger(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    made = await pay(session, of, "8", PaymentStatus.PENDING)
    written = await session.records_of["payment"].save(made, {"status": PaymentStatus.COMPLETED})
    assert written.operation_id is not None
    await session.log.undo(written.operation_id)
    assert await balance(session, of) == 0
    assert [kind for kind, _ in await booked(session, of)] == [Kind.PAYMENT, Kind.CANCELLATION]


async def test_calls_are_booked_when_their_day_is_over_and_late_ones_as_its_next_turn(
    database: Database,
) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await pay(session, of, "10", PaymentStatus.COMPLETED)

    async def ring(key: str, at: datetime) -> None:
        async with database.writing() as connection:
            await store(connection, [a_call(key, customer=of, at=at, talk=60, dialled="44")], priced)

    await ring("1", NOON)
    await ring("2", NOON + timedelta(days=1))
    assert await balance(session, of) == Decimal("9.9")
    midnight = datetime(2026, 6, 17, tzinfo=UTC)
    assert await session.money.ledger.book_days(midnight + timedelta(hours=2)) == 0
    assert await session.money.ledger.book_days(midnight + timedelta(hours=3)) == 1
    assert await session.money.ledger.book_days(midnight + timedelta(hours=4)) == 0
    assert await balance(session, of) == Decimal("9.9")
    await ring("3", NOON + timedelta(minutes=5))
    assert await balance(session, of) == Decimal("9.85")
    await session.money.ledger.book_days(midnight + timedelta(days=3))
    assert await balance(session, of) == Decimal("9.85")
    found = await session.money.ledger.entries(of)
    calls = {(one.source, one.turn): one.amount for one in found if one.kind is Kind.CALLS}
    assert calls == {
        ("calls 2026-06-16", 1): Decimal("-0.05"),
        ("calls 2026-06-16", 2): Decimal("-0.05"),
        ("calls 2026-06-17", 1): Decimal("-0.05"),
    }
    assert {one.day for one in found if one.kind is Kind.CALLS} == {date(2026, 6, 16), date(2026, 6, 17)}


async def test_the_check_names_each_difference_to_the_last_digit(database: Database) -> None:
    session = Session(database, ANA)
    of, other = (await add(session)).id, (await add(session, "Globex")).id
    await pay(session, of, "10", PaymentStatus.COMPLETED)
    await pay(session, other, "10", PaymentStatus.COMPLETED)
    assert await soundness.ledger_differences(database) == []
    async with database.writing() as connection:
        wrong = update(counters).where(counters.c.customer_id == other)
        await connection.execute(wrong.values(balance=Decimal("10.000001")))
    (sentence,) = await soundness.ledger_differences(database)
    assert "Globex" in sentence
    assert "10.000001" in sentence


async def test_the_seeded_world_has_opening_entries(world: Database) -> None:
    assert await soundness.ledger_differences(world) == []
    async with world.reading() as connection:
        kinds = set((await connection.execute(select(ledger.c.kind))).scalars())
    assert kinds == {Kind.OPENING}
