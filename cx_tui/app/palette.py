"""What the palette finds: all that a key does here, the pages of all records, the setup, the colours."""

from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from widgets.palette import Entry

if TYPE_CHECKING:
    from cx_tui.app.program import CxApp

ALSO = {
    "bulk_edit": "bulk mass change set many",
    "edit_marked": "bulk mass change set many",
    "upload": "import csv xlsx excel spreadsheet load file",
    "export": "csv xlsx excel json parquet save download file",
    "delete": "remove",
    "new": "add create insert",
    "search": "find look filter",
    "filters": "filter where condition",
    "status_filter": "filter active inactive disable blocked dialing",
    "columns": "hide show layout",
    "sort": "order",
    "pause": "refresh halt stop",
    "log": "history audit undo",
    "log_of_all": "history audit undo",
    "board": "delayed scheduled pending later",
    "outbox": "messages sent mail sms queue",
    "send": "mail e-mail email sms message",
    "why": "blocked stopped reason gates",
    "warnings": "problems trouble",
    "copy_cell": "clipboard yank",
    "copy_rows": "clipboard yank",
    "delay": "later schedule",
    "undo": "revert take back",
    "quit": "exit leave close",
    "help": "keys shortcuts manual",
    "simulate": "test call try route",
    "mark": "select tick",
    "mark_all": "select tick",
}
"""Other words that operators look for these acts by."""

Found = tuple[Entry, Callable[[], None]]


def found_here(app: "CxApp", screen: Screen[Any]) -> list[Found]:
    """Everything that can be done on a screen, by name."""
    return sorted([*_acts(app, screen), *_pages(app, screen)], key=lambda one: one[0].name.casefold())


def _acts(app: "CxApp", screen: Screen[Any]) -> Iterator[Found]:
    """What the keys do that work now."""
    seen = set()
    for active in screen.active_bindings.values():
        binding = active.binding
        if not (binding.tooltip and active.enabled) or binding.action in seen:
            continue
        seen.add(binding.action)
        also = ALSO.get(binding.action.rpartition(".")[2].partition("(")[0], "")
        name = binding.description[:1].upper() + binding.description[1:]
        entry = Entry(name, app.get_key_display(binding), binding.tooltip, also)
        yield entry, partial(app.act, binding.action, active.node)


def _pages(app: "CxApp", screen: Screen[Any]) -> Iterator[Found]:
    """The pages of all records, the setup, the colours."""
    from cx_tui.screens.list.everywhere import open_setup, pages

    for name, meant, also, page in pages():
        yield Entry(name, "", meant, also), partial(_open, app, page)
    setup = Entry("Setup", "", "What the company has and customers refer to.", "settings company reference")
    yield setup, partial(_begin, screen, open_setup)
    yield Entry("Guide", "", "The documentation, page by page.", "help manual docs"), app.helping.open_guide
    yield Entry("Tour", "", "Ten things to try, with their keys.", "help learn demo"), app.helping.begin_tour
    meant = "Read again what was said at the edge of the screen, and copy it."
    told = Entry("Messages of this session", "", meant, "notifications toasts errors past")
    yield told, partial(_open, app, partial(_said, app))
    colours = Entry("Theme", "", "Choose the colours.", "settings color look dark light")
    yield colours, app.helping.choose_theme


def _begin(screen: Screen[Any], work: Callable[[Screen[Any]], Coroutine[Any, Any, None]]) -> None:
    screen.run_worker(work(screen))


def _said(app: "CxApp") -> Screen[Any]:
    from cx_tui.screens.reports.said_screen import SaidScreen

    return SaidScreen(app.said)


def _open(app: "CxApp", page: Callable[[], Screen[Any]]) -> None:
    app.push_screen(page())
