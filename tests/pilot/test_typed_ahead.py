"""Keys that come in one write lead to where the same keys lead one by one, whatever they open on the way."""

from pathlib import Path
from random import Random

import pytest

from tests.patience import patient
from tests.pilot.bursts import at_once, begin_again, one_by_one
from tests.pilot.driver import opened

OPENING = [
    # Behind the key of each page, keys that mean something else on the list.
    *([key, "down", "x"] for key in ("enter", "plus", "e", "s", "i", "c", "question_mark", "w")),
    ["x", "down", "e"],
    ["z", "down", "x"],
    ["Z", "down", "x"],
    ["b", "down", "x"],
    ["m", "down", "x"],
    ["n", "plus", "down", "A", "b"],
    ["n", "down", "enter", "down"],
    ["u", "slash", "x"],
    ["E", "x", "down"],
    ["ctrl+o", "s", "x"],
    ["colon", "d", "e", "l", "e"],
    # Choices, and what is chosen by them.
    ["t", "down", "down", "enter", "down", "enter", "down"],
    ["t", "escape", "down", "x"],
    ["Z", "t", "down", "enter", "down"],
    ["Z", "d", "down", "enter", "enter"],
    ["Z", "escape", "down", "enter", "down"],
    # What is looked for, and where far rows are on their way.
    ["slash", *"inc", "enter", "enter", "down"],
    ["slash", *"ltd", "enter", "e", "down", "x"],
    ["slash", *"inc", "enter", "down", "space", "down", "space"],
    ["slash", *"inc", "enter", "escape", "enter"],
    ["slash", *"inc", "escape", "x"],
    ["end", "enter", "down"],
    ["end", "space", "up", "x"],
    ["right", "right", "o", "o", "enter", "down"],
    ["enter", "1", "n", "n", "down", "7"],
    ["enter", "down", "7", "escape", "down", "down"],
    ["enter", "f2", "f4", "escape", "x"],
]  # fmt: skip


# What moves, chooses, types and opens; not what writes, leaves the program or asks another machine.
KEYS = [
    *("down", "down", "up", "right", "left", "pagedown", "pageup", "home", "end", "j", "k"),
    *("space", "enter", "enter", "escape", "escape", "tab", "backspace", "slash", "t", "o", "1", "2", "n"),
    *("e", "s", "i", "c", "x", "z", "Z", "b", "m", "u", "E", "a", "A", "v", "f"),
    *("plus", "question_mark", "colon"),
]  # fmt: skip
LONGEST, TOGETHER = 12, 10
ROUNDS = 20


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some keys write a file."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("keys", OPENING, ids=lambda keys: " ".join(keys))
async def test_keys_in_one_write_do_what_they_do_one_by_one(keys: list[str], own_url: str) -> None:
    async with opened(own_url) as cx:
        await begin_again(cx)
        slowly = await one_by_one(cx, keys)
        await begin_again(cx)
        assert await at_once(cx, keys) == slowly
        await begin_again(cx)


@pytest.mark.slow
@pytest.mark.timeout(patient(900))
@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_random_bursts_do_what_the_same_keys_do_one_by_one(seed: int, own_url: str) -> None:
    """Two hundred bursts in all, the same ones each time: a difference is found again by its round."""
    chance = Random(seed)
    async with opened(own_url) as cx:
        await begin_again(cx)
        for _ in range(TOGETHER):
            keys = chance.choices(KEYS, k=chance.randint(2, LONGEST))
            slowly = await one_by_one(cx, keys)
            await begin_again(cx)
            assert await at_once(cx, keys) == slowly, f"{' '.join(keys)}"
            await begin_again(cx)
