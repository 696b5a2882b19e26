"""Records in groups, with totals of each: asked of the database once, in the finest groups that are needed.

What is asked are parts: how many, sums, the least, the most, and the two sides of a ratio.  Coarser groups,
subtotals, pivots and other orders are added up from them in memory.  Only how many different values there are
can't be added up: that is asked again.  Currencies are never added up.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cx_tui.db.customer_expressions import read_clock
from cx_tui.db.customer_lists import CustomerSelect
from cx_tui.db.engine import Database
from cx_tui.db.groups import Finest, ask_parts
from cx_tui.db.record_lists import RecordSelect
from cx_tui.domain.columns import ListColumn
from cx_tui.domain.filter_values import filter_columns, is_ordered
from cx_tui.domain.groups import COUNT, CURRENCY, Total, added, parts_of
from cx_tui.domain.kinds import Areas, Day, Lines, Moment, Money, Secret, Toml
from cx_tui.domain.query import Query
from cx_tui.domain.rolling import Group, Groups
from cx_tui.domain.week import WeekKind
from cx_tui.errors import Misconfigured

ACTS = ("sum", "min", "max", "avg", "distinct", "ratio")
AT_ONCE = 10_000
"""So many records are named in one question."""
RATIOS = ("asr", "acd", "acd_all", "pdd")


@dataclass(frozen=True)
class Grouping:
    """By which columns, with which totals; with the values of one more column side by side."""

    by: tuple[ListColumn, ...]
    totals: tuple[Total, ...]
    pivot: ListColumn | None = None

    @property
    def keys(self) -> tuple[ListColumn, ...]:
        """All columns whose values are kept apart."""
        return (*self.by, *([self.pivot] if self.pivot and self.pivot not in self.by else []))


def may_group_by(record: str, name: str) -> bool:
    """Whether records can be grouped by a column: its values are few words, not long texts."""
    column = filter_columns(record).get(name)
    return column is not None and not isinstance(column.kind, Areas | Lines | Secret | Toml | WeekKind)


def grouping_of(record: str, by: str, totals: str, pivot: str = "") -> Grouping:
    """A grouping as it is written; Misconfigured says what is wrong with it."""
    names = [name.strip() for name in by.split(",") if name.strip()]
    said = [word.strip() for word in totals.split(",") if word.strip()] or [COUNT]
    columns = tuple(_column(record, name) for name in names)
    return Grouping(
        columns, tuple(total_of(record, word) for word in said), _column(record, pivot) if pivot else None
    )


def _column(record: str, name: str) -> ListColumn:
    columns = filter_columns(record)
    key = name.lower().replace("-", "_")
    if key not in columns:
        raise Misconfigured(f'there is no column "{name}"; there are {", ".join(columns)}')
    if not may_group_by(record, key):
        raise Misconfigured(f"records can't be grouped by {columns[key].label}: its texts are long")
    return columns[key]


def total_of(record: str, word: str) -> Total:
    """A total as it is written; Misconfigured says what is wrong with it."""
    if word == COUNT:
        return Total(COUNT)
    act, _, name = word.partition(":")
    if act not in ACTS or not name:
        raise Misconfigured(
            f'"{word}" is no total; write count, or sum, min, max, avg, distinct or ratio like sum:credit'
        )
    column = _column(record, name)
    if act == "distinct":
        return Total(act, column, word)
    if act == "ratio" and (record != "customer" or column.name not in RATIOS):
        raise Misconfigured(f"{column.label} is no ratio of two sums; of customers, {', '.join(RATIOS)} are")
    is_moment = isinstance(column.kind, Moment | Day)
    if not is_ordered(column.kind) or (is_moment and act in ("sum", "avg")):
        raise Misconfigured(f"{column.label} has no {act}; its values are no numbers")
    return Total(act, column, word)


class Grouped:
    """The groups of one query: what was asked is kept, so that the same in other groups takes no question."""

    def __init__(self, database: Database, query: Query) -> None:
        self._database = database
        self.query = query
        self._kept: list[Groups] = []

    async def ask(self, grouping: Grouping) -> Groups:
        """The groups, by the columns of the grouping and its pivot."""
        wanted = parts_of(grouping.totals)
        names = [column.name for column in grouping.keys]
        distinct = any(total.act == "distinct" for total in grouping.totals)
        for kept in self._kept:
            if not distinct and kept.can_give(names, wanted):
                return kept.rolled(names)
        found = await self._ask(grouping.keys, grouping.totals)
        if not distinct:
            self._kept.append(found)
        return found

    async def _ask(self, keys: Sequence[ListColumn], totals: Sequence[Total]) -> Groups:
        async with self._database.reading() as connection:
            source = await self._source(connection)
            currency = source.has_column(CURRENCY) and any(isinstance(total.kind, Money) for total in totals)
            finest = Finest(tuple(keys), parts_of(totals), currency)
            return await ask_parts(connection, source, finest, on_sqlite=self._database.on_sqlite)

    async def of_marked(
        self, totals: Sequence[Total], keys: Collection[int], *, all_but: bool
    ) -> list[Group]:
        """Totals of some records of the query, or of all but these: a group for each currency.  Of all but
        some, only what can be taken away again is right: counts and sums."""
        parts, marked = parts_of(totals), sorted(keys)
        money = any(isinstance(total.kind, Money) for total in totals)
        found: list[Group] = []
        async with self._database.reading() as connection:
            source = await self._source(connection)
            currency = money and source.has_column(CURRENCY)
            for start in range(0, len(marked), AT_ONCE):
                ids = tuple(marked[start : start + AT_ONCE])
                some = await ask_parts(
                    connection, source, Finest((), parts, currency, ids), on_sqlite=self._database.on_sqlite
                )
                found += some.groups
        few = _by_currency(parts, found)
        if not all_but:
            return few
        whole = (await self._ask((), totals)).groups
        return [_without(one, next((f for f in few if f.currency == one.currency), None)) for one in whole]

    async def _source(self, connection: Any) -> "CustomerSelect | RecordSelect":
        query = replace(self.query, sort=())
        if query.record != "customer":
            return RecordSelect(query)
        clock, some = await read_clock(connection), self._database.rights.reseller
        return CustomerSelect(query, clock, on_sqlite=self._database.on_sqlite, some=some)


def _by_currency(names: Sequence[tuple[str, str]], groups: Sequence[Group]) -> list[Group]:
    several: dict[str | None, list[Group]] = {}
    for group in groups:
        if group.parts[COUNT, ""]:
            several.setdefault(group.currency, []).append(group)
    return [
        Group((), currency, added(names, [group.parts for group in some]))
        for currency, some in several.items()
    ]


def _without(whole: Group, few: Group | None) -> Group:
    if few is None:
        return whole
    taken = {
        name: value if few.parts[name] is None or name[0] in ("min", "max") else value - few.parts[name]
        for name, value in whole.parts.items()
    }
    return replace(whole, parts=taken)


async def groups(database: Database, query: Query, grouping: Grouping) -> list[dict[str, Any]]:
    """The groups of the records that a query asks for, in the order of what they are grouped by."""
    found = await Grouped(database, query).ask(grouping)
    rows = [_as_object(found, group, grouping) for group in found.groups]
    return _side_by_side(rows, grouping) if grouping.pivot else rows


def _as_object(found: Groups, group: Any, grouping: Grouping) -> dict[str, Any]:
    said = {
        column.name: found.key_text(column, value)
        for column, value in zip(found.keys, group.key, strict=True)
    }
    if found.has_currency:
        said[CURRENCY] = group.currency
    return {**said, **{total.name: total.written(group.parts) for total in grouping.totals}}


def _side_by_side(found: Sequence[Mapping[str, Any]], grouping: Grouping) -> list[dict[str, Any]]:
    """Groups that differ in the last key only become one, with what it is in each of them."""
    pivot = grouping.pivot
    totals = {total.name for total in grouping.totals}
    made: dict[tuple[Any, ...], dict[str, Any]] = {}
    for group in found:
        own = {n: v for n, v in group.items() if n not in totals and pivot and n != pivot.name}
        one = made.setdefault(tuple(own.values()), {**own, "pivot": {}})
        value = group[pivot.name] if pivot else None
        said = "" if value is None else value if isinstance(value, str) else str(value)
        one["pivot"][said] = {name: group[name] for name in totals}
    return list(made.values())
