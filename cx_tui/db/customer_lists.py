"""Lists of customers: which ids stand where, how many there are, and the rows of some ids.

A list is read in two questions: the ids at some positions of the order, then the rows of these ids
by their key.  The second is always as fast, the first needs an index or one walk over the table.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    UnaryExpression,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.customer_expressions import Clock, kept, known
from cx_tui.db.engine import ask
from cx_tui.db.filter_sql import Compiler
from cx_tui.db.planning import without_index
from cx_tui.db.record_lists import related
from cx_tui.db.tables import DELETED, INDEXED_COUNTERS, counters, customer, found_by
from cx_tui.domain.filter_values import filter_columns, read_filter, resolved
from cx_tui.domain.filters import All, Filter, Not, Term, keys_of
from cx_tui.domain.filters import Any as AnyOf
from cx_tui.domain.query import Query, Sort, StatusFilter
from cx_tui.domain.records.customer import Status
from cx_tui.domain.search import wanted
from cx_tui.domain.warnings import WARNINGS

SHORTEST = 3
"""Shorter words are looked for at the beginning of the name; an index of three letters can't find them."""

LAST_CHARACTER = "\U0010ffff"
BOTH = customer.join(counters, counters.c.customer_id == customer.c.id)


DELETED_ONES = select(customer.c.id).where(DELETED)


CUSTOMERS_FIRST = customer.join(counters, counters.c.customer_id == without_index(customer.c.id))
COUNTERS_FIRST = counters.join(customer, customer.c.id == without_index(counters.c.customer_id))


