"""Lists of customers against the plainest way to make them: all rows, filtered and sorted in Python.

Two worlds: the large demonstration one, and a zoo of odd names, ties, empty figures and deleted customers.
"""

import json
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from cx_tui.db import customer_lists, kept_warnings, shared_work
from cx_tui.db.customer_expressions import Clock, read_clock
from cx_tui.db.engine import Database, connect
from cx_tui.db.tables import counters, customer, found_by, table_named
from cx_tui.domain.columns import list_columns
from cx_tui.domain.counters import Counters
from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import Reference
from cx_tui.domain.kinds.series import HourlyBars
from cx_tui.domain.query import Query, Sort, StatusFilter
from cx_tui.domain.records import record_named
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.domain.search import document, fold
from cx_tui.domain.week import Week, WeekKind
from cx_tui.services.lists import listing
from cx_tui.services.lists.listing import Listing
from cx_tui.services.lists.source import CustomerSource

NOW = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
Known = Mapping[str, Any]
Seen = dict[tuple[str, str], tuple[str, Clock, dict[int, Known]]]

ODD_NAMES = (
    *(
        "100% Voice",
        "100 Voice",
        "a_b Telecom",
        "axb Telecom",
        "O'Brien & Sons",
        'The "Best" Carrier',
        "\\\\host\\share",
    ),
    *(
        "Société Générale",
        "Societe Generale",
        "SOCIÉTÉ TÉLÉPHONE",
        "Müller Großhandel",
        "Øresund",
        "Ångström",
        "东京电话公司",
    ),
    *(
        "[bold]Acme[/bold]",
        "acme",
        "Acme Ltd",
        "zulu",
        "🙂 Happy Calls",
        "İstanbul İletişim",
        "Ёлка",
        "ﬁne ﬂight",
        "--",
        "%%%",
    ),
    *("___", "'''", '"""', "\\\\\\", "a", "aa", "Straße", "STRASSE 2", "NEAR(a b)", "* OR *", "x" * 120),
)

COLUMNS = [name for name, column in list_columns().items() if not isinstance(column.kind, HourlyBars)]
"""Those of the customer and its counters; bars of calls have their own tests."""
REFERRED = {
    name: one.kind.record for name, one in fields_of(Customer).items() if isinstance(one.kind, Reference)
}
ORDERED_BY = {"name": "name_key"} | {name: f"{name}_name" for name in REFERRED}


@dataclass(frozen=True)
class World:
    """One database, when it is asked, and all of its customers as plain values."""

    database: Database
    clock: Clock
    everyone: Mapping[int, Known] = field(repr=False)

    def listing(self, query: Query) -> Listing:
        """The list that is tested."""
        return Listing(self.database, self.source(query))

    def source(self, query: Query) -> CustomerSource:
        """What it is read from."""
        return CustomerSource(query, self.clock, on_sqlite=self.database.on_sqlite)

    def naive(self, query: Query) -> list[int]:
        """The same list made in Python."""
        found = [key for key, one in self.everyone.items() if _is_found(one, query)]
        order = query.sort
        if [sort.column for sort in order] == ["status"]:
            order = (*order, Sort("name", order[0].descending))
        found.sort(reverse=order[-1].descending)
        for sort in reversed(order):
            found.sort(key=partial(self._order, sort.column), reverse=sort.descending)
        return found

    def _order(self, column: str, key: int) -> tuple[Any, ...]:
        value = self.everyone[key][ORDERED_BY.get(column, column)]
        return (0,) if value is None else (1, _comparable(value, self.database.on_sqlite))


def _comparable(value: Any, on_sqlite: bool) -> Any:
    """A value as the database compares it."""
    match value:
        case Week():
            return value.hex
        case tuple() | dict() if on_sqlite:
            return json.dumps(value)
        case tuple():
            return len(value), value
        case dict():
            return len(value), [
                part for key in sorted(value, key=lambda key: (len(key), key)) for part in (key, value[key])
            ]
    return getattr(value, "value", value)


