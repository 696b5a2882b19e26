"""What was counted by hour, day, week and month (UTC), and what the marked cells come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from cx_tui.domain.calls.figures import Figures
from cx_tui.domain.calls.key import key_of
from cx_tui.screens.calls.figures import FIGURES, Figure, period_text
from cx_tui.screens.calls.reading import calls_of
from cx_tui.screens.list.base_list import KEYS, BaseList
from cx_tui.screens.present import one_of, spaced
from cx_tui.screens.read_only import may_write
from cx_tui.terminal.in_order import OPENS
from widgets.grid import Cell, Column, Row, RowsAtHand, RowSource, SortKey
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from cx_tui.services.calls.summaries import Period, Summary
    from widgets.column_chooser import Choice

USUAL = (
    "attempts", "connected", "asr", "acd", "talk", "billed", "charge", "cost", "profit", "profit_percent",
)  # fmt: skip
BACK = {"hour": timedelta(hours=23), "day": timedelta(days=61), "week": timedelta(weeks=52), "month": None}
"""How far each goes back; None: to the beginning."""
PERIODS = ("hour", "day", "week", "month")


@dataclass(frozen=True, slots=True)
class SummaryRow(Row):
    """A row that knows its sums."""

    summary: "Summary | None" = None


async def summaries_of(
    source: BaseList, customer_id: int | None, name: str
) -> "tuple[Period, Sequence[Summary]]":
    """The summaries of a kind of period, the newest first."""
    calls = await calls_of(source.cx)
    from cx_tui.services.calls.summaries import Period

    (period,) = (one for one in Period if one.value == name)
    back = BACK[name]
    first = datetime.now(UTC) - back if back else None
    return period, (await calls.summaries.by(period, customer_id, first))[::-1]


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
        self._customer_id = customer_id
        self._period = "day"
        self._rows: dict[int, SummaryRow] = {}

    def command(self) -> str:
        """These periods, as a command."""
        of = f" '#{self._customer_id}'" if self._customer_id is not None else ""
        return f"cx-tui calls summary{of} --by {self._period}"

    def first_columns(self) -> Sequence[Column]:
        """The usual figures."""
        figures = [_column(FIGURES[name]) for name in USUAL]
        # Of one customer it is the same in every row.
        return [PERIOD, *figures, CURRENCY] if self._customer_id else [PERIOD, CURRENCY, *figures]

    def first_sort(self) -> Sequence[SortKey]:
        """The newest first."""
        return [SortKey("period", descending=True)]

    async def read(self) -> RowSource:
        """The periods with their figures."""
        period, found = await summaries_of(self, self._customer_id, self._period)
        rows = [_row(period, one) for one in sorted(found, key=lambda one: -one.sums.attempts)]
        for key in reversed(self.grid.columns.sort):
            rows.sort(key=lambda row: _sortable(row, key.column), reverse=key.descending)  # at once
        self._rows = {row.key: row for row in rows}
        return RowsAtHand(rows)

    async def number(self, rows: RowSource) -> int | None:
        """How many there are."""
        return await rows.count()

    def nothing_here(self) -> str:
        """No calls, no periods."""
        return "No call was counted in this time.\n\nt shows other periods"

    def standing(self) -> Sequence[Part]:
        """Which periods, and how many are marked."""
        kinds = [one_of(f"{one}s", chosen=one == self._period) for one in PERIODS]
        marked = self.grid.marks.count
        return [*kinds, Part("UTC", "dim"), Part(f"{marked:,} marked" if marked else "", "accent")]

    def detail(self) -> LineText:
        """What the marked cells of this column come to; else the cell."""
        row, column = self.grid.cursor.row, self.grid.cursor.column
        if row is None or column is None:
            return LineText()
        marks = self.grid.marks.rows
        marked = [one.summary for key, one in self._rows.items() if key in marks and one.summary]
        if marked and column.key in FIGURES:
            return LineText(spaced(come_to(FIGURES[column.key], marked)))
        text = row.cell(column.key).text
        parts = [Part(f"{column.title}: {text or 'empty'}", "" if text else "dim")]
        return LineText(spaced(parts), [Part(column.help, "dim")])

    def narrow(self, text: str) -> None:
        """There is nothing to search for."""

    def order(self, sort: Sequence[SortKey]) -> None:
        """Order the periods."""
        self.grid.columns.sort = sort
        self.find(keep=True)

    def choices(self) -> "tuple[Sequence[Choice], Sequence[Column]]":
        """Every figure."""
        from widgets.column_chooser import Choice

        every = [PERIOD, *(_column(one) for one in FIGURES.values()), CURRENCY]
        return [Choice(one, "Figures") for one in every], self.first_columns()

    def keep_columns(self) -> None:
        """They are kept until the list is closed."""

    def action_period(self, by: int) -> None:
        """Show other periods."""
        self._period = PERIODS[(PERIODS.index(self._period) + by) % len(PERIODS)]
        self.find()

    @work(group="act", name=OPENS)
    async def action_invoice(self) -> None:
        """Make invoices of the marked periods: one of all that follow each other."""
        from cx_tui.domain.money.invoicing import Period, joined
        from cx_tui.screens.money.booking import book

        marks, here = self.grid.marks.rows, self.grid.cursor.row
        wanted = [
            one.summary
            for key, one in self._rows.items()
            if one.summary and (key in marks if marks else here is not None and key == here.key)
        ]
        if self._period == "hour":
            self.notify("An invoice covers whole days; t shows days, weeks and months.", severity="warning")
            return
        if not wanted or not may_write(self.screen):
            return
        last = timedelta(microseconds=1)
        periods = [Period(one.begins.date(), (one.ends - last).date()) for one in wanted]
        for period in joined(periods):
            if not await book(self.screen, self._customer_id, period):
                return

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only the periods of one customer make invoices."""
        return self._customer_id is not None if action == "invoice" else True

    def action_copy_rows(self) -> None:
        """Copy the marked cells or rows with their titles, or all."""
        if self.grid.cells.block:
            self.copy_cells(titles=True)
            return
        marks, columns = self.grid.marks.rows, self.grid.columns.shown
        rows = [one for key, one in self._rows.items() if key in marks or not marks]
        lines = ["\t".join(one.title for one in columns)]
        lines += ["\t".join(each.cell(one.key).text for one in columns) for each in rows]
        self.send("\n".join(lines) + "\n", f"{len(rows):,} rows with titles")


