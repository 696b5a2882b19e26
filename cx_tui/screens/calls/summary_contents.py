"""What was counted by hour, day, week and month (UTC), as the contents of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from cx_tui.domain.calls.figures import Figures
from cx_tui.domain.calls.key import key_of
from cx_tui.screens.calls.figures import FIGURES, Figure, period_text
from cx_tui.screens.calls.reading import calls_of
from cx_tui.screens.list.base_list import BaseList
from cx_tui.screens.list.contents import ListContents
from cx_tui.screens.present import one_of, spaced
from widgets.grid import Cell, Column, Row, RowsAtHand, RowSource, SortKey
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from cx_tui.screens.calls.summary import SummaryList
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


class SummaryContents(ListContents):
    """Periods with their figures."""

    host: "SummaryList"

    def first_columns(self) -> Sequence[Column]:
        """The usual figures."""
        figures = [_column(FIGURES[name]) for name in USUAL]
        # Of one customer it is the same in every row.
        return [PERIOD, *figures, CURRENCY] if self.host.customer_id else [PERIOD, CURRENCY, *figures]

    def first_sort(self) -> Sequence[SortKey]:
        """The newest first."""
        return [SortKey("period", descending=True)]

    async def read(self) -> RowSource:
        """The periods with their figures."""
        period, found = await summaries_of(self.host, self.host.customer_id, self.host.period)
        rows = [_row(period, one) for one in sorted(found, key=lambda one: -one.sums.attempts)]
        for key in reversed(self.host.grid.columns.sort):
            rows.sort(key=lambda row: _sortable(row, key.column), reverse=key.descending)  # at once
        self.host.rows = {row.key: row for row in rows}
        return RowsAtHand(rows)

    async def number(self, rows: RowSource) -> int | None:
        """How many there are."""
        return await rows.count()

    def nothing_here(self) -> str:
        """No calls, no periods."""
        return "No call was counted in this time.\n\nt shows other periods"

    def standing(self) -> Sequence[Part]:
        """Which periods, and how many are marked."""
        kinds = [one_of(f"{one}s", chosen=one == self.host.period) for one in PERIODS]
        marked = self.host.grid.marks.count
        return [*kinds, Part("UTC", "dim"), Part(f"{marked:,} marked" if marked else "", "accent")]

    def detail(self) -> LineText:
        """What the marked cells of this column come to; else the cell."""
        row, column = self.host.grid.cursor.row, self.host.grid.cursor.column
        if row is None or column is None:
            return LineText()
        marks = self.host.grid.marks.rows
        marked = [one.summary for key, one in self.host.rows.items() if key in marks and one.summary]
        if marked and column.key in FIGURES:
            return LineText(spaced(come_to(FIGURES[column.key], marked)))
        text = row.cell(column.key).text
        parts = [Part(f"{column.title}: {text or 'empty'}", "" if text else "dim")]
        return LineText(spaced(parts), [Part(column.help, "dim")])

    def narrow(self, text: str) -> None:
        """There is nothing to search for."""

    def order(self, sort: Sequence[SortKey]) -> None:
        """Order the periods."""
        self.host.grid.columns.sort = sort
        self.host.finding.find(keep=True)

    def choices(self) -> "Sequence[Choice]":
        """Every figure."""
        from widgets.column_chooser import Choice

        every = [PERIOD, *(_column(one) for one in FIGURES.values()), CURRENCY]
        return [Choice(one, "Figures") for one in every]

    def usual_columns(self) -> Sequence[Column]:
        """Those that are shown at first."""
        return self.first_columns()

    def keep_columns(self) -> None:
        """They are kept until the list is closed."""


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
