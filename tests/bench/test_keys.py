"""How soon the answer to a key is on the screen, beside Textual's own table of a hundred rows."""

import statistics
from collections.abc import Callable, Iterable

import pytest

from tests.bench.figures import Figures
from tests.bench.terminal import Terminal

pytestmark = pytest.mark.bench

MEASURED = 24


def test_keys_are_answered_sooner_than_by_a_plain_table(
    program: Callable[..., Terminal], peer: Callable[[str], Terminal], figures: Figures
) -> None:
    grid, table = program(CX_TUI_REFRESH_SECONDS="0"), peer("table")
    grid.wait_for(r"\blive \d\d:\d\d")
    table.wait_for("Acme Wholesale 030")
    both = (grid, table)
    for terminal in both:
        terminal.frames(0.5)

    compare(figures, "down inside the page", 0.7, [press(both, "down") for _ in range(MEASURED)])
    for _ in range(40 - MEASURED):
        press(both, "down")
    compare(figures, "down at the page's edge", 0.6, [press(both, "down") for _ in range(MEASURED)])
    pages = []
    for _ in range(MEASURED // 2):
        for _ in range(3):
            press(both, "pageup")
        pages += [press(both, "pagedown") for _ in range(2)]
    compare(figures, "page down", 0.6, pages)
    figures.all_met()


Answer = tuple[int, float]


def press(both: Iterable[Terminal], key: str) -> list[Answer]:
    """Press a key here and there."""
    return [terminal.press(key) for terminal in both]


def compare(figures: Figures, what: str, most: float, answers: list[list[Answer]]) -> None:
    """Show the medians of the grid beside those of the table."""
    (bytes_here, here), (bytes_there, there) = (
        [statistics.median(values) for values in zip(*of_one, strict=True)]
        for of_one in zip(*answers, strict=True)
    )
    beside = f"{here:.1f} ms, {bytes_here:,.0f} bytes; DataTable {there:.1f} ms, {bytes_there:,.0f} bytes"
    figures.show(what, here / there, "x table", most, beside)
