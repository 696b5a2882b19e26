"""Lists of the records of any kind but customers: which ids stand where, how many there are, and the rows.

A row has the values of the record's fields by name; `owner` is the name of the record that it belongs
to, and a reference stands there with the name of what it refers to, in `<field>_name`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    Table,
    UnaryExpression,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.filter_sql import Compiler
from cx_tui.db.tables import record_table, table_named
from cx_tui.domain.columns import OWNER, name_of
from cx_tui.domain.fields import fields_of
from cx_tui.domain.filter_values import filter_columns, read_filter
from cx_tui.domain.filters import Filter, keys_of
from cx_tui.domain.kinds import Flag, Labelled, Reference, Secret
from cx_tui.domain.query import Query, Sort
from cx_tui.domain.record import Record
from cx_tui.domain.records import record_named
from cx_tui.domain.search import wanted

CURRENCY = "currency"


class RecordColumns:
    """All that a list of some kind of record can show, sort and find by, as SQL."""

    def __init__(self, record: type[Record]) -> None:
        self.table = record_table(record)
        self.fields = fields_of(record)
        self.by_name: dict[str, ColumnElement[Any]] = {name: self.table.c[name] for name in self.fields}
        self._joined: dict[str, tuple[Table, ColumnElement[bool]]] = {}
        declared = record.declared
        if declared.owner:
            self._join(OWNER, declared.owner, self.table.c[declared.owner_id])
        for name, field in self.fields.items():
            if isinstance(field.kind, Reference):
                self._join(name_of(name), field.kind.record, self.table.c[name])

    def _join(self, column: str, record: str, key: ColumnElement[int]) -> None:
        other = table_named(record).alias(column)
        self._joined[column] = (other, other.c.id == key)  # type: ignore[assignment]  # an alias is used like a table
        self.by_name[column] = other.c[record_named(record).declared.names]
        if column == OWNER and CURRENCY in other.c and CURRENCY not in self.by_name:
            # Its amounts are in its owner's currency.
            self._joined[CURRENCY] = self._joined[column]
            self.by_name[CURRENCY] = other.c[CURRENCY]

    def source(self, columns: Iterable[str]) -> FromClause:
        """The tables that these columns need."""
        found: FromClause = self.table
        joined = {
            self._joined[column][0].name: self._joined[column] for column in columns if column in self._joined
        }
        for other, matches in joined.values():
            found = found.outerjoin(other, matches)
        return found

    def words(self) -> dict[str, ColumnElement[str]]:
        """What a search looks into: texts as they are, lists as they are kept, names of references."""
        return {
            name: column if isinstance(column.type, String) else cast(column, String)
            for name, column in self.by_name.items()
            if (self._has_words(name) if name in self.fields else name != CURRENCY)
        }

    def _has_words(self, name: str) -> bool:
        kind = self.fields[name].kind
        if isinstance(kind, Secret | Flag | Reference):
            return False
        plain = self.table.c[name].type.python_type
        return issubclass(plain, str | list | dict) and not issubclass(plain, Labelled)


@lru_cache(64)
def columns_of(record: str) -> RecordColumns:
    """The columns of a kind of record."""
    return RecordColumns(record_named(record))


class RecordSelect:
    """A query as SQL."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.word = wanted(query.search)
        declared = record_named(query.record).declared
        self._columns = columns_of(query.record)
        self._filter = read_filter(query.where, query.record) if query.where else None
        columns = filter_columns(query.record)
        asked = keys_of(self._filter) if self._filter else ()
        self._asked_about = [columns[name].name for name in asked if name in columns]
        self._own = self._columns.table.c
        usual = ("position",) if declared.ordered and query.owner_id is not None else declared.sort
        self.sorts = query.sort or tuple(Sort(name.removeprefix("-"), name.startswith("-")) for name in usual)

    def ids(self, start: int, count: int, *, backward: bool = False) -> Select[Any]:
        """The ids at `count` positions, counted from the end when going backward."""
        return (
            self._matching(select(self._own.id)).order_by(*self._order(backward)).limit(count).offset(start)
        )

    def every(self) -> Select[Any]:
        """The ids of all of them, in no order."""
        return self._matching(select(self._own.id), ordered=False)

    def in_order(self, ids: Collection[int]) -> Select[Any]:
        """Ids that were found, in its order."""
        source = self._columns.source([sort.column for sort in self.sorts])
        return select(self._own.id).select_from(source).where(self._own.id.in_(ids)).order_by(*self._order())

    def total(self) -> Select[Any]:
        """How many there are."""
        return self._matching(select(func.count()), ordered=False)

    def keys_of(self, record_id: int) -> Select[Any]:
        """What a record is sorted by, if it is one of them."""
        keys = select(*(self._key(sort.column) for sort in self.sorts), self._own.id)
        return self._matching(keys).where(self._own.id == record_id)

    def before(self, keys: Sequence[Any], record_id: int) -> Select[Any]:
        """How many stand before one that has these keys."""
        down = [sort.descending for sort in self.sorts] or [False]
        columns = [*(self._key(sort.column) for sort in self.sorts), self._own.id]
        steps = [*zip(columns, keys, (*down[: len(self.sorts)], down[-1]), strict=True)]
        earlier = [
            and_(
                *(key.is_not_distinct_from(literal(value, key.type)) for key, value, _ in steps[:place]),
                earlier_than(*step),
            )
            for place, step in enumerate(steps)
        ]
        return self._matching(select(func.count())).where(or_(*earlier))

    def matching(self, selected: Select[Any], names: Collection[str]) -> Select[Any]:
        """A question about all of them in no order, that needs these columns."""
        return self._matching(selected, ordered=False, also=names)

    may_be_parted = False
    """Whether some can be asked after the others: there are few enough."""

    @property
    def id_column(self) -> ColumnElement[int]:
        """The number of a record."""
        found: ColumnElement[int] = self._own.id
        return found

    def has_column(self, name: str) -> bool:
        """Whether there is such a column."""
        return name in self._columns.by_name

    def column(self, name: str) -> ColumnElement[Any]:
        """A column as SQL."""
        return self._columns.by_name[name]

    def _matching(
        self, selected: Select[Any], ordered: bool = True, also: Collection[str] = ()
    ) -> Select[Any]:
        needed = [sort.column for sort in self.sorts] if ordered else [*also]
        needed += self._asked_about
        words = self._columns.words() if self.word or self._filter else {}
        selected = selected.select_from(self._columns.source(dict.fromkeys([*needed, *words])))
        conditions: list[ColumnElement[bool]] = [self._own.deleted_at.is_(None)]
        if self.query.owner_id is not None:
            declared = record_named(self.query.record).declared
            conditions.append(self._own[declared.owner_id] == self.query.owner_id)
        conditions += [self._own[name] == value for name, value in self.query.of]
        if self.word:
            conditions.append(or_(*(contains(text, self.word) for text in words.values())))
        if self._filter:
            conditions.append(self._compiler().condition(self._filter))
        return selected.where(*conditions)

    def _compiler(self) -> Compiler:
        """What turns a typed filter into SQL."""
        words = self._columns.words().values()

        def having_word(word: str) -> ColumnElement[bool]:
            return or_(*(contains(text, word) for text in words))

        return Compiler(
            self.query.record, self._columns.by_name.__getitem__, having_word, {},
            relate=partial(related, self.query.record, self._own),
        )  # fmt: skip

    def _key(self, name: str) -> ColumnElement[Any]:
        key = self._columns.by_name[name]
        # Text in any case, as people read lists; the same on both databases.
        return func.lower(key) if isinstance(key.type, String) else key

    def _order(self, backward: bool = False) -> Iterable[UnaryExpression[Any]]:
        down = backward
        for sort in self.sorts:
            key, down = self._key(sort.column), sort.descending != backward
            order = key.desc() if down else key.asc()
            yield order.nulls_last() if down else order.nulls_first()
        yield self._own.id.desc() if down else self._own.id.asc()


