"""How soon another list is on the screen after a key."""

from collections.abc import Callable
from typing import Any

import pytest

from cx_tui.domain.query import Query, Sort, StatusFilter
from cx_tui.services.session import Session
from tests.bench.figures import Figures
from tests.bench.terminal import Terminal
from tests.bench.test_list import Ask

pytestmark = [pytest.mark.bench, pytest.mark.parametrize("url", ["sqlite"], indirect=True)]

FIRST_ROW = 3
PAUSE = 150
"""Milliseconds after the last letter until the search starts."""
FRAMES = 50
"""Milliseconds that the program and its terminal may add to what the services may take."""


@pytest.fixture
def grid(program: Callable[..., Terminal]) -> Terminal:
    """The program with its first list."""
    terminal = program(CX_TUI_REFRESH_SECONDS="0")
    terminal.wait_for(r"\blive \d\d:\d\d")
    terminal.frames(0.5)
    return terminal


def first_is(name: str) -> Callable[[list[str]], bool]:
    """Whether this customer is in the first row."""
    return lambda lines: lines[FIRST_ROW][3:].startswith(name[:20])


def first_name(ask: Ask, query: Query, last: bool = False) -> str:
    """The customer in the first row, or the last."""

    async def read(session: Session) -> Any:
        listing = await session.customers.list(query)
        place = (await listing.count()).number - 1 if last else 0
        return (await listing.rows(place, 1, ["name"]))[0]["name"]

    return str(ask(read))


@pytest.mark.parametrize("word", ["telecom", "sapphire", "roaming", "noc@", "+4420794", "yıldız"])
def test_search_while_typing(grid: Terminal, ask: Ask, figures: Figures, word: str) -> None:
    name = first_name(ask, Query(search=word))
    grid.press("/")
    for letter in word:
        grid.send(letter)
    took = grid.wait_for(first_is(name)) - PAUSE
    counted = max(took, grid.wait_for(r"  [\d,]+ found") - PAUSE)
    beside = f"after the pause in typing; all counted after {counted:.0f} ms"
    figures.show(f"on the screen: search {word}", took, "ms", 200 + FRAMES, beside)
    figures.all_met()


def test_sort_by_the_column_under_the_cursor(grid: Terminal, ask: Ask, figures: Figures) -> None:
    name = first_name(ask, Query(sort=(Sort("name", True),)))
    grid.send("o")
    took = grid.wait_for(first_is(name))
    figures.show("on the screen: o, by name, down", took, "ms", 200 + FRAMES)
    figures.all_met()


def test_go_to_the_last_row(grid: Terminal, ask: Ask, figures: Figures) -> None:
    name = first_name(ask, Query(), last=True)
    grid.send("G")
    took = grid.wait_for(lambda lines: any(name[:20] in line for line in lines[FIRST_ROW:]))
    figures.show("on the screen: G", took, "ms", 50 + FRAMES)
    figures.all_met()


def test_status_filter(grid: Terminal, ask: Ask, figures: Figures) -> None:
    name = first_name(ask, Query(status=StatusFilter.INACTIVE))
    grid.press("t")
    grid.wait_for("Show customers with")
    grid.press("i")
    grid.send("enter")
    took = grid.wait_for(first_is(name))
    figures.show("on the screen: t, Inactive", took, "ms", 150 + FRAMES)
    figures.all_met()
