"""The demonstration world: the same each time, consistent in itself, and written without a trace."""

import asyncio
import hashlib
import os
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, Table, select, text

from cx_tui.db import bulk_writing, schema
from cx_tui.db.customer_expressions import Clock, known
from cx_tui.db.engine import Database, connect
from cx_tui.db.tables import contact, counters, customer, found_by, record_table
from cx_tui.domain.counters import Counters
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.kinds.choices import official
from cx_tui.domain.kinds.numbers import Figure
from cx_tui.domain.records import FOUND_BY, record_named
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.domain.search import document, fold, on_lines, parts
from cx_tui.domain.warnings import WARNINGS
from cx_tui.errors import Refused
from cx_tui.services.seeding import seed
from cx_tui.services.seeding.companies import Companies
from cx_tui.services.seeding.world import World

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
MANY = 6000

Rows = list[dict[str, Any]]


async def seeded(path: Path, customers: int = 300, number: int = 7) -> Database:
    database = connect(f"sqlite:///{path}")
    await schema.ready(database)
    await seed(database, customers, number, now=NOW)
    return database


def content(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        lines = [
            repr(row)
            for table in ("customer", "contact", "counters")
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1")
        ]
    connection.close()
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def shape(path: Path) -> set[tuple[str, str, str]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"
        )
        rows = set(found)
    connection.close()
    return rows


class Seeded:
    """All rows of one world."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.customers: Rows = []
        self.contacts: Rows = []
        self.counters: Rows = []
        self.found_by: dict[int, tuple[str, str]] = {}
        self.found_by_others: dict[int, list[str]] = defaultdict(list)
        self._people: dict[int, Rows] = defaultdict(list)

    async def read(self) -> None:
        database = await seeded(self.path, MANY)
        async with database.reading() as connection:

            async def rows(table: Table) -> Rows:
                return [dict(row._mapping) for row in await connection.execute(select(table))]

            self.customers, self.contacts, self.counters, found = [
                await rows(table) for table in (customer, contact, counters, found_by)
            ]
            self.found_by = {row["customer_id"]: (row["document"], row["external_id"]) for row in found}
            for kind in (record_named(name) for name in FOUND_BY if name != "contact"):
                for had in await connection.execute(select(record_table(kind))):
                    self.found_by_others[had.customer_id] += parts(kind, had)
        await database.close()
        for one in self.contacts:
            self._people[one["customer_id"]].append(one)

    def contacts_of(self, number: int) -> Rows:
        return self._people[number]


_worlds: list[Seeded] = []


@pytest.fixture
async def world(tmp_path_factory: pytest.TempPathFactory) -> Seeded:
    if not _worlds:
        made = Seeded(tmp_path_factory.mktemp("seeded") / "cx.db")
        await made.read()
        _worlds.append(made)
    return _worlds[0]


async def test_the_same_seed_makes_the_same_data(tmp_path: Path) -> None:
    for name in ("one.db", "two.db"):
        await (await seeded(tmp_path / name)).close()
    assert content(tmp_path / "one.db") == content(tmp_path / "two.db")


async def test_another_process_makes_the_same_data(tmp_path: Path) -> None:
    await (await seeded(tmp_path / "here.db")).close()
    program = (
        "import asyncio, sys; from datetime import datetime; from cx_tui.db import schema;"
        "from cx_tui.db.engine import connect; from cx_tui.services.seeding import seed\n"
        "async def main():\n"
        " database = connect(sys.argv[1]); await schema.ready(database)\n"
        " await seed(database, 300, 7, now=datetime.fromisoformat(sys.argv[2])); await database.close()\n"
        "asyncio.run(main())"
    )
    root = Path(__file__).parents[2]
    other = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        f"sqlite:///{tmp_path / 'there.db'}",
        NOW.isoformat(),
        cwd=root,
        env={**os.environ, "PYTHONHASHSEED": "99", "PYTHONPATH": str(root)},
    )
    assert await other.wait() == 0
    assert content(tmp_path / "here.db") == content(tmp_path / "there.db")


async def test_another_seed_makes_other_data(tmp_path: Path) -> None:
    await (await seeded(tmp_path / "one.db", 50, 1)).close()
    await (await seeded(tmp_path / "two.db", 50, 2)).close()
    assert content(tmp_path / "one.db") != content(tmp_path / "two.db")


@pytest.mark.parametrize("number", [0, 1])
async def test_very_small_worlds_are_possible(tmp_path: Path, number: int) -> None:
    database = await seeded(tmp_path / "cx.db", number)
    async with database.reading() as connection:
        found = len((await connection.execute(select(customer.c.id))).all())
    await database.close()
    assert found == number


async def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    database = connect(f"sqlite:///{tmp_path / 'cx.db'}")
    await schema.ready(database)
    await seed(database, 40, 1, lambda done, of: told.append((done, of)), now=NOW)
    await database.close()
    assert told[-1] == (40, 40)


async def test_last_calls_are_recent_when_no_moment_is_given(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'cx.db'}")
    await schema.ready(database)
    await seed(database, 200, 1)
    async with database.reading() as connection:
        calls = [row[0] for row in await connection.execute(select(counters.c.last_call_at)) if row[0]]
    await database.close()
    assert timedelta(0) <= datetime.now(UTC) - max(calls) < timedelta(hours=3)


async def test_a_database_with_customers_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    database = await seeded(tmp_path / "cx.db", 20)
    before = content(tmp_path / "cx.db")
    with pytest.raises(Refused, match="empty database"):
        await seed(database, 20, 8, now=NOW)
    await database.close()
    assert content(tmp_path / "cx.db") == before


async def test_indexes_and_triggers_are_as_the_migration_makes_them(tmp_path: Path) -> None:
    fresh = connect(f"sqlite:///{tmp_path / 'fresh.db'}")
    await schema.ready(fresh)
    await fresh.close()
    database = await seeded(tmp_path / "cx.db", 20)
    assert await schema.check(database) is None
    await database.close()
    assert shape(tmp_path / "cx.db") == shape(tmp_path / "fresh.db")


async def test_a_failure_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'cx.db'}")
    await schema.ready(database)
    before = shape(tmp_path / "cx.db")

    def fail(done: int, of: int) -> None:
        raise RuntimeError("the power went off")

    with pytest.raises(RuntimeError):
        await seed(database, 50, 1, fail, now=NOW)
    assert shape(tmp_path / "cx.db") == before
    await seed(database, 50, 1, now=NOW)
    await database.close()


async def test_the_connection_has_its_settings_again(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'cx.db'}")
    await schema.ready(database)
    names = ("cache_size", "temp_store", "synchronous", "journal_mode", "analysis_limit", "foreign_keys")

    async def settings() -> list[Any]:
        async with database.reading() as connection:
            return [(await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in names]

    before = await settings()
    await seed(database, 20, 1, now=NOW)
    assert await settings() == before
    await database.close()


async def test_the_planner_still_walks_the_indexes(world: Seeded) -> None:
    def plan(question: str) -> str:
        with sqlite3.connect(world.path) as connection:
            lines = " / ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {question}"))
        connection.close()
        return lines

    by_name = plan("SELECT id FROM customer WHERE deleted_at IS NULL ORDER BY name_key, id LIMIT 2000")
    assert "customer_name" in by_name
    assert "TEMP B-TREE" not in by_name
    for name in ("asr", "acd", "pdd", "balance", "live", "cps", "last_call_at"):
        for order in (f"{name} DESC NULLS LAST, counters.customer_id DESC", f"{name}, counters.customer_id"):
            by_counter = plan(
                "SELECT customer.id FROM customer JOIN counters ON counters.customer_id = customer.id"
                f" WHERE customer.deleted_at IS NULL ORDER BY counters.{order} LIMIT 256"
            )
            assert f"ix_counters_{name}" in by_counter
            assert "TEMP B-TREE" not in by_counter


async def test_every_value_is_one_that_its_field_accepts(world: Seeded) -> None:
    assert problems(Customer, world.customers, broken={"toml"}) == []
    assert problems(Contact, world.contacts, broken={"customer_id"}) == []
    assert problems(Counters, world.counters, broken=set()) == []


def problems(record: type, rows: Rows, broken: set[str]) -> list[str]:
    wrong = []
    for name, field in fields_of(record).items():
        if name in broken or isinstance(field.kind, Figure):
            continue
        distinct = {repr(row[name]): row[name] for row in rows}
        wrong += [f"{name}: {shown}" for shown, value in distinct.items() if not survives(field, value)]
    return wrong


def survives(field: Field, value: Any) -> bool:
    written = field.kind.write(value)
    if not written and not field.required:
        return value in (None, "", (), {}) or field.kind.write(field.default) == ""
    try:
        return bool(field.parse(written) == value)
    except BadValue:
        return False


async def test_toml_parses_except_where_it_is_marked_broken(world: Seeded) -> None:
    field = fields_of(Customer)["toml"]
    for row in world.customers:
        assert survives(field, row["toml"]) is not row["toml_broken"]
    assert any(row["toml_broken"] for row in world.customers)


async def test_no_two_customers_have_the_same_folded_name(world: Seeded) -> None:
    keys = [row["name_key"] for row in world.customers]
    assert keys == [fold(row["name"]) for row in world.customers]
    assert len(set(keys)) == MANY


def test_a_hundred_thousand_companies_have_names_and_domains_of_their_own() -> None:
    whole = World(1, 3, NOW)
    where = whole._places
    drawn = [Companies.draw(whole._companies, where[turn % len(where)]) for turn in range(100_000)]
    assert len({fold(name) for name, _ in drawn}) == len({domain for _, domain in drawn}) == 100_000
    assert all(domain.isascii() and domain.isalnum() for _, domain in drawn)
    assert sum(any(char.isdigit() for char in name) for name, _ in drawn) == 0


async def test_emails_and_external_ids_are_unique(world: Seeded) -> None:
    emails = [row["email"] for row in world.contacts if row["email"]]
    ids = [row["external_id"] for row in world.customers if row["external_id"]]
    assert len(set(emails)) == len(emails)
    assert len(set(ids)) == len(ids)
    assert all(email.endswith(".example") for email in emails)


async def test_currencies_and_countries_are_of_the_official_lists(world: Seeded) -> None:
    assert {row["currency"] for row in world.customers} <= set(official("currencies"))
    assert {row["country"] for row in world.customers} <= set(official("countries"))


async def test_the_counters_count_the_contacts(world: Seeded) -> None:
    for row in world.counters:
        people = world.contacts_of(row["customer_id"])
        assert row["contacts"] == len(people) <= 4
        assert row["emails_verified"] == sum(one["email_verified"] for one in people)
        assert row["mobiles_verified"] == sum(one["mobile_verified"] for one in people)
    assert 1.1 < len(world.contacts) / MANY < 1.5


async def test_only_what_a_contact_has_is_verified(world: Seeded) -> None:
    assert not any(row["email_verified"] and not row["email"] for row in world.contacts)
    assert not any(row["mobile_verified"] and not row["mobile"] for row in world.contacts)


async def test_the_ratios_are_those_that_calls_would_make(world: Seeded) -> None:
    for row in world.counters:
        same = Counters(**only(row, fields_of(Counters)))
        same._ratios()
        assert (same.asr, same.acd, same.acd_all, same.pdd) == (
            row["asr"],
            row["acd"],
            row["acd_all"],
            row["pdd"],
        )


async def test_the_figures_of_a_day_fit_each_other(world: Seeded) -> None:
    for row in world.counters:
        assert row["connected"] <= row["attempts"] < 2**31
        assert row["answered_seconds"] <= row["total_seconds"] < 2**31
        assert row["ring_ms"] < 2**31
        assert row["day"] == (row["last_call_at"] and row["last_call_at"].date())
        assert (row["last_call_at"] is None) == (row["attempts"] == 0)
    usual = [row for row in world.counters if row["asr"] is not None and row["attempts"] > 50]
    assert share(5 <= row["asr"] <= 75 for row in usual) > 0.95
    assert share(19 <= row["acd"] <= 480 for row in usual) > 0.99
    assert share(0.7 <= row["pdd"] <= 12 for row in usual) > 0.99


async def test_nothing_happens_before_a_customer_exists_or_after_now(world: Seeded) -> None:
    for row, counted in zip(world.customers, world.counters, strict=True):
        assert NOW - timedelta(days=3660) < row["created_at"] <= row["changed_at"] <= NOW
        assert counted["last_call_at"] is None or row["created_at"] <= counted["last_call_at"] <= NOW


async def test_live_calls_are_those_of_active_customers_within_their_channels(world: Seeded) -> None:
    live = 0
    for row, counted in zip(world.customers, world.counters, strict=True):
        live += counted["live"] > 0
        assert counted["live"] <= row["channels"]
        assert counted["live"] == 0 or row["status"] is Status.ACTIVE
        assert counted["live"] == 0 or counted["balance"] + row["debit_limit"] > 0
        assert not row["flow_speed"] or counted["cps"] <= row["flow_speed"]
    assert 0.01 < live / MANY < 0.04


async def test_each_status_has_about_its_share(world: Seeded) -> None:
    for status, expected in (
        (Status.ACTIVE, 0.82),
        (Status.INACTIVE, 0.08),
        (Status.PENALTY, 0.04),
        (Status.PENDING_APPROVAL, 0.06),
    ):
        assert share(row["status"] is status for row in world.customers) == pytest.approx(expected, abs=0.02)


async def test_a_few_names_have_letters_beyond_ascii(world: Seeded) -> None:
    assert 0.01 < share(not row["name"].isascii() for row in world.customers) < 0.15


async def test_customers_are_found_by_what_the_search_makes_of_the_records(world: Seeded) -> None:
    names, contact_names = fields_of(Customer), fields_of(Contact)
    for row in world.customers[:500]:
        made = Customer(**only(row, names))
        people = [Contact(**only(one, contact_names)) for one in world.contacts_of(row["id"])]
        found, external_id = world.found_by[row["id"]]
        assert external_id == row["external_id"]
        assert found == on_lines([*document(made, people).split("\n"), *world.found_by_others[row["id"]]])


def only(row: Mapping[str, Any], names: Mapping[str, Field]) -> dict[str, Any]:
    return {name: row[name] for name in names}


async def test_a_contact_phone_is_found_by_the_search(world: Seeded) -> None:
    wanted = next(row for row in world.contacts if row["phone"])
    with sqlite3.connect(world.path) as connection:
        digits = wanted["phone"][-8:]
        parts = " AND ".join(f'"{digits[place : place + 3]}"' for place in range(6))
        found = [
            row[0] for row in connection.execute("SELECT rowid FROM search WHERE search MATCH ?", (parts,))
        ]
        # It raises when search has another document than a customer, or none.
        connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
    connection.close()
    assert wanted["customer_id"] in found
    assert len(found) < MANY / 10


async def test_believable_shares_of_customers_have_warnings(world: Seeded) -> None:
    database = connect(f"sqlite:///{world.path}")
    async with database.reading() as connection:
        zones = {row["time_zone"] for row in world.customers}
        rows: list[Row[Any]] = list(
            await connection.execute(
                select(known(Clock(NOW, tuple(zones))).warning_mask)
                .select_from(customer.join(counters, counters.c.customer_id == customer.c.id))
            )
        )  # fmt: skip
    await database.close()
    masks = [row[0] for row in rows]
    found = {warning.code: share(mask >> bit & 1 for mask in masks) for bit, warning in enumerate(WARNINGS)}
    for code, least, most in (
        ("email_unverified", 0.01, 0.08),
        ("mobile_unverified", 0.01, 0.08),
        ("no_credit", 0.03, 0.12),
        ("daily_cap", 0.001, 0.02),
        ("outside_hours", 0.005, 0.06),
        ("broken_toml", 0.0003, 0.01),
        ("no_authentication", 0.005, 0.03),
        ("no_route", 0.005, 0.03),
        ("contract_overdue", 0.002, 0.02),
        ("shared_ip", 0.0005, 0.01),
    ):
        assert least < found[code] < most, code


def share(these: Any) -> float:
    chosen = [bool(one) for one in these]
    return sum(chosen) / len(chosen)


async def test_moments_are_written_as_their_column_type_writes_them() -> None:
    database = connect("sqlite:///never-opened.db")
    dialect = database.engine.dialect
    kind = customer.c.created_at.type
    slow = kind.dialect_impl(dialect).bind_processor(dialect)
    fast = bulk_writing._convert(customer, "created_at", dialect)
    await database.close()
    assert slow is not None
    assert fast is not None
    for moment in (
        NOW,
        NOW + timedelta(microseconds=7),
        NOW.astimezone(),
        datetime(987, 1, 2, tzinfo=UTC),
        None,
    ):
        assert fast(moment) == slow(moment)
