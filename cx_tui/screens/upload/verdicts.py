"""The part of an upload that shows what becomes of each row."""

from pathlib import Path

from textual import on, work

from cx_tui.screens.upload.mapping import MappingScreen
from cx_tui.screens.upload.verdict_rows import VerdictRow, VerdictRows, verdict_columns
from cx_tui.screens.upload.workroom import Workroom
from cx_tui.services.upload.order import Verdict
from cx_tui.services.upload.verdicts import Verdicts
from cx_tui.terminal.in_order import OPENS
from widgets.grid import Grid
from widgets.menu import Item, Menu


class VerdictsScreen(MappingScreen):
    """A screen on which the verdicts are read."""

    def __init__(self, record: str = "customer", owner: str = "") -> None:
        super().__init__(record, owner)
        self.workroom = Workroom()
        self.only: Verdict | None = None
        self.uploaded = False
        self._verdicts: Verdicts | None = None
        self._rows: VerdictRows | None = None

    async def _show_verdicts(self, path: Path) -> None:
        self._verdicts = Verdicts(path)
        rejected = self.judged and self.judged.result.counts[Verdict.ERROR]
        few = self.judged and self.judged.result.writes + self.judged.result.counts[Verdict.UNCHANGED]
        self.only = Verdict.ERROR if rejected and few and not self.judged_done else None
        self.verdicts.columns.show(verdict_columns(self.room.width))
        await self._list()
        self.show_view("verdicts")

    @property
    def judged_done(self) -> bool:
        """Whether the verdicts are those of an upload, not of a dry run."""
        return self.judged is not None and self.judged.done

    def shown_of_all(self) -> str:
        """How many rows are listed, of how many."""
        if self.view != "verdicts" or self.judged is None or self.only is None:
            return ""
        every = sum(self.judged.result.counts.values())
        return f"{self.only.label} only: {self.verdicts.rows.total:,} of {every:,} rows"

    async def _list(self) -> None:
        if self._verdicts is None:
            return
        self._rows = VerdictRows(self._verdicts, self.only, self.lines.arrow)
        await self.verdicts.show(self._rows, keep=False)
        if not self.verdicts.rows.total:
            what = (
                f"No row is {self.only.label.lower()}." if self.only else "There is no row under the header."
            )
            self.verdicts.notice(what, "dim")
        self.show_lines()

    @work(group="list", exclusive=True)
    async def action_only(self, value: str) -> None:
        """Show the rows of one verdict; again, all of them."""
        if self._verdicts is None:
            return
        verdict = next((one for one in Verdict if one.value == value), None)
        self.only = None if verdict is self.only else verdict
        self.show_view("verdicts")
        await self._list()

    @work(group="choose", exclusive=True, name=OPENS)
    async def action_filter(self) -> None:
        """Choose which rows are shown."""
        if self.judged is None:
            return
        counts = self.judged.result.counts
        items = [Item("", "All", f"{sum(counts.values()):,}")]
        items += [Item(one.value, one.label, f"{number:,}") for one, number in counts.items()]
        now = self.only.value if self.only else ""
        chosen = await self.app.push_screen_wait(
            Menu("Show rows with the verdict", items, now, glyphs=self.cx.glyphs)
        )
        if chosen is not None and chosen != now:
            self.action_only(chosen)

    @work(group="walk", exclusive=True)
    async def action_next_change(self, by: int) -> None:
        """Go to the next row that changes a record, or back to the one before."""
        found = await self._rows.change_after(self.verdicts.cursor.position, by) if self._rows else None
        if found is None:
            what = "a customer" if self.record == "customer" else "a record"
            self.notify(f"No row {'below' if by > 0 else 'above'} changes {what}.")
        else:
            await self.verdicts.moves.to_position(found)

    @on(Grid.Chosen, "#verdicts")
    def chosen(self, event: Grid.Chosen) -> None:
        """Show everything that is said of a row."""
        from cx_tui.screens.upload.reason import Reason

        if isinstance(event.row, VerdictRow):
            self.app.push_screen(Reason(event.row))

    def action_other_view(self) -> None:
        """From the file to its verdicts, and back."""
        if self.view == "verdicts":
            self.show_view("file")
        elif self._verdicts is not None:
            self.show_view("verdicts")