class CustomerSelect:
    """A query as SQL.  `walk` looks at the customers in their order instead of asking the search index,
    which is better for a word that many have.  Who sees `some` customers only may not look into the search
    index: a function of the database does for it."""

    def __init__(
        self,
        query: Query,
        clock: Clock,
        *,
        on_sqlite: bool,
        walk: bool = False,
        some: bool = False,
    ) -> None:
        self.query = query
        self.clock = clock
        self.on_sqlite = on_sqlite
        self.walk = walk and not some
        self.some = some
        self.word = wanted(query.search)
        self.sorts = sorts_of(query)
        self._known = kept(clock)
        self._filter = read_filter(query.where, query.record) if query.where else None
        columns = filter_columns("customer")
        asked = keys_of(self._filter) if self._filter else ()
        # A state such as dialing is none of them: it is asked of the counters.
        self._asked_about = {columns[name].name if name in columns else name for name in asked}
        self._asked_about -= {name for name in self._asked_about if resolved("customer", name)[0]}
        first = self._key(self.sorts[0].column)
        self._by_name = first is customer.c.name_key or first is customer.c.status
        self._by_counter = any(first is counters.c[name] for name in INDEXED_COUNTERS)

    def ids(self, start: int, count: int, *, backward: bool = False) -> Select[Any]:
        """The ids at `count` positions, counted from the end when going backward."""
        found = self._matching(select(customer.c.id))
        return found.order_by(*self._order(backward)).limit(count).offset(start)

    def in_order(self, ids: Collection[int]) -> Select[Any]:
        """Ids that were found, in its order."""
        found = select(customer.c.id).select_from(self._joined(ordered=False)).where(customer.c.id.in_(ids))
        return found.order_by(*self._order(walking=False))

    def every(self) -> Select[Any]:
        """The ids of all of them, in no order."""
        return self._matching(select(customer.c.id), ordered=False)

    def among(self, ids: Collection[int]) -> Select[Any]:
        """Those of these ids that are in it."""
        return self.every().where(customer.c.id.in_(ids))

    def total(self) -> Select[Any]:
        """How many customers there are."""
        match self.query.status:
            case StatusFilter.ALL if not (self.word or self.query.where):
                return _all()
            case StatusFilter.DIALING if not (self.word or self.query.where):
                return _dialing()
        return self._matching(select(func.count()), ordered=False)

    def keys_of(self, customer_id: int) -> Select[Any]:
        """What this customer is sorted by, if it is one of them."""
        keys = select(*(self._key(sort.column) for sort in self.sorts))
        return self._matching(keys).where(customer.c.id == customer_id)

    def before(self, keys: Sequence[Any], customer_id: int) -> Select[Any]:
        """How many customers stand before one that has these keys."""
        down = [sort.descending for sort in self.sorts]
        steps = [*zip(map(self._key, (sort.column for sort in self.sorts)), keys, down, strict=True)]
        steps.append((customer.c.id, customer_id, down[-1]))
        earlier = [
            and_(
                *(key.is_not_distinct_from(literal(value, key.type)) for key, value, _ in steps[:place]),
                _earlier(*step),
            )
            for place, step in enumerate(steps)
        ]
        return self._matching(select(func.count())).where(or_(*earlier))

    def matching(self, selected: Select[Any], names: Collection[str]) -> Select[Any]:
        """A question about all of them in no order, that needs these columns."""
        return self._matching(selected, ordered=False, also=names)

    @property
    def may_be_parted(self) -> bool:
        """Whether each of them is looked at by itself, so that some can be asked after the others."""
        return not self.word and (self._filter is None or _is_own(self._filter))

    @property
    def id_column(self) -> ColumnElement[int]:
        """The number of a customer."""
        return customer.c.id

    def has_column(self, name: str) -> bool:
        """Whether there is such a column."""
        return hasattr(self._known, name)

    def column(self, name: str) -> ColumnElement[Any]:
        """A column as SQL."""
        found: ColumnElement[Any] = getattr(self._known, name)
        return found

    def _matching(
        self, selected: Select[Any], ordered: bool = True, also: Collection[str] = ()
    ) -> Select[Any]:
        names = {sort.column for sort in self.sorts} if ordered else set(also)
        dialing = self.query.status is StatusFilter.DIALING
        computed = self.query.status is StatusFilter.PENDING and not self.clock.has_pending
        names |= self._asked_about
        only_customer = not dialing and not computed and all(name in customer.c for name in names)
        source = customer if only_customer else self._joined(ordered)
        joins = self._looks_in_documents and not self.on_sqlite and not self.some
        if joins and not (self.walk and ordered):
            source = source.join(found_by, found_by.c.customer_id == customer.c.id)
        selected = selected.select_from(source).where(self._kept(ordered))
        if self.query.status is not StatusFilter.ALL:
            selected = selected.where(self._has_status())
        if self._filter:
            selected = selected.where(self._compiler().condition(self._filter))
        return selected.where(self._found(ordered)) if self.word else selected

    def _compiler(self) -> Compiler:
        """What turns a typed filter into SQL."""
        found = {"dialing": self._known.live > 0, "pending": self._known.pending}
        found |= {f"warn {place}": rule.holds(self._known) for place, rule in enumerate(WARNINGS)}
        having = _seen if self.some else _having_word
        return Compiler(
            "customer", self._filtered, having, found, self.clock.now,
            partial(related, "customer", customer.c),
        )  # fmt: skip

    def _filtered(self, name: str) -> ColumnElement[Any]:
        """A column in a filter.  SQLite would walk the index of statuses and look every customer up."""
        found = self.column(name)
        alone = isinstance(self._filter, Term) or not self.on_sqlite or name != "status"
        return found if alone else without_index(found)

    @property
    def _looks_in_documents(self) -> bool:
        return len(self.word) >= SHORTEST

    def _joined(self, ordered: bool) -> FromClause:
        if not self.on_sqlite:
            return BOTH
        dialing = self.query.status is StatusFilter.DIALING
        return COUNTERS_FIRST if dialing or (ordered and self._by_counter) else CUSTOMERS_FIRST

    def _kept(self, ordered: bool) -> ColumnElement[bool]:
        if ordered and not self._by_name and self.on_sqlite:
            # SQLite would walk an index of names and look every customer up: ten times slower.
            return without_index(customer.c.deleted_at).is_(None)
        return customer.c.deleted_at.is_(None)

    def _has_status(self) -> ColumnElement[bool]:
        match self.query.status:
            case StatusFilter.DIALING:
                return counters.c.live > 0
            case StatusFilter.PENDING:
                pending: ColumnElement[bool] = self._known.pending
                return pending
            case status:
                return customer.c.status.in_([each for each in Status if each.value == status.value])

    def _found(self, ordered: bool) -> ColumnElement[bool]:
        if not self._looks_in_documents:
            return and_(customer.c.name_key >= self.word, customer.c.name_key < self.word + LAST_CHARACTER)
        if self.some:
            return _seen(self.word)
        if not self.on_sqlite:
            return self._walked() if self.walk and ordered else self._contained()
        having = select(found_by.c.customer_id).where(func.instr(found_by.c.document, self.word) > 0)
        if not self.walk:
            having = having.where(found_by.c.customer_id.in_(_candidates(self.word)))
        elif ordered:
            return having.where(found_by.c.customer_id == customer.c.id).exists()
        return customer.c.id.in_(having)

    def _contained(self) -> ColumnElement[bool]:
        return found_by.c.document.contains(self.word, autoescape=True)

    def _walked(self) -> ColumnElement[bool]:
        """Asked of one customer after another: a join would be planned as if it had to be finished."""
        place = select(func.strpos(found_by.c.document, self.word))
        found: ColumnElement[bool] = (
            place.where(found_by.c.customer_id == customer.c.id).scalar_subquery() > 0
        )
        return found

    def _key(self, name: str) -> ColumnElement[Any]:
        key: ColumnElement[Any] = customer.c.name_key if name == "name" else getattr(self._known, name)
        return key

    def _order(self, backward: bool = False, *, walking: bool = True) -> Iterable[UnaryExpression[Any]]:
        down = False
        for sort in self.sorts:
            key, down = self._key(sort.column), sort.descending != backward
            key = key if walking else without_index(key)
            order = key.desc() if down else key.asc()
            if sort.column not in customer.c or customer.c[sort.column].nullable:
                # An empty figure is the smallest; PostgreSQL has to be told.
                order = order.nulls_last() if down else order.nulls_first()
            yield order
        last = counters.c.customer_id if self._by_counter and len(self.sorts) == 1 else customer.c.id
        yield last.desc() if down else last.asc()