def _is_found(one: Known, query: Query) -> bool:
    word = fold(query.search.strip())
    has_word = one["name_key"].startswith(word) if len(word) < 3 else word in one["document"]
    match query.status:
        case StatusFilter.ALL:
            has_status = True
        case StatusFilter.DIALING:
            has_status = one["live"] > 0
        case StatusFilter.PENDING:
            has_status = one["pending"]
        case status:
            has_status = one["status"].value == status.value
    return one["deleted_at"] is None and has_word and has_status


def with_what_follows(one: dict[str, Any], now: datetime, on_sqlite: bool) -> dict[str, Any]:
    """A customer and its counters with everything that is derived from them, by rules written out here."""
    spent = one["day_spend"] if one["day"] == now.date() else Decimal(0)
    available = one["balance"] + one["debit_limit"]
    hours = now.hour + now.minute / 60 + 0.01
    unit = 1_000_000 if on_sqlite else 1
    left = float(available * unit) / (float(spent * unit) / hours) if available > 0 and spent else None
    unproved = [
        one["verify_email"] and not one["emails_verified"],
        one["verify_mobile"] and not one["mobiles_verified"],
        one["contract_due"] is not None and one["contract_due"] < now.date(),
    ]
    warnings = [
        *unproved,
        one["authentications"] == 0,
        one["routes"] == 0,
        available <= 0,
        one["daily_limit"] is not None and spent >= one["daily_limit"],
        one["allowed_times"] is not None and not one["allowed_times"].allows(now, one["time_zone"]),
        (one["shared_ips"] or 0) > 0,
        one["toml_broken"],
    ]
    derived = {
        "spend_today": spent,
        "available": available,
        "hours_left": left,
        "warnings": sum(map(bool, warnings)),
    }
    return {**one, **derived, "pending": any(unproved), "credit": one["balance"], "in_use": one["live"]}


