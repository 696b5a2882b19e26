"""A plot of groups, or of a line of a pivot: bars with the value under the cursor, and a sentence of them."""

from collections.abc import Sequence
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.domain.columns import ListColumn
from cx_tui.domain.groups import COUNT, Total
from cx_tui.domain.rolling import Group, Groups
from cx_tui.screens.groups.table import Table
from cx_tui.screens.header import Header
from cx_tui.screens.program import Program
from widgets.key_line import KeyLine
from widgets.line import Line, Part
from widgets.plot import Plot, Point

SHORT = 12
NOTHING = "There is nothing to plot: no group has a value here."
MOST = 3
"""So many series are plotted one above the other."""

Series = tuple[str, list[Point]]


def points_of(table: Table, found: Groups, column: str) -> tuple[str, list[Series]]:
    """What is plotted: of groups the column under the cursor; of a pivot, its lines."""
    if table.pivot:
        return _pivot(table, found, table.pivot)
    total = next((one for one in table.totals if one.name == column), table.totals[0])
    series: dict[str, list[Point]] = {}
    for row in table.rows(found):
        if row.group is None or row.depth:
            continue
        name = row.cell("group").text.lstrip("▸▾+- ").strip()
        series.setdefault(row.group.currency or "", []).append(_point(name, total, row.group))
    label = " / ".join(one.title for one in table.by[:1])
    return f"{total.title} by {label}", list(series.items())[:MOST]


def _point(name: str, total: Total, group: Group) -> Point:
    value = total.value(group.parts)
    return Point(name, name[:SHORT], None if value is None else float(value), total.shown(group.parts))


def _pivot(table: Table, found: Groups, pivot: ListColumn) -> tuple[str, list[Series]]:
    from cx_tui.screens.groups.table import merged

    total, names = table.shown_total, [column.name for column in table.by]
    fine = found.rolled([*names, pivot.name])
    largest = sorted(table.rows(found), key=lambda row: -(row.group.parts[COUNT, ""] if row.group else 0))[
        :MOST
    ]
    series: list[Series] = []
    for row in largest:
        if row.group is None:
            continue
        points = []
        for text, value in table.values(found):
            same = [
                group
                for group in fine.groups
                if group.currency == row.group.currency
                and group.key[:-1] == row.group.key
                and group.key[-1] == value
            ]
            parts = merged(fine, same)
            number = total.value(parts) if parts else None
            shown = total.shown(parts) if parts else ""
            points.append(Point(text, text[:SHORT], None if number is None else float(number), shown))
        series.append((f"{row.cell('group').text} {row.group.currency or ''}".strip(), points))
    return f"{total.title} across {pivot.title}", series


def sentence(title: str, points: Sequence[Point]) -> str:
    """The plot in words, for who can't see it."""
    filled = [point for point in points if point.value is not None]
    if not filled:
        return NOTHING
    most = max(filled, key=lambda point: point.value or 0)
    least = min(filled, key=lambda point: point.value or 0)
    return f"Most: {most.label} ({most.text}).  Least: {least.label} ({least.text})."


class PlotPage(Screen[None]):
    """The plots; h and l go along, esc goes back."""

    TITLE = "Plot"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,P", "leave", "back", id="plot.back", tooltip="Back to the groups."),
    ]

    DEFAULT_CSS = """
    PlotPage {
        & > Line { height: 1; padding: 0 1; }
        & > Plot { height: 1fr; margin: 0 1; }
    }
    """

    def __init__(self, title: str, series: Sequence[Series], as_command: str) -> None:
        super().__init__()
        self._title = title
        self._series = series
        self._as_command = as_command

    def command(self) -> str:
        """What is plotted, as a command."""
        return self._as_command

    def compose(self) -> ComposeResult:
        """The title, the plots, the same in words, the keys."""
        program = cast(Program, self.app)
        yield Header(glyphs=program.glyphs)
        for _ in self._series:
            yield Plot(ascii=program.ascii)
        yield Line(glyphs=program.glyphs, id="said")
        yield KeyLine(glyphs=program.glyphs, id="keys")

    def on_mount(self) -> None:
        """Draw."""
        self.query_one(Header).say(Part(self._title, "strong"))
        for plot, (name, points) in zip(self.query(Plot), self._series, strict=True):
            plot.show(
                name or self._title,
                points,
                lambda value: f"{value:,.0f}" if abs(value) >= 10 else f"{value:g}",
                nothing=NOTHING,
            )
        first = self._series[0][1] if self._series else ()
        self.query_one("#said", Line).show(Part(sentence(self._title, first), "dim"))
        if self._series:
            self.query(Plot).first().focus()

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)
