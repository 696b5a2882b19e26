"""The verdicts of an upload: what becomes of each row."""

from pathlib import Path
from typing import TYPE_CHECKING

from cx_tui.screens.upload.verdict_rows import VerdictRows, verdict_columns
from cx_tui.services.upload.order import Verdict
from cx_tui.services.upload.verdicts import Verdicts
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work
from widgets.menu import Item, Menu

if TYPE_CHECKING:
    from cx_tui.screens.upload.upload_screen import UploadScreen


class VerdictList(Duty):
    """Lists them, all or only those that say the same."""

    host: "UploadScreen"

    def __init__(self, host: "UploadScreen") -> None:
        super().__init__(host)
        self.only: Verdict | None = None
        self._verdicts: Verdicts | None = None
        self._rows: VerdictRows | None = None

    async def show(self, path: Path) -> None:
        """Show those in this file; of a dry run only the rejected ones, when there are others too."""
        self._verdicts, judged = Verdicts(path), self.host.judged
        rejected = judged and judged.result.counts[Verdict.ERROR]
        few = judged and judged.result.writes + judged.result.counts[Verdict.UNCHANGED]
        self.only = Verdict.ERROR if rejected and few and not self.host.is_done else None
        self.host.verdicts.columns.show(verdict_columns(self.host.room.width))
        await self._list()
        self.host.show_view("verdicts")

    def forget(self) -> None:
        """They went with their file."""
        self._verdicts = None

    def shown_of_all(self) -> str:
        """How many rows are listed, of how many."""
        if self.host.view != "verdicts" or self.host.judged is None or self.only is None:
            return ""
        every = sum(self.host.judged.result.counts.values())
        return f"{self.only.label} only: {self.host.verdicts.rows.total:,} of {every:,} rows"

    async def _list(self) -> None:
        if self._verdicts is None:
            return
        self._rows = VerdictRows(self._verdicts, self.only, self.host.captions.lines.arrow)
        await self.host.verdicts.show(self._rows, keep=False)
        if not self.host.verdicts.rows.total:
            what = (
                f"No row is {self.only.label.lower()}." if self.only else "There is no row under the header."
            )
            self.host.verdicts.notice(what, "dim")
        self.host.captions.show()

    @work(group="list", exclusive=True)
    async def action_only(self, value: str) -> None:
        """Show the rows of one verdict; again, all of them."""
        if self._verdicts is None:
            return
        verdict = next((one for one in Verdict if one.value == value), None)
        self.only = None if verdict is self.only else verdict
        self.host.show_view("verdicts")
        await self._list()

    @work(group="choose", exclusive=True, name=OPENS)
    async def action_filter(self) -> None:
        """Choose which rows are shown."""
        if self.host.judged is None:
            return
        counts = self.host.judged.result.counts
        items = [Item("", "All", f"{sum(counts.values()):,}")]
        items += [Item(one.value, one.label, f"{number:,}") for one, number in counts.items()]
        now = self.only.value if self.only else ""
        chosen = await self.host.app.push_screen_wait(
            Menu("Show rows with the verdict", items, now, glyphs=self.host.cx.glyphs)
        )
        if chosen is not None and chosen != now:
            self.action_only(chosen)

    @work(group="walk", exclusive=True)
    async def action_next_change(self, by: int) -> None:
        """Go to the next row that changes a record, or back to the one before."""
        found = await self._rows.change_after(self.host.verdicts.cursor.position, by) if self._rows else None
        if found is None:
            what = "a customer" if self.host.record == "customer" else "a record"
            self.host.notify(f"No row {'below' if by > 0 else 'above'} changes {what}.")
        else:
            await self.host.verdicts.moves.to_position(found)

    def action_other_view(self) -> None:
        """From the file to its verdicts, and back."""
        if self.host.view == "verdicts":
            self.host.show_view("file")
        elif self._verdicts is not None:
            self.host.show_view("verdicts")
