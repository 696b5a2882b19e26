"""How the columns of a call file are read: which is which, in which zone and unit, what the key is, and
which rows count.  A mapping is a value: it can be kept as JSON and used again.

    invited=start@Europe/Vienna   a date and time, on the clock of that zone
    answered=answer_epoch:s       seconds since 1970; also ms and us
    invited=day:%d/%m/%Y %H:%M:%S another way to write a date
    talk=billsec:s                a length; also ms, us, min and clock (1:02:03)
    key=uniqueid+sequence         what makes a row that call, one column or several
    leg=lastapp:Dial,Queue        the rows that count: the others are other legs of the same calls;
                                  leg=carrier:* counts those in which it is not empty
    one_call=uniqueid             rows with the same one, one behind the other, are tries of one call
    second_leg=bleg_uuid          names the key of another row, which is the second leg of the same call
"""

import re
from collections.abc import Collection, Iterable
from collections.abc import Mapping as Read
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from cx_tui.errors import Invalid, Misconfigured

MOMENTS = {
    "invited": "when the call began",
    "ringing": "when it began to ring",
    "answered": "when it was answered",
    "replied": "when the last reply came: the answer, or the refusal",
    "ended": "when it ended",
}
LENGTHS = {
    "talk": "how long was talked, without ringing",
    "total": "how long the whole call was, with ringing",
    "pdd": "how long until it rang",
    "ring": "how long it rang",
}
TEXTS = {
    "customer": "the customer's number or account",
    "auth": "by what the customer was recognised",
    "direction": "termination or origination",
    "src_ip": "the address that the call came from",
    "src_port": "its port",
    "protocol": "UDP, TCP or TLS",
    "cli_in": "the caller's number as it came",
    "cli": "the caller's number as it was sent",
    "paid": "the asserted number",
    "dialled": "the dialled number as it came",
    "number": "the dialled number as it was sent",
    "sip_code": "the last SIP answer",
    "sip_reason": "its words",
    "q850": "the Q.850 cause, as a number or a name",
    "gate": "the gate that refused it",
    "release": "who ended it",
    "carrier": "the carrier",
    "recording": "where the recording is",
    "route": "the number of the route",
    "did": "the number of the DID",
}
FIELDS = {**MOMENTS, **LENGTHS, **TEXTS}

SINCE_1970 = ("s", "ms", "us")
LENGTH_UNITS = ("s", "ms", "us", "min", "clock")
TEXT_FORMS = ("channel",)
"""A channel of Asterisk: the peer in it counts, SIP/peer-0000001a."""


@dataclass(frozen=True, slots=True)
class From:
    """The column behind a field, and how it is written: the way of a time, the unit of a length."""

    column: str
    form: str = ""
    zone: str = ""

    def __str__(self) -> str:
        return self.column + (f":{self.form}" if self.form else "") + (f"@{self.zone}" if self.zone else "")

    @property
    def on_a_clock(self) -> bool:
        """Whether it is a date and time as people write them, and not a number since 1970."""
        return self.form not in SINCE_1970


@dataclass(frozen=True, slots=True)
class Leg:
    """The rows that count: those with one of these values in a column."""

    column: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.column}:{','.join(self.values)}"


