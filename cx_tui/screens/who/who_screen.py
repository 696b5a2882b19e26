"""The operators who are here: what each of them has open, and messages to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.domain.history import Act
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.news import LONGEST_MESSAGE, TO_ALL, Present
from cx_tui.errors import CxError
from cx_tui.screens.ask import Ask, required
from cx_tui.screens.following import Follower
from cx_tui.screens.header import Header
from cx_tui.screens.page import Page, sentence
from cx_tui.screens.present import spaced
from cx_tui.screens.read_only import may_write
from cx_tui.screens.reading_grid import reading_keys
from cx_tui.screens.stakes import counted
from cx_tui.screens.times import away, local
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import LOOK
from widgets.grid import Cell, Column, Grid, Row, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part

IDLE = timedelta(minutes=5)
"""Who has pressed no key for so long may not be there."""


@dataclass(frozen=True, slots=True)
class WhoRow(Row):
    """A grid's row that knows whose program it is."""

    present: Present | None = None


def who_columns(width: int) -> tuple[Column, ...]:
    """The columns; what is open gets the room that the others leave."""
    return (
        Column("who", "Operator", 16),
        Column("page", "Has open", max(20, min(60, width - (90 if width >= 110 else 60)))),
        Column("active", "Last key", 10, help="When a key was last pressed, to the minute."),
        Column("since", "Since", 16, help="By your own clock."),
        Column("origin", "From", 24, grows=44),
    )


def who_rows(found: Sequence[Present], own: int, now: datetime) -> list[WhoRow]:
    """The programs that are open, as rows."""
    return [_row(one, own, now) for one in found]


def _row(one: Present, own: int, now: datetime) -> WhoRow:
    idle = now - one.active_at
    active = "now" if idle < timedelta(minutes=2) else away(one.active_at, now)
    cells = {
        "who": Cell(f"{one.who or 'nobody known'}{' (you)' if one.number == own else ''}"),
        "page": Cell(one.page or "-"),
        "active": Cell(active, "dim" if idle > IDLE else ""),
        "since": Cell(local(one.since), "dim"),
        "origin": Cell(one.origin, "dim"),
    }
    return WhoRow(one.number, cells, present=one)


class WhoGrid(Grid, inherit_bindings=False):
    """The operators, to whom one writes."""

    BINDING_GROUP_TITLE = "The list"

    BINDINGS: ClassVar[list[BindingType]] = reading_keys("write")


class WhoScreen(Page, Follower):
    """The programs that are open at this database."""

    TITLE = "the operators"
    CSS_PATH = "who.tcss"
    AUTO_FOCUS = "#who"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "write", "write", id="who.write", tooltip="Write to this operator."),
        Binding("a", "write_to_all", "write to all", id="who.write_to_all",
                tooltip="Write to everybody who is here; those who come later find it among the messages."),
        Binding("m", "messages", "messages", id="who.messages",
                tooltip="Show what operators wrote to each other."),
        Binding(f"r,{LOOK}", "refresh", "refresh", show=False, id="who.refresh", tooltip="Look again."),
        Binding("escape", "leave", "back", id="who.back", tooltip="Back to where you came from."),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """The header, the operators, the detail, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield WhoGrid(who_columns(self.app.size.width), glyphs=glyphs, id="who")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Look who is here, and go on looking."""
        self.watch(self.grid, "looked_at", self.show_detail, init=False)
        self.grid.notice("Looking who is here …")
        self.show_lines()
        self.keep_up()

    @work(group="keep-up")
    async def keep_up(self) -> None:
        """Look who is here."""
        try:
            here = (await self.cx.services()).here
            found = await here.everybody()
        except CxError as error:
            self.explain(error)
            self.show_lines()
            return
        source, rows = self.grid.rows.source, who_rows(found, here.number, datetime.now(UTC))
        if isinstance(source, RowsAtHand) and source.renew(rows):
            await self.grid.changes.fetch()
        else:
            await self.grid.show(RowsAtHand(rows))
        self.wrong, self.read_at = "", datetime.now(UTC)
        self.grid.notice("" if found else _nobody(following=bool(self.cx.settings.refresh.seconds)), "dim")
        self.show_lines()
        self.show_detail()

    def show_lines(self) -> None:
        """Say how many operators are here."""
        rows = [row for row in self.grid.rows.visible if isinstance(row, WhoRow) and row.present]
        people = len({row.present.who for row in rows if row.present})
        said = f"{counted(people, 'operator')} in {counted(len(rows), 'program')}" if rows else ""
        self.show_head(Part("Operators", "strong"), Part(said, "dim"))

    def show_detail(self) -> None:
        """Say more of the operator under the cursor."""
        one = self.here()
        parts = [Part(one.who, "strong"), Part(one.page), Part(one.origin, "dim")] if one else []
        self.query_one("#detail", Line).show_lines([LineText(spaced(parts))])

    def here(self) -> Present | None:
        """Whose program is under the cursor."""
        row = self.grid.cursor.row
        return row.present if isinstance(row, WhoRow) else None

    @on(Grid.Chosen)
    def action_write(self) -> None:
        """Write to the operator under the cursor."""
        if one := self.here():
            self.write(one.who, f"Message to {one.who}")

    def action_write_to_all(self) -> None:
        """Write to everybody."""
        self.write(TO_ALL, "Message to all operators")

    @work(group="act", name=OPENS)
    async def write(self, to: str, title: str) -> None:
        """Ask what to write, and write it."""
        if not may_write(self, "nothing can be written to others"):
            return
        text = await self.app.push_screen_wait(
            Ask(title, _message, does="send it",
                explains="It is shown at once.  All who may read the log can read it there.")
        )  # fmt: skip
        if not text:
            return
        try:
            await (await self.cx.services()).here.tell(to, text)
        except CxError as error:
            self.notify(f"Not sent: {sentence(error)}", severity="error", timeout=10)
            return
        self.notify("Sent to all operators." if to == TO_ALL else f"Sent to {to}.")

    @work(group="act", name=OPENS)
    async def action_messages(self) -> None:
        """Show what operators wrote to each other."""
        from cx_tui.screens.log import LogScreen

        await self.app.push_screen_wait(LogScreen(only=Act.MESSAGE))

    def action_refresh(self) -> None:
        """Look again."""
        self.keep_up()

    def action_leave(self) -> None:
        """Back to where you came from."""
        self.dismiss(None)


def _message(text: str) -> str:
    if len(text) > LONGEST_MESSAGE:
        raise BadValue(f"use at most {LONGEST_MESSAGE} characters")
    return required(text)


def _nobody(*, following: bool) -> str:
    if not following:
        return "This program does not follow the others: the setting refresh.seconds is 0."
    return "Nobody who may write messages has this database open."
