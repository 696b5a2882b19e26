"""What an operator has done, to be compared: the same keys in one write, and one by one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.events import Key
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea
from textual.worker import WorkerState

from cx_tui.domain.layout import usual_layout
from cx_tui.domain.query import StatusFilter
from tests.pilot.driver import Driver
from widgets.form import Form
from widgets.grid import Grid, Marks
from widgets.menu import Choices

WAITING = {"keep-up", "presence", "quiet"}
"""Work that goes on by itself."""
LETTERS = {"slash": "/", "plus": "+", "colon": ":", "question_mark": "?", "space": " "}
"""What keys with a name put into a box."""
STEADY = 4
"""So often in a row nothing differs when nothing happens any more."""


def of_widget(widget: Widget) -> object:
    """What an operator has done in a widget."""
    if isinstance(widget, Grid):
        row, column = widget.cursor.row, widget.cursor.column
        return (
            row.key if row else None,
            column.key if column else None,
            widget.marks.rows,
            widget.columns.sort,
        )
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
    if cx.app.waiting or cx.app.awaited(""):
        return True
    return any(
        worker.state in (WorkerState.PENDING, WorkerState.RUNNING)
        and worker.group not in WAITING
        and worker.name != "opens a screen"
        for worker in cx.app.workers
    )


async def quiet(cx: Driver) -> None:
    """Wait until the last key is dealt with, and all that it began."""
    await cx.pilot.pause()
    while works(cx):
        await cx.pilot.pause(0.005)
    await cx.pilot.pause()


async def settled(cx: Driver) -> list[object]:
    """What there is when nothing happens any more."""
    before, steady = state(cx), 0
    while steady < STEADY:
        await cx.pilot.pause(0.02)
        now = state(cx)
        steady = steady + 1 if now == before and not works(cx) else 0
        before = now
    return before


async def at_once(cx: Driver, keys: Sequence[str]) -> list[object]:
    """All keys in one write."""
    for key in keys:
        cx.app.post_message(Key(key, key if len(key) == 1 else LETTERS.get(key)))
    return await settled(cx)


async def one_by_one(cx: Driver, keys: Sequence[str]) -> list[object]:
    """Each key when all is done that the one before has begun."""
    for key in keys:
        await cx.press(key)
        await quiet(cx)
    return await settled(cx)


def empty(folder: Path) -> None:
    """Remove all files."""
    for kept in folder.rglob("*"):
        if kept.is_file():
            kept.unlink()


async def begin_again(cx: Driver, written: Path) -> None:
    """The list as it was at the start, and no files: of one that is there it would be asked whether it may be
    replaced."""
    while len(cx.app.screen_stack) > 1:
        await cx.app.pop_screen()
    empty(written)
    customers = cx.customers
    for draft in cx.app.workspace.drafts.mine():
        cx.app.workspace.drafts.drop(draft)
    customers.workers.cancel_node(customers)
    if customers.columns.chooser:
        customers.on_column_chooser_closed()
    customers.on_filter_panel_closed()
    # What the program remembers of what was done: columns, tabs, folders, that esc was pressed once.
    customers.stepping_back._asked_for = None
    customers.arranging.use(usual_layout())
    empty(cx.app.workspace._folder)
    cx.grid.marks.rows = Marks.NONE
    with cx.search.prevent(Input.Changed):
        cx.search.value = ""
    cx.grid.focus()
    usual = type(customers.query_now)()
    cx.grid.columns.sort = []
    customers.query_now = replace(usual, status=StatusFilter.ALL)
    await customers.finding.find().wait()
    await cx.grid.moves.to_position(0)
    cx.grid.moves.to_column("name")
    await settled(cx)
