"""The server's memory follows the database: what an operator saves decides the next call."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, update

from cx_tui.db import history, log_blocks
from cx_tui.db.engine import Database
from cx_tui.db.free_minutes_tables import free_minutes
from cx_tui.db.tables import counters
from cx_tui.db.tables import customer as customers
from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.engine import Decision, decide
from cx_tui.domain.history import Act, Noted
from cx_tui.domain.records.carrier import CarrierStatus
from cx_tui.domain.records.customer import Status
from cx_tui.domain.records.package import PackageType
from cx_tui.errors import Unavailable
from cx_tui.services.admission.following import Following
from cx_tui.services.session import Session
from tests.db.companies import company, made
from tests.db.sessions import ANA, add

NOON = datetime(2026, 6, 16, 12, 0, tzinfo=UTC)


@pytest.fixture
def session(database: Database) -> Session:
    """What Ana can do."""
    return Session(database, ANA)


@pytest.fixture
async def following(session: Session) -> Following:
    """A server's memory beside a company."""
    await company(session)
    state = Following(session.database)
    await state.load()
    return state


def asked(state: Following, source: str = "192.0.2.7", dialled: str = "442079460000") -> Decision:
    return decide(state.world, Call(dialled=dialled, moment=NOON, source=source, cli="441632960000"))


async def test_a_call_passes_by_what_was_loaded(following: Following) -> None:
    assert asked(following).admitted, asked(following).trace


async def test_a_saved_status_counts_at_the_next_look(session: Session, following: Following) -> None:
    customer = await session.records.get(1)
    account = following.world.customers[1].account
    account.reserved = 5
    await session.records.save(customer, {"status": Status.INACTIVE})
    await following.look()
    assert asked(following).gate == "status"
    assert following.world.customers[1].account is account, "what is reserved is kept"
    assert account.reserved == 5


async def test_only_the_customers_that_changed_are_read_again(session: Session, following: Following) -> None:
    other = await add(session, "Other")
    await following.look()
    assert (following.reloaded, set(following.world.customers)) == (1, {1, other.id})
    await following.look()
    assert following.reloaded == 1


async def test_a_new_address_a_deleted_one_and_a_deleted_customer_count(
    session: Session, following: Following
) -> None:
    address = await made(session, "ip", customer_id=1, address="198.51.100.9")
    await following.look()
    assert asked(following, "198.51.100.9").admitted
    await session.records_of["ip"].delete(address)
    await following.look()
    assert asked(following, "198.51.100.9").gate == "authentication"
    await session.records.delete(1)
    await following.look()
    assert asked(following).gate == "authentication"


async def test_rates_supply_and_carriers_count(session: Session, following: Following) -> None:
    assert asked(following, dialled="4930123456").gate == "rate"
    (ours,) = [card for card in following.world.cards.values() if card.name == "Retail"]
    (theirs,) = [card for card in following.world.cards.values() if card.name != "Retail"]
    for card, rate in ((ours.id, "0.02"), (theirs.id, "0.01")):
        await made(session, "rate", rate_card_id=card, prefix="49", destination="DE", rate=Decimal(rate))
    await following.look()
    assert asked(following, dialled="4930123456").admitted
    (carrier,) = following.world.carriers
    carriers = session.records_of["carrier"]
    await carriers.save(await carriers.get(carrier), {"status": CarrierStatus.INACTIVE})
    await following.look()
    assert asked(following).gate == "carriers"


async def test_balances_change_without_an_operation(session: Session, following: Following) -> None:
    async with session.database.writing() as connection:
        await connection.execute(update(counters).values(balance=Decimal(-100)))
    await following.look()
    assert asked(following).gate == "credit"


async def test_free_minutes_count_as_they_are_sold_used_and_changed(
    session: Session, following: Following
) -> None:
    async with session.database.writing() as connection:
        await connection.execute(update(counters).values(balance=Decimal(-100)))
    minutes = {"type": PackageType.FREE_MINUTES, "minutes": 10, "destinations": ("44",)}
    package = await made(session, "package", name="Flat", days=(1,), **minutes)
    own = await made(session, "customer-package", customer_id=1, package=package, starts=date(2026, 6, 1))
    await following.look()
    assert asked(following).seconds == 600
    call = Call(dialled="442079460000", moment=NOON, source="192.0.2.7", cli="441632960000")
    assert (await session.admission.simulate(call)).seconds == 600
    async with session.database.writing() as connection:
        used = {"own_id": own, "period": date(2026, 6, 1), "granted": 600, "used": 570}
        await connection.execute(insert(free_minutes).values(used))
    following.watch(1)
    await following.look()
    assert asked(following).seconds == (await session.admission.simulate(call)).seconds == 30
    fresh = Following(session.database)
    await fresh.load()
    assert asked(fresh).seconds == 30
    packages = session.records_of["package"]
    await packages.save(await packages.get(package), {"destinations": ("49",)})
    await following.look()
    assert asked(following).gate == "credit"


async def test_customers_who_were_changed_together_are_read_again(
    session: Session, following: Following
) -> None:
    ids = [(await add(session, f"Company {n}")).id for n in range(3)]
    await following.look()
    before = following.reloaded
    async with session.database.writing() as connection:
        operation = await history.begin(connection, ANA, Act.BULK_EDIT, "Status", NOON, records=3)
        values = ({"status": "active"}, {"status": "inactive"})
        notes: list[Noted] = [(operation, "customer", one, one, Act.UPDATE, *values) for one in ids]
        await log_blocks.note(connection, log_blocks.made(notes))
        await connection.execute(update(customers).values(status=Status.INACTIVE))
    await following.look()
    assert following.reloaded == before + 3
    assert {following.world.customers[one].status for one in ids} == {Status.INACTIVE}
    assert following.world.customers[1].status is Status.ACTIVE, "no operation says that it changed"


async def test_while_the_database_is_away_the_last_state_stays_and_its_age_is_told(
    session: Session, following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = following._clock() + timedelta(seconds=40).total_seconds()
    following._clock = lambda: now
    ending = asyncio.Event()

    def away() -> None:
        ending.set()
        raise Unavailable("the database does not answer")

    monkeypatch.setattr(session.database, "reading", away)
    await following.follow(ending, 0.01)
    assert following.trouble == "the database does not answer"
    assert following.age > 39
    assert asked(following).admitted
    monkeypatch.undo()
    await following.look()
    assert (following.trouble, following.age) == ("", 0)


async def test_a_card_is_read_in_pieces_and_is_whole(
    session: Session, following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cx_tui.services.admission.worlds.RATES_AT_ONCE", 3)
    (card,) = [card.id for card in following.world.cards.values() if card.name == "Retail"]
    for day in range(1, 6):
        begins = datetime(2026, 1, day, tzinfo=UTC)
        await made(
            session,
            "rate",
            rate_card_id=card,
            prefix="45",
            destination="DK",
            rate=Decimal(day),
            valid_from=begins,
        )
    for number in range(10, 17):
        await made(session, "rate", rate_card_id=card, prefix=f"{number}", destination="x", rate=Decimal(1))
    await following.look()
    rates = list(following.world.cards[card].rates())
    assert len({rate.id for rate in rates}) == len(rates) == 1 + 5 + 7
    found = following.world.cards[card].rate_of("4512345678", NOON)
    assert found is not None
    assert found.tariff.per_minute == 5_000_000
