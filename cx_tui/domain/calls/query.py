"""Which calls, in which order: a value that can be compared, kept and sent, and how it is typed.

carrier = alpha and sip_code >= 500 and dialled begins 44 and talk > 60
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from cx_tui.domain.query import Sort
from cx_tui.errors import Misconfigured

Value: TypeAlias = str | int | Decimal | bool

TEXT, NUMBER, AMOUNT, SECONDS, FLAG = "text", "number", "amount", "seconds", "flag"

ASKED: dict[str, str] = {
    **dict.fromkeys(
        ("source", "source_key", "auth", "direction", "src_ip", "protocol", "cli_in", "cli", "paid",
         "dialled", "number", "sip_reason", "gate", "carrier", "prefix", "destination", "currency",
         "unrated", "release"),
        TEXT,
    ),
    **dict.fromkeys(
        ("customer_id", "route_id", "did_id", "sip_code", "q850", "billed_seconds", "talk_ms"), NUMBER
    ),
    "charge": AMOUNT,
    "cost": AMOUNT,
    "talk": SECONDS,
    "connected": FLAG,
    "simulated": FLAG,
}  # fmt: skip
"""What calls can be asked for, and of what kind it is; `talk` is in seconds."""

SORTED = (*ASKED, "start", "ringing", "answered", "ended")
"""What calls can be ordered by."""

COMPARED = ("=", "!=", ">=", "<=", ">", "<")
WORDS = ("has", "begins")

NEWEST_FIRST = (Sort("start", descending=True),)


@dataclass(frozen=True)
class Condition:
    """One thing that is asked of a call."""

    field: str
    operator: str
    value: Value


@dataclass(frozen=True)
class CallQuery:
    """Which calls, in which order.  `until` is the first moment that is too late."""

    customer_id: int | None = None
    first: datetime | None = None
    until: datetime | None = None
    conditions: tuple[Condition, ...] = ()
    sort: tuple[Sort, ...] = NEWEST_FIRST

    @property
    def by_start(self) -> bool:
        """Whether the order is that in which calls began, or its reverse."""
        return [one.column for one in self.sort] == ["start"]


PART = re.compile(
    r"""\s*(\w+)\s*(!=|>=|<=|=|>|<|\bhas\b|\bbegins\b)\s*("[^"]*"|'[^']*'|[^\s"']+)\s*(and\b|&|$)""", re.I
)
YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def conditions_of(text: str) -> tuple[Condition, ...]:
    """The conditions that a person typed; Misconfigured says what can't be read."""
    return tuple(_conditions(text)) if text.strip() else ()


def _conditions(text: str) -> Iterator[Condition]:
    place = 0
    while place < len(text):
        part = PART.match(text, place)
        if part is None:
            said = text[place:].strip()
            raise Misconfigured(f'"{said}" can\'t be read; write it like: carrier = alpha and talk > 60')
        yield _condition(part[1].lower(), part[2].lower(), part[3].strip("\"'"))
        place = part.end()
        if part[4] and not text[place:].strip():
            raise Misconfigured(f'something must follow "{part[4]}"')


def _condition(field: str, operator: str, said: str) -> Condition:
    kind = ASKED.get(field)
    if kind is None:
        raise Misconfigured(f"calls have no {field}; they have {', '.join(sorted(ASKED))}")
    if operator in WORDS and kind != TEXT:
        raise Misconfigured(f"{field} is not text; compare it with one of {' '.join(COMPARED)}")
    return Condition(field, operator, _value(field, kind, said))


def _value(field: str, kind: str, said: str) -> Value:
    try:
        if kind == TEXT:
            return said
        if kind == FLAG:
            return YES[said.lower()]
        if kind == NUMBER:
            return int(said)
        amount = Decimal(said)
    except (KeyError, ValueError, InvalidOperation):
        needed = {FLAG: "yes or no", NUMBER: "a whole number"}.get(kind, "a number")
        raise Misconfigured(f'{field} is {needed}, not "{said}"') from None
    if not amount.is_finite():
        raise Misconfigured(f'{field} is a number, not "{said}"')
    return amount