def zoo_rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Odd customers: many ties, many empty figures, every fifth deleted."""
    rng = Random(11)
    every = fields_of(Customer)
    whole, own = [], []
    for number, name in enumerate([*ODD_NAMES, *(f"Tie {turn % 40:03}-{turn}" for turn in range(160))], 1):
        made = {name: one.empty() for name, one in every.items()}
        moment = NOW - timedelta(hours=rng.randrange(4))
        made |= {
            "id": number,
            "name": name,
            "created_at": moment,
            "changed_at": moment,
            "deleted_at": NOW if number % 5 == 0 else None,
            "currency": rng.choice(("EUR", "USD")),
            "status": rng.choice(tuple(Status)),
            "debit_limit": Decimal(rng.choice(("0", "-5", "100.000001"))),
            "daily_limit": rng.choice((None, Decimal(0), Decimal(2))),
            "tags": rng.choice(((), ("b",), ("a", "c"), ("ä",))),
            "portal_areas": rng.choice(({}, {"CDR": "hide"}, {"Rates": "show", "CDR": "hide"})),
            "verify_email": rng.random() < 0.3,
            "verify_mobile": rng.random() < 0.2,
            "city": rng.choice(("", "Paris", "paris", "Ästad", "Zürich")),
            "time_zone": rng.choice(("UTC", "Europe/London", "America/New_York", "Asia/Kolkata")),
            "allowed_times": rng.choice((None, Week(), WeekKind().parse("Tue 12:30-13:00; Tue 07:45-09:00"))),
            "external_id": rng.choice(("", f"X{number % 7}")),
        }
        due = rng.choice((None, None, date(2026, 6, 15), date(2026, 6, 16)))
        calls = rng.random() < 0.5
        own.append(
            {
                **{name: one.empty() for name, one in fields_of(Counters).items()},
                "customer_id": number,
                "balance": Decimal(rng.choice(("0", "-100.000001", "5", "0.000001"))),
                "live": rng.choice((0, 0, 1, 7)),
                "cps": rng.choice((0.0, 0.5)),
                "last_call_at": moment if calls else None,
                "day": rng.choice((date(2026, 6, 15), date(2026, 6, 16))) if calls else None,
                "day_spend": Decimal(rng.choice(("0", "2", "0.3"))),
                "asr": rng.choice((None, 0.0, 100 / 3)),
                "acd": rng.choice((None, 1.5)),
                "emails_verified": rng.randrange(2),
                "mobiles_verified": rng.randrange(2),
                "authentications": rng.choice((None, 0, 2)),
                "routes": rng.choice((None, 0, 1)),
                "shared_ips": rng.choice((None, 0, 3)),
                "contract_due": due,
            }
        )
        derived = {
            "name_key": fold(name),
            "toml_broken": rng.random() < 0.1,
            "document": document(Customer(**made)),
        }
        whole.append({**made, **derived})
    return whole, own


async def fill_zoo(database: Database) -> None:
    whole, own = zoo_rows()
    async with database.writing() as connection:
        documents = [{"customer_id": one["id"], "document": one.pop("document")} for one in whole]
        await connection.execute(customer.insert(), whole)
        await connection.execute(found_by.insert(), documents)
        await connection.execute(counters.insert(), own)
        await kept_warnings.sweep(connection, replace(await read_clock(connection), now=NOW))


@pytest.fixture(scope="session")
def zoo_of(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """The URL of a migrated database that nobody else uses."""

    def url(kind: str) -> str:
        if kind == "sqlite":
            folder: Path = request.getfixturevalue("tmp_path_factory").mktemp("zoo")
            return f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), folder / 'zoo.db')}"
        template = request.getfixturevalue("postgres_template")
        return str(request.getfixturevalue("postgres").create(template))

    return url


@pytest.fixture(scope="session")
def seen() -> Seen:
    """What was read of each world, once."""
    return {}


async def everyone(database: Database, clock: Clock) -> dict[int, Known]:
    async with database.reading() as connection:
        of_whom = select(counters)
        counted = {row.customer_id: row._asdict() for row in await connection.execute(of_whom)}
        found = select(customer, found_by.c.document).join(found_by)
        rows = [row._asdict() for row in await connection.execute(found)]
        names = {}
        for name, record in REFERRED.items():
            own = table_named(record).c
            there = await connection.execute(select(own.id, own[record_named(record).declared.names]))
            names[name] = dict(map(tuple, there))
    for row in rows:
        row |= {ORDERED_BY[name]: names[name].get(row[name]) for name in REFERRED}
    return {
        row["id"]: with_what_follows({**counted[row["id"]], **row}, clock.now, database.on_sqlite)
        for row in rows
    }


@pytest.fixture(params=["zoo", "world"])
async def there(
    request: pytest.FixtureRequest,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    world_of: Callable[[str], str],
    zoo_of: Callable[[str], str],
    seen: Seen,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[World]:
    """A world, in a list whose chunks are so small that it needs many of them."""
    monkeypatch.setattr(listing, "FIRST_CHUNK", 16)
    monkeypatch.setattr(listing, "CHUNK", 64 if request.param == "zoo" else 1024)
    place = (kind, str(request.param))
    url = seen[place][0] if place in seen else (world_of if request.param == "world" else zoo_of)(kind)
    if place == ("sqlite", "world") and place not in seen:
        # Programs that other tests open there renew what follows the clock, at any time of theirs.
        own = tmp_path_factory.mktemp("world") / "world.db"
        url = f"sqlite:///{shutil.copy(url.removeprefix('sqlite:///'), own)}"
    database = connect(url)
    try:
        if place not in seen:
            if request.param == "zoo":
                await fill_zoo(database)
            async with database.reading() as connection:
                clock = replace(await read_clock(connection), now=NOW)
            if place == ("sqlite", "world"):
                async with database.writing() as connection:
                    await kept_warnings.renew(connection, clock)
            seen[place] = (url, clock, await everyone(database, clock))
        yield World(database, *seen[place][1:])
    finally:
        await database.close()


async def read_in_windows(some: Listing, length: int, rng: Random) -> list[int]:
    """All ids, read in windows of random sizes in a random order."""
    cuts = sorted({0, length, *(rng.randrange(length + 1) for _ in range(8))})
    windows = list(pairwise(cuts))
    rng.shuffle(windows)
    parts = {start: await some.ids(start, end - start) for start, end in windows}
    return [one for start in sorted(parts) for one in parts[start]]


async def agrees(there: World, query: Query) -> None:
    """The list and the naive one have the same length, the same order and the same positions."""
    expected = there.naive(query)
    rng = Random(repr(query))
    some = there.listing(query)
    assert await some.exact_count() == len(expected), query
    found = await read_in_windows(some, len(expected), rng)
    wrong = [place for place, pair in enumerate(zip(found, expected, strict=True)) if len(set(pair)) > 1]
    assert not wrong, f"{query}: {len(wrong)} of {len(found)} stand elsewhere, the first at {wrong[0]}"
    assert await some.ids(len(expected), 10) == []
    for key in rng.sample(expected, min(4, len(expected))):
        assert await some.position(key) == expected.index(key)
    absent = next(iter(there.everyone.keys() - set(expected)), 10**6)
    assert await some.position(absent) is None


SEARCHES = {
    "usual words": (
        "",
        "telecom",
        "TELECOM",
        "  telecom  ",
        "tele com",
        "example",
        "limited",
        "gmbh",
        "tie 0",
    ),
    "numbers": ("ac-0", "AC-010", "1", "00", "+44", "x3"),
    "accents": (
        "Société",
        "SOCIÉTÉ",
        "societe",
        "générale",
        "GROSSHANDEL",
        "straße",
        "STRASSE",
        "müller",
        "øre",
    ),
    "other scripts": ("京电话", "ёлка", "🙂 h", "fine fl", "i̇let", "é"),
    "one or two letters": ("t", "T", "te", "zz", "%", "_", "'", "\\", '"', "%%", "__"),
    "signs of SQL": (
        "100%",
        "100 ",
        "a_b",
        "%%%",
        "___",
        "'''",
        "\\\\\\",
        '"""',
        'the "',
        "o'b",
        "\\share",
        "--",
    ),
    "signs of search": ("near(a", "* or", "[bold]", "zzzz", "\n\n\n", "tie 001-1 and", "x" * 120, "x" * 5000),
}
PAIRS = (
    ("status", "name"),
    ("city", "asr"),
    ("last_call_at", "credit"),
    ("daily_limit", "tags"),
    ("in_use", "currency"),
    ("warnings", "hours_left"),
    ("allowed_times", "id"),
)


