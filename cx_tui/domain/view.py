"""A view as a value: a query with its columns and its groups, under a name; and as texts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from cx_tui.domain.columns import list_columns, record_columns
from cx_tui.domain.filters import All, BadFilter, parse, written
from cx_tui.domain.layout import Layout, ShownColumn
from cx_tui.domain.query import Query, Sort, StatusFilter

COLUMN = re.compile(r"(\w+)(?::(\d{1,3}))?(!?)")
KEYS = range(1, 10)
"""The keys that open views."""


class GroupedBy(NamedTuple):
    """Groups as they are written: by which columns, with which totals, across which column, which of them."""

    by: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    pivot: str = ""
    having: str = ""


@dataclass(frozen=True)
class View:
    """Everything of a layout.  Columns and conditions of another version stay in it as they are written."""

    name: str
    query: Query = Query()
    columns: tuple[str, ...] = ()
    """As they are written: name, width, whether it is frozen.  None are the usual ones."""
    groups: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    pivot: str = ""
    having: str = ""
    """Which of the groups are shown: conditions on their totals."""
    shared: bool = False
    operator: str = ""
    id: int | None = None

    @property
    def listed(self) -> str:
        """The kind of records that it lists."""
        return self.query.record

    @property
    def grouped(self) -> GroupedBy:
        """Its groups."""
        return GroupedBy(self.groups, self.totals, self.pivot, self.having)

    def with_groups(self, grouped: GroupedBy) -> "View":
        """The view with other groups."""
        by, totals, pivot, having = grouped
        return replace(self, groups=by, totals=totals, pivot=pivot, having=having)

    def layout(self, usual: Layout) -> Layout:
        """Its columns and its order, as far as this version knows them."""
        every = columns_of(self.listed)
        shown = []
        for text in self.columns:
            found = COLUMN.fullmatch(text)
            if found and found[1] in every:
                width = int(found[2] or every[found[1]].usual_width)
                shown.append(ShownColumn(found[1], min(200, max(1, width)), bool(found[3])))
        sort = tuple(one for one in self.query.sort if one.column in every)
        return Layout(tuple(shown) or usual.columns, sort or usual.sort)

    def asked(self) -> Query:
        """Its question, as far as this version knows the columns of its order."""
        every = columns_of(self.listed)
        return replace(self.query, sort=tuple(one for one in self.query.sort if one.column in every))

    def unknown(self) -> list[str]:
        """Columns that it shows and that there are not (any more)."""
        every = columns_of(self.listed)
        names = [found[1] for text in self.columns if (found := COLUMN.match(text))]
        return [name for name in names if name not in every]

    def with_layout(self, query: Query, layout: Layout) -> "View":
        """The view as the operator has arranged it now; what this version does not know stays at its end."""
        every = columns_of(query.record)
        gone = [text for text in self.columns if (found := COLUMN.match(text)) and found[1] not in every]
        own = replace(query, sort=layout.sort, owner_id=None, of=())
        return replace(self, query=own, columns=(*map(column_text, layout.columns), *gone))

    def same(self, other: "View") -> bool:
        """Whether another shows the same."""
        return replace(self, name="", shared=False, operator="", id=None) == replace(
            other, name="", shared=False, operator="", id=None
        )

    def values(self) -> dict[str, Any]:
        """What is kept of it."""
        query = self.query
        return {
            "name": self.name, "shared": self.shared, "listed": query.record,
            "status": "" if query.status is StatusFilter.ALL else query.status.value,
            "search": query.search, "filter": query.where, "off": joined(query.off),
            "sort": ",".join(map(sort_text, query.sort)), "columns": ", ".join(self.columns),
            "groups": ",".join(self.groups), "totals": ",".join(self.totals), "pivot": self.pivot,
            "only_groups": self.having,
        }  # fmt: skip

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "View":
        """A view from what is kept of it."""
        query = Query(
            search=values["search"],
            status=next((one for one in StatusFilter if one.value == values["status"]), StatusFilter.ALL),
            sort=tuple(map(sort_of, _parts(values["sort"], ","))),
            record=values["listed"],
            where=values["filter"],
            off=conditions_of(values["off"]),
        )
        return cls(
            values["name"], query, _parts(values["columns"], ","), _parts(values["groups"], ","),
            _parts(values["totals"], ","), values["pivot"], values["only_groups"], bool(values["shared"]),
            values["operator"], values["id"],
        )  # fmt: skip


def conditions_of(text: str) -> tuple[str, ...]:
    """The conditions that hold together in a filter, each by itself."""
    if not text.strip():
        return ()
    try:
        found = parse(text)
    except BadFilter:
        return (text,)
    return tuple(map(written, found.parts)) if isinstance(found, All) else (written(found),)


def joined(conditions: Iterable[str]) -> str:
    """Conditions that hold together as one filter."""
    try:
        parts = [parse(text) for text in conditions]
    except BadFilter:
        return " ".join(conditions)
    return written(All(tuple(parts))) if len(parts) > 1 else "".join(map(written, parts))


def columns_of(record: str) -> Mapping[str, Any]:
    """All columns of the list of a kind of record."""
    return list_columns() if record == "customer" else record_columns(record)


def column_text(column: ShownColumn) -> str:
    """A column as it is written."""
    return f"{column.name}:{column.width}{'!' if column.frozen else ''}"


def sort_text(sort: Sort) -> str:
    """One part of an order as it is written."""
    return f"-{sort.column}" if sort.descending else sort.column


def sort_of(text: str) -> Sort:
    """One part of an order."""
    return Sort(text.removeprefix("-"), text.startswith("-"))


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())
