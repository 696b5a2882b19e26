"""Groups say the same as plain SQL, with random filters and groups, exact; rolled up they stay so."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from cx_tui.db import groups, shared_work
from cx_tui.db.engine import Database
from cx_tui.domain.filter_values import read_filter
from cx_tui.domain.filters import written
from cx_tui.domain.query import Query
from cx_tui.services.lists.grouping import Grouped, grouping_of
from tests.conftest import opened, run

PLAIN = {
    "credit<0": "balance < 0",
    "credit>=100": "balance >= 100{millionths}",
    "country:GB,DE": "country IN ('GB', 'DE')",
    "status:active": "status = 'active'",
    "-status:active": "status <> 'active'",
    "channels:10..100": "channels BETWEEN 10 AND 100",
    "-asr>40": "(asr <= 40 OR asr IS NULL)",
    "asr<=40": "asr <= 40",
    "portal:yes": "portal",
    "is:dialing": "live > 0",
    "currency:EUR": "currency = 'EUR'",
}
"""Conditions, and the same in SQL."""
HAVING = {
    "count>20": "count(*) > 20",
    "sum:credit<0": "sum(k.balance) < 0",
    "min:credit>=-500": "min(k.balance) >= -500{millionths}",
    "sum:channels=100..2000": "sum(c.channels) BETWEEN 100 AND 2000",
    "sum:credit>1000EUR": "sum(k.balance) > 1000{millionths} AND c.currency = 'EUR'",
}
"""Conditions on totals, and the same in SQL."""
BY = ("status", "country", "currency", "portal")


@given(
    st.lists(st.sampled_from(sorted(PLAIN)), max_size=3, unique=True),
    st.lists(st.sampled_from(BY), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(sorted(HAVING)), max_size=2, unique=True),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_groups_equal_the_same_question_in_plain_sql(
    kind: str, world_of: Any, where: list[str], by: list[str], having: list[str]
) -> None:
    query = Query(where=written(read_filter(" ".join(where), "customer")) if where else "")
    totals = "count,sum:credit,min:credit,max:credit,sum:channels,ratio:asr"

    async def check() -> None:
        async with opened(world_of(kind)) as database:
            grouped = Grouped(database, query)
            await grouped.ask(grouping_of("customer", ",".join(BY), totals))
            grouping = grouping_of("customer", ",".join(by), totals, having=" ".join(having))
            rolled = grouping.only(await grouped.ask(grouping))
            asked = grouping.only(await Grouped(database, query).ask(grouping))
            assert [(g.key, g.currency) for g in rolled.groups] == [(g.key, g.currency) for g in asked.groups]
            mine = {
                (*map(_plain, group.key), group.currency): [t.value(group.parts) for t in grouping.totals]
                for group in rolled.groups
            }
            theirs = await _in_plain_sql(database, where, by, having)
            assert mine.keys() == theirs.keys()
            for key, values in mine.items():
                count, credit, least, most, channels, asr = theirs[key]
                assert values[:5] == [count, credit, least, most, channels], key
                assert values[5] == (None if asr is None else pytest.approx(asr)), key

    run(check())


@pytest.mark.parametrize(
    ("by", "totals"),
    [
        ("status,country", "count,sum:credit,min:credit,max:credit,ratio:asr"),
        ("city,portal", "avg:daily_limit,distinct:country,distinct:asr"),
        ("asr", "count,sum:debit_limit,distinct:credit"),
        ("last_call", "count"),
        ("country", "avg:asr,min:asr,max:asr,sum:hours_left,ratio:acd,ratio:pdd"),
        ("account_manager,tags", "min:last_call,max:created,avg:warnings,sum:spend_today"),
        ("channels,daily_limit", "count,max:available"),
    ],
)
@pytest.mark.parametrize("where", ["", "credit<0 -asr>40", "has:contact"])
def test_groups_made_of_frames_are_those_that_the_database_makes(
    world_of: Any, monkeypatch: pytest.MonkeyPatch, by: str, totals: str, where: str
) -> None:
    grouping = grouping_of("customer", by, totals)
    monkeypatch.setattr(shared_work, "AT_A_TIME", 700)

    async def check() -> None:
        async with opened(world_of("sqlite")) as database:
            query = Query(where=where)
            asked = await Grouped(database, query).ask(grouping)
            monkeypatch.setattr(groups, "FEW", 0)
            made = await Grouped(database, query).ask(grouping)
        assert [(g.key, g.currency) for g in made.groups] == [(g.key, g.currency) for g in asked.groups]
        assert len(made.groups) > 1
        for mine, theirs in zip(made.groups, asked.groups, strict=True):
            for part, value in theirs.parts.items():
                is_sum_of_floats = part[0] == "sum" and isinstance(value, float)
                expected = pytest.approx(value) if is_sum_of_floats else value
                assert mine.parts[part] == expected, (mine.key, part)
                assert type(mine.parts[part]) is type(value), (mine.key, part)

    run(check())


LEAVES = (
    "credit<0",
    "-asr>40",
    "asr<=40",
    "status:active",
    "channels:10..100",
    "portal:yes",
    "is:dialing",
    "currency:EUR",
    "has:website",
    "no:daily_limit",
    "contact.email:example",
    "route(tech_prefix:1)",
    "ip:10.0.0.0/8",
    "last_call:7d",
    "tags:vip",
    "a",
    "name:b*",
    "warn:no_route",
)
FILTERS = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        inner.map(lambda one: f"-({one})"),
        st.tuples(inner, inner, st.sampled_from(("AND", "OR"))).map(
            lambda of: f"({of[0]}) {of[2]} ({of[1]})"
        ),
    ),
    max_leaves=5,
)


@given(FILTERS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_filter_finds_and_what_it_does_not_are_all(kind: str, world_of: Any, said: str) -> None:
    async def number(database: Database, where: str) -> int:
        grouping = grouping_of("customer", "", "count")
        found = await Grouped(database, Query(where=where)).ask(grouping)
        return sum(group.parts["count", ""] for group in found.groups)

    async def check() -> None:
        where = written(read_filter(said, "customer"))
        async with opened(world_of(kind)) as database:
            both = await number(database, where) + await number(database, f"-({where})")
            assert both == await number(database, "")

    run(check())


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


async def _in_plain_sql(
    database: Database, where: list[str], by: list[str], having: list[str]
) -> dict[Any, Sequence[Any]]:
    keys = [*by, *([] if "currency" in by else ["currency"])]
    owns = {"country", "status", "currency", "portal", "channels"}
    names = ", ".join(f"c.{key}" for key in keys)
    conditions = " AND ".join(["c.deleted_at IS NULL", *(_qualified(PLAIN[one], owns) for one in where)])
    millionths = "000000" if database.on_sqlite else ""
    conditions = conditions.format(millionths=millionths)
    kept = " AND ".join(["1 = 1", *(HAVING[one] for one in having)]).format(millionths=millionths)
    # Summed in two halves by hand: SQLite's own sum would do for so few.
    question = (
        f"SELECT {names}, count(*), sum(k.balance), min(k.balance), max(k.balance), sum(c.channels),"
        " sum(k.connected), sum(k.attempts) FROM customer c JOIN counters k ON k.customer_id = c.id"
        f" WHERE {conditions} GROUP BY {names} HAVING {kept}"
    )
    async with database.reading() as connection:
        rows = (await connection.execute(text(question))).all()
    found: dict[Any, Sequence[Any]] = {}
    for row in rows:
        key, (count, credit, least, most, channels, connected, attempts) = row[: len(keys)], row[len(keys) :]
        money = [Decimal(v).scaleb(-6) if database.on_sqlite else v for v in (credit, least, most)]
        asr = 100.0 * connected / attempts if attempts else None
        own = [bool(v) if name == "portal" else v for name, v in zip(by, key, strict=False)]
        currency = key[keys.index("currency")]
        found[(*own, currency)] = [count, *money, channels, asr]
    return found


def _qualified(condition: str, owns: set[str]) -> str:
    def name(match: re.Match[str]) -> str:
        word = match[0]
        if word in owns:
            return f"c.{word}"
        return f"k.{word}" if word in ("balance", "asr", "live") else word

    return re.sub(r"(?<!')\b[a-z_]+\b(?!')", name, condition)