@pytest.mark.parametrize("column", COLUMNS)
async def test_a_list_is_in_the_order_of_any_column_up_and_down(there: World, column: str) -> None:
    await agrees(there, Query(sort=(Sort(column),)))
    await agrees(there, Query(sort=(Sort(column, True),)))


@pytest.mark.parametrize(("first", "second"), PAIRS)
async def test_a_list_is_in_the_order_of_two_columns_in_any_directions(
    there: World, first: str, second: str
) -> None:
    for down, then_down in ((False, True), (True, False), (True, True)):
        await agrees(there, Query(sort=(Sort(first, down), Sort(second, then_down))))


@pytest.mark.parametrize("status", StatusFilter, ids=lambda status: status.value)
async def test_a_list_has_only_customers_of_the_status(there: World, status: StatusFilter) -> None:
    for column in ("name", "credit", "city"):
        await agrees(there, Query(status=status, sort=(Sort(column),)))
        await agrees(there, Query(status=status, sort=(Sort(column, True),)))


async def test_what_is_kept_gives_the_same_lists_as_what_is_computed(there: World) -> None:
    computing = replace(there, clock=replace(there.clock, kept_at=None))
    keeping = replace(there, clock=replace(there.clock, kept_at=there.clock.quarter))
    for one in (computing, keeping):
        for sort in ((Sort("warnings"),), (Sort("warnings", True), Sort("name"))):
            await agrees(one, Query(sort=sort))
            await agrees(one, Query(status=StatusFilter.PENDING, sort=sort))
        await agrees(one, Query(status=StatusFilter.PENDING))
        await agrees(one, Query("tel", status=StatusFilter.PENDING))


