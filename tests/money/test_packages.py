"""Packages are charged once a period, by whoever is there, and what was missed is charged after it."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cx_tui.db import soundness
from cx_tui.db.calls.storing import store
from cx_tui.db.engine import Database
from cx_tui.domain.money.entry import Kind
from cx_tui.domain.records.package import Frequency, PackageType
from cx_tui.services.session import Session
from tests.calls.made import NOON, a_call, priced
from tests.db.sessions import ANA, add, two_offices

JUNE = date(2026, 6, 1)


async def has(
    session: Session, of: int, starts: date = JUNE, more: dict[str, Any] | None = None, **package: Any
) -> Any:
    """A customer has a new package."""
    values = {"name": f"Line of {of}", "retail": Decimal(10), **package}
    made = (await session.records_of["package"].create(values)).record
    own = {"customer_id": of, "package": made.id, "starts": starts, **(more or {})}
    return (await session.records_of["customer-package"].create(own)).record


async def charges(session: Session, of: int) -> list[tuple[str, Decimal]]:
    """The days and amounts that were charged, the oldest first."""
    assert await soundness.ledger_differences(session.database) == []
    found = await session.money.ledger.entries(of, 200)
    return [(f"{one.day}", one.amount) for one in reversed(found) if one.kind is Kind.PACKAGE]


async def test_a_period_is_charged_once_however_often_it_is_run(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await has(session, of, more={"quantity": 3}, setup_retail=Decimal("4.5"))
    assert [one.amount for one in (await session.money.packages.simulate(JUNE)).charged] == [
        Decimal("13.5"), 30,
    ]  # fmt: skip
    assert await charges(session, of) == []
    for _ in range(3):
        await session.money.packages.run(JUNE)
    assert await charges(session, of) == [("2026-06-01", Decimal("-13.5")), ("2026-06-01", Decimal(-30))]
    await session.money.packages.run(date(2026, 7, 1))
    assert (await charges(session, of))[2:] == [("2026-07-01", Decimal(-30))]


async def test_after_a_downtime_a_few_periods_are_charged_and_many_wait_for_a_person(
    database: Database,
) -> None:
    session = Session(database, ANA)
    few, many = (await add(session)).id, (await add(session, "Globex")).id
    await has(session, few, frequency=Frequency.WEEKLY)
    await has(session, many, frequency=Frequency.DAILY)
    ran = await session.money.packages.run(JUNE + timedelta(days=14))
    assert [one.customer_id for one in ran.charged] == [few] * 3
    assert len(ran.waiting) == 15
    assert ran.waiting[0].waits == "15 periods are missing"
    assert await charges(session, many) == []
    await session.money.packages.run(JUNE + timedelta(days=14), catch_up=True)
    assert len(await charges(session, many)) == 15
    assert len(await charges(session, few)) == 3


async def test_a_new_quantity_counts_from_the_next_period(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    own = await has(session, of)
    await session.money.packages.run(JUNE)
    own = await session.records_of["customer-package"].get(own.id)
    await session.records_of["customer-package"].save(own, {"quantity": 2})
    await session.money.packages.run(date(2026, 6, 20))
    await session.money.packages.run(date(2026, 7, 1))
    assert [amount for _, amount in await charges(session, of)] == [-10, -20]


async def test_without_auto_decrement_nothing_is_taken_and_nothing_is_taken_afterwards(
    database: Database,
) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    own = await has(session, of, more={"auto_decrement": False})
    await session.money.packages.run(date(2026, 6, 20))
    own = await session.records_of["customer-package"].get(own.id)
    await session.records_of["customer-package"].save(own, {"auto_decrement": True})
    await session.money.packages.run(date(2026, 7, 1))
    assert await charges(session, of) == [("2026-07-01", Decimal(-10))]


async def test_what_calls_do_not_reach_of_a_minimum_spend_is_charged_when_the_period_is_over(
    database: Database,
) -> None:
    session = Session(database, ANA)
    of, idle = (await add(session)).id, (await add(session, "Globex")).id
    more: dict[str, Any] = {
        "retail": Decimal(0), "type": PackageType.MINIMUM_SPEND, "minimum_spend": Decimal(50), "days": (1,),
    }  # fmt: skip
    await has(session, of, **more)
    await has(session, idle, **more)
    async with database.writing() as connection:
        await store(connection, [a_call("1", customer=of, at=NOON, talk=30_000, dialled="44")], priced)
    await session.money.packages.run(date(2026, 6, 30))
    assert await charges(session, of) == []
    await session.money.packages.run(date(2026, 7, 1))
    assert await charges(session, of) == [("2026-07-01", Decimal(-25))]
    assert await charges(session, idle) == [("2026-07-01", Decimal(-50))]


async def test_a_package_in_another_currency_waits_and_says_why(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await has(session, of, currency="USD")
    ran = await session.money.packages.run(JUNE)
    assert ran.charged == []
    assert "USD" in ran.waiting[0].waits
    await session.money.packages.run_due(datetime(2026, 6, 1, tzinfo=UTC))
    assert session.money.packages.waiting_in_words() == [
        "1 package charge of 1 customer waits for you (Acme, Line of 1: the package is in USD, the customer "
        "pays in EUR); choose a package in EUR"
    ]


async def test_two_programs_that_run_at_once_charge_each_period_once(database_url: str) -> None:
    async with two_offices(database_url) as (ana, ben):
        ids = [(await add(ana, f"Customer {number}")).id for number in range(20)]
        for of in ids:
            await has(ana, of)
        ran = await asyncio.gather(*(one.money.packages.run(JUNE) for one in (ana, ben, ana, ben)))
        assert sum(len(one.charged) for one in ran) == 20
        for of in ids:
            assert len(await charges(ana, of)) == 1


async def test_the_package_of_a_released_did_ends_with_it_and_comes_back_with_it(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    dids, owned = session.records_of["did"], session.records_of["customer-package"]
    did = (await dids.create({"customer_id": of, "number": "+442071234567"})).record
    own, other = await has(session, of, more={"did": did.id}), await has(session, of, name="Account")
    released = await dids.delete(did.id)
    assert (await owned.get(own.id)).ends == datetime.now(UTC).date()
    assert (await owned.get(other.id)).ends is None
    assert released.operation_id is not None
    await session.log.undo(released.operation_id)
    assert (await owned.get(own.id)).ends is None
