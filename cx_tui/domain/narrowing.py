"""Changing what narrows a list, condition by condition: a filter, its chips and its panel are one value."""

from dataclasses import replace
from typing import Any

from cx_tui.domain.columns import OWNER, ListColumn
from cx_tui.domain.filters import All, Filter, Not, Term, Value, parse, written
from cx_tui.domain.filters import Any as AnyOf
from cx_tui.domain.kinds import Choice, Flag, Money, Percent, Reference, Several
from cx_tui.domain.query import Query
from cx_tui.domain.view import conditions_of, joined


def with_conditions(query: Query, conditions: list[str], off: tuple[str, ...] | None = None) -> Query:
    """The query with other conditions; words that were looked for are one of them."""
    return replace(query, search="", where=joined(conditions), off=query.off if off is None else off)


def conditions(query: Query) -> list[str]:
    """What narrows a query, condition by condition."""
    from cx_tui.domain.filters import Word

    words = [written(Word(query.search))] if query.search else []
    return [*words, *conditions_of(query.where)]


def add(query: Query, condition: str) -> Query:
    """The query with one more condition."""
    there = conditions(query)
    return with_conditions(query, there if condition in there else [*there, condition])


def drop(query: Query, place: int) -> Query:
    """The query without one of its conditions."""
    there = conditions(query)
    return with_conditions(query, [*there[:place], *there[place + 1 :]])


def switch_off(query: Query, place: int) -> Query:
    """The query with a condition kept and not asked."""
    there = conditions(query)
    return with_conditions(query, [*there[:place], *there[place + 1 :]], (*query.off, there[place]))


def switch_on(query: Query, place: int) -> Query:
    """The query with a condition asked again."""
    off = (*query.off[:place], *query.off[place + 1 :])
    return with_conditions(query, [*conditions(query), query.off[place]], off)


def drop_off(query: Query, place: int) -> Query:
    """The query without a condition that is switched off."""
    return replace(query, off=(*query.off[:place], *query.off[place + 1 :]))


def turn_round(query: Query, place: int) -> Query:
    """The query with the complement of a condition."""
    there = conditions(query)
    one = parse(there[place])
    there[place] = written(one.of if isinstance(one, Not) else Not(one))
    return with_conditions(query, there)


def join_with_next(query: Query, place: int) -> Query:
    """The query in which a condition or the one after it holds, where both had to; and the other way."""
    there = conditions(query)
    one = parse(there[place])
    if isinstance(one, AnyOf):
        return with_conditions(query, [*there[:place], *map(written, one.parts), *there[place + 1 :]])
    if place + 1 >= len(there):
        return query
    other = parse(there[place + 1])
    parts: list[Filter] = [one, *(other.parts if isinstance(other, AnyOf) else (other,))]
    return with_conditions(query, [*there[:place], written(AnyOf(tuple(parts))), *there[place + 2 :]])


def of_cell(column: ListColumn, value: Any, currency: str = "", *, other: bool = False) -> str:
    """The condition that a column has this value, or has another."""
    key = column.name.removesuffix("_name")
    if value in (None, "", (), [], {}):
        return f"{'has' if other else 'no'}:{key}"
    op = "=" if _is_whole(column) and not isinstance(value, float) else ":"
    found = Term(key, op, _values(column, value, currency))
    if isinstance(column.kind, Several | Choice) or not isinstance(value, tuple | list):
        return written(Not(found) if other else found)
    every = [Term(key, ":", (one,)) for one in found.values]
    whole: Filter = All(tuple(every)) if len(every) > 1 else every[0]
    return written(Not(whole) if other else whole)


def _is_whole(column: ListColumn) -> bool:
    """Whether the whole value is meant: of a text, a part of it would do else."""
    return not isinstance(column.kind, Several | Choice | Flag)


def _values(column: ListColumn, value: Any, currency: str) -> tuple[Value, ...]:
    if isinstance(column.kind, Flag):
        return (Value("yes" if value else "no"),)
    if isinstance(column.kind, Reference) or column.name == OWNER:
        return (_value(str(value)),)
    if isinstance(value, tuple | list):
        return tuple(_value(str(getattr(one, "label", one))) for one in value)
    if isinstance(column.kind, Choice):
        return (_value(value.label),)
    if isinstance(column.kind, Money | Percent):
        return (Value(f"{value.normalize():f}{currency if isinstance(column.kind, Money) else ''}"),)
    if isinstance(value, float):
        # As it is shown, in tenths: nobody means the digits behind them.
        shown = round(value, 1)
        return (Value(low=f"{shown - 0.05:.2f}", high=f"{shown + 0.05:.2f}"),)
    if hasattr(value, "isoformat"):
        return (Value(value.isoformat().split("+")[0].split(".")[0]),)
    return (_value(str(value)),)


def _value(text: str) -> Value:
    simple = text.replace("_", "").replace("-", "").replace(".", "").isalnum() and ".." not in text
    return Value(text, quoted=not simple)
