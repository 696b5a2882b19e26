"""What was counted by hour, day, week and month (UTC), and what the marked cells come to."""

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from cx_tui.screens.calls.summary_contents import PERIODS, SummaryContents, SummaryRow
from cx_tui.screens.list.base_list import KEYS, BaseList
from cx_tui.screens.list.cell_copying import CellCopying
from cx_tui.screens.read_only import may_write
from cx_tui.terminal.in_order import OPENS
from widgets.duties import work

if TYPE_CHECKING:
    pass


class SummaryActs(CellCopying):
    """Shows other periods, makes invoices of them, copies them."""

    host: "SummaryList"

    def action_period(self, by: int) -> None:
        """Show other periods."""
        self.host.period = PERIODS[(PERIODS.index(self.host.period) + by) % len(PERIODS)]
        self.host.finding.find()

    @work(group="act", name=OPENS)
    async def action_invoice(self) -> None:
        """Make invoices of the marked periods: one of all that follow each other."""
        from cx_tui.domain.money.invoicing import Period, joined
        from cx_tui.screens.money.booking import book

        marks, here = self.host.grid.marks.rows, self.host.grid.cursor.row
        wanted = [
            one.summary
            for key, one in self.host.rows.items()
            if one.summary and (key in marks if marks else here is not None and key == here.key)
        ]
        if self.host.period == "hour":
            self.host.notify(
                "An invoice covers whole days; t shows days, weeks and months.", severity="warning"
            )
            return
        if not wanted or not may_write(self.host.screen):
            return
        last = timedelta(microseconds=1)
        periods = [Period(one.begins.date(), (one.ends - last).date()) for one in wanted]
        for period in joined(periods):
            if not await book(self.host.screen, self.host.customer_id, period):
                return

    def action_copy_rows(self) -> None:
        """Copy the marked cells or rows with their titles, or all."""
        if self.host.grid.cells.block:
            self.copy_cells(titles=True)
            return
        marks, columns = self.host.grid.marks.rows, self.host.grid.columns.shown
        rows = [one for key, one in self.host.rows.items() if key in marks or not marks]
        lines = ["\t".join(one.title for one in columns)]
        lines += ["\t".join(each.cell(one.key).text for one in columns) for each in rows]
        self.send("\n".join(lines) + "\n", f"{len(rows):,} rows with titles")


class SummaryList(BaseList, inherit_bindings=False):
    """Periods with their figures."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "period(1)", "hours/days/…", id="summary.period",
                tooltip="Show hours, days, weeks or months."),
        Binding("T", "period(-1)", "back", show=False, id="summary.period_back",
                tooltip="Go back to the shorter periods."),
        Binding("i", "invoice", "invoice", id="summary.invoice",
                tooltip="Make invoices for the marked days, weeks or months of this customer."),
        KEYS["list.columns"],
        KEYS["list.copy_cell"],
        Binding("Y", "copy_rows", "copy rows", id="list.copy_rows",
                tooltip="Copy the marked cells or rows with their titles, or all."),
        KEYS["list.refresh"],
        KEYS["list.back"],
    ]  # fmt: skip

    def __init__(self, customer_id: int | None) -> None:
        super().__init__()
        self.customer_id = customer_id
        self.period = "day"
        self.rows: dict[int, SummaryRow] = {}
        contents = SummaryContents(self)
        self.made_of(contents, contents, SummaryActs(self))

    def command(self) -> str:
        """These periods, as a command."""
        of = f" '#{self.customer_id}'" if self.customer_id is not None else ""
        return f"cx-tui calls summary{of} --by {self.period}"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only the periods of one customer make invoices."""
        return self.customer_id is not None if action == "invoice" else True
