"""Typed filters as the databases understand them: the same on both, and nothing is lost by a complement."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy.dialects.postgresql.base import PGDialect

from cx_tui.db.customer_expressions import Clock
from cx_tui.db.customer_lists import CustomerSelect
from cx_tui.db.engine import Database
from cx_tui.domain.filter_values import read_filter
from cx_tui.domain.filters import BadFilter, written
from cx_tui.domain.query import Query
from cx_tui.domain.records.ip import EndpointDirection
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
    "tag:vip": ["Acme", "Globex"],
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
    "name:*me": ["Acme"],
    "name:*ac*": ["Acme", "Pacific"],
    'name:"a*"': [],
    "name:a*e": [],
    "name:o'neil": [],
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


RELATED = {
    "contact.email:@acme": ["Acme"],
    "email:@acme": ["Acme"],
    "contact(name:joe email:@glo)": ["Globex"],
    "contact(name:ann email:@glo)": [],
    "-contact.name:joe": ["Pacific"],
    "has:contact": ["Acme", "Globex"],
    "no:contact": ["Pacific"],
    "ip:10.0.0.0/8": ["Acme", "Globex"],
    "ip:10.1.2.3": ["Acme"],
    "ip:10.1.2.9": ["Acme"],
    "ip:10.1.128.0/17": [],
    "ip:192.0.2.64/26": ["Globex"],
    "ip:192.0.2.0/26": [],
    "ip=10.1.2.0/24": ["Acme"],
    "ip:2001:db8::/32": ["Pacific"],
    "ip:2001:db9::/32": [],
    "ip:sip.glo": ["Globex"],
    "card:retail": ["Globex"],
    "route(card:retail tech-prefix:2)": ["Globex"],
    "warn:no-route": ["Acme", "Pacific"],
    "warn:no_r,broken": ["Acme", "Pacific"],
    "company:nandu": ["Acme"],
    "company:Ñandú": ["Acme"],
    "name~^(ac|pa).*c": ["Pacific"],
    "name~ME$": ["Acme"],
}


async def test_conditions_on_related_records_addresses_and_letters(session: Session) -> None:
    card = (await session.records_of["rate-card"].create({"name": "Retail", "currency": "EUR"})).record.id
    people = session.records_of["contact"]
    for owner, name, email in (
        (1, "Joe", "joe@acme.example"), (2, "Joe", "joe@glo.example"), (1, "Ann", "ann@acme.example"),
    ):  # fmt: skip
        await people.create({"customer_id": owner, "name": name, "email": email})
    for owner, address in ((1, "10.1.2.0/24"), (2, "10.9.0.1"), (2, "192.0.2.77"), (3, "2001:db8:5::1")):
        await session.records_of["ip"].create({"customer_id": owner, "address": address})
    receives = {"direction": EndpointDirection.RECEIVES, "address": "sip.globex.example", "customer_id": 2}
    await session.records_of["ip"].create(receives)
    await session.records_of["route"].create({"customer_id": 2, "rate_card": card, "tech_prefix": "2#"})
    acme = await session.records.get(1)
    await session.records.save(acme, {"company": "Ñandú"})
    every = {"Acme", "Globex", "Pacific"}
    for where, expected in RELATED.items():
        canonical = written(read_filter(where, "customer"))
        assert await names(session, canonical) == expected, where
        assert set(await names(session, f"-({canonical})")) == every - set(expected), where
    query = Query(record="ip", sort=(), where=written(read_filter("customer.name:glob ip:10.0.0.0/8", "ip")))
    assert await session.list_of(query).exact_count() == 1


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("contakt.email:x", 'customers have no "contakt"; there are contact, '),
        ("contact.colour:x", 'there is no column "colour"'),
        ("warn:everything", 'there is no warning "everything"; there are no_authentication'),
        ("ip:10.0.0.0/99", "is not a network; write it like 10.0.0.0/8"),
        ("name~(", "is not a regular expression"),
        ("channels~1", "Channels: it is not text"),
    ],
)
def test_what_is_wrong_with_a_condition_on_others_is_said(where: str, said: str) -> None:
    with pytest.raises(BadFilter) as caught:
        read_filter(where, "customer")
    assert said in caught.value.problems[0].sentence


@pytest.mark.parametrize("where", ["-asr>40", "-(credit<0 OR tags:vip)", "-contact.name:joe"])
def test_postgresql_can_foresee_how_many_a_complement_leaves(where: str) -> None:
    query = Query(where=written(read_filter(where, "customer")))
    asked = CustomerSelect(query, Clock(datetime.now(UTC)), on_sqlite=False).total()
    said = str(asked.compile(dialect=PGDialect()))  # type: ignore[no-untyped-call]
    assert ") IS NOT true" in said
