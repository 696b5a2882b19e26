"""The fields of a record: one line each, from which tables, forms, columns and uploads follow.

A record is a dataclass whose fields carry their kind:

    name: str = field.text("Name", tab="Basic", required=True, unique=True)
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from cx_tui.domain.kinds import (
    Address,
    Addresses,
    Areas,
    BadValue,
    Choice,
    Code,
    Day,
    Duration,
    Email,
    Emails,
    Flag,
    Identifier,
    InboundNumber,
    Integer,
    Integers,
    Kind,
    Labelled,
    Lines,
    Moment,
    Money,
    Networks,
    NumberOrRegex,
    Percent,
    Phone,
    Port,
    Prefix,
    Prefixes,
    Reference,
    References,
    Regex,
    Secret,
    Several,
    SipName,
    Tags,
    Text,
    Texts,
    Toml,
    Url,
    Zone,
    ZonedMoment,
)
from cx_tui.domain.week import WeekKind


@dataclass(frozen=True)
class Field:
    """One field of a record, with all that is said of it anywhere."""

    label: str
    kind: Kind
    tab: str = ""
    name: str = ""
    help: str = ""
    default: Any = None
    required: bool = False
    unique: bool = False
    bulk: bool = False
    upload: bool = True
    kept: bool = False
    """The program keeps it: it is shown, never typed."""
    fixed: bool = False
    """It can't change once the record exists."""
    optional: bool = False
    """It may be empty, which is kept as None."""
    suggests: bool = False
    """Values used before are offered while typing."""
    taken: str = ""
    """The sentence when another record has the value that only one may have."""
    synonyms: tuple[str, ...] = ()
    """Other words for it in the headers of a file; its name and label are known anyway."""
    example: str = ""
    """What stands in the template of an upload."""
    found_by: bool = False
    """The search box finds the customer by it."""
    warned: bool = False
    """The rules of warnings look at it, so it is judged anew when it changes."""
    internal: bool = False
    """No business of the customer: no message can contain it."""

    def parse(self, text: str) -> Any:
        """The value that was meant by a text, or BadValue; nothing typed is the default."""
        if not text.strip():
            if self.required:
                raise BadValue(f"{self.label} is required")
            return self.empty()
        return self.kind.parse(text)

    def check(self, text: str) -> None:
        """BadValue when the text can't be a value of this field."""
        if text.strip():
            self.kind.check(text)
        else:
            self.parse(text)

    def write(self, value: Any) -> str:
        """The value as text; empty is nothing."""
        return self.kind.write(value)

    def write_each(self, values: Sequence[Any]) -> list[str]:
        """Values as texts; that of the same value is made once."""
        try:
            distinct = dict(zip(values, values, strict=True))
            keys = values
        except TypeError:
            # Some are lists or dicts.
            keys = list(map(repr, values))
            distinct = dict(zip(keys, values, strict=True))
        texts = {key: self.write(value) for key, value in distinct.items()}
        return [texts[key] for key in keys]

    def read(self, text: str) -> Any:
        """The value that `write` wrote."""
        return self.kind.read(text) if text else self.empty()

    def empty(self) -> Any:
        """The value of a field that was left empty."""
        return dict(self.default) if isinstance(self.default, dict) else self.default


def of_kind(label: str, kind: Kind, **more: Any) -> Any:
    """A field of a record, of any kind."""
    spec = Field(label=label, kind=kind, **more)
    return dataclasses.field(default=spec.default, metadata={"field": spec})


def text(label: str, *, max_length: int = 200, width: int = 20, **more: Any) -> Any:
    """One line of text."""
    return of_kind(label, Text(max_length, width), **{"default": "", **more})


def identifier(label: str, *, max_length: int = 200, width: int = 20, **more: Any) -> Any:
    """A number or code that another system gave, whose every digit counts."""
    return of_kind(label, Identifier(max_length, width), **{"default": "", **more})


def lines(label: str, **more: Any) -> Any:
    """Several lines of text."""
    return of_kind(label, Lines(), default="", **more)


def email(label: str, **more: Any) -> Any:
    """An e-mail address."""
    return of_kind(label, Email(), **{"default": "", **more})


def url(label: str, **more: Any) -> Any:
    """A web address."""
    return of_kind(label, Url(), default="", **more)


def phone(label: str, **more: Any) -> Any:
    """A phone number."""
    return of_kind(label, Phone(), default="", **more)


def sip_name(label: str, **more: Any) -> Any:
    """The name of a SIP user."""
    return of_kind(label, SipName(), default="", **more)


def integer(label: str, *, minimum: int = 0, maximum: int = 2**31 - 1, width: int = 9, **more: Any) -> Any:
    """A whole number."""
    return of_kind(label, Integer(minimum, maximum, width), **more)


def money(label: str, *, minimum: str = "0", **more: Any) -> Any:
    """An amount in the customer's currency."""
    return of_kind(label, Money(minimum), **more)


def percent(label: str, **more: Any) -> Any:
    """A percentage."""
    return of_kind(label, Percent(), **more)


def choice(label: str, choices: type[Labelled], **more: Any) -> Any:
    """One of a few."""
    return of_kind(label, Choice(choices), **more)


def flag(label: str, *, default: bool = False, **more: Any) -> Any:
    """Yes or no."""
    return of_kind(label, Flag(), default=default, **more)


def country(label: str, **more: Any) -> Any:
    """A country by its ISO 3166 code."""
    return of_kind(label, Code("countries", "country"), default="", **more)