@pytest.mark.parametrize("words", SEARCHES.values(), ids=SEARCHES)
async def test_a_search_finds_what_contains_the_word(there: World, words: tuple[str, ...]) -> None:
    for word in words:
        await agrees(there, Query(search=word))


@pytest.mark.parametrize("search", ["telecom", "tie", "100", "acme"])
async def test_a_search_and_a_status_and_an_order_go_together(there: World, search: str) -> None:
    for status in (StatusFilter.PENDING, StatusFilter.DIALING, StatusFilter.ACTIVE):
        await agrees(there, Query(search, status, (Sort("last_call_at", True), Sort("name"))))


@pytest.mark.parametrize("search", ["telecom", "tie", "example", '"""', "limited", "société"])
async def test_a_word_that_many_have_is_found_by_walking_and_gives_the_same(
    there: World, monkeypatch: pytest.MonkeyPatch, search: str
) -> None:
    monkeypatch.setattr(listing, "FEW", 1)
    for sort in (Sort("name"), Sort("asr"), Sort("asr", True)):
        await agrees(there, Query(search, StatusFilter.ALL, (sort,)))
        await agrees(there, Query(search, StatusFilter.PENALTY, (sort,)))


async def test_few_that_a_filter_finds_stand_in_the_same_order(
    there: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = 0
    for where in ("credit<0", "status:active channels>=10", "-asr>40 portal:yes"):
        for sort in (Sort("name"), Sort("asr"), Sort("asr", True), Sort("status"), Sort("credit", True)):
            query = Query(where=where, sort=(sort,))
            monkeypatch.setattr(listing, "SPARSE", 5_000)
            few = await there.listing(query).ids(0, 5_000)
            monkeypatch.setattr(listing, "SPARSE", -1)
            walked = there.listing(query)
            assert few == await walked.ids(0, 5_000), (where, sort)
            assert len(few) == await walked.exact_count()
            found += len(few)
    assert found


async def test_a_search_for_what_no_text_can_have_finds_nobody(there: World) -> None:
    for word in ("\x00", "abc\x00", "a\ud800", "abc\ud800d"):
        some = there.listing(Query(search=word))
        assert await some.exact_count() == 0
        assert await some.ids(0, 10) == []


async def test_a_count_that_is_not_exact_becomes_exact_when_asked(
    there: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "FEW", 1)
    query = Query(search="tel")
    some = there.listing(query)
    assert not (await some.count()).exact
    expected = len(there.naive(query))
    assert await some.exact_count() == expected
    count = await some.count()
    assert (count.number, count.exact) == (expected, True)


async def test_the_rows_of_a_filter_that_finds_many_come_before_they_are_counted(
    there: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SPARSE", 2)
    monkeypatch.setattr(shared_work, "AT_A_TIME", 7)
    for where in ("channels>=0", "-asr>40", "portal:yes OR portal:no OR ip:10.0.0.0/8"):
        query = Query(where=where)
        every = await there.listing(query).every_id()
        some = there.listing(query)
        with monkeypatch.context() as patched:
            patched.setattr(Listing, "_counted", None)
            count = await some.count()
            assert (count.number, count.exact) == (3, False)
            assert await some.ids(0, 20) == every.tolist()[:20]
        assert await some.exact_count() == len(every) > 3
        assert await some.ids(len(every) - 5, 9) == every.tolist()[-5:]


async def test_deleted_customers_are_no_hits(there: World) -> None:
    for word in ("tie", "tel", "odd"):
        async with there.database.reading() as connection:
            hits = await customer_lists.hits(connection, Query(search=word), 10**6)
        assert hits == len(there.naive(Query(search=word)))


async def test_an_expected_count_needs_no_question_and_changes_nothing(there: World) -> None:
    query = Query(sort=(Sort("asr", True),))
    expected = there.naive(query)
    some = Listing(there.database, there.source(query), expected=7)
    assert (await some.count()).number == 7
    assert await some.ids(0, 40) == expected[:40]
    assert await some.exact_count() == len(expected)
    assert await read_in_windows(some, len(expected), Random(1)) == expected


async def test_status_counts_are_what_each_filter_would_list(there: World) -> None:
    async with there.database.reading() as connection:
        counts = await customer_lists.status_counts(connection, there.clock)
    assert counts == {status: len(there.naive(Query(status=status))) for status in StatusFilter}


async def test_deleted_customers_are_nowhere(there: World) -> None:
    deleted = [key for key, one in there.everyone.items() if one["deleted_at"]]
    some = there.listing(Query())
    count = await some.exact_count()
    assert not set(deleted) & set(await some.ids(0, count))
    assert count == len(there.everyone) - len(deleted)
    assert await some.again(deleted, ["name"]) == {}
    for key in deleted[:3]:
        assert await some.position(key) is None
        by_name = there.listing(Query(search=there.everyone[key]["name"]))
        assert key not in await by_name.ids(0, count)


async def test_rows_show_the_values_that_the_rules_give(there: World) -> None:
    columns = COLUMNS
    some = there.listing(Query(sort=(Sort("id"),)))
    rows = await some.rows(0, 250, columns)
    assert len(rows) == min(250, await some.exact_count())
    for row in rows:
        expected = there.everyone[row["id"]]
        expected = {**expected, **{name: expected[ORDERED_BY[name]] for name in REFERRED}}
        assert {name: row[name] for name in columns if name != "hours_left"} == {
            name: expected[name] for name in columns if name != "hours_left"
        }
        assert row["hours_left"] == pytest.approx(expected["hours_left"])


async def test_a_list_of_nobody_is_empty(there: World) -> None:
    some = there.listing(Query(search="nobody is called this"))
    assert await some.exact_count() == 0
    assert await some.rows(0, 50, ["name"]) == []
    assert await some.position(1) is None


async def test_the_memory_of_a_list_does_not_grow_with_the_way_through_it(
    there: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "CHUNK", 32)
    monkeypatch.setattr(listing, "CHUNKS_KEPT", 3)
    query = Query(sort=(Sort("currency"),))
    expected = there.naive(query)
    some = there.listing(query)
    for start in [*range(0, len(expected), 48), *range(len(expected), 0, -48)]:
        assert await some.ids(start, 20) == expected[start : start + 20]
        assert len(some._chunks) <= 3
        assert sum(map(len, some._chunks.values())) <= 3 * 32


@pytest.mark.parametrize("name", ["zoo", "world"])
def test_both_databases_have_the_same_customers(seen: Seen, name: str) -> None:
    places = [seen[kind, name] for kind in ("sqlite", "postgresql") if (kind, name) in seen]
    if len(places) < 2:
        pytest.skip("only one of the databases was read")
    ours, theirs = (everyone for _, _, everyone in places)
    assert ours.keys() == theirs.keys()
    for key, one in ours.items():
        assert {**one, "hours_left": None} == {**theirs[key], "hours_left": None}
        assert one["hours_left"] == pytest.approx(theirs[key]["hours_left"])
