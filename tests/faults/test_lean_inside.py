"""Inside tmux, GNU screen and mosh the outer terminal shows what Textual made.

LEAN_STEPS makes each run longer than the 25 steps of the default.
"""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.multiplexers import NEEDED, Inside
from tests.faults.test_lean_sameness import PROGRAM_KEYS

STEPS = int(os.environ.get("LEAN_STEPS", "25"))
COLORS = {"screen": {"TEXTUAL_COLOR_SYSTEM": "256"}}
"""GNU screen 4 knows no more of them."""

BeginInside = Callable[[str], Inside]


@pytest.fixture
def begin(
    home: Path, tmp_path: Path, world_of: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BeginInside]:
    """Begins the program inside a multiplexer."""
    world = shutil.copy(world_of("sqlite").removeprefix("sqlite:///"), tmp_path / "world.db")
    begun: list[Inside] = []

    def inside(name: str) -> Inside:
        if not shutil.which(NEEDED[name]):
            pytest.skip(f"{name} is not installed")
        env = {key: value for key, value in os.environ.items() if key.startswith(("XDG_", "HOME", "PATH"))}
        env |= {"COLORTERM": "truecolor", "CX_TUI_REFRESH_SECONDS": "0", **COLORS.get(name, {})}
        # A socket's path is short, and pytest's own folder need not be.
        folder = tmp_path_factory.mktemp("in")
        begun.append(Inside(name, "program", f"sqlite:///{world}", folder=folder, env=env))
        return begun[-1]

    yield inside
    for each in begun:
        each.close()


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_a_multiplexer_shows_what_was_made(name: str, begin: BeginInside) -> None:
    inside = begin(name)
    lot = random.Random(1)
    did: object = "the start"
    for _ in range(STEPS):
        inside.must_agree(did)
        did = lot.choice(PROGRAM_KEYS)
        inside.press(did)
    inside.must_agree(did)
