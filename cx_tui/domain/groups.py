"""Totals of groups, and the parts that they are made of: parts can be added up, totals can't."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cx_tui.domain.columns import ListColumn
from cx_tui.domain.kinds import Integer, Kind, Money, Percent

COUNT = "count"
CURRENCY = "currency"

RATIO_PARTS: Mapping[str, tuple[str, str, float]] = {
    "asr": ("connected", "attempts", 100.0),
    "acd": ("answered_seconds", "connected", 1.0),
    "acd_all": ("total_seconds", "attempts", 1.0),
    "pdd": ("ring_ms", "attempts", 0.001),
}
"""What a ratio is the quotient of, and times what: over many, sums are divided, ratios are not averaged."""

Parts = dict[tuple[str, str], Any]
"""By act (count, filled, sum, min, max, distinct) and column."""


@dataclass(frozen=True)
class Total:
    """What is said of each group: how many there are, or the sum, the least, the most, the average, how many
    different values of a column, or a ratio of sums."""

    act: str
    column: ListColumn | None = None
    name: str = COUNT

    @property
    def kind(self) -> Kind:
        """The kind of its values."""
        return self.column.kind if self.column and self.act != "distinct" else Integer()

    @property
    def title(self) -> str:
        """What it is called above a column."""
        if self.column is None:
            return "Count"
        words = {"sum": "total", "avg": "average", "min": "least", "max": "most", "distinct": "different"}
        return f"{self.column.title} {words.get(self.act, '')}".strip()

    def parts(self) -> list[tuple[str, str]]:
        """What it is made of."""
        if self.column is None:
            return [(COUNT, "")]
        name = self.column.name
        match self.act:
            case "ratio":
                above, below, _ = RATIO_PARTS[name]
                return [("sum", above), ("sum", below)]
            case "sum" | "avg":
                return [("sum", name), ("filled", name)]
        return [(self.act, name)]

    def value(self, parts: Mapping[tuple[str, str], Any]) -> Any:
        """What it is of a group: exact, nothing where no record has a value."""
        if self.column is None:
            return parts[COUNT, ""]
        name = self.column.name
        if self.act == "ratio":
            above, below, times = RATIO_PARTS[name]
            return times * parts["sum", above] / parts["sum", below] if parts["sum", below] else None
        if self.act in ("sum", "avg"):
            number, total = parts["filled", name], parts["sum", name]
            if not number:
                return None
            if self.act == "sum":
                return total
            average = total / number
            return round(average, 6) if isinstance(average, Decimal) else float(average)
        return parts[self.act, name]

    def written(self, parts: Mapping[tuple[str, str], Any]) -> Any:
        """The same for programs: amounts as texts, numbers as numbers."""
        return said(self.kind, self.value(parts))

    def shown(self, parts: Mapping[tuple[str, str], Any]) -> str:
        """The same for people."""
        value = self.value(parts)
        if value is None:
            return ""
        if isinstance(self.kind, Integer):
            return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
        return self.kind.show(value)


def said(kind: Kind, value: Any) -> Any:
    """A value as programs read it."""
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Decimal) and not isinstance(kind, Money | Percent):
        return int(value) if value == int(value) else float(value)
    return kind.write(value)


def is_money(total: Total) -> bool:
    """Whether it is an amount, which is of one currency."""
    return isinstance(total.kind, Money)


def parts_of(totals: Iterable[Total]) -> tuple[tuple[str, str], ...]:
    """All that totals are made of, each once; the count always, as it says how large a group is."""
    every = [(COUNT, ""), *(part for total in totals for part in total.parts())]
    return tuple(dict.fromkeys(every))


def added(names: Sequence[tuple[str, str]], several: Sequence[Parts]) -> Parts:
    """The parts of several groups as those of one.  How many different values there are does not add up."""
    found: Parts = {}
    for name in names:
        values = [parts[name] for parts in several if parts[name] is not None]
        match name[0]:
            case "min":
                found[name] = min(values, default=None)
            case "max":
                found[name] = max(values, default=None)
            case "distinct":
                found[name] = values[0] if len(several) == 1 else None
            case _:
                found[name] = sum(values[1:], values[0]) if values else None
    return found
