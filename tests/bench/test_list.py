"""How soon a list is there: from the services on both databases."""

import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from cx_tui.domain.columns import USUAL, list_columns
from cx_tui.domain.query import Query, Sort, StatusFilter
from cx_tui.screens.present import ALWAYS
from cx_tui.services.lists.customers import Customers
from cx_tui.services.lists.listing import Listing
from cx_tui.services.session import Session
from tests.bench.figures import Figures, label

pytestmark = pytest.mark.bench

Ask = Callable[[Callable[[Session], Awaitable[Any]]], Any]
COLUMNS = (*ALWAYS, *USUAL)
PAGE = 40
WORDS = {
    "company word": "telecom",
    "rarer company word": "roaming",
    "two words": "voice services",
    "name": "sapphire field",
    "two letters": "ac",
    "one letter": "s",
    "e-mail part": "noc@",
    "domain": ".example",
    "phone digits": "+4420794",
    "accents": "yıldız",
    "number of the other system": "ac-0010",
    "nothing": "qqxxzz",
}


def allowed(url: str, milliseconds: float) -> float:
    """A server answers over a socket; it may take twice as long."""
    return milliseconds if url.startswith("sqlite") else 2 * milliseconds


async def open_list(
    customers: Customers, query: Query, expected: int | None = None, *, exact: bool = False
) -> tuple[float, Listing]:
    """Milliseconds until the first rows are there; the number of all is expected, counted, or exact."""
    began = time.perf_counter()
    listing = await customers.list(query, expected)
    await listing.count()
    await listing.rows(0, PAGE, COLUMNS)
    if exact:
        await listing.exact_count()
    return (time.perf_counter() - began) * 1000, listing


async def usual_time(
    customers: Customers, query: Query, expected: int | None = None, *, exact: bool = False
) -> float:
    """The median of three."""
    times = [await open_list(customers, query, expected, exact=exact) for _ in range(3)]
    return statistics.median([took for took, _ in times])


def test_search(url: str, ask: Ask, figures: Figures) -> None:
    async def measure(session: Session) -> dict[str, tuple[float, str]]:
        await open_list(session.customers, Query())
        times = {}
        for name, word in WORDS.items():
            query = Query(search=word)
            took = await usual_time(session.customers, query)
            count = await (await session.customers.list(query)).count()
            times[name] = took, f"{word}: {'' if count.exact else 'over '}{count.number:,} found"
        return times

    found = ask(measure)
    for name, (took, beside) in found.items():
        figures.show(label(url, f"search, {name}"), took, "ms", beside=beside)
    times = [took for took, _ in found.values()]
    figures.show(label(url, "search, median"), statistics.median(times), "ms", allowed(url, 80))
    figures.show(label(url, "search, worst"), max(times), "ms", allowed(url, 200))
    figures.all_met()


def test_jump(url: str, ask: Ask, figures: Figures) -> None:
    async def measure(session: Session) -> list[float]:
        times = []
        for part in (1.0, 0.5):
            _, listing = await open_list(session.customers, Query(), exact=True)
            start = int((await listing.exact_count() - PAGE) * part)
            began = time.perf_counter()
            assert len(await listing.rows(start, PAGE, COLUMNS)) == PAGE
            times.append((time.perf_counter() - began) * 1000)
        return times

    last, middle = ask(measure)
    figures.show(label(url, "jump to the last row"), last, "ms", allowed(url, 50), f"middle {middle:.0f} ms")
    figures.all_met()


def test_sort(url: str, ask: Ask, figures: Figures) -> None:
    async def measure(session: Session) -> list[tuple[float, str, bool]]:
        every = (await session.customers.status_counts())[StatusFilter.ALL]
        times = []
        for name in list_columns():
            for down in (False, True):
                query = Query(sort=(Sort(name, down),))
                await open_list(session.customers, query, every)
                took, _ = await open_list(session.customers, query, every)
                times.append((took, name, down))
        return times

    times = ask(measure)
    for what, most, some in (
        ("usual column", 200, [one for one in times if one[1] in USUAL]),
        ("other column", 800, [one for one in times if one[1] not in USUAL]),
    ):
        slowest = sorted(some, reverse=True)
        beside = ", ".join(f"{name}{' down' * down} {took:.0f}" for took, name, down in slowest[:5])
        figures.show(label(url, f"sort, slowest {what}"), slowest[0][0], "ms", allowed(url, most), beside)
    figures.all_met()


def test_status(url: str, ask: Ask, figures: Figures) -> None:
    async def measure(session: Session) -> dict[StatusFilter, tuple[float, float]]:
        counts = await session.customers.status_counts()
        queries = {status: Query(status=status) for status in StatusFilter}
        return {
            status: (
                await usual_time(session.customers, query, counts[status]),
                await usual_time(session.customers, query, counts[status], exact=True),
            )
            for status, query in queries.items()
        }

    for status, (rows, exact) in ask(measure).items():
        what = label(url, f"status {status.label}, with its count")
        figures.show(what, exact, "ms", allowed(url, 150), f"rows after {rows:.0f} ms")
    figures.all_met()
