"""The whole program in Pilot as an operator has it: acts by binding id, texts as they are drawn."""

import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from time import monotonic

from textual.content import Content
from textual.css.query import NoMatches
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Paste
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, TextArea

from cx_tui.app.program import CxApp
from cx_tui.bootstrap.program import build_app
from cx_tui.config import load
from cx_tui.screens.customers import CustomersScreen
from cx_tui.screens.form import RecordForm
from cx_tui.screens.form.preview import Preview
from cx_tui.screens.progress import Progress
from tests.patience import patient
from widgets.form import Form
from widgets.grid import Grid
from widgets.line import Line
from widgets.picker import LineList

PATIENCE = patient(20.0)
"""Seconds until something that should be seen counts as missing."""


class Driver:
    """One running program."""

    def __init__(self, app: CxApp, pilot: Pilot[int], written: list[str]) -> None:
        self.app = app
        self.pilot = pilot
        self.written = written

    # What an operator does

    async def do(self, *ids: str) -> None:
        """Press the keys that these bindings have, as soon as they can be pressed."""
        for each in ids:
            await self.until(lambda: self._key(each), f"that {each} can be done")  # noqa: B023  # it is now
            await self.press(self._key(each))

    async def press(self, *keys: str) -> None:
        """Press keys: for letters that are no bindings, such as a word or a label of jump mode."""
        await self.pilot.press(*keys)

    async def stop_work(self) -> None:
        """Stop work that goes on, when it can be seen."""
        await self.until(
            lambda: isinstance(self.screen, Progress) and not self.screen.has_class("-soon"), "work"
        )
        await self.do("progress.stop")

    async def find(self, text: str) -> None:
        """Put this into the search box as fast as a paste; the list comes when it comes."""
        if not self.search.has_focus:
            await self.do("customers.search")
        self.search.value = text
        await self.pilot.pause()

    async def to_column(self, key: str) -> None:
        """Go to a column of the list."""
        await self.do(*["grid.left"] * len(self.grid.columns.shown))
        for _ in self.grid.columns.shown:
            if self.column() == key:
                return
            await self.do("grid.right")
        raise AssertionError(f"no column {key}")

    async def choose_status(self, label: str) -> None:
        """Choose a status by its menu."""
        await self.do("customers.status")
        for _ in range(7):
            await self.press("up")
        for _ in range(7):
            if self._menu_label() == label:
                break
            await self.press("down")
        await self.do("list.choose")
        await self.until(lambda: self.screen is self.customers, f"the list with the status {label}")

    # In a form

    async def open_form(self) -> None:
        """Open the form of the customer, or the record, under the cursor."""
        await self.do("customers.bulk_edit" if self.screen is self.customers else "grid.choose")
        await self.in_form()

    async def new_form(self) -> None:
        """Open the form of a new customer."""
        await self.do("customers.new")
        await self.in_form()

    async def in_form(self, name: str = "") -> None:
        """Wait until a form, or a field of it, can be typed in."""
        await self.until(lambda: isinstance(self.screen, RecordForm) and self.form.current, "a form")
        if name:
            self.form.go(name)
            await self.until(lambda: self.form.current == name, f"the field {name}")

    async def type_into(self, name: str, text: str) -> None:
        """Put this text into a field in place of what is there, as keys and a paste do."""
        await self.in_form(name)
        editor = self.app.focused
        assert editor is not None
        if isinstance(editor, Input):
            await self.press("end", "ctrl+u")
        elif isinstance(editor, TextArea):
            editor.select_all()
            await self.press("delete")
        else:
            self.form.set(name, "")
        self.app.post_message(Paste(text))
        await self.pilot.pause()

    async def save(self, *, stay: bool = False) -> None:
        """Save, and agree to what will be written."""
        await self.do("record_form.stay" if stay else "record_form.save")
        await self.shows("will be written")
        await self.do("preview.save")

    async def saved(self) -> None:
        """Wait until the form was saved and is closed."""
        await self.until(lambda: not isinstance(self.screen, RecordForm | Preview), "a saved form")

    def changes(self) -> list[str]:
        """The lines of the preview: label, old and new value."""
        listed = self.screen.query_one("#fields", LineList)
        return [" ".join(line.split()) for line in lines_of(listed) if line.strip()]

    @property
    def form(self) -> Form:
        """The fields of the form on top."""
        return self.screen.query_one(Form)

    async def refreshed(self) -> None:
        """Let one tick of refreshing pass."""
        await self.customers.keep_up().wait()
        await self.pilot.pause()

    async def leave(self) -> None:
        """Leave the program."""
        await self.do("app.quit")

    # What an operator sees

    async def shows(self, text: str) -> None:
        """Wait until the screen has this text."""
        await self.until(lambda: text in self.text(), f'"{text}"')

    async def says(self, text: str) -> None:
        """Wait until a message has this text."""
        await self.until(lambda: any(text in toast for toast in self.toasts()), f'a message "{text}"')

    async def hides(self, text: str) -> None:
        """Wait until the screen has this text no longer."""
        await self.until(lambda: text not in self.text(), f'no "{text}"')

    async def live(self) -> None:
        """Wait for the live rows and their counts."""
        await self.until(lambda: self.customers.listing is not None and bool(self.customers.counts), "rows")
        await self.until(lambda: "live" in self.header(), "live rows")

    async def found(self, number: int) -> None:
        """Wait until the header says that so many were found."""
        await self.until(lambda: f" {number:,} found" in self.header(), f"{number:,} found")

    async def until(self, holds: Callable[[], object], what: str = "that") -> None:
        """Wait for a condition."""
        end, wait = monotonic() + PATIENCE, 0.005
        while not is_so(holds):
            if monotonic() > end:
                raise AssertionError(f"not seen: {what}\n{self.text()}")
            await self.pilot.pause(wait)
            # To look takes time that the program could use.
            wait = min(wait * 1.5, 0.03)

    def rows(self) -> list[str]:
        """The lines of the list that show rows, as they are drawn."""
        lines = lines_of(self.grid)[1 : 1 + len(self.grid.rows.visible)]
        return [line.rstrip() for line in lines]

    def titles(self) -> str:
        """The titles of the columns, as they are drawn."""
        return lines_of(self.grid)[0]

    def cells(self, column: str) -> list[str]:
        """The cells of a column, of all rows on the screen."""
        return [row.cell(column).text for row in self.grid.rows.visible]

    def names(self) -> list[str]:
        """The names on the screen."""
        return self.cells("name")

    def header(self) -> str:
        """The first line of the screen."""
        return lines_of(self.customers.query_one("#header", Line))[0]

    def chips(self) -> str:
        """What stands beside the search box."""
        return lines_of(self.customers.query_one("#chips", Line))[0]

    def detail(self) -> str:
        """What is said of the customer under the cursor."""
        return "\n".join(lines_of(self.customers.query_one("#detail", Line)))

    def footer(self) -> str:
        """The keys in the last line."""
        return lines_of(self.customers.query_one("#keys", Line))[0]

    def toasts(self) -> list[str]:
        """The messages at the edge of the screen."""
        return [" ".join(" ".join(lines_of(toast)).split()) for toast in self.screen.query("Toast")]

    def text(self) -> str:
        """Everything on the screen."""
        lines = (line.rstrip() for widget in self._drawn() for line in lines_of(widget))
        return "\n".join(filter(None, lines))

    def columns(self) -> list[str]:
        """The keys of the columns, in their order."""
        return [column.key for column in self.grid.columns.shown]

    def column(self) -> str:
        """The key of the column under the cursor."""
        column = self.grid.cursor.column
        return column.key if column else ""

    def cursor(self) -> int | None:
        """The id of the customer under the cursor."""
        return self.grid.cursor.row.key if self.grid.cursor.row else None

    def marked(self) -> int:
        """How many are marked."""
        return self.grid.marks.count

    # Its parts

    @property
    def screen(self) -> Widget:
        """The screen on top."""
        return self.app.screen

    @property
    def customers(self) -> CustomersScreen:
        """The main screen."""
        found = self.app.screen_stack[0]
        assert isinstance(found, CustomersScreen)
        return found

    @property
    def grid(self) -> Grid:
        """The list."""
        return self.customers.grid

    @property
    def search(self) -> Input:
        """The search box."""
        search: Input = self.customers.search
        return search

    def _key(self, id: str) -> str:
        """The key that a binding has now, or "" when it can't be done here."""
        active = self.app.screen.active_bindings
        return next((key for key, one in active.items() if one.binding.id == id), "")

    def _menu_label(self) -> str:
        from widgets.menu import Choices

        choices = self.screen.query_one(Choices)
        line = choices.render_line(choices.place - choices.scroll_offset.y).text
        return line.strip(" ▸>✓*0123456789,")

    def _drawn(self) -> Iterator[Widget]:
        yield self.screen
        for widget in self.screen.query("*").results(Widget):
            if widget.display:
                yield widget