PERIOD = Column("period", "Period", 21, frozen=True, help="In UTC; the current one says so far.")
CURRENCY = Column("currency", "Cur.", 4)


def _column(figure: Figure) -> Column:
    unit = "currency" if figure.money else ""
    return Column(
        figure.name, figure.label, figure.width, "right", help=figure.help, unit=unit, adds=not figure.ratio
    )


def _row(period: "Period", one: "Summary") -> SummaryRow:
    cells: dict[str, str | Cell] = {
        name: figure.show(figure.of(one.sums)) for name, figure in FIGURES.items()
    }
    text = period_text(period, one.begins)
    cells["period"] = Cell(f"{text} so far", "accent") if one.running else text
    cells["currency"] = one.currency
    return SummaryRow(key_of(text, one.currency), cells, summary=one)


def _sortable(row: SummaryRow, column: str) -> tuple[bool, object]:
    one = row.summary
    if one is None:
        return (False, 0)
    if column in ("period", "currency"):
        return (True, one.currency if column == "currency" else one.begins)
    value = FIGURES[column].of(one.sums)
    return (value is not None, value if value is not None else 0)


def come_to(figure: Figure, marked: Sequence["Summary"]) -> list[Part]:
    """What a figure of some periods comes to: sum, average of the values, and the true one of ratios."""
    parts = [Part(f"{figure.label} of {len(marked):,} marked", "strong")]
    if figure.money:
        for currency, some in _by_currency(marked).items():
            values = [figure.of(one.sums) or Decimal(0) for one in some]
            total = sum(values, Decimal(0))
            parts.append(Part(f"sum {figure.show(total)} {currency}"))
            parts.append(Part(f"average {figure.show(total / len(values))} {currency}", "dim"))
        return parts
    values = [float(value) for one in marked if (value := figure.of(one.sums)) is not None]
    if not values:
        return [*parts, Part("no values", "dim")]
    parts.append(Part(f"sum {figure.show(sum(values))}", "dim" if figure.ratio else ""))
    parts.append(Part(f"average {figure.show(sum(values) / len(values))}", "dim"))
    if figure.ratio:
        whole = Figures()
        for one in marked:
            whole.add(one.sums)
        parts.append(Part(f"weighted {figure.show(figure.of(whole))}", "accent"))
    return parts


def _by_currency(marked: Sequence["Summary"]) -> Mapping[str, list["Summary"]]:
    found: dict[str, list[Summary]] = {}
    for one in marked:
        found.setdefault(one.currency, []).append(one)
    return found
