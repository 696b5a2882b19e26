"""Memory after long use."""

from collections.abc import Callable

import pytest

from tests.bench.figures import Figures
from tests.bench.terminal import Terminal

pytestmark = pytest.mark.bench

WORDS = ("telecom", "noc@", "blue", "+4420", "voice")
KEYS = 500


def round_of_keys(word: str) -> list[str]:
    """Pages, jumps and a search."""
    pages = ["pagedown"] * 10 + ["G"] + ["pageup"] * 10 + ["g"] + ["pagedown"] * 8
    return [*pages, "/", *word, "enter", *pages[:12], "escape", "g"]


def test_memory_stays_small_and_flat(program: Callable[..., Terminal], figures: Figures) -> None:
    terminal = program()
    terminal.wait_for(r"\blive \d\d:\d\d")
    keys = [key for turn in range(KEYS) for key in round_of_keys(WORDS[turn % len(WORDS)])][:KEYS]
    at_half = 0.0
    for count, key in enumerate(keys):
        terminal.press(key, quiet=0.03)
        if count == KEYS // 2:
            at_half = terminal.rss_mb()
    terminal.frames(0.3)
    at_end = terminal.rss_mb()
    figures.show(f"memory after {KEYS} keys", at_end, "MB", 130)
    figures.show(f"memory that the last {KEYS // 2} keys took", at_end - at_half, "MB", 5)
    figures.all_met()
