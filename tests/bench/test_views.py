"""How soon a list is filtered, grouped, regrouped and pivoted, on both databases."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from cx_tui.domain.filter_values import read_filter
from cx_tui.domain.filters import written
from cx_tui.domain.query import Query
from cx_tui.services.lists.grouping import Grouped, grouping_of
from cx_tui.services.session import Session, open_session
from tests.bench.figures import Figures, label
from tests.bench.terminal import Terminal
from tests.bench.test_bytes import of_letter
from tests.bench.test_list import open_list
from tests.bench.test_screen import FIRST_ROW, PAUSE

pytestmark = pytest.mark.bench

Ask = Callable[[Callable[[Session], Awaitable[Any]]], Any]
FILTERS = (
    "status:active credit<0 country:GB,IN",
    "country:GB channels>=100 -asr>40",
    "credit<0 currency:EUR portal:yes",
    "status:penalty country:NO credit<0",
)
TOTALS = "count,sum:credit,min:credit,max:credit,ratio:asr"
AGAIN = (
    ("country", ""),
    ("status", ""),
    ("country,status", ""),
    ("status", "country"),
    ("country", "status"),
)


def test_filters_of_three_conditions_with_their_count(url: str, ask: Ask, figures: Figures) -> None:
    async def measure(session: Session) -> dict[str, tuple[float, int]]:
        await open_list(session.customers, Query())
        found = {}
        for text in FILTERS:
            query = Query(where=written(read_filter(text, "customer")))
            times = [await open_list(session.customers, query, exact=True) for _ in range(3)]
            number = await times[0][1].exact_count()
            found[text] = statistics.median(took for took, _ in times), number
        return found

    for text, (took, number) in ask(measure).items():
        figures.show(label(url, f"filter {text}"), took, "ms", 200, beside=f"{number:,} found")
    figures.all_met()


def test_groups_by_two_columns_with_five_totals_and_again(url: str, ask: Ask, figures: Figures) -> None:
    async def measure(session: Session) -> list[tuple[str, float]]:
        grouped = Grouped(session.database, Query())
        times = []
        for by, pivot in (("status,country", ""), *AGAIN):
            began = time.perf_counter()
            await grouped.ask(grouping_of("customer", by, TOTALS, pivot))
            times.append((f"{by} across {pivot}" if pivot else by, (time.perf_counter() - began) * 1000))
        return times

    (first, took), *others = ask(measure)
    figures.show(label(url, f"groups by {first}, first"), took, "ms", 700)
    for name, again in others:
        figures.show(label(url, f"groups by {name}, again"), again, "ms", 100 if "across" in name else 50)
    figures.all_met()


TYPED = "country:gb channels>9 credit<-5000"
"""Its last letter brings another first row."""


def test_letters_of_a_typed_filter(program: Callable[..., Terminal], sqlite: str, figures: Figures) -> None:
    async def first(typed: str) -> str:
        session = await open_session(sqlite)
        try:
            query = Query(where=written(read_filter(typed, "customer")))
            rows = await (await session.customers.list(query)).rows(0, 1, ["name"])
            return str(rows[0]["name"])
        finally:
            await session.close()

    name = asyncio.run(first(TYPED))
    assert name != asyncio.run(first(TYPED[:-1]))
    terminal = program(CX_TUI_REFRESH_SECONDS="0")
    terminal.wait_for(r"\blive \d\d:\d\d")
    terminal.press("/", quiet=0.3)
    sent = [of_letter(terminal, letter) for letter in TYPED[:-1]]
    terminal.send(TYPED[-1])
    took = terminal.wait_for(lambda lines: lines[FIRST_ROW + 1][3:].startswith(name[:20])) - PAUSE
    figures.show("typed filter: last letter to rows", took, "ms", 150)
    figures.show("typed filter: bytes of a letter", statistics.median(sent), "bytes", 2_800)
    figures.show("typed filter: most bytes of a letter", max(sent), "bytes")
    figures.all_met()