def sorts_of(query: Query) -> tuple[Sort, ...]:
    """What a list is ordered by: of one status, customers stand by name, which is how they are indexed."""
    if len(query.sort) == 1 and query.sort[0].column == "status":
        return (*query.sort, Sort("name", query.sort[0].descending))
    return query.sort or (Sort("name"),)


def _is_own(filter: Filter) -> bool:
    """Whether a filter asks a customer's own columns only."""
    match filter:
        case Term(key=key):
            return not resolved("customer", key)[0]
        case Not(of=inner):
            return _is_own(inner)
        case All(parts=parts) | AnyOf(parts=parts):
            return all(map(_is_own, parts))
    return False


def _having_word(word: str) -> ColumnElement[bool]:
    """Customers that the search box finds."""
    place = select(found_by.c.customer_id).where(found_by.c.document.contains(word, autoescape=True))
    return customer.c.id.in_(place)


def _seen(word: str) -> ColumnElement[bool]:
    """Those of them who may be seen, for who may not look into the search index."""
    return customer.c.id.in_(select(func.cx_found(word)))


def _earlier(key: ColumnElement[Any], value: Any, descending: bool) -> ColumnElement[bool]:
    if value is None:
        return key.is_not(None) if descending else literal(False)
    other = literal(value, key.type)
    return key > other if descending else or_(key < other, key.is_(None))


def _without_deleted(every: Select[Any], deleted: Select[Any]) -> Select[Any]:
    """A number counted in small indexes alone: of all, less the deleted ones, who are few."""
    return select(every.scalar_subquery() - deleted.scalar_subquery())


def _all() -> Select[Any]:
    # Counted beside the customer, where SQLite has an index of all of them to count in.
    every = select(func.count()).select_from(found_by)
    return _without_deleted(every, select(func.count()).select_from(customer).where(DELETED))


def _dialing() -> Select[Any]:
    dialing = select(func.count()).select_from(counters).where(counters.c.live > 0)
    return _without_deleted(dialing, dialing.where(counters.c.customer_id.in_(DELETED_ONES)))


def _trigrams(word: str) -> str:
    quoted = word.replace('"', '""')
    parts = {word[place : place + SHORTEST].replace('"', '""') for place in range(len(word) - SHORTEST + 1)}
    return " AND ".join(f'"{part}"' for part in sorted(parts)) or f'"{quoted}"'


def _candidates(word: str) -> Select[Any]:
    search = text("SELECT rowid AS id FROM search WHERE search MATCH :parts").bindparams(
        parts=_trigrams(word)
    )
    found = search.columns(id=customer.c.id.type).subquery()
    return select(found.c.id).where(found.c.id.not_in(DELETED_ONES))


async def hits(connection: AsyncConnection, query: Query, limit: int, *, some: bool = False) -> int:
    """How many customers have the word, of whatever status, counted up to the limit; a few too many are
    possible, as three letters of it may stand apart."""
    word = wanted(query.search)
    if some:
        found = select(func.cx_found(word, limit)).subquery()
    elif connection.dialect.name == "sqlite":
        found = _candidates(word).limit(limit).subquery()
    else:
        has = found_by.c.document.contains(word, autoescape=True)
        kept = found_by.c.customer_id.not_in(DELETED_ONES)
        found = select(found_by.c.customer_id).where(has, kept).limit(limit).subquery()
    return int((await ask(connection, select(func.count()).select_from(found)))[0][0])


async def rows(
    connection: AsyncConnection, ids: Collection[int], columns: Iterable[str], clock: Clock
) -> dict[int, Mapping[str, Any]]:
    """The rows of these ids, with these columns by name; an id that is gone is missing."""
    question = _row_question(tuple(columns), clock)
    return {row.id: row._asdict() for row in await ask(connection, question, {"ids": list(ids)})}


@lru_cache(8)
def _row_question(columns: tuple[str, ...], clock: Clock) -> Select[Any]:
    """Asked for every page and every refresh; building it takes longer than the database does."""
    what = known(clock)
    named = dict.fromkeys(("id", *columns))
    question = select(*(getattr(what, name).label(name) for name in named)).select_from(BOTH)
    return question.where(
        customer.c.id.in_(bindparam("ids", expanding=True)), customer.c.deleted_at.is_(None)
    )


async def status_counts(connection: AsyncConnection, clock: Clock) -> dict[StatusFilter, int]:
    """How many customers each choice of the status filter has."""
    kept = customer.c.deleted_at.is_(None)
    grouped = select(customer.c.status, func.count().label("number")).where(kept).group_by(customer.c.status)
    rows = await ask(connection, grouped)
    # A status that a newer version wrote is none that this one knows.
    found = {row.status.value: int(row.number) for row in rows if row.status is not None}
    counts = {status: found.get(status.value, 0) for status in StatusFilter}
    counts[StatusFilter.ALL] = sum(int(row.number) for row in rows)
    for status in (StatusFilter.DIALING, StatusFilter.PENDING):
        select_of = CustomerSelect(Query(status=status), clock, on_sqlite=connection.dialect.name == "sqlite")
        counts[status] = int((await ask(connection, select_of.total()))[0][0])
    return counts
