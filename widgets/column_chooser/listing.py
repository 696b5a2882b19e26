"""The lines of the list: the columns shown in their order, a rule, the hidden ones by group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from widgets.grid import Column


@dataclass(frozen=True, slots=True)
class Choice:
    """A column there is, and the group it is listed in while it is hidden."""

    column: Column
    group: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: a column, a group's heading, or (without text) the rule before the hidden ones."""

    text: str = ""
    column: Column | None = None
    shown: bool = False


class Listing:
    """The lines a filter leaves; a column is found by its title or its help, whatever the case."""

    def __init__(self, shown: Sequence[Column], available: Sequence[Choice], text: str = "") -> None:
        self._text = text.strip().casefold()
        above = [Line(column=column, shown=True) for column in shown if self._finds(column)]
        below = list(self._hidden({column.key for column in shown}, available))
        self.lines: tuple[Line, ...] = (*above, *([Line()] if above and below else ()), *below)
        self.keys = [line.column.key for line in self.lines if line.column]

    def place(self, key: str) -> int | None:
        """The place of a column's line."""
        places = (place for place, line in enumerate(self.lines) if line.column and line.column.key == key)
        return next(places, None)

    def neighbour(self, key: str) -> str:
        """The column after this one, or before it, that is shown or hidden as it is; else itself."""
        kinds = {line.column.key: line.shown for line in self.lines if line.column}
        alike = [other for other in self.keys if kinds[other] == kinds[key]]
        place = alike.index(key)
        return (alike[place + 1 :] or alike[max(0, place - 1) :])[0]

    def _finds(self, column: Column) -> bool:
        """Whether the filter leaves this column."""
        return self._text in column.title.casefold() or self._text in column.help.casefold()

    def _hidden(self, shown: set[str], available: Sequence[Choice]) -> Iterator[Line]:
        """The lines of the hidden columns, each group under its heading."""
        groups: dict[str, list[Line]] = {}
        for choice in available:
            if choice.column.key not in shown and self._finds(choice.column):
                groups.setdefault(choice.group, []).append(Line(column=choice.column))
        for group, lines in groups.items():
            if group:
                yield Line(group)
            yield from lines
