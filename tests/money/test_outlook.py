"""How far a customer's money goes: the balance day by day, the hours that are left, what is charged next."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from cx_tui.db.calls.storing import store
from cx_tui.db.engine import Database
from cx_tui.db.outbox_tables import message
from cx_tui.domain.money.entry import Balance
from cx_tui.domain.money.outlook import Outlook, by_day
from cx_tui.domain.records.package import Frequency, PackageType
from cx_tui.domain.records.payment import PaymentStatus
from cx_tui.services.money.packages import BY_COMMAND
from cx_tui.services.session import Session
from tests.calls.made import NOON, a_call, priced
from tests.db.sessions import ANA, add, add_contact, scalar

TODAY = datetime.now(UTC).date()
A_DAY = timedelta(days=1)


async def ring(session: Session, of: int, at: datetime, minutes: int = 100) -> None:
    """A call that costs 0.05 a minute."""
    async with session.database.writing() as connection:
        call = a_call(f"{at}", customer=of, at=at, talk=minutes * 60, dialled="44")
        await store(connection, [call], priced)


async def sell(session: Session, of: int, starts: date, did: int | None = None, **package: Any) -> Any:
    """A customer has a new package."""
    sold = (await session.records_of["package"].create(package)).record
    own = {"customer_id": of, "package": sold.id, "starts": starts, "did": did}
    return (await session.records_of["customer-package"].create(own)).record


async def test_a_balance_is_told_day_by_day_back_from_now(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await ring(session, of, NOON)
    await ring(session, of, NOON + A_DAY)
    await session.money.ledger.book_days(NOON + 2 * A_DAY)
    paid = {"customer_id": of, "total": Decimal(20), "status": PaymentStatus.COMPLETED}
    await session.records_of["payment"].create(paid)
    found = await session.money.outlooks.of(of, NOON + 2 * A_DAY)
    assert found.balance.balance == 10
    # Today's payment is later than the days that are shown, so all of them are before it.
    days = {f"{day}": amount for day, amount in found.days}
    assert [days[f"2026-06-{day}"] for day in (15, 16, 17, 18)] == [0, -5, -10, -10]


async def test_hours_left_are_those_at_the_spend_of_the_last_hours(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session, debit_limit=Decimal(10), daily_limit=Decimal(7))).id
    now = datetime(2026, 6, 16, 12, 30, tzinfo=UTC)
    await ring(session, of, now - timedelta(hours=5))
    await ring(session, of, now - timedelta(hours=1), minutes=30)
    found = await session.money.outlooks.of(of, now)
    assert (found.spent_lately, found.balance.available) == (Decimal("1.5"), Decimal("3.5"))
    assert found.hours_left == 7
    assert (found.spent_today, found.hours_to_reset) == (Decimal("6.5"), 11.5)
    assert found.daily_hours_left == 1


def test_a_limit_that_is_not_reached_before_the_day_is_over_is_not_told() -> None:
    balance = Balance(Decimal(50), Decimal(0), "EUR", Decimal(50), Decimal(0))
    evening = datetime(2026, 6, 16, 23, tzinfo=UTC)

    def outlook(limit: int, spent: int) -> Outlook:
        return Outlook(
            balance=balance, spent_lately=Decimal(3), daily_limit=Decimal(limit), spent_today=Decimal(spent),
            now=evening,
        )  # fmt: skip

    assert outlook(10, 9).daily_hours_left is None
    assert outlook(100, 99).hours_to_reset == 1
    assert outlook(10, 10).daily_hours_left is None


def test_days_count_back_from_now_and_what_is_dated_later_is_left_out() -> None:
    moves = {date(2026, 6, 2): Decimal(5), date(2026, 6, 4): Decimal(7)}
    found = by_day(Decimal(12), moves, date(2026, 6, 1), date(2026, 6, 3))
    assert [day.day for day, _ in found] == [1, 2, 3]
    assert [amount for _, amount in found] == [0, 5, 5]


async def test_what_is_charged_next_and_what_is_left_of_free_minutes(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    first = TODAY.replace(day=1)
    line = await sell(session, of, first, name="Line", retail=Decimal(9), days=(1,))
    least: dict[str, Any] = {"type": PackageType.MINIMUM_SPEND, "minimum_spend": Decimal(50), "days": (1,)}
    await sell(session, of, first, name="Least", **least)
    free: dict[str, Any] = {"type": PackageType.FREE_MINUTES, "minutes": 100, "days": (1,)}
    flat = await sell(session, of, first, name="Flat", **free)
    did = {"customer_id": of, "number": "+442071234567", "retail": Decimal("1.5")}
    await session.records_of["did"].create(did)
    await session.money.packages.run(TODAY)
    await ring(session, of, datetime.now(UTC).replace(hour=0, minute=0))
    found = await session.money.outlooks.of(of)
    following = (first + timedelta(days=32)).replace(day=1)
    coming = {one.what: one for one in found.upcoming}
    assert {coming[name].day for name in ("Line", "Least")} == {following}
    assert coming["Line"].own_id == line.id
    assert coming["Least"].at_most
    assert [coming[name].amount for name in ("Line", "Least")] == [9, 45]
    assert coming["DID +442071234567"].day > TODAY
    (minutes,) = found.minutes
    assert (minutes.own_id, minutes.granted, minutes.left) == (flat.id, 6000, 6000)
    assert minutes.last == following - A_DAY


async def test_the_price_of_a_did_is_charged_each_month_and_its_package_instead(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    dids, owned = session.records_of["did"], session.records_of["customer-package"]
    did = (await dids.create({"customer_id": of, "number": "+441", "retail": Decimal("1.5")})).record
    for _ in range(2):
        await session.money.packages.run(TODAY)
    assert (await session.money.ledger.balance(of)).balance == Decimal("-1.5")
    values = {"name": "Number", "retail": Decimal(4), "frequency": Frequency.MONTHLY}
    sold = (await session.records_of["package"].create(values)).record
    written = await dids.save(await dids.get(did.id), {"package": sold.id})
    (own,) = await owned.of_owner(of)
    assert (own.did, own.package, own.starts) == (did.id, sold.id, TODAY)
    await session.money.packages.run(TODAY)
    assert (await session.money.ledger.balance(of)).balance == Decimal("-5.5")
    assert written.operation_id is not None
    other = (await session.records_of["package"].create({**values, "name": "Other"})).record
    await dids.save(await dids.get(did.id), {"package": other.id})
    ends = {one.package: one.ends for one in await owned.of_owner(of)}
    assert ends == {sold.id: TODAY, other.id: None}
    await dids.delete(did.id)
    assert {one.ends for one in await owned.of_owner(of)} == {TODAY}


async def test_a_completed_payment_is_confirmed_once_and_without_what_is_for_operators(
    database: Database,
) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await add_contact(session, of, "Bea", email="bea@example.com")
    values = {"customer_id": of, "total": Decimal(20), "description": "Invoice 7 # their bank"}
    payments = session.records_of["payment"]
    made = (await payments.create({**values, "confirm": True})).record
    await session.money.run_due()
    assert await scalar(database, select(message.c.id)) is None
    await payments.save(made, {"status": PaymentStatus.COMPLETED})
    await payments.create({**values, "status": PaymentStatus.COMPLETED})
    for _ in range(2):
        await session.money.run_due()
    async with database.reading() as connection:
        (row,) = (await connection.execute(select(message.c.address, message.c.body))).all()
    assert row.address == "bea@example.com"
    assert "20.00 EUR (Invoice 7)" in row.body


@pytest.mark.parametrize("waits", [True, False])
async def test_what_waits_for_a_person_is_told_once_as_long_as_it_waits(
    database: Database, waits: bool
) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    since = TODAY - (9 if waits else 1) * A_DAY
    await sell(session, of, since, name="Line", retail=Decimal(1), frequency=Frequency.DAILY)
    told: list[str] = []
    for _ in range(2):
        await session.money.run_due_and_tell(told.append)
    assert len(told) == waits
    if waits:
        what = "10 package charges of 1 customer wait for you (Acme, Line: 10 periods are missing); "
        assert told == [what + "R on the tab Packages shows and charges them"]
        session.money.packages.by_hand = BY_COMMAND
        assert await session.money.run_due() == [what + "cx-tui packages run --catch-up charges them"]
