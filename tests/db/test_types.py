"""Column types: what goes in comes out, the same on both databases."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Integer, MetaData, Table, func, select, text

from cx_tui.db.engine import Database
from cx_tui.db.tables import contact, counters, customer
from cx_tui.db.types import Json, Listed, Money, Utc, WeekHours, Word
from cx_tui.domain.counters import Counters
from cx_tui.domain.fields import fields_of
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.domain.week import STEPS, Week, WeekKind

thing = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("amount", Money),
    Column("moment", Utc),
    Column("hours", WeekHours),
    Column("words", Listed),
    Column("word", Word(Status)),
    Column("table", Json),
    Column("flag", Boolean),
)

AMOUNTS = [
    *(
        "0",
        "0.000001",
        "-0.000001",
        "12.5",
        "-12.345678",
        "999999999999",
        "-999999999999",
        "123456789012.345678",
    ),
]
LONDON_SUMMER = timezone(timedelta(hours=1))


@pytest.fixture
async def things(database: Database) -> Database:
    """A database with a table of one column for each type."""
    async with database.writing() as connection:
        await connection.run_sync(thing.create)
    return database


async def kept(database: Database, name: str, *values: Any) -> list[Any]:
    """The values as they come back."""
    async with database.writing() as connection:
        await connection.execute(thing.insert(), [{name: value} for value in values])
    async with database.reading() as connection:
        return list((await connection.execute(select(thing.c[name]).order_by(thing.c.id))).scalars())


async def test_money_is_exact_to_a_millionth(things: Database) -> None:
    amounts = [*map(Decimal, AMOUNTS), None]
    found = await kept(things, "amount", *amounts)
    assert found == amounts
    assert all(isinstance(amount, Decimal) for amount in found[:-1])


async def test_money_of_more_places_is_rounded_the_same_on_both(things: Database) -> None:
    texts = ["0.0000005", "-0.0000005", "0.00000049", "0.0000019", "-0.0000019"]
    assert await kept(things, "amount", *map(Decimal, texts)) == [
        Decimal(text) for text in ("0.000001", "-0.000001", "0", "0.000002", "-0.000002")
    ]


async def test_a_sum_of_money_is_exact(things: Database) -> None:
    await kept(
        things, "amount", *[Decimal("0.1")] * 1000, Decimal("-100.000001"), Decimal("123456789012.345678")
    )
    async with things.reading() as connection:
        total = (await connection.execute(select(func.sum(thing.c.amount)))).scalar_one()
    assert total == Decimal("123456789012.345677")


async def test_money_is_compared_as_numbers(things: Database) -> None:
    await kept(things, "amount", *map(Decimal, AMOUNTS))
    async with things.reading() as connection:
        below = select(thing.c.amount).where(thing.c.amount < 0).order_by(thing.c.amount)
        found = list((await connection.execute(below)).scalars())
    assert found == sorted(Decimal(text) for text in AMOUNTS if Decimal(text) < 0)


async def test_a_moment_is_the_same_moment_and_comes_in_utc(things: Database) -> None:
    moments = [
        datetime(2026, 6, 16, 11, 40, 0, 1, tzinfo=UTC),
        datetime(2026, 6, 16, 12, 40, tzinfo=LONDON_SUMMER),
        datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        None,
    ]
    found = await kept(things, "moment", *moments)
    assert found == moments
    assert all(moment.tzinfo is UTC for moment in found[:-1])


async def test_moments_are_sorted_by_time_whatever_zone_they_came_in(things: Database) -> None:
    late, early = datetime(2026, 6, 16, 12, tzinfo=UTC), datetime(2026, 6, 16, 12, 30, tzinfo=LONDON_SUMMER)
    await kept(things, "moment", late, early)
    async with things.reading() as connection:
        ordered = select(thing.c.moment).order_by(thing.c.moment)
        assert list((await connection.execute(ordered)).scalars()) == [early, late]
        first = select(thing.c.id).where(thing.c.moment < late)
        assert list((await connection.execute(first)).scalars()) == [2]


async def test_the_hours_of_a_week_come_back(things: Database) -> None:
    weeks = [Week(), Week(2**STEPS - 1), WeekKind().parse("Mon-Fri 09:00-17:30; Sun 23:45-24:00"), None]
    assert await kept(things, "hours", *weeks) == weeks


async def test_words_come_back_as_they_are(things: Database) -> None:
    words = [(), ("retail", "uk"), ('quote "', "back\\slash", "new\nline", "Ünï 🙂", "")]
    assert await kept(things, "words", *words) == words


async def test_a_choice_is_kept_as_its_value_and_comes_back_as_itself(things: Database) -> None:
    found = await kept(things, "word", *Status, None)
    assert found == [*Status, None]
    assert all(isinstance(status, Status) for status in found[:-1])
    async with things.reading() as connection:
        raw = await connection.execute(text("SELECT word FROM thing WHERE id = 4"))
        assert raw.scalar_one() == "approval"


async def test_a_choice_that_this_program_does_not_know_is_none(things: Database) -> None:
    async with things.writing() as connection:
        await connection.execute(text("INSERT INTO thing (id, word) VALUES (1, 'frozen')"))
    async with things.reading() as connection:
        assert (await connection.execute(select(thing.c.word))).scalar_one() is None


async def test_a_table_of_portal_areas_comes_back(things: Database) -> None:
    areas = [{}, {"CDR": "hide", "Latest Calls": "show"}]
    assert await kept(things, "table", *areas) == areas


async def test_a_whole_customer_with_contact_and_counters_comes_back(database: Database) -> None:
    moment = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
    whole = Customer(
        id=1,
        created_at=moment,
        changed_at=moment,
        deleted_at=moment,
        name="Söhne & Co",
        currency="EUR",
        debit_limit=Decimal("-0.000001"),
        daily_limit=Decimal("12.5"),
        tags=("a", "b"),
        portal_areas={"CDR": "hide"},
        allowed_times=WeekKind().parse("Tue 12:00-13:00"),
    )
    person = Contact(
        id=1,
        customer_id=1,
        created_at=moment,
        changed_at=moment,
        name="Ana",
        allowed_ips=("192.0.2.7", "2001:db8::/32"),
    )
    counted = Counters(
        customer_id=1, last_call_at=moment, day=date(2026, 6, 16), balance=Decimal("-3.25"), asr=100 / 3
    )
    derived = {"name_key": "söhne & co", "toml_broken": False}
    async with database.writing() as connection:
        await connection.execute(customer.insert().values({**vars(whole), **derived}))
        await connection.execute(contact.insert().values(vars(person)))
        await connection.execute(counters.insert().values(vars(counted)))
    async with database.reading() as connection:
        own = select(*(customer.c[name] for name in fields_of(Customer)))
        assert Customer(**(await connection.execute(own)).one()._asdict()) == whole
        assert Contact(**(await connection.execute(select(contact))).one()._asdict()) == person
        figures = select(*(counters.c[name] for name in fields_of(Counters)))
        assert Counters(**(await connection.execute(figures)).one()._asdict()) == counted
