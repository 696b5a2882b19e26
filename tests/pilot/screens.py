"""The screens of the program, and the keys that lead to each of them from the list."""

from collections.abc import Sequence
from typing import Any

from textual.worker import Worker

from tests.pilot.driver import Driver

SCREENS: dict[str, tuple[str, ...]] = {
    "the list": (),
    "the menu of statuses": ("t",),
    "the panel of columns": ("c",),
    "the palette": ("colon",),
    "the sheet of a customer": ("i",),
    "why it can't call": ("W",),
    "the log": ("Z",),
    "a difference in the log": ("Z", "enter"),
    "the board": ("b",),
    "the approvals": ("b", "a"),
    "the outbox": ("m",),
    "what is sent": ("space", "s"),
    "a form": ("e",),
    "a bulk edit": ("space", "space", "e"),
    "a question before deleting": ("x",),
    "an export": ("E",),
    "the SQL page": ("Q",),
    "the groups": ("g",),
    **{f"tab {digit} of the card": ("enter", digit) for digit in "1234567890"},
    **{
        f"tab {10 + more} of the card": ("enter", "0", *["right_square_bracket"] * more)
        for more in range(1, 6)
    },
    "calls by carrier": ("enter", "4", "b"),
    **{f":{word}": ("colon", *word, "enter") for word in ("setup", "simulate", "lint", "who")},
}


READING = {"keep-up", "find", "tab", "read", "step", "side", "look", "show"}
"""The groups of workers that read what is on a screen; others wait until a screen is left."""


async def go_to(cx: Driver, keys: Sequence[str]) -> None:
    """Go to a screen, and wait until it has been read."""
    for key in keys:
        await cx.press(key)
        await cx.pilot.pause()
    await cx.until(lambda: not any(reads(worker) for worker in cx.app.workers), "rest")


def reads(worker: Worker[Any]) -> bool:
    """Whether a worker reads something that will be shown."""
    return worker.is_running and worker.group in READING


async def back_to_list(cx: Driver) -> None:
    """Back to the list, without marks."""
    await cx.press("escape")  # of the list itself it closes a panel
    for _ in range(8):
        if cx.app.screen is not cx.customers:
            await cx.press("escape")
            await cx.pilot.pause()
    await cx.until(lambda: cx.app.screen is cx.customers, "the list again")
    if cx.marked():
        cx.grid.marks.rows = type(cx.grid.marks.rows)()
