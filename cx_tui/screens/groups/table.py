"""Groups as the rows and columns of a grid: a tree of levels, or a pivot with values side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cx_tui.domain.columns import ListColumn
from cx_tui.domain.groups import COUNT, CURRENCY, Total, is_money
from cx_tui.domain.kinds import Money
from cx_tui.domain.rolling import Group, Groups
from widgets.grid import Cell, Column, Row

BAR = 12
"""Cells of a whole bar."""
MOST_VALUES = 50
"""So many values stand side by side at most: those with the most records; the others are added up."""
OTHERS = "others"
EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class GroupRow(Row):
    """A row that knows its group, and how many levels are above it."""

    group: Group | None = None
    depth: int = 0


@dataclass
class Table:
    """How groups are shown: by which columns, with which totals, laid side by side by which, sorted how."""

    by: Sequence[ListColumn]
    totals: Sequence[Total]
    pivot: ListColumn | None = None
    sort: tuple[str, bool] | None = None
    total_shown: int = 0
    """Of a pivot: which of the totals stands in the cells."""
    opened: set[tuple[Any, ...]] = field(default_factory=set)
    ascii: bool = False

    @property
    def shown_total(self) -> Total:
        """The total that stands in the cells of a pivot."""
        return self.totals[self.total_shown % len(self.totals)]

    # Columns

    def columns(self, found: Groups) -> tuple[Column, ...]:
        """The columns of the grid."""
        label = " / ".join(column.title for column in self.by)
        first = [Column("group", label, width=max(24, len(label) + 2), frozen=True)]
        if found.has_currency:
            first.append(Column("currency", "Cur.", width=5))
        if self.pivot:
            own = _adding(self.shown_total)
            values = [
                Column(f"v{place}", text, width=max(12, min(20, len(text) + 2)), align="right", **own)
                for place, (text, _) in enumerate(self.values(found))
            ]
            return (*first, Column("whole", "All", width=14, align="right", **own), *values)
        titles = [
            Column(total.name, total.title, max(12, len(total.title) + 2), "right", **_adding(total))
            for total in self.totals
        ]
        bars = [Column("share", "Share", width=7, align="right"), Column("bar", "", width=BAR + 1)]
        return (*first, *titles[:1], *bars, *titles[1:])

    # Rows

    def rows(self, found: Groups) -> list[GroupRow]:
        """The rows of the grid."""
        return self._pivoted(found, self.pivot) if self.pivot else self._tree(found)

    def _tree(self, found: Groups) -> list[GroupRow]:
        levels = [
            found.rolled([column.name for column in self.by[: depth + 1]]) for depth in range(len(self.by))
        ]
        whole = sum(group.parts[COUNT, ""] for group in levels[0].groups)
        most = max((group.parts[COUNT, ""] for group in levels[0].groups), default=1)
        rows: list[GroupRow] = []

        def add(depth: int, above: tuple[Any, ...], currency: str | None) -> None:
            level = levels[depth]
            for group in self._sorted(level):
                if group.key[:depth] != above or (depth and group.currency != currency):
                    continue
                rows.append(self._row(len(rows) + 1, level, group, depth, whole, most))
                if depth + 1 < len(levels) and (group.currency, *group.key) in self.opened:
                    add(depth + 1, group.key, group.currency)

        add(0, (), None)
        return rows

    def _row(self, number: int, level: Groups, group: Group, depth: int, whole: int, most: int) -> GroupRow:
        text = level.key_shown(level.keys[depth], group.key[depth])
        sign = ""
        if depth + 1 < len(self.by):
            is_open = (group.currency, *group.key) in self.opened
            sign = ("- " if is_open else "+ ") if self.ascii else ("▾ " if is_open else "▸ ")
        count = group.parts[COUNT, ""]
        cells: dict[str, str | Cell] = {
            "group": Cell("  " * depth + sign + text, "" if text != "(none)" else "dim"),
            "currency": group.currency or "",
            "share": f"{100 * count / whole:.1f}%" if whole else "",
            "bar": Cell(bar(count / most if most else 0, ascii=self.ascii), "accent"),
        }
        for total in self.totals:
            cells[total.name] = cell(total, group.parts)
        return GroupRow(number, cells, group=group, depth=depth)

    def _sorted(self, level: Groups) -> Sequence[Group]:
        if self.sort is None or self.sort[0] in ("group", "currency"):
            groups = level.groups
            return groups[::-1] if self.sort and self.sort[1] else groups
        name, descending = self.sort
        if name in ("share", "bar"):
            name = COUNT
        total = next((one for one in self.totals if one.name == name), None)
        if total is None:
            return level.groups
        return level.sorted(lambda group: total.value(group.parts), descending=descending)

    # Pivot

    def values(self, found: Groups) -> list[tuple[str, Any]]:
        """The values that stand side by side: those with most records, in their order, then the others."""
        if self.pivot is None:
            return []
        level = found.rolled([self.pivot.name])
        counted: dict[Any, int] = {}
        for group in level.groups:
            counted[group.key[0]] = counted.get(group.key[0], 0) + group.parts[COUNT, ""]
        most = sorted(counted, key=lambda value: -counted[value])[:MOST_VALUES]
        kept = [value for value in counted if value in set(most)]
        named = [(found.key_shown(self.pivot, value), value) for value in kept]
        return [*named, (OTHERS, OTHERS)] if len(counted) > len(kept) else named

    def _pivoted(self, found: Groups, pivot: ListColumn) -> list[GroupRow]:
        names = [column.name for column in self.by]
        level, fine = found.rolled(names), found.rolled([*names, pivot.name])
        total, values = self.shown_total, self.values(found)
        known = {value for _, value in values}
        cells: dict[tuple[Any, ...], dict[Any, list[Group]]] = {}
        for group in fine.groups:
            value = group.key[-1] if group.key[-1] in known else OTHERS
            own = cells.setdefault((group.currency, *group.key[:-1]), {})
            own.setdefault(value, []).append(group)
        rows = []
        for number, group in enumerate(self._sorted_pivot(level), 1):
            own = cells.get((group.currency, *group.key), {})
            text = " / ".join(map(level.key_shown, self.by, group.key))
            row: dict[str, str | Cell] = {
                "group": text, "currency": group.currency or "", "whole": cell(total, group.parts),
            }  # fmt: skip
            for place, (_, value) in enumerate(values):
                parts = merged(fine, own.get(value, ()))
                row[f"v{place}"] = cell(total, parts) if parts else Cell("-", "dim")
            rows.append(GroupRow(number, row, group=group, depth=len(names) - 1))
        return rows

    def _sorted_pivot(self, level: Groups) -> Sequence[Group]:
        if self.sort and self.sort[0] == "whole":
            total = self.shown_total
            return level.sorted(lambda group: total.value(group.parts), descending=self.sort[1])
        return level.groups[::-1] if self.sort and self.sort[1] else level.groups


def _adding(total: Total) -> dict[str, Any]:
    """How the numbers of a total's column may be added up."""
    return {"unit": CURRENCY if is_money(total) else "", "adds": total.act in (COUNT, "sum")}


def merged(level: Groups, groups: Sequence[Group]) -> Mapping[tuple[str, str], Any] | None:
    """The parts of several groups as one; none of no groups."""
    from cx_tui.domain.groups import added

    if not groups:
        return None
    return groups[0].parts if len(groups) == 1 else added(level.names, [group.parts for group in groups])


def cell(total: Total, parts: Mapping[tuple[str, str], Any]) -> Cell:
    """A total in a cell."""
    value = total.value(parts)
    below = isinstance(total.kind, Money) and value is not None and value < 0
    return Cell(total.shown(parts), "bad" if below else "")


def bar(share: float, *, ascii: bool) -> str:
    """A bar that is so long a part of the whole; what is not nothing is seen."""
    if ascii:
        return "#" * max(1, round(share * BAR)) if share else ""
    eighths = max(1, round(share * BAR * 8)) if share else 0
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (EIGHTHS[rest] if rest else "")
