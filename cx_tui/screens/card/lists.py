"""A tab of lists: one for each kind of record, one beneath the other, each with its title."""

from typing import cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.css.query import NoMatches

from cx_tui.domain.records import record_named
from cx_tui.screens.card.customer_now import CustomerNow
from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.list.scope import Scope
from cx_tui.screens.list.special import list_of
from cx_tui.screens.program import Program
from widgets.line import Line, LineText, Part


class Lists(Vertical):
    """The lists, and a line that says more of the row under the cursor."""

    DEFAULT_CSS = """
    Lists {
        & > .title { height: 1; padding: 0 1; }
        & > RecordList { height: 1fr; }
        & > .detail { height: 1; padding: 0 1; background: $panel; }
    }
    """

    def __init__(self, records: tuple[str, ...], customer: CustomerNow) -> None:
        super().__init__()
        self._kinds = [record_named(name) for name in records]
        self._customer = customer

    def compose(self) -> ComposeResult:
        """Each list beneath its title."""
        for kind in self._kinds:
            yield Line(classes="title", id=f"title-{kind.declared.name}")
            yield list_of(Scope(kind, self._customer.id), id=f"list-{kind.declared.name}")
        yield Line(classes="detail")

    def focus_first(self) -> None:
        """Go to the first list, or the one that was used last."""
        self.query(RecordList).first().grid.focus()

    @property
    def current(self) -> RecordList | None:
        """The list in which one is."""
        return next((each for each in self.query(RecordList) if each.has_focus_within), None)

    def on_descendant_focus(self) -> None:
        """Another list is used."""
        self._say()

    @on(RecordList.Shown)
    def shown(self, event: RecordList.Shown) -> None:
        """A list was read, or its cursor moved."""
        event.stop()
        self._say()

    def _say(self) -> None:
        current = self.current
        try:
            for each in self.query(RecordList):
                self._title(each, current is each)
            self.query_one(".detail", Line).show_lines([current.detail() if current else LineText()])
        except NoMatches:
            return  # it is being closed

    def _title(self, records: RecordList, is_current: bool) -> None:
        declared = records.declared
        here = cast(Program, self.app).glyphs.cursor if is_current else " "
        parts = [Part(f"{here}{declared.many}", "accent" if is_current else "strong")]
        if records.read_at:
            parts.append(Part(f"  {records.grid.rows.total:,}", "dim"))
        if marked := records.grid.marks.count:
            parts.append(Part(f"  {marked:,} marked", "accent"))
        if records.query_now.typed:
            parts.append(Part(f'  with "{records.query_now.typed}"', "accent"))
        self.query_one(f"#title-{declared.name}", Line).show(*parts)
