"""How soon a started program shows customers."""

import re
import statistics
from collections.abc import Callable

import pytest

from tests.bench.figures import Figures
from tests.bench.terminal import Terminal

pytestmark = pytest.mark.bench

LIVE = r"\blive \d\d:\d\d"
AFTER = 0.9
"""Seconds of silence after which all is there; only then the emulator, which takes a processor, reads it."""


def test_a_start_shows_rows_about_as_soon_as_a_bare_program_says_hello(
    program: Callable[..., Terminal], peer: Callable[[str], Terminal], figures: Figures
) -> None:
    first = program()
    first.wait_for(LIVE)
    first.frames(0.5)
    name = re.escape(first.lines()[10][3:23].rstrip())
    first.quit()

    hello, rows, live = [], [], []
    for _ in range(7):
        bare = peer("hello")
        bare.frames(AFTER, first=5)
        hello.append(bare.wait_for("Hello, world"))
        bare.close()
        full = program()
        full.frames(AFTER, first=5)
        rows.append(full.wait_for(name))
        live.append(full.wait_for(LIVE))
        full.close()
    floor = statistics.median(hello)
    for what, times, most in (("rows on the screen", rows, 1.3), ("live rows", live, 2.6)):
        took = statistics.median(times)
        beside = f"{took:.0f} ms ({min(times):.0f} to {max(times):.0f}); hello-world {floor:.0f} ms"
        figures.show(f"start to {what}", took / floor, "x hello", most, beside)
    figures.all_met()
