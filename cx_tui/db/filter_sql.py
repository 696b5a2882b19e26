"""Typed filters as SQL: once, for lists of customers and of any other kind of record."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, String, and_, cast, func, literal, not_, or_, true
from sqlalchemy.sql.elements import Grouping

from cx_tui.db.text_sql import found_in, overlapping, plain_text
from cx_tui.db.types import Json, Money
from cx_tui.domain import filters
from cx_tui.domain.columns import ListColumn
from cx_tui.domain.filter_values import (
    Codes,
    Expression,
    Network,
    Span,
    filter_columns,
    meaning,
    relations,
    resolved,
    warning_named,
)
from cx_tui.domain.filters import Filter, Term, Value, Word
from cx_tui.domain.kinds import Flag, Labelled
from cx_tui.domain.search import fold, plain_letters

Condition = ColumnElement[bool]
Relate = Callable[[str, Filter | None], Condition]
"""Says whether there is a record of a kind, with what it must be, that belongs to the one in question."""


class Compiler:
    """Turns filters of one kind of record into conditions: `column` gives the SQL of a column, `word` says
    what finds a word, `state` what a state is."""

    def __init__(
        self,
        record: str,
        column: Callable[[str], Any],
        word: Callable[[str], Condition],
        states: Mapping[str, Condition],
        now: datetime | None = None,
        relate: Relate | None = None,
    ) -> None:
        self._record = record
        self._relate = relate
        self._columns = filter_columns(record)
        self._column = column
        self._word = word
        self._states = states
        self._now = now or datetime.now(UTC)

    def condition(self, filter: Filter) -> Condition:
        """What a filter asks."""
        match filter:
            case Word(text=text):
                return self._word(fold(text))
            case filters.Not(of=inner):
                # What is not known does not hold either; PostgreSQL foresees how many that are.
                return Grouping(self.condition(inner)).is_not(true())
            case filters.All(parts=parts):
                return and_(*map(self.condition, parts))
            case filters.Any(parts=parts):
                return or_(*map(self.condition, parts))
            case filters.Related(record=name, of=inner):
                return self._related(name, inner)
            case Term():
                return self._term(filter)

    def _related(self, name: str, inner: Filter | None) -> Condition:
        """Whether one of the records that belong to it, or the one that it belongs to, is like this."""
        if self._relate is None:
            raise LookupError(name)
        return self._relate(relations(self._record)[name], inner)

    def _term(self, term: Term) -> Condition:
        relation, key = resolved(self._record, term.key)
        if relation:
            return self._related(relation, replace(term, key=key))
        if term.key == "warn":
            return or_(*(self._states[f"warn {warning_named(value.text)}"] for value in term.values))
        if term.key == "is":
            return or_(*(self._states[value.text] for value in term.values))
        if term.key in ("has", "no"):
            filled = [self._is_there(value.text.lower().replace("-", "_")) for value in term.values]
            return or_(*(not_(one) if term.key == "no" else one for one in filled))
        column = self._columns[term.key]
        return or_(*(self._holds(column, term.op, value) for value in term.values))

    def _is_there(self, name: str) -> Condition:
        """Whether a column has a value, or there is such a record at all."""
        return self._filled(name) if name in self._columns else self._related(name, None)

    def _filled(self, name: str) -> Condition:
        sql = self._column(self._columns[name].name)
        there: Condition = sql.is_not(None)
        if isinstance(sql.type, String):
            return and_(there, sql != "")
        if _is_list(sql):
            return and_(there, cast(sql, String).not_in(["[]", "{}", "null"]))
        return there

    def _holds(self, column: ListColumn, op: str, value: Value) -> Condition:
        sql = self._column(column.name)
        wanted = meaning(column, op, value, self._now)
        if isinstance(wanted, Span):
            return self._between(sql, wanted)
        if isinstance(wanted, bool) or isinstance(column.kind, Flag):
            same: Condition = sql == literal(bool(wanted), sql.type)
            return same
        if isinstance(wanted, Expression):
            text = sql if isinstance(sql.type, String) else cast(sql, String)
            found: Condition = found_in(literal(wanted.text), text)
            return found
        if isinstance(wanted, Codes):
            there: Condition = sql.in_(wanted.of)
            return there
        if isinstance(wanted, Network):
            return overlapping(sql, wanted.text)
        if isinstance(wanted, tuple):
            return self._chosen(sql, wanted)
        return _text(sql, op, value)

    def _chosen(self, sql: Any, members: tuple[Any, ...]) -> Condition:
        if _is_list(sql):
            return or_(*(_has(sql, str(one.value)) for one in members))
        # Members of another enumeration may be what the column keeps.
        kept = [one for one in members if isinstance(one, Labelled)]
        return sql.in_(kept)  # type: ignore[no-any-return]

    def _between(self, sql: Any, span: Span) -> Condition:
        parts: list[Condition] = []
        for end, holds_with, above in ((span.low, span.with_low, True), (span.high, span.with_high, False)):
            if end is None:
                continue
            kept = literal(_as_kept(sql, end), sql.type)
            if above:
                parts.append(sql >= kept if holds_with else sql > kept)
            else:
                parts.append(sql <= kept if holds_with else sql < kept)
        if span.currency:
            parts.append(self._column("currency") == span.currency)
        return and_(sql.is_not(None), *parts)


def _as_kept(sql: Any, end: Any) -> Any:
    """A number or moment as a column takes it."""
    if isinstance(end, datetime):
        return end.date() if isinstance(sql.type, Date) else end
    if isinstance(sql.type, Money):
        return end
    return int(end) if end == int(end) else float(end)


def _is_list(sql: Any) -> bool:
    return isinstance(sql.type, Json)


def _has(sql: Any, text: str) -> Condition:
    """Whether a list has a text, in any case."""
    return func.lower(cast(sql, String)).contains(
        json.dumps(text.lower(), ensure_ascii=True), autoescape=True
    )


def _text(sql: Any, op: str, value: Value) -> Condition:
    text = value.text
    if _is_list(sql):
        return _has(sql, text)
    words: ColumnElement[str] = plain_text(sql if isinstance(sql.type, String) else cast(sql, String))
    if op == "=":
        return words == plain_letters(text)
    if not value.quoted and len(text) > 2 and text.startswith("*") and text.endswith("*"):
        return words.contains(plain_letters(text[1:-1]), autoescape=True)
    if not value.quoted and text.endswith("*") and len(text) > 1:
        return words.startswith(plain_letters(text[:-1]), autoescape=True)
    if not value.quoted and text.startswith("*") and len(text) > 1:
        return words.endswith(plain_letters(text[1:]), autoescape=True)
    return words.contains(plain_letters(text), autoescape=True)
