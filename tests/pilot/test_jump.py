"""Jump mode: which labels are drawn where, and what their letters do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from widgets.jump import LETTERS, JumpOverlay, Target, labels

UNANSWERED = "not answered yet"
BELOW = "[b]the screen below[/] 日本電話"


class Host(App[None]):
    """A screen of text and jump mode over it."""

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__()
        self.overlay = JumpOverlay(targets)
        self.answer: str | None = UNANSWERED

    def compose(self) -> ComposeResult:
        yield Static("\n".join([BELOW] * 10), markup=False)

    def on_mount(self) -> None:
        self.push_screen(self.overlay, self.keep)

    def keep(self, answer: str | None) -> None:
        """Keep the answer."""
        self.answer = answer


class Driver:
    """What a test does and sees."""

    def __init__(self, app: Host, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Press keys and let them work."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def line(self, y: int) -> str:
        """A line of the screen."""
        return self.app.overlay.render_line(y).text


@asynccontextmanager
async def jumping(*targets: Target) -> AsyncIterator[Driver]:
    """Jump mode among these targets."""
    app = Host(targets)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        yield Driver(app, pilot)


THREE = (Target("search", 0, 0), Target("status", 8, 0), Target("grid", 3, 5))
MANY = tuple(Target(f"t{n}", n % 10 * 3, n // 10) for n in range(40))


async def test_each_target_has_a_letter_over_the_screen_below() -> None:
    async with jumping(*THREE) as driver:
        assert driver.line(0).rstrip() == "a" + BELOW[1:8] + "s" + BELOW[9:]
        assert driver.line(5).rstrip() == BELOW[:3] + "d" + BELOW[4:]
        assert driver.line(1).rstrip() == BELOW


async def test_the_screen_below_keeps_its_colours() -> None:
    async with jumping(*THREE) as driver:
        below = driver.app.screen_stack[0].query_one(Static).render_line(1)
        colours = {segment.style.color for segment in below if segment.style and segment.text.strip()}
        shown = driver.app.overlay.render_line(1)
        assert {segment.style.color for segment in shown if segment.style and segment.text.strip()} == colours


@pytest.mark.parametrize(
    ("key", "answer"),
    [("a", "search"), ("d", "grid"), ("D", "grid"), ("f", None), ("escape", None), ("tab", None)],
)
async def test_a_letter_answers_with_its_target_and_anything_else_with_none(
    key: str, answer: str | None
) -> None:
    async with jumping(*THREE) as driver:
        await driver.press(key)
        assert driver.app.answer == answer


async def test_many_targets_have_two_letters() -> None:
    async with jumping(*MANY) as driver:
        assert driver.line(0)[:2] == "aa"
        await driver.press("a")
        assert driver.app.answer == UNANSWERED
        await driver.press("s")
        assert driver.app.answer == "t1"


async def test_after_the_first_letter_only_its_labels_are_left() -> None:
    async with jumping(*MANY) as driver:
        await driver.press("s")
        assert driver.line(0).rstrip() == BELOW
        assert driver.line(2)[18] == "a"
        await driver.press("1")
        assert driver.app.answer is None


async def test_labels_stay_inside_the_screen_and_off_each_other() -> None:
    targets = [Target("out", 400, 90), Target("left", -3, 9), Target("one", 5, 9), Target("other", 5, 9)]
    async with jumping(*targets) as driver:
        line = driver.line(9)
        assert (line[0], line[5:7], line.rstrip()[-1]) == ("s", "df", "a")


async def test_a_label_over_half_a_wide_character_keeps_the_line_in_place() -> None:
    x = cell_len(BELOW) - 7
    async with jumping(Target("wide", x, 0)) as driver:
        assert cell_len(driver.line(0)) == 40
        assert "a" in driver.line(0)[len("[b]the screen below[/] ") :]


async def test_without_targets_any_key_leaves() -> None:
    async with jumping() as driver:
        await driver.press("a")
        assert driver.app.answer is None


async def test_a_click_leaves() -> None:
    async with jumping(*THREE) as driver:
        await driver.pilot.click(offset=(3, 3))
        await driver.pilot.pause()
        assert driver.app.answer is None


@pytest.mark.parametrize("count", [0, 1, 26, 27, 676])
def test_labels_are_distinct_and_none_begins_another(count: int) -> None:
    made = labels(count)
    assert len(set(made)) == count
    assert {len(label) for label in made} <= ({1} if count <= len(LETTERS) else {2})
