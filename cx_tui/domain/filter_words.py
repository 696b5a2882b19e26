"""Filters in words, as chips above a list say them."""

import re
from collections.abc import Mapping
from ipaddress import ip_network

from cx_tui.domain.columns import ListColumn
from cx_tui.domain.filter_values import ALIASES, filter_columns, relations, resolved
from cx_tui.domain.filters import All, Any, Filter, Not, Related, Term, Value, Word
from cx_tui.domain.kinds import (
    Address,
    Ago,
    BadValue,
    Choice,
    Code,
    Day,
    Moment,
    Money,
    Reference,
    Several,
    Text,
)
from cx_tui.domain.records import record_named

DATED = re.compile(r"\d{4}(-|$)|today|yesterday")
"""What begins and ends by a clock: a chip says by which."""
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": "is", "~": "~"}


def in_words(filter: Filter, record: str) -> str:
    """What a filter asks, in words."""
    match filter:
        case Word(text=text):
            return f'"{text}"'
        case Not(of=inner):
            return _not(inner, record)
        case All(parts=parts):
            return " and ".join(_inside(part, record) for part in parts)
        case Any(parts=parts):
            return " or ".join(_inside(part, record) for part in parts)
        case Related(record=name, of=inner):
            return f"a {_one(record, name)} with {in_words(inner, relations(record).get(name, 'customer'))}"
        case Term():
            return _term(filter, record)


def _inside(part: Filter, record: str) -> str:
    return f"({in_words(part, record)})" if isinstance(part, All | Any) else in_words(part, record)


def _not(inner: Filter, record: str) -> str:
    said = _inside(inner, record)
    # A complement keeps what has no value: that is said where it surprises.
    empty = isinstance(inner, Term) and inner.op in ("<", "<=", ">", ">=")
    return f"not {said}{', or none' if empty else ''}"


def _one(record: str, name: str) -> str:
    kind = relations(record).get(name)
    return record_named(kind).declared.one if kind else name


def _term(term: Term, record: str) -> str:
    values = [value.text.replace("_", " ").replace("-", " ") for value in term.values]
    match term.key:
        case "has":
            return f"has {' or '.join(values)}"
        case "no":
            return f"no {' or '.join(values)}"
        case "is":
            return " or ".join(values)
        case "warn":
            return f"warned of {' or '.join(values)}"
    relation, key = resolved(record, term.key)
    columns: Mapping[str, ListColumn] = filter_columns(relations(record)[relation] if relation else record)
    column = columns[key]
    label = term.key if term.key in ALIASES and relation else column.title
    if relation and term.key not in ALIASES:
        one = _one(record, relation)
        label = f"{one[:1].upper()}{one[1:]}'s {column.label.lower()}"
    return f"{label} {_said(term, column)}"


def _said(term: Term, column: ListColumn) -> str:
    spans = " or ".join(_value(value, column, term.op) for value in term.values)
    if term.op == ":" and not any(value.is_range for value in term.values):
        words = isinstance(column.kind, Text | Reference) and not isinstance(column.kind, Choice | Several)
        contains = words and not isinstance(column.kind, Code)
        sign = "has" if contains else "is"
        sign = "overlaps" if any(_network(value, column) for value in term.values) else sign
    else:
        sign = SIGNS.get(term.op, "")
    money = isinstance(column.kind, Money) and not any(text[-3:].isalpha() for text in _texts(term))
    currency = " (each in its currency)" if money else ""
    in_utc = isinstance(column.kind, Moment | Day | Ago) and any(map(_by_a_clock, term.values))
    return " ".join(filter(None, (sign, spans))) + currency + (" UTC" if in_utc else "")


def _by_a_clock(value: Value) -> bool:
    return any(DATED.match(text or "") for text in (value.text, value.low, value.high))


def _texts(term: Term) -> list[str]:
    return [value.text or value.high or value.low or "" for value in term.values]


def _value(value: Value, column: ListColumn, op: str) -> str:
    if value.is_range:
        if value.low and value.high:
            return f"{value.low} to {value.high}"
        return f"from {value.low}" if value.low else f"up to {value.high}"
    text, network = value.text, _network(value, column)
    if op == ":" and network and "/" in text and network != text:
        # Of 10.1.2.3/8 that is 10.0.0.0/8: it is said.
        return f"{network} (from {text})"
    if isinstance(column.kind, Code) and not value.quoted and not _is_code(text, column.kind):
        return f"{text}…"  # any of those with a word that begins so
    return text or '""'


def _is_code(text: str, kind: Code) -> bool:
    try:
        kind.parse(text)
    except BadValue:
        return "*" in text
    return True


def _network(value: Value, column: ListColumn) -> str:
    """The network that is asked for, if it is one."""
    if not isinstance(column.kind, Address) or value.quoted:
        return ""
    try:
        return str(ip_network(value.text.strip("[]"), strict=False))
    except ValueError:
        return ""