def related(record: str, own: Any, other: str, wanted: Filter | None) -> ColumnElement[bool]:
    """Whether a record, by the columns of its table, has one of another kind that is like this; the other
    belongs to it, or it belongs to the other."""
    belongs = record_named(record).declared
    up = belongs.owner == other
    what = columns_of(other)
    key = what.table.c.id if up else what.table.c[record_named(other).declared.owner_id]
    place = own[belongs.owner_id] if up else own.id
    words = what.words()
    # The table may be the one that is asked already.
    asked = select(key).select_from(what.source([*what.by_name])).where(what.table.c.deleted_at.is_(None))
    if wanted is not None:

        def having_word(word: str) -> ColumnElement[bool]:
            return or_(*(contains(text, word) for text in words.values()))

        compiler = Compiler(other, what.by_name.__getitem__, having_word, {}, relate=None)
        asked = asked.where(compiler.condition(wanted))
    return place.in_(asked.correlate(None))  # type: ignore[no-any-return]


def contains(text: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Whether a text has a word in it, in any case."""
    return func.lower(text).contains(word, autoescape=True)


def earlier_than(key: ColumnElement[Any], value: Any, descending: bool) -> ColumnElement[bool]:
    """Whether a key stands before a value; an empty one is the smallest."""
    if value is None:
        return key.is_not(None) if descending else literal(False)
    other = literal(value, key.type)
    return key > other if descending else or_(key < other, key.is_(None))


async def rows(
    connection: AsyncConnection, record: str, ids: Collection[int], columns: Iterable[str]
) -> dict[int, Mapping[str, Any]]:
    """The rows of these ids, with these columns by name; an id that is gone is missing."""
    question = _row_question(record, tuple(columns))
    return {row.id: row._asdict() for row in await ask(connection, question, {"ids": list(ids)})}


@lru_cache(32)
def _row_question(record: str, columns: tuple[str, ...]) -> Select[Any]:
    what = columns_of(record)
    named = dict.fromkeys(("id", *columns))
    question = select(*(what.by_name[name].label(name) for name in named)).select_from(what.source(named))
    return question.where(
        what.table.c.id.in_(bindparam("ids", expanding=True)), what.table.c.deleted_at.is_(None)
    )
