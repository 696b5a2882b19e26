"""A customer as it was at a moment beside another one: what differs first, or every field."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.domain.differences import differences, shown
from cx_tui.errors import CxError
from cx_tui.screens.as_command import words_of
from cx_tui.screens.header import Header
from cx_tui.screens.page import Page
from cx_tui.screens.present import spaced
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.screens.times import exact, local
from cx_tui.terminal.in_order import OPENS
from widgets.grid import Cell, Column, Row, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part

if TYPE_CHECKING:
    from cx_tui.services.reports.as_of import AsOf


class AsOfScreen(Page):
    """The fields of a customer, and of what belongs to it, at two moments."""

    TITLE = "as of"
    CSS_PATH = "reports.tcss"
    AUTO_FOCUS = "#fields"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "first", "from", id="as_of.first", tooltip="Choose the earlier moment."),
        Binding("t", "second", "to", id="as_of.second", tooltip="Choose the later moment; empty means now."),
        Binding("a", "all", "all fields", id="as_of.all",
                tooltip="Show every field, or only those that differ."),
        Binding("escape", "leave", "back", id="as_of.back", tooltip="Back to where you came from."),
    ]  # fmt: skip

    def __init__(self, customer_id: int, name: str, first: datetime, second: datetime | None = None) -> None:
        super().__init__()
        self._customer_id, self._customer_name = customer_id, name
        self._first, self._second = first, second
        self._every = False

    def command(self) -> str:
        """The same as a command."""
        return words_of(
            "as-of", self._customer_id, self._first.isoformat(), self._second and self._second.isoformat()
        )

    def compose(self) -> ComposeResult:
        """The header, the fields, the detail, the keys."""
        glyphs = self.cx.glyphs
        width = max(16, (self.app.size.width - 50) // 2)
        columns = (
            Column("one", "Record", 24),
            Column("field", "Field", 20),
            Column("before", "Then", width),
            Column("after", "Later", width),
        )
        yield Header(glyphs=glyphs)
        yield ReadingGrid(columns, glyphs=glyphs, id="fields")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Read the log back."""
        self.watch(self.grid, "looked_at", self.show_detail, init=False)
        self.grid.notice("Reading the log back …")
        self.show_head(Part("State", "strong"), of=self._customer_name or "")
        self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Rebuild both moments."""
        from cx_tui.services.reports.as_of import as_of

        self.read_at = None
        second = self._second or datetime.now(UTC)
        first, second = sorted((self._first, second))
        self._head(first)
        try:
            database = (await self.cx.services()).database
            then, later = await as_of(database, self._customer_id, first, second)
        except CxError as error:
            await self.grid.show(RowsAtHand([]))
            self.explain(error)
            return
        rows = list(self._rows(then, later))
        await self.grid.show(RowsAtHand(rows))
        self.wrong, self.read_at = "", datetime.now(UTC)
        self.grid.notice(
            "" if rows else "Nothing differs at these two moments.\n\na shows every field", "dim"
        )
        self._head(first, then.doubts[0] if then.doubts else "")
        self.show_detail()

    def _head(self, first: datetime, doubt: str = "") -> None:
        to = local(self._second) if self._second else "now"
        when = f"{local(first)} {self.arrow} {to}"
        self.show_head(
            Part("State", "strong"),
            Part(when, "accent"),
            Part(f"! {doubt}" if doubt else "", "warn"),
            of=self._customer_name or "",
        )

    def _rows(self, then: "AsOf", later: "AsOf") -> Iterator[Row]:
        number = 0
        for key in [*later.records, *(key for key in then.records if key not in later.records)]:
            before, after = then.records.get(key), later.records.get(key)
            one = after or before
            if one is None:
                continue
            texts = [known.texts if known else {} for known in (before, after)]
            for each in differences(one.record, *texts):
                differs = each.before != each.after
                if not differs and not self._every:
                    continue
                number += 1
                sides = [
                    "" if known is None else " / ".join(shown(one.record, each.name, text).splitlines())
                    for known, text in ((before, each.before), (after, each.after))
                ]
                gone = "deleted" if after is None else "created" if before is None else ""
                cells = {
                    "one": Cell(f"{one.name}{f', {gone}' if gone else ''}", "warn" if gone else "dim"),
                    "field": Cell(each.label, "" if differs else "dim"),
                    "before": Cell(sides[0], "bad" if differs else "dim"),
                    "after": Cell(sides[1], "good" if differs else "dim"),
                }
                yield Row(number, cells)

    def show_detail(self) -> None:
        """The whole values of the row under the cursor."""
        row, detail = self.grid.cursor.row, self.query_one("#detail", Line)
        if row is None:
            detail.show_lines([])
            return
        later = exact(self._second) if self._second else "now"
        first = [
            Part(row.cell("field").text, "strong"),
            Part(exact(self._first), "dim"),
            Part(row.cell("before").text),
        ]
        detail.show_lines(
            [LineText(spaced(first)), LineText(spaced([Part(later, "dim"), Part(row.cell("after").text)]))]
        )

    @work(group="act", name=OPENS)
    async def action_first(self) -> None:
        """Choose the earlier moment."""
        from cx_tui.screens.moments import earlier_moment

        moment = await self.app.push_screen_wait(earlier_moment("As it was when?"))
        if moment is not None:
            self._first = moment
            self.read()

    @work(group="act", name=OPENS)
    async def action_second(self) -> None:
        """Choose the later moment."""
        from cx_tui.screens.moments import earlier_moment

        moment = await self.app.push_screen_wait(earlier_moment("And how was it when? (esc: now)"))
        self._second = moment
        self.read()

    def action_all(self) -> None:
        """Show every field, or only those that differ."""
        self._every = not self._every
        self.read()

    def action_leave(self) -> None:
        """Back to where you came from."""
        self.dismiss(None)
