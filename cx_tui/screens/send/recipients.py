"""Everybody at the chosen customers: who will get the message, who not, and why not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.domain.outbox import Reach
from cx_tui.screens.header import Header
from cx_tui.screens.page import Page
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.screens.send import send_sentences
from cx_tui.screens.send.kinds import Sort
from cx_tui.screens.send.people import People
from cx_tui.services.sending.recipients import Recipient
from cx_tui.terminal.in_order import OPENS
from widgets.grid import Cell, Column, Grid, Row
from widgets.key_line import KeyLine
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.services.history.log import Log


@dataclass(frozen=True, slots=True)
class PersonRow(Row):
    """A grid's row that knows its recipient."""

    recipient: Recipient | None = None


class PersonRows:
    """Some recipients as the rows of a grid."""

    def __init__(self, people: Sequence[Recipient], log: "Log", sort: Sort) -> None:
        self._people = people
        self._log = log
        self._sort = sort

    async def count(self) -> int:
        """How many there are."""
        return len(self._people)

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """The rows at these positions, with the names of their customers."""
        part = self._people[start : start + count]
        names = await self._log.names(sorted({one.customer_id for one in part}))
        return [self._row(one, names.get(one.customer_id, "")) for one in part]

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """They are as they were counted."""
        return {}

    async def position(self, key: int) -> int | None:
        """Where a contact stands."""
        return next((place for place, one in enumerate(self._people) if one.contact_id == key), None)

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The contacts at these positions."""
        return [one.contact_id for one in self._people[start : start + count]]

    def _row(self, one: Recipient, customer: str) -> Row:
        dim = "" if one.reach is Reach.WILL else "dim"
        cells = {
            "reach": Cell(send_sentences.reason(one.reach, self._sort.way), send_sentences.TONES[one.reach]),
            "name": Cell(one.name or "-", dim),
            "customer": Cell(customer or f"#{one.customer_id}", dim),
            "address": Cell(one.address, "bad" if one.reach is Reach.NOT_VALID else dim),
        }
        return PersonRow(one.contact_id, cells, recipient=one)


class RecipientsScreen(Page):
    """The list of them: those who will not get it stand first."""

    TITLE = "the recipients"
    CSS_PATH = "send.tcss"
    AUTO_FOCUS = "#recipients"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "filter", "some only", id="recipients.filter",
                tooltip="Show only those who get it, or who don't for one reason."),
        Binding("escape", "leave", "back", id="recipients.back",
                tooltip="Show all, then back to the message."),
    ]  # fmt: skip

    def __init__(
        self,
        sort: Sort,
        people: People,
        preview: Callable[[Recipient], None],
        command: Callable[[], str],
    ) -> None:
        super().__init__()
        self.command = command
        """The same as a command."""
        self._sort = sort
        self._people = people
        self._preview = preview
        self.only: Reach | None = None

    def compose(self) -> ComposeResult:
        """The header, the list, the keys."""
        glyphs, width = self.cx.glyphs, self.app.size.width
        wide = width >= 110
        columns = (
            Column("reach", "Gets it", 16 if wide else 14),
            Column("name", "Contact", 26 if wide else 18),
            Column("customer", "Customer", 30 if wide else 20),
            Column("address", "Address", 38 if wide else 22),
        )
        yield Header(glyphs=glyphs)
        yield ReadingGrid(columns, glyphs=glyphs, id="recipients")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Show them."""
        self.show_head(Part("Recipients", "strong"))
        self.show_people()

    @work(exclusive=True, group="show")
    async def show_people(self) -> None:
        """Show those that are asked for."""
        log = (await self.cx.services()).log
        found = [one for one in self._people.all if self.only in (None, one.reach)]
        found.sort(key=lambda one: one.reach is Reach.WILL)
        await self.grid.show(PersonRows(found, log, self._sort), keep=False)
        if not found:
            self.grid.notice(send_sentences.nobody(self._people, self._sort.way), "dim")
        self.read_at = datetime.now(UTC)
        parts = [Part("Recipients", "strong")]
        self.show_head(*parts, *send_sentences.reached(self._people, self._sort.way))

    @work(name=OPENS)
    async def action_filter(self) -> None:
        """Choose which of them are shown."""
        from widgets.menu import Item, Menu

        counts = self._people.counts
        items = [Item("", "All", f"{len(self._people.all):,}")]
        items += [Item(reach.value, reach.label.capitalize(), f"{counts[reach]:,}") for reach in Reach]
        now = self.only.value if self.only else ""
        chosen = await self.app.push_screen_wait(Menu("Show", items, now, glyphs=self.cx.glyphs))
        if chosen is not None:
            self.only = next((reach for reach in Reach if reach.value == chosen), None)
            self.show_people()

    @on(Grid.Chosen)
    def preview(self, event: Grid.Chosen) -> None:
        """Show the message as this one would see it."""
        row = event.row
        if not isinstance(row, PersonRow) or row.recipient is None:
            return
        if row.recipient.reach is Reach.WILL:
            self._preview(row.recipient)
        else:
            who = row.recipient.name or row.cell("customer").text
            self.notify(f"{who} will not get it: {row.cell('reach').text}.")

    def action_leave(self) -> None:
        """Show all, then back to the message."""
        if self.only:
            self.only = None
            self.show_people()
        else:
            self.dismiss(None)