def is_so(holds: Callable[[], object]) -> bool:
    """Whether a condition holds; of a screen that is being made, or left, nothing does."""
    try:
        return bool(holds())
    except NoMatches:
        return False


def lines_of(widget: Widget) -> list[str]:
    """The lines of a widget as they are drawn, its title first."""
    title = [Content.from_markup(widget.border_title).plain] if widget.border_title else []
    return title + [widget.render_line(y).text for y in range(widget.size.height)]


@asynccontextmanager
async def opened(
    url: str,
    size: tuple[int, int] = (120, 40),
    *,
    live: bool = True,
    keys: Mapping[str, str] | None = None,
    **settings: object,
) -> AsyncIterator[Driver]:
    """The program on a database, in an environment of its own; `look_ascii` is the setting look.ascii."""
    flags = {name.replace("_", ".", 1): value for name, value in settings.items()}
    flags |= {f"keys.{name}": key for name, key in (keys or {}).items()}
    with environment(), terminal_writes() as written:
        loaded = load(os.environ, {"refresh.seconds": 0.0, "database.label": "test", **flags})
        app = build_app(loaded, url, os.environ)
        async with app.run_test(size=size, notifications=True) as pilot:
            cx = Driver(app, pilot, written)
            if live:
                await cx.live()
            yield cx
            await cx.until(lambda: all(worker.is_finished for worker in app.workers), "an end of all work")


@contextmanager
def environment() -> Iterator[None]:
    """What the program says to Textual through the environment is taken back at the end."""
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def terminal_writes() -> Iterator[list[str]]:
    """What is written to the terminal beside the picture, which Pilot does not draw."""
    written: list[str] = []
    before = HeadlessDriver.write

    def write(self: HeadlessDriver, data: str) -> None:
        written.append(data)

    HeadlessDriver.write = write  # type: ignore[method-assign]
    try:
        yield written
    finally:
        HeadlessDriver.write = before  # type: ignore[method-assign]