@dataclass(frozen=True)
class Mapping:
    """How a file's columns become calls."""

    fields: Read[str, From] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    """Empty: the key is made of begin, numbers and address."""
    leg: Leg | None = None
    one_call: str = ""
    """The column that tries of one call, one behind the other, have in common."""
    second_leg: str = ""
    """The column that names the key of the row that is the second leg of the same call."""

    def with_(self, given: "Mapping") -> "Mapping":
        """This one, with what another says in its place: also when it says of a column that it is another
        length."""
        said = {one.column for name, one in given.fields.items() if name in LENGTHS}
        own = {n: one for n, one in self.fields.items() if n not in LENGTHS or one.column not in said}
        return Mapping(
            {**own, **given.fields},
            given.key or self.key,
            given.leg or self.leg,
            given.one_call or self.one_call,
            given.second_leg or self.second_leg,
        )

    def for_columns(self, columns: Collection[str]) -> "Mapping":
        """What of it these columns can give: formats have columns that not every switch writes."""
        return Mapping(
            {name: one for name, one in self.fields.items() if one.column in columns},
            tuple(one for one in self.key if one in columns),
            self.leg if self.leg and self.leg.column in columns else None,
            self.one_call if self.one_call in columns else "",
            self.second_leg if self.second_leg in columns else "",
        )

    def in_zone(self, zone: str) -> "Mapping":
        """The same; times that have no zone yet are in this one."""
        placed = {
            name: replace(one, zone=zone) if name in MOMENTS and one.on_a_clock and not one.zone else one
            for name, one in self.fields.items()
        }
        return replace(self, fields=placed)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it reads."""
        named = [self.leg.column if self.leg else "", self.one_call, self.second_leg]
        every = [*(one.column for one in self.fields.values()), *self.key, *filter(None, named)]
        return tuple(dict.fromkeys(every))

    def as_json(self) -> dict[str, str]:
        """What `parse` makes the same mapping of."""
        more = {
            "key": "+".join(self.key),
            "leg": str(self.leg or ""),
            "one_call": self.one_call,
            "second_leg": self.second_leg,
        }
        return {name: str(one) for name, one in self.fields.items()} | {k: v for k, v in more.items() if v}


def parse(given: Read[str, str] | Iterable[str]) -> Mapping:
    """The mapping that words like `talk=billsec:s` say."""
    pairs = given.items() if isinstance(given, Read) else [_pair(one) for one in given]
    fields: dict[str, From] = {}
    key: tuple[str, ...] = ()
    leg: Leg | None = None
    others = {"one_call": "", "second_leg": ""}
    for name, text in pairs:
        if not text:
            raise Misconfigured(f"{name}= names no column; write it like {name}=column")
        if name == "key":
            key = tuple(text.split("+"))
        elif name == "leg":
            column, _, values = text.rpartition(":")
            if not column or not values:
                raise Misconfigured(f"leg={text} says no value; write it like leg=lastapp:Dial")
            leg = Leg(column, tuple(values.split(",")))
        elif name in others:
            others[name] = text
        elif name in FIELDS:
            fields[name] = _from(name, text)
        else:
            known = ", ".join(["key", "leg", *others, *FIELDS])
            raise Misconfigured(f'there is no field "{name}"; there are {known}')
    return Mapping(fields, key, leg, **others)


def _pair(text: str) -> tuple[str, str]:
    name, sign, column = text.partition("=")
    if not sign:
        raise Misconfigured(f'"{text}" maps nothing; write it like talk=billsec:s')
    return name.strip(), column.strip()


def _from(name: str, text: str) -> From:
    zone = ""
    if name in MOMENTS and (found := re.fullmatch(r"(.+)@([A-Za-z][\w+/-]*)", text)):
        text, zone = found[1], zone_of(found[2])
    # A date's own form has colons in it, so it begins at the first that a percent sign follows.
    if name in MOMENTS and (found := re.fullmatch(r"([^%]+?):(%.+)", text)):
        return From(found[1], found[2], zone)
    forms = SINCE_1970 if name in MOMENTS else LENGTH_UNITS if name in LENGTHS else TEXT_FORMS
    column, sign, form = text.rpartition(":")
    return From(column, form, zone) if sign and form in forms else From(text, "", zone)


def zone_of(name: str) -> str:
    """The name of a time zone, when there is one of that name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Misconfigured(f'there is no time zone "{name}"; write it like Europe/Vienna or UTC') from None
    return name


def check(mapping: Mapping, columns: Collection[str], *, with_offset: Collection[str] = ()) -> None:
    """Refuse a mapping that leaves open what a time or a length means.  `with_offset` are columns whose
    times say their zone themselves."""
    problems: dict[str, str] = {}
    fields = mapping.fields
    for column in mapping.columns:
        if column not in columns:
            shown = ", ".join(list(columns)[:40])
            problems[column] = f'the file has no column "{column}"; it has {shown}'
    if "invited" not in fields:
        problems["invited"] = "say which column is the begin of the call: --map invited=COLUMN"
    for name, one in fields.items():
        if name in LENGTHS and not one.form:
            problems[name] = (
                f"say the unit of {one.column}: --map {name}={one.column}:s"
                f" (or {', '.join(LENGTH_UNITS[1:])})"
            )
        if name in MOMENTS and one.on_a_clock and not one.zone and one.column not in with_offset:
            problems[name] = (
                f"the times in {one.column} have no zone: say on which clock they are, like --zone UTC or"
                f" --map {name}={one.column}@Europe/Vienna"
            )
    if "total" in fields and "talk" not in fields and "answered" not in fields:
        column = fields["total"].column
        problems["talk"] = (
            f"{column} alone does not say how long was talked: it may hold the ringing.  If it is talk"
            f" time, say --map talk={column}:s; if not, name the time of the answer, --map answered=COLUMN"
        )
    elif not {"talk", "ended", "total"} & set(fields):
        problems["talk"] = (
            "say how long was talked, --map talk=COLUMN:s, or when it ended, --map ended=COLUMN"
        )
    if problems:
        raise Invalid(problems)


def explained(mapping: Mapping) -> list[tuple[str, str]]:
    """The mapping as rows for a person: the field, and where it comes from."""
    rows: list[tuple[str, str]] = []
    for name, one in mapping.fields.items():
        rows.append((name, f"{one.column}{_way(name, one)}"))
    made = "made of begin, numbers and address: two equal rows are one call"
    rows.append(("key", " + ".join(mapping.key) or made))
    if mapping.leg:
        only = " or ".join(mapping.leg.values)
        told = f"is {only}" if mapping.leg.values != ("*",) else "is not empty"
        rows.append(("rows that count", f"{mapping.leg.column} {told}; the others are other legs"))
    if mapping.one_call:
        rows.append(("one call", f"rows behind each other with the same {mapping.one_call} are its tries"))
    if mapping.second_leg:
        rows.append(("second legs", f"rows that another row's {mapping.second_leg} names; they are left out"))
    return rows


def _way(name: str, one: From) -> str:
    words: dict[str, Any] = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "min": "minutes"}
    if name in LENGTHS:
        return f", {words.get(one.form, 'hours:minutes:seconds')}"
    if name not in MOMENTS:
        return ""
    if not one.on_a_clock:
        return f", {words[one.form]} since 1970"
    return f", on the clock of {one.zone}" if one.zone else ", with its own offset from UTC"
