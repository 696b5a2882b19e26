"""What the conditions of a typed filter mean: which columns there are, and what their values are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, partial

from cx_tui.domain.columns import OWNER, ListColumn, list_columns, record_columns
from cx_tui.domain.filters import Check, Filter, Term, Value, has_terms, parse
from cx_tui.domain.kinds import (
    Address,
    Ago,
    BadValue,
    Choice,
    Code,
    Day,
    Duration,
    Flag,
    Integer,
    Kind,
    Moment,
    Money,
    Percent,
    Reference,
    Secret,
    Several,
    Tags,
    Text,
)
from cx_tui.domain.kinds.numbers import CallSeconds, Figure
from cx_tui.domain.kinds.patterns import check_pattern
from cx_tui.domain.kinds.series import HourlyBars
from cx_tui.domain.records import record_named, records_of
from cx_tui.domain.search import fold
from cx_tui.domain.warnings import WARNINGS

NUMBER = re.compile(r"(-?(?:\d+(?:\.\d*)?|\.\d+))([kKmM]?)%?([A-Z]{3})?")
LENGTH = re.compile(r"(\d+)\s*(s|min|mo|m|h|d|w|y)", re.IGNORECASE)
AGO = re.compile(r"(now|today)?([+-])?(\d+)(min|h|d|w|mo|y)|now|today|yesterday")
SECONDS = {
    "s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800, "mo": 30 * 86_400, "y": 365 * 86_400,
}  # fmt: skip
TIMES = {"k": 1_000, "m": 1_000_000}
SPECIAL = ("has", "no", "is", "warn")
ALIASES = {"ip": "ip.address", "did": "did.number", "email": "contact.email", "card": "route.rate_card"}
"""Short names, of customers, for columns of records that belong to them."""
STATES = ("dialing", "pending")

Point = Decimal | datetime


@dataclass(frozen=True)
class Span:
    """Values from one (or above it) up to before another (or up to it); None is no end.  Amounts may be
    only those of a currency."""

    low: Point | None = None
    high: Point | None = None
    with_low: bool = True
    with_high: bool = True
    currency: str = ""


@dataclass(frozen=True)
class Network:
    """Addresses that overlap a network."""

    text: str


@dataclass(frozen=True)
class Codes:
    """Codes of an official list, such as countries."""

    of: tuple[str, ...]


@dataclass(frozen=True)
class Expression:
    """Texts in which a regular expression is found, in any case."""

    text: str


def filter_columns(record: str) -> Mapping[str, ListColumn]:
    """The columns that a filter can ask about, by all the names that they have there."""
    return _filter_columns(record)


@cache
def _filter_columns(record: str) -> Mapping[str, ListColumn]:
    every = list_columns() if record == "customer" else record_columns(record)
    found: dict[str, ListColumn] = {}
    for name, column in every.items():
        if isinstance(column.kind, Secret | HourlyBars):
            continue
        for word in (re.sub(r"\W+", "_", fold(column.label)).strip("_"), name.removesuffix("_name"), name):
            if word:
                found[word] = column
    for name, column in every.items():
        if isinstance(column.kind, Reference):
            found.setdefault(name.removesuffix("_name").rpartition("_")[2], column)  # card, of rate_card
        if isinstance(column.kind, Tags):
            found.setdefault(name.removesuffix("s"), column)  # one of them is asked for
    declared = record_named(record).declared
    if declared.names in every:
        found.setdefault(declared.name.replace("-", "_"), every[declared.names])
    if OWNER in every:
        found[record_named(record).declared.owner.replace("-", "_")] = every[OWNER]
    return found


def read_filter(text: str, record: str) -> Filter:
    """The filter of such records that a text says, or BadFilter."""
    return parse(text, checker(record))


def is_filter(text: str) -> bool:
    """Whether a text of the search box has conditions."""
    return has_terms(text)


def checker(record: str) -> Check:
    """Says what is wrong with a condition on such records."""
    return partial(_wrong, record)


@cache
def relations(record: str) -> Mapping[str, str]:
    """The kinds of records that belong to such a record, or that it belongs to, by their names in filters."""
    owner = record_named(record).declared.owner
    names = [one.declared.name for one in records_of(record)] + ([owner] if owner == "customer" else [])
    return {name.replace("-", "_"): name for name in names}


def resolved(record: str, key: str) -> tuple[str, str]:
    """The related kind of record that a key names, if it does, and the column."""
    if key not in filter_columns(record) and record == "customer":
        key = ALIASES.get(key, key)
    relation, dot, column = key.partition(".")
    return (relation, column) if dot else ("", key)


def _wrong(record: str, term: Term) -> str:
    relation, key = resolved(record, term.key)
    if relation:
        if relation not in relations(record):
            several = record_named(record).declared.several
            there = ", ".join(relations(record)) or "none"
            return f'{several} have no "{relation}"; there are {there}'
        return _wrong(relations(record)[relation], replace(term, key=key))
    columns = filter_columns(record)
    texts = [value.text for value in term.values]
    if term.key == "is":
        states = STATES if record == "customer" else ()
        wrong = next((text for text in texts if text not in states), "")
        return f'there is no state "{wrong}"; there are {", ".join(states) or "none"}' if wrong else ""
    if term.key == "warn":
        wrong = next((text for text in texts if record != "customer" or warning_named(text) is None), "")
        codes = ", ".join(rule.code for rule in WARNINGS) if record == "customer" else "none"
        return f'there is no warning "{wrong}"; there are {codes}' if wrong else ""
    names = [text.lower().replace("-", "_") for text in texts] if term.key in SPECIAL else [term.key]
    if unknown := [name for name in names if name not in columns and not _is_relation(record, term, name)]:
        near = sorted(one for one in columns if one[:2] == unknown[0][:2])[:5]
        near = near or get_close_matches(unknown[0], columns, 3)
        hint = f" is it {' or '.join(near)}?" if near else ""
        return f'there is no column "{unknown[0]}";{hint} in quotes it is text'
    if term.key in SPECIAL:
        return ""
    column = columns[term.key]
    try:
        for value in term.values:
            meaning(column, term.op, value, datetime.now(UTC))
    except BadValue as error:
        return f"{column.label}: {error}"
    return ""


def _is_relation(record: str, term: Term, name: str) -> bool:
    """Whether it is asked whether there is such a record at all: has:contact, no:route."""
    return term.key in ("has", "no") and name in relations(record)


def warning_named(text: str) -> int | None:
    """The place of the warning that a text names, or that alone begins so."""
    said = text.lower().replace("-", "_")
    codes = [rule.code for rule in WARNINGS]
    begins = [place for place, code in enumerate(codes) if code == said] or [
        place for place, code in enumerate(codes) if code.startswith(said)
    ]
    return begins[0] if len(begins) == 1 else None


def is_ordered(kind: Kind) -> bool:
    """Whether values can be smaller and larger."""
    return isinstance(kind, Integer | Money | Percent | Figure | Moment | Day | Ago)


def meaning(column: ListColumn, op: str, value: Value, now: datetime) -> object:
    """What a value of a condition means: a Span of numbers or moments, members of a choice, a truth, or a
    text; BadValue says why it is none."""
    kind = column.kind
    if op == "~":
        return _expression(kind, value)
    if is_ordered(kind):
        return span_of(kind, op, value, now)
    if op not in (":", "=") or value.is_range:
        raise BadValue("it has no order; write it with : or =")
    if isinstance(kind, Flag):
        return kind.parse(value.text)
    if isinstance(kind, Choice | Several):
        return _members(kind, value.text)
    if isinstance(kind, Code) and "*" not in value.text:
        return _codes(kind, value.text)
    if isinstance(kind, Address) and op == ":" and not value.quoted:
        return _network(value.text)
    return value.text


def span_of(kind: Kind, op: str, value: Value, now: datetime) -> Span:
    """From where to where values lie of which a condition holds; BadValue says why it is none."""
    return _moments(op, value, now) if isinstance(kind, Moment | Day | Ago) else _numbers(kind, op, value)


def _expression(kind: Kind, value: Value) -> Expression:
    """A regular expression that runs in linear time on both databases."""
    from cx_tui.domain.admission.patterns import compiled

    if not isinstance(kind, Text | Reference) or value.is_range:
        raise BadValue("it is not text; a regular expression looks into texts")
    check_pattern(value.text)
    if not compiled(value.text).linear:
        raise BadValue("a regular expression here can't look around or back")
    return Expression(value.text)


def _network(text: str) -> Network | str:
    """A network or an address; of what is none, a part of a name."""
    from ipaddress import ip_network

    try:
        return Network(str(ip_network(text.strip("[]"), strict=False)))
    except ValueError:
        if "/" in text or ":" in text:
            raise BadValue(f'"{text}" is not a network; write it like 10.0.0.0/8') from None
        return text


def _members(kind: Choice | Several, text: str) -> tuple[object, ...]:
    """The member of a name, or the only one that begins so."""
    choices = kind.choices
    wanted = fold(text).replace("_", " ")
    exact = [one for one in choices if wanted in (fold(str(one.value)), fold(one.label))]
    begins = exact or [one for one in choices if fold(one.label).startswith(wanted) and wanted]
    if len(begins) != 1:
        labels = ", ".join(one.label for one in begins or choices)
        said = "may be several" if begins else "is none"
        raise BadValue(f'"{text}" {said} of {labels}')
    return tuple(begins)


def _codes(kind: Code, text: str) -> Codes:
    """The code that a text is or names, or those with names of which a word begins so."""
    try:
        return Codes((kind.parse(text),))
    except BadValue:
        wanted = fold(text)
        begins = [code for code, name in kind.options() if f" {fold(name)}".find(f" {wanted}") >= 0]
        if not (begins and wanted):
            raise
        return Codes(tuple(begins))


def _numbers(kind: Kind, op: str, value: Value) -> Span:
    if value.is_range:
        if op not in (":", "="):
            raise BadValue("a range stands behind : or =")
        low, currency = _number(kind, value.low) if value.low else (None, "")
        high, other = _number(kind, value.high) if value.high else (None, "")
        return Span(low, high, currency=currency or other)
    number, currency = _number(kind, value.text)
    if currency and not isinstance(kind, Money):
        raise BadValue("only amounts have a currency")
    return _span(op, number, number, currency)


def _span(op: str, first: Point, last: Point, currency: str = "", *, last_is_in: bool = True) -> Span:
    match op:
        case "<":
            return Span(high=first, with_high=False, currency=currency)
        case "<=":
            return Span(high=last, with_high=last_is_in, currency=currency)
        case ">":
            return Span(low=last, with_low=not last_is_in, currency=currency)
        case ">=":
            return Span(low=first, currency=currency)
    return Span(first, last, with_high=last_is_in, currency=currency)


def _number(kind: Kind, text: str) -> tuple[Decimal, str]:
    if isinstance(kind, Duration | CallSeconds):
        if found := re.fullmatch(r"(\d+):(\d\d)", text):
            return Decimal(int(found[1]) * 60 + int(found[2])), ""
        if re.fullmatch(rf"(?:{LENGTH.pattern})+", text, re.IGNORECASE):
            return Decimal(sum(int(n) * SECONDS[unit.lower()] for n, unit in LENGTH.findall(text))), ""
    found = NUMBER.fullmatch(text)
    if not found:
        raise BadValue(f'"{text}" is not a number; write it like 12.5 or 1k, and -5..5 for a range')
    return Decimal(found[1]) * TIMES.get(found[2].lower(), 1), found[3] or ""


def _moments(op: str, value: Value, now: datetime) -> Span:
    if value.is_range:
        if op not in (":", "="):
            raise BadValue("a range stands behind : or =")
        low = _days(value.low, now)[0] if value.low else None
        return Span(low, _days(value.high, now)[1] if value.high else None, with_high=False)
    if re.fullmatch(r"\d+(?:min|h|d|w|mo|y)", value.text):
        if op not in (":", "="):
            raise BadValue(
                f"does it mean older or newer than {value.text}?  Write <now-{value.text} for older,"
                f" :{value.text} for within {value.text}"
            )
        first, _ = _days(f"now-{value.text}", now)
        return Span(first, now)
    first, last = _days(value.text, now)
    return _span(op, first, last, last_is_in=False)


def _days(text: str, now: datetime) -> tuple[datetime, datetime]:
    """The first moment that a text names, and the one after its last."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if found := AGO.fullmatch(text):
        start = midnight if text.startswith(("today", "yesterday")) else now
        if text == "yesterday":
            start -= timedelta(days=1)
        if found[3]:
            away = timedelta(seconds=int(found[3]) * SECONDS[found[4]])
            start = start + away if found[2] == "+" else start - away
        return start, start + timedelta(days=1) if start == midnight or text == "yesterday" else start
    if found := re.fullmatch(r"(\d{4})(?:-(\d\d?))?", text):
        year, month = int(found[1]), int(found[2] or 0)
        if not 1 <= year <= 9_998 or month > 12:
            raise BadValue(f'"{text}" is no month')
        first = datetime(year, month or 1, 1, tzinfo=UTC)
        after = date(year + 1, 1, 1) if month in (0, 12) else date(year, month + 1, 1)
        return first, datetime(after.year, after.month, 1, tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadValue(
            f'"{text}" is not a time; write it like 2026-11, 2026-11-21, today, now-7d or 7d'
        ) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment, moment + (timedelta(days=1) if len(text) == 10 else timedelta(seconds=1))
