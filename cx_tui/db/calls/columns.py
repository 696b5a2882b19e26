"""The columns of a call, and a call as a row of them and back.

The same columns stand in a day's table, among the late and the unknown calls, and in files.  A row is
ready for the driver: writing 500 of them a second leaves no time for column types.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, SmallInteger, String, Text

from cx_tui.db.types import MICRO, Instant, Money, Word, instant
from cx_tui.domain.calls.call import Call, Release, Try
from cx_tui.domain.calls.key import key_of_call

Row = tuple[Any, ...]

MOMENTS = {
    "start": "invited_at", "ringing": "ringing_at", "answered": "answered_at", "ended": "ended_at",
}  # fmt: skip
"""Columns of moments, and the fields of a call that they hold."""

PLAIN = (
    "source", "source_key", "auth", "direction", "route_id", "did_id", "src_ip", "src_port", "protocol",
    "cli_in", "cli", "paid", "dialled", "number", "talk_ms", "sip_code", "sip_reason", "q850", "gate",
    "carrier", "recording", "simulated", "prefix", "destination", "billed_seconds", "currency", "unrated",
)  # fmt: skip
"""Columns that hold a field of the same name just as it is."""

NAMES = (
    "customer_id",
    "start",
    "key",
    "ringing",
    "answered",
    "ended",
    *PLAIN,
    "release",
    "charge",
    "cost",
    "tries",
)
"""All columns, in the order in which rows have them."""

KEY = ("customer_id", "start", "key")
CHARGE, COST = NAMES.index("charge"), NAMES.index("cost")


def columns(*, of_somebody: bool = True) -> list[Column[Any]]:
    """The columns of a table of calls."""
    return [
        Column("customer_id", Integer, nullable=not of_somebody),
        Column("start", Instant, nullable=False),
        Column("key", BigInteger, nullable=False),
        Column("ringing", Instant),
        Column("answered", Instant),
        Column("ended", Instant, nullable=False),
        *(Column(name, _plain_type(name), nullable=name in EMPTY) for name in PLAIN),
        Column("release", Word(Release), nullable=False),
        Column("charge", Money),
        Column("cost", Money),
        Column("tries", Text),
    ]


EMPTY = {"route_id", "did_id", "src_port", "sip_code", "q850"}
NUMBERS: Mapping[str, Any] = {
    "route_id": Integer, "did_id": Integer, "src_port": Integer, "talk_ms": BigInteger,
    "sip_code": SmallInteger, "q850": SmallInteger, "billed_seconds": Integer, "simulated": Boolean,
}  # fmt: skip


def _plain_type(name: str) -> Any:
    if name in NUMBERS:
        return NUMBERS[name]()
    return String(3) if name == "currency" else Text()


TRY = tuple(part.name for part in fields(Try))
_plain = attrgetter(*PLAIN)
TEXTS = tuple(name for name in PLAIN if name not in NUMBERS)
_texts = attrgetter(*TEXTS)


def rows_of(calls: Iterable[Call], *, on_sqlite: bool) -> list[Row]:
    """Calls as rows, as the driver of a database takes them."""
    money = _micros if on_sqlite else _as_it_is
    return [_row(call, money) for call in calls]


def _row(call: Call, money: Callable[[Decimal | None], Any]) -> Row:
    texts = "".join(_texts(call))
    if not texts.isascii() or "\0" in texts:
        call = _writable(call)
    return (
        call.customer_id,
        instant(call.invited_at),
        key_of_call(call),
        _instant(call.ringing_at),
        _instant(call.answered_at),
        instant(call.ended_at),
        *_plain(call),
        call.release.value,
        money(call.charge),
        money(call.cost),
        _tries(call.tries),
    )


def _writable(call: Call) -> Call:
    """The call without what a database can't keep in a text: a zero, or half of a character."""
    texts = {name: getattr(call, name) for name in TEXTS}
    kept = {name: text.replace("\0", "").encode("utf-8", "replace").decode() for name, text in texts.items()}
    return call if kept == texts else replace(call, **kept)


def _instant(moment: datetime | None) -> int | None:
    return None if moment is None else instant(moment)


def _as_it_is(amount: Decimal | None) -> Decimal | None:
    return amount


def _micros(amount: Decimal | None) -> int | None:
    return None if amount is None else micros(amount)


def micros(amount: Decimal) -> int:
    """An amount in whole millionths, as SQLite and files keep it."""
    return int((amount * MICRO).to_integral_value(ROUND_HALF_UP))


def _tries(tries: tuple[Try, ...]) -> str | None:
    if not tries:
        return None
    said = [{name: value for name, value in _of_try(one) if value not in (None, "")} for one in tries]
    return json.dumps(said, default=str)


def _of_try(one: Try) -> Iterable[tuple[str, Any]]:
    return ((name, getattr(one, name)) for name in TRY)


def call_of(row: Mapping[str, Any]) -> Call:
    """The call of a row, with its moments, amounts and words as Python has them."""
    values = {name: row[name] for name in ("customer_id", "release", "charge", "cost", *PLAIN)}
    values |= {field: row[name] for name, field in MOMENTS.items()}
    return Call(**values, tries=tries_of(row["tries"]))


def tries_of(text: str | None) -> tuple[Try, ...]:
    """The tries that a row keeps as a text."""
    if not text:
        return ()
    found = json.loads(text)
    return tuple(Try(**{**one, "rate": Decimal(one["rate"]) if "rate" in one else None}) for one in found)