def currency(label: str, **more: Any) -> Any:
    """A currency by its ISO 4217 code."""
    return of_kind(label, Code("currencies", "currency"), default="", **more)


def zone(label: str, **more: Any) -> Any:
    """A time zone by its IANA name."""
    return of_kind(label, Zone(), default="UTC", **more)


def tags(label: str, **more: Any) -> Any:
    """A set of words."""
    return of_kind(label, Tags(), default=(), **more)


def toml(label: str, **more: Any) -> Any:
    """Variables in TOML."""
    return of_kind(label, Toml(), default="", **more)


def areas(label: str, names: tuple[str, ...], **more: Any) -> Any:
    """Areas of the portal, each inherited, shown or hidden."""
    spec = Field(label=label, kind=Areas(names), default={}, **more)
    return dataclasses.field(default_factory=dict, metadata={"field": spec})


def texts(label: str) -> Any:
    """Values of other fields as texts, by name."""
    spec = Field(label=label, kind=Texts(), default={})
    return dataclasses.field(default_factory=dict, metadata={"field": spec})


def networks(label: str, **more: Any) -> Any:
    """IP addresses and networks."""
    return of_kind(label, Networks(), default=(), **more)


def several(label: str, choices: type[Labelled], **more: Any) -> Any:
    """Several of a few."""
    return of_kind(label, Several(choices), default=(), **more)


def integers(label: str, *, minimum: int, maximum: int, **more: Any) -> Any:
    """Several whole numbers."""
    return of_kind(label, Integers(minimum, maximum), default=(), **more)


def reference(label: str, record: str, **more: Any) -> Any:
    """Another record; None is none, where none is required."""
    return of_kind(label, Reference(record), **{"optional": not more.get("required", False), **more})


def references(label: str, record: str, **more: Any) -> Any:
    """Several other records of one kind."""
    return of_kind(label, References(record), default=(), **more)


def owner(label: str, record: str, help: str) -> Any:
    """The record that this one belongs to; it stays with it."""
    return of_kind(label, Reference(record), kept=True, upload=False, fixed=True, internal=True, help=help)


def position(help: str) -> Any:
    """The place among those of the same owner, which operators choose."""
    return of_kind("Position", Integer(), kept=True, default=0, upload=False, internal=True, help=help)


def regex(label: str, **more: Any) -> Any:
    """A regular expression that runs in linear time."""
    return of_kind(label, Regex(), default="", **more)


def number_or_regex(label: str, **more: Any) -> Any:
    """An exact number, or a regular expression."""
    return of_kind(label, NumberOrRegex(), default="", **more)


def prefix(label: str, *, max_length: int = 20, signs: str = "", **more: Any) -> Any:
    """The beginning of a number."""
    return of_kind(label, Prefix(max_length, signs), default="", **more)


def prefixes(label: str, **more: Any) -> Any:
    """A set of prefixes."""
    return of_kind(label, Prefixes(), default=(), **more)


def inbound_number(label: str, **more: Any) -> Any:
    """An inbound number, in international form."""
    return of_kind(label, InboundNumber(), default="", **more)


def address(label: str, *, hosts: bool = False, **more: Any) -> Any:
    """One IP address or network, or a host name."""
    return of_kind(label, Address(hosts), default="", **more)


def addresses(label: str, **more: Any) -> Any:
    """Several IP addresses, networks or host names."""
    return of_kind(label, Addresses(), default=(), **more)


def emails(label: str, **more: Any) -> Any:
    """Several e-mail addresses."""
    return of_kind(label, Emails(), default=(), **more)


def port(label: str, **more: Any) -> Any:
    """A port; None is the usual one."""
    return of_kind(label, Port(), **{"optional": True, **more})


def duration(label: str, *, maximum: int = 366 * 86_400, **more: Any) -> Any:
    """A length of time in seconds."""
    return of_kind(label, Duration(maximum), **{"default": 0, **more})


def week(label: str, **more: Any) -> Any:
    """Hours of the week; None is always."""
    return of_kind(label, WeekKind(), optional=True, **more)


def secret(label: str, **more: Any) -> Any:
    """A secret that is kept as a hash and never shown."""
    return of_kind(label, Secret(), default="", upload=False, **more)


def moment(label: str, **more: Any) -> Any:
    """A moment in UTC."""
    return of_kind(label, Moment(), optional=True, **more)


def zoned_moment(label: str, **more: Any) -> Any:
    """A moment that is typed with its zone, and kept in UTC."""
    return of_kind(label, ZonedMoment(), **{"optional": True, **more})


def day(label: str, **more: Any) -> Any:
    """A day."""
    return of_kind(label, Day(), optional=True, **more)


def names_where(record: type, said: str) -> tuple[str, ...]:
    """The names of the fields of which something is said: `names_where(Contact, "found_by")`."""
    return _names_where(record, said)


@cache
def _names_where(record: Any, said: str) -> tuple[str, ...]:
    return tuple(name for name, each in fields_of(record).items() if getattr(each, said))


def fields_of(record: type) -> dict[str, Field]:
    """The fields of a record by name, in the order of their declaration."""
    return _fields_of(record)


@cache
def _fields_of(record: Any) -> dict[str, Field]:
    return {
        part.name: dataclasses.replace(part.metadata["field"], name=part.name)
        for part in dataclasses.fields(record)
        if "field" in part.metadata
    }
