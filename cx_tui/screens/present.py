"""How the domain looks in widgets: columns, cells, and the tone of a value."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from cx_tui.domain.columns import ListColumn, list_columns
from cx_tui.domain.currencies import decimals_of
from cx_tui.domain.kinds import Money
from cx_tui.domain.layout import Layout, ShownColumn
from cx_tui.domain.records.customer import Status
from cx_tui.domain.warnings import WARNINGS
from widgets.grid import Cell, Column
from widgets.line import Part

Values = Mapping[str, Any]
GAP = Part("   ")
MONEY = Money()
WIDE_NAME = 44
"""Cells in which nearly every name has room."""

ALWAYS = (
    "name", "status", "balance", "currency", "debit_limit", "available", "hours_left",
    "live", "channels", "warning_mask", "daily_limit", "spend_today",
)  # fmt: skip
"""What the detail line and the cells of several values need, whatever is shown."""


def grid_column(column: ListColumn, shown: ShownColumn | None = None) -> Column:
    """A column of the list as the grid knows it; the name takes the room that is left."""
    width = shown.width if shown else column.usual_width
    return Column(
        column.name,
        column.label,
        width=width,
        grows=WIDE_NAME if column.name == "name" and width == column.usual_width else 0,
        align=column.kind.align,
        frozen=bool(shown and shown.frozen),
        help=column.help,
        identifies=column.name in ("name", "id", "external_id"),
    )


def grid_columns(layout: Layout) -> tuple[Column, ...]:
    """The columns of a layout."""
    return tuple(grid_column(list_columns()[shown.name], shown) for shown in layout.columns)


def shown_columns(columns: Iterable[Column]) -> tuple[ShownColumn, ...]:
    """The grid's columns as a layout keeps them."""
    return tuple(ShownColumn(column.key, column.width, column.frozen) for column in columns)


def cells(values: Values, names: Iterable[str]) -> dict[str, str | Cell]:
    """The cells of a customer."""
    every = list_columns()
    return {
        name: CELLS[name](values) if name in CELLS else every[name].kind.show(values[name]) for name in names
    }


def limited(text: str, reached: bool, tone: str = "warn") -> Cell:
    """A figure that has a limit: where that is reached, a sign says so as well as the tone."""
    return Cell(text, tone, True) if reached else Cell(text)


def warnings_of(mask: int) -> list[Part]:
    """The warnings of a mask, those that stop calls first and with two signs."""
    found = [warning for bit, warning in enumerate(WARNINGS) if mask >> bit & 1]
    found.sort(key=lambda warning: not warning.stops_calls)
    signs = ("!", "warn"), ("!!", "bad")
    return [
        Part(f"{sign} {warning.sentence}", tone)
        for warning in found
        for sign, tone in (signs[warning.stops_calls],)
    ]


def warned(mask: int) -> Part:
    """The same in one line, with the sign and the tone of the first."""
    found = warnings_of(mask)
    if not found:
        return Part("no warnings", "dim")
    return Part("; ".join([found[0].text, *(one.text.lstrip("! ") for one in found[1:])]), found[0].tone)


def one_of(label: str, action: str = "", *, chosen: bool) -> Part:
    """One of several that stand side by side: the chosen one in brackets."""
    return Part(f"[{label}]" if chosen else f" {label} ", "accent" if chosen else "dim", action)


def _warnings(values: Values) -> Cell:
    mask = values["warning_mask"]
    stops = any(warning.stops_calls for bit, warning in enumerate(WARNINGS) if mask >> bit & 1)
    return Cell(str(mask.bit_count()) if mask else "", "bad" if stops else "warn", stops)


def _credit(values: Values) -> Cell:
    text = f"{amount(values['balance'], values['currency'])} {values['currency']}"
    return limited(text, values["available"] <= 0, "bad")


def amount(value: Decimal, currency: str) -> str:
    """An amount with as many decimals as are paid; never more than there is."""
    places = decimals_of(currency)
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_FLOOR):,.{places}f}"


def _in_use(values: Values) -> Cell:
    live, limit = values["live"], values["channels"]
    return limited(f"{live:,} of {limit:,}", bool(live and live >= limit))


STATUS_TONES = {Status.PENALTY: "bad", Status.PENDING_APPROVAL: "warn", Status.INACTIVE: "dim"}


def _status(values: Values) -> Cell:
    return Cell(values["status"].label, STATUS_TONES.get(values["status"], ""))


LONG_PDD = 10
"""Whoever has to wait so many seconds for a tone gives up."""

LOW_ASR = 40
"""Fewer calls connected in a hundred than this are a reason to look."""


def _asr(values: Values) -> Cell:
    asr = values["asr"]
    if asr is None:
        return Cell("")
    return limited(f"{asr:.1f}", asr < LOW_ASR)


def _pdd(values: Values) -> Cell:
    pdd = values["pdd"]
    return Cell("") if pdd is None else limited(f"{pdd:.1f}", pdd >= LONG_PDD)


CELLS: dict[str, Callable[[Values], Cell]] = {
    "warnings": _warnings,
    "credit": _credit,
    "in_use": _in_use,
    "status": _status,
    "asr": _asr,
    "pdd": _pdd,
}
"""Cells of several values, or with a tone."""


def full_text(values: Values, name: str) -> str:
    """The whole value of a column, in one line: of money, all decimals."""
    if name == "credit":
        return f"{MONEY.show(values['balance'])} {values['currency']}"
    cell = cells(values, [name])[name]
    return cell.text if isinstance(cell, Cell) else cell


def debit_limit_in_words(limit: Decimal) -> str:
    """What a debit limit means."""
    if limit > 0:
        return f"post-pay, may go to -{MONEY.show(limit)}"
    return f"pre-pay, must keep {MONEY.show(-limit)}" if limit < 0 else "pre-pay"


def credit_in_words(values: Values) -> str:
    """What the debit limit means for this customer, and how far the credit goes."""
    words, currency = debit_limit_in_words(values["debit_limit"]), values["currency"]
    available, hours = values["available"], values["hours_left"]
    words += f", {MONEY.show(available)} {currency} left" if available > 0 else ", nothing left"
    if available > 0 and hours is not None:
        words += f", about {list_columns()['hours_left'].kind.show(hours)}"
    return words


def spaced(parts: Sequence[Part]) -> list[Part]:
    """The parts with space between them."""
    return [each for part in parts if part.text for each in (part, GAP)][:-1]
