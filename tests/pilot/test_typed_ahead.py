"""Keys that come in one write lead to where the same keys lead one by one, whatever they open on the way."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from textual.events import Key
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea
from textual.worker import WorkerState

from cx_tui.domain.query import StatusFilter
from tests.pilot.driver import Driver, opened
from widgets.form import Form
from widgets.grid import Grid, Marks
from widgets.menu import Choices

WAITING = {"keep-up", "presence", "quiet"}
"""Work that goes on by itself."""
STEADY = 4
"""So often in a row nothing differs when nothing happens any more."""

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


def of_widget(widget: Widget) -> object:
    """What an operator has done in a widget."""
    if isinstance(widget, Grid):
        row, column = widget.cursor_row, widget.cursor_column
        return row.key if row else None, column.key if column else None, widget.marks, widget.sort
    if isinstance(widget, Input):
        return widget.value
    if isinstance(widget, TextArea):
        return widget.text
    if isinstance(widget, Choices):
        return widget.place
    if isinstance(widget, Form):
        return widget.current, dict(widget.changed)
    return None


def of_screen(screen: Screen[Any]) -> list[object]:
    """What an operator has done on a screen."""
    focused = screen.focused
    told = [(type(each).__name__, of_widget(each)) for each in screen.query("*").results(Widget)]
    return [
        type(screen).__name__,
        (type(focused).__name__, focused.id) if focused else None,
        *(each for each in told if each[1] is not None),
    ]


def state(cx: Driver) -> list[object]:
    """Where the operator is, and what was done there."""
    query = cx.customers.query_now
    return [query.search, query.status, query.sort, *map(of_screen, cx.app.screen_stack)]


def works(cx: Driver) -> bool:
    """Whether something is done that will end by itself."""
    if cx.app.waiting or cx.customers.awaits(""):
        return True
    return any(
        worker.state in (WorkerState.PENDING, WorkerState.RUNNING)
        and worker.group not in WAITING
        and worker.name != "opens a screen"
        for worker in cx.app.workers
    )


async def settled(cx: Driver) -> list[object]:
    """What there is when nothing happens any more."""
    before, steady = state(cx), 0
    while steady < STEADY:
        await cx.pilot.pause(0.03)
        now = state(cx)
        steady = steady + 1 if now == before and not works(cx) else 0
        before = now
    return before


async def at_once(cx: Driver, keys: Sequence[str]) -> list[object]:
    """All keys in one write."""
    for key in keys:
        cx.app.post_message(Key(key, "/" if key == "slash" else key if len(key) == 1 else None))
    return await settled(cx)


async def one_by_one(cx: Driver, keys: Sequence[str]) -> list[object]:
    """Each key when all is done that the one before has begun."""
    for key in keys:
        await cx.press(key)
        await settled(cx)
    return state(cx)


async def begin_again(cx: Driver) -> None:
    """The list as it was at the start."""
    while len(cx.app.screen_stack) > 1:
        await cx.app.pop_screen()
    customers = cx.customers
    for draft in cx.app.workspace.drafts.mine():
        cx.app.workspace.drafts.drop(draft)
    customers.workers.cancel_node(customers)
    if customers.chooser:
        customers.on_column_chooser_closed()
    cx.grid.marks = Marks.NONE
    with cx.search.prevent(Input.Changed):
        cx.search.value = ""
    cx.grid.focus()
    usual = type(customers.query_now)()
    cx.grid.sort = []
    customers.query_now = replace(usual, status=StatusFilter.ALL)
    await customers.find().wait()
    await cx.grid.select_position(0)
    cx.grid.select_column("name")
    await settled(cx)


Press = Callable[[Driver, Sequence[str]], Any]


@pytest.mark.parametrize("keys", OPENING, ids=lambda keys: " ".join(keys))
async def test_keys_in_one_write_do_what_they_do_one_by_one(keys: list[str], own_url: str) -> None:
    async with opened(own_url) as cx:
        await begin_again(cx)
        slowly = await one_by_one(cx, keys)
        await begin_again(cx)
        assert await at_once(cx, keys) == slowly
        await begin_again(cx)
