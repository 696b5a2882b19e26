"""Keys that come in one write lead to where the same keys lead one by one, whatever they open on the way."""

import asyncio
from pathlib import Path
from random import Random

import pytest
from textual.events import Key

from cx_tui.screens.card.card_screen import CardScreen
from cx_tui.screens.list.chips import RangeLine
from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.progress import SOON, Progress, Report
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
    # Another order of a list on a page, and what is typed behind it in its rows.
    ["enter", "o", "down"],
    # The line of what is marked takes a row from the list: a page is one shorter then.
    ["a", "pagedown", "pagedown", "space"],
    ["space", "space", "pagedown", "pagedown", "space"],
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


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that keys write files into: one of its own, and empty whenever they are pressed."""
    folder = tmp_path / "written"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("keys", OPENING, ids=lambda keys: " ".join(keys))
async def test_keys_in_one_write_do_what_they_do_one_by_one(
    keys: list[str], own_url: str, written: Path
) -> None:
    async with opened(own_url) as cx:
        await begin_again(cx, written)
        slowly = await one_by_one(cx, keys)
        await begin_again(cx, written)
        assert await at_once(cx, keys) == slowly
        await begin_again(cx, written)


async def test_a_key_that_stops_work_is_meant_for_it_when_it_can_be_seen(own_url: str) -> None:
    ended: list[str | None] = []

    async def works(_: Report) -> str:
        await asyncio.sleep(3 * SOON)
        return "done"

    async def goes_on(_: Report) -> str:
        await asyncio.Event().wait()
        return "never"

    async with opened(own_url) as cx:
        cx.app.push_screen(Progress("Working", works), ended.append)
        cx.app.post_message(Key("escape", None))
        await cx.until(lambda: ended == ["done"] and not cx.app.waiting, "work that was not stopped")
        cx.app.push_screen(Progress("Working", goes_on), ended.append)
        await cx.until(lambda: isinstance(cx.screen, Progress) and not cx.screen.has_class("-soon"))
        await cx.press("escape")
        await cx.shows("nothing was changed")
        await cx.press("escape")
        await cx.until(lambda: ended == ["done", None], "work that was stopped")


async def test_the_line_of_what_is_marked_goes_with_the_marks_whoever_takes_them_away(own_url: str) -> None:
    async with opened(own_url) as cx:
        said = cx.customers.query_one(RangeLine)
        await cx.press("a")
        await cx.until(lambda: said.display, "the line")
        await cx.find("ltd")
        await cx.until(lambda: not said.display, "no line")


async def test_keys_wait_for_rows_of_a_list_that_has_not_heard_of_its_focus(own_url: str) -> None:
    async with opened(own_url) as cx:
        await cx.press("enter")
        await cx.until(lambda: isinstance(cx.app.screen, CardScreen) and cx.app.focused, "the card")
        shown = cx.app.screen.query(RecordList).first()
        cx.app.screen.set_focus(None)
        await cx.pilot.pause()
        shown.finding.is_awaited = True
        cx.app.screen.set_focus(shown.grid)
        assert not shown.grid.has_focus
        assert shown.awaits("down")
        assert not shown.awaits("escape")
        shown.finding.is_awaited = False
        await cx.press("escape")
        await cx.until(lambda: cx.app.screen is cx.customers, "the list")


@pytest.mark.slow
@pytest.mark.timeout(patient(900))
@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_random_bursts_do_what_the_same_keys_do_one_by_one(
    seed: int, own_url: str, written: Path
) -> None:
    """Two hundred bursts in all, the same ones each time: a difference is found again by its round."""
    chance = Random(seed)
    async with opened(own_url) as cx:
        await begin_again(cx, written)
        for _ in range(TOGETHER):
            keys = chance.choices(KEYS, k=chance.randint(2, LONGEST))
            slowly = await one_by_one(cx, keys)
            await begin_again(cx, written)
            assert await at_once(cx, keys) == slowly, f"{' '.join(keys)}"
            await begin_again(cx, written)
