"""The pages of all records, reached from anywhere by their names, and the setup, which lists its own."""

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Any, cast

from textual.screen import Screen

from cx_tui.domain.query import Query
from cx_tui.domain.record import Record
from cx_tui.domain.records import every_record
from cx_tui.errors import CxError
from cx_tui.screens.list.page import RecordPage
from cx_tui.screens.list.scope import Scope
from cx_tui.screens.program import Program

PARTS = ("customer", "invoice-line", "allocation", "rate", "supply", "view")
"""Kinds of record that have a page of their own elsewhere, or are parts of others."""

CALLS = (
    ("Latest calls", "calls", "The newest calls of all customers.", "cx_tui.screens.calls.parts.LatestCalls"),
    (
        "Dialogs",
        "dialogs",
        "All calls that are up.",
        "cx_tui.screens.calls.parts.LiveCalls",
    ),
    ("Stats", "stats", "Plots of all calls.", "cx_tui.screens.calls.stats.Stats"),
    ("Summary", "summary", "All calls by hour, day and month.", "cx_tui.screens.calls.parts.Summaries"),
    ("CDR", "cdr", "All records of calls, of all customers.", "cx_tui.screens.calls.parts.CallRecords"),
)
"""What is known of calls: title, name, what it is for, and the part that shows it."""


def pages() -> Iterator[tuple[str, str, str, Callable[[], Screen[Any]]]]:
    """Every page: its name, what it is for, how else it is called, and how it is opened."""
    for record in every_record():
        said = record.declared
        if said.name in PARTS:
            continue
        whose = "of all customers" if said.owner == "customer" else "of the company"
        also = " ".join((said.name, *said.also))
        yield said.many, f"The {said.several} {whose}.", also, partial(_page, record)
    yield from _pages_of_calls()
    yield (
        "Operators",
        "Who is here, and what each has open; write to one or to all.",
        "who online users",
        _who,
    )
    yield "Messages of operators", "What operators wrote to each other.", "messages notes", _messages
    yield "Requests", "What waits for a second person.", "approvals four eyes", _requests
    yield "Hand-over", "What the next shift must know, as text.", "hand-over shift digest", _hand_over
    yield "Lint", "What is wrong with any customer or the setup.", "lint check problems", _lint


def _requests() -> Screen[Any]:
    from cx_tui.screens.approvals.approvals_screen import ApprovalsScreen

    return ApprovalsScreen()


def _hand_over() -> Screen[Any]:
    from cx_tui.screens.reports.report_screen import HandOverScreen

    return HandOverScreen()


def _lint() -> Screen[Any]:
    from cx_tui.screens.admission.lint import LintScreen

    return LintScreen()


def _pages_of_calls() -> Iterator[tuple[str, str, str, Callable[[], Screen[Any]]]]:
    from cx_tui.screens.calls.page import CallsPage

    for title, name, meant, place in CALLS:
        module, part = place.rsplit(".", 1)

        def page(title: str = title, module: str = module, part: str = part) -> Screen[Any]:
            return CallsPage(title, getattr(import_module(module), part))

        yield title, meant, name, page


def is_setup(record: type[Record]) -> bool:
    """Whether customers refer to such records, and none belongs to one."""
    return not record.declared.owner and record.declared.name not in PARTS


async def open_setup(screen: Screen[Any]) -> None:
    """Let the operator choose among what the company has, and open its page."""
    from widgets.menu import Item, Menu

    program = cast(Program, screen.app)
    kinds = {record.declared.name: record for record in every_record() if is_setup(record)}
    items = []
    try:
        session = await program.services()
        for name, record in kinds.items():
            number = await session.list_of(Query(record=name, sort=())).exact_count()
            items.append(Item(name, record.declared.many, f"{number:,}"))
    except CxError as error:
        screen.notify(f"{error}", severity="error")
        return
    chosen = await screen.app.push_screen_wait(Menu("Setup", items, glyphs=program.glyphs))
    if chosen:
        await screen.app.push_screen_wait(RecordPage(Scope(kinds[chosen])))


def _who() -> Screen[Any]:
    from cx_tui.screens.who import WhoScreen

    return WhoScreen()


def _messages() -> Screen[Any]:
    from cx_tui.domain.history import Act
    from cx_tui.screens.log import LogScreen

    return LogScreen(only=Act.MESSAGE)


def _page(record: type[Record]) -> RecordPage:
    return RecordPage(Scope(record))
