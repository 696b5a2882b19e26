"""Records in groups, with totals of each: asked of the database once, in the finest groups that are needed.

What is asked are parts: how many, sums, the least, the most, and the two sides of a ratio.  Coarser groups,
subtotals, pivots and other orders are added up from them in memory.  Only how many different values there are
can't be added up: that is asked again.  Currencies are never added up.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from cx_tui.db.customer_expressions import read_clock
from cx_tui.db.customer_lists import CustomerSelect
from cx_tui.db.engine import Database
from cx_tui.db.groups import Finest, ask_parts
from cx_tui.db.record_lists import RecordSelect
from cx_tui.domain.columns import ListColumn
from cx_tui.domain.filter_values import filter_columns, is_ordered, span_of
from cx_tui.domain.filters import value_of
from cx_tui.domain.groups import COUNT, CURRENCY, Total, is_money, parts_of
from cx_tui.domain.having import Having, pieces
from cx_tui.domain.kinds import Areas, BadValue, Day, Lines, Moment, Secret, Toml
from cx_tui.domain.query import Query
from cx_tui.domain.rolling import Group, Groups, by_currency
from cx_tui.domain.week import WeekKind
from cx_tui.errors import Misconfigured

ACTS = ("sum", "min", "max", "avg", "distinct", "ratio")
AT_ONCE = 10_000
"""So many records are named in one question."""
RATIOS = ("asr", "acd", "acd_all", "pdd")


@dataclass(frozen=True)
class Grouping:
    """By which columns, with which totals; with the values of one more column side by side; and of which
    groups, if not of all."""

    by: tuple[ListColumn, ...]
    totals: tuple[Total, ...]
    pivot: ListColumn | None = None
    having: tuple[Having, ...] = ()

    @property
    def keys(self) -> tuple[ListColumn, ...]:
        """All columns whose values are kept apart."""
        return (*self.by, *([self.pivot] if self.pivot and self.pivot not in self.by else []))

    @property
    def asked(self) -> tuple[Total, ...]:
        """The totals that are shown, and those that groups are chosen by."""
        return (*self.totals, *(condition.total for condition in self.having))

    def only(self, found: Groups) -> Groups:
        """Of groups those of which the conditions hold; what is above them is of these alone."""
        if not self.having:
            return found
        names = [column.name for column in self.by]
        return found.only(names, lambda group: all(one.holds(group) for one in self.having))


def may_group_by(record: str, name: str) -> bool:
    """Whether records can be grouped by a column: its values are few words, not long texts."""
    column = filter_columns(record).get(name)
    return column is not None and not isinstance(column.kind, Areas | Lines | Secret | Toml | WeekKind)


def grouping_of(record: str, by: str, totals: str, pivot: str = "", having: str = "") -> Grouping:
    """A grouping as it is written; Misconfigured says what is wrong with it."""
    names = [name.strip() for name in by.split(",") if name.strip()]
    said = [word.strip() for word in totals.split(",") if word.strip()] or [COUNT]
    columns = tuple(_column(record, name) for name in names)
    side_by_side = _column(record, pivot) if pivot else None
    shown = tuple(total_of(record, word) for word in said)
    return Grouping(columns, shown, side_by_side, having_of(record, having))


def having_of(record: str, text: str) -> tuple[Having, ...]:
    """Conditions on totals as they are written; Misconfigured says what is wrong with them."""
    found = []
    try:
        for word, op, value in pieces(text):
            total = total_of(record, word)
            try:
                span = span_of(total.kind, op, value_of(value), datetime.now(UTC))
            except BadValue as error:
                raise BadValue(f"{total.title}: {error}") from None
            found.append(Having(total, op, value, span))
    except BadValue as error:
        raise Misconfigured(str(error)) from None
    return tuple(found)


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
            f'"{word}" is not a total; write count, or sum, min, max, avg, distinct or ratio like sum:credit'
        )
    column = _column(record, name)
    if act == "distinct":
        return Total(act, column, word)
    if act == "ratio" and (record != "customer" or column.name not in RATIOS):
        raise Misconfigured(
            f"{column.label} is not a ratio of two sums; of customers, {', '.join(RATIOS)} are"
        )
    is_moment = isinstance(column.kind, Moment | Day)
    if not is_ordered(column.kind) or (is_moment and act in ("sum", "avg")):
        raise Misconfigured(f"{column.label} has no {act}; its values are no numbers")
    return Total(act, column, word)


class Grouped:
    """The groups of one query: what was asked is kept, so that the same in other groups takes no question."""

    def __init__(self, database: Database, query: Query) -> None:
        self._database = database
        self.query = query
        self._kept: list[tuple[bool, Groups]] = []
        """What was asked, and whether for amounts."""

    async def ask(self, grouping: Grouping, *, levels: bool = False) -> Groups:
        """All groups, by the columns of the grouping and its pivot.  With levels, how many different values
        there are is asked of the coarser groups, too."""
        wanted, money = parts_of(grouping.asked), any(map(is_money, grouping.asked))
        names = [column.name for column in grouping.keys]
        distinct = any(total.act == "distinct" for total in grouping.asked)
        for of_money, kept in self._kept:
            if not distinct and of_money >= money and kept.can_give(names, wanted):
                rolled = kept.rolled(names)
                return rolled if of_money == money else rolled.together(wanted)
        found = await self._ask(grouping.keys, grouping.asked)
        if not distinct:
            self._kept.append((money, found))
            return found
        for level in _levels(grouping) if levels else [grouping.by]:
            if level != grouping.keys:
                found.know([column.name for column in level], await self._ask(level, grouping.asked))
        return found

    async def _ask(self, keys: Sequence[ListColumn], totals: Sequence[Total]) -> Groups:
        source = await self._source()
        currency = source.has_column(CURRENCY) and any(map(is_money, totals))
        return await ask_parts(self._database, source, Finest(tuple(keys), parts_of(totals), currency))

    async def of_marked(
        self, totals: Sequence[Total], keys: Collection[int], *, all_but: bool
    ) -> list[Group]:
        """Totals of some records of the query, or of all but these: a group for each currency.  Of all but
        some, only what can be taken away again is right: counts and sums."""
        parts, marked = parts_of(totals), sorted(keys)
        money = any(map(is_money, totals))
        found: list[Group] = []
        source = await self._source()
        currency = money and source.has_column(CURRENCY)
        for start in range(0, len(marked), AT_ONCE):
            ids = tuple(marked[start : start + AT_ONCE])
            found += (await ask_parts(self._database, source, Finest((), parts, currency, ids))).groups
        few = by_currency(parts, found)
        if not all_but:
            return few
        whole = (await self._ask((), totals)).groups
        return [_without(one, next((f for f in few if f.currency == one.currency), None)) for one in whole]

    async def _source(self) -> "CustomerSelect | RecordSelect":
        query = replace(self.query, sort=())
        if query.record != "customer":
            return RecordSelect(query)
        async with self._database.reading() as connection:
            clock = await read_clock(connection)
        some = self._database.rights.reseller
        return CustomerSelect(query, clock, on_sqlite=self._database.on_sqlite, some=some)


def _levels(grouping: Grouping) -> list[tuple[ListColumn, ...]]:
    """The coarser groups that a table of these shows: each level, the values side by side, and the whole."""
    across = [(grouping.pivot,)] if grouping.pivot else []
    return [*(grouping.by[:depth] for depth in range(len(grouping.by) + 1)), *across]


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
    found = grouping.only(await Grouped(database, query).ask(grouping))
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
