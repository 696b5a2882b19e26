"""Typed filters as the databases understand them: the same on both, and nothing is lost by a complement."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cx_tui.db.engine import Database
from cx_tui.domain.filter_values import read_filter
from cx_tui.domain.filters import written
from cx_tui.domain.query import Query
from cx_tui.services.session import Session
from tests.db.sessions import ANA, add

FILTERS = {
    "name:ac": ["Acme", "Pacific"],
    "name=acme": ["Acme"],
    "name:ac*": ["Acme"],
    "debit-limit>100": ["Globex"],
    "debit-limit:100": ["Acme"],
    "debit-limit:1..100EUR": ["Acme"],
    "-debit-limit>=100": ["Pacific"],
    "tags:vip": ["Acme", "Globex"],
    "tags:vip country:GB": ["Acme"],
    "country:gb OR channels:5..,..1": ["Acme", "Globex", "Pacific"],
    "no:website": ["Globex", "Pacific"],
    "has:website,tags": ["Acme", "Globex"],
    "no:daily-limit": ["Acme", "Globex"],
    "daily-limit<10": ["Pacific"],
    "-daily-limit<10": ["Acme", "Globex"],
    "status:pend": ["Acme", "Globex", "Pacific"],
    "portal:no": [],
    "created:today": ["Acme", "Globex", "Pacific"],
    "created<2020": [],
    "is:dialing": [],
    "acme": ["Acme"],
    "-acme name:e": ["Globex"],
}


@pytest.fixture
async def session(database: Database) -> Session:
    """Three customers."""
    session = Session(database, ANA)
    await add(
        session, "Acme", debit_limit=Decimal(100), tags=("vip", "a"), country="GB", website="https://a.example",
        currency="EUR",
    )  # fmt: skip
    await add(session, "Globex", debit_limit=Decimal("100.000001"), tags=("VIP",), channels=5, currency="EUR")
    await add(session, "Pacific", debit_limit=Decimal("0.5"), daily_limit=Decimal(9), currency="USD")
    return session


async def names(session: Session, where: str) -> list[str]:
    """The names of the customers that a filter finds."""
    listing = await session.customers.list(Query(where=where))
    rows = await listing.rows(0, 9, ["name"])
    assert await listing.exact_count() == len(rows)
    return [row["name"] for row in rows]


async def test_conditions_find_what_they_say_and_their_complement_all_others(session: Session) -> None:
    every = {"Acme", "Globex", "Pacific"}
    for where, expected in FILTERS.items():
        canonical = written(read_filter(where, "customer"))
        assert await names(session, canonical) == expected, where
        others = await names(session, f"-({canonical})")
        assert set(others) == every - set(expected), where


async def test_records_are_filtered_by_owner_reference_and_address(session: Session) -> None:
    card = (await session.records_of["rate-card"].create({"name": "Retail", "currency": "EUR"})).record.id
    for number, owner in enumerate((1, 2), 1):
        values = {"customer_id": owner, "rate_card": card, "tech_prefix": f"{number}#"}
        await session.records_of["route"].create(values)
    for where, expected in {
        "customer:acme": ["1#"], "rate-card:ret*": ["1#", "2#"], "no:rate-card": [], "tech-prefix:2": ["2#"],
        "goes-to:rate": ["1#", "2#"], "globex": ["2#"], "no:lock-carriers": ["1#", "2#"],
    }.items():  # fmt: skip
        query = Query(record="route", sort=(), where=written(read_filter(where, "route")))
        rows = await session.list_of(query).rows(0, 9, ["tech_prefix"])
        assert [row["tech_prefix"] for row in rows] == expected, where


async def test_a_filter_travels_with_its_query(session: Session) -> None:
    query = Query(where="country:GB")
    assert Query.from_json(replace(query, search="a").as_json()).where == "country:GB"
    old = {key: value for key, value in query.as_json().items() if key != "where"}
    assert Query.from_json(old) == Query()
