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
    Areas,
    BadValue,
    Choice,
    Code,
    Day,
    Email,
    Flag,
    Identifier,
    Integer,
    Kind,
    Labelled,
    Lines,
    Moment,
    Money,
    Networks,
    Percent,
    Phone,
    Secret,
    Tags,
    Text,
    Texts,
    Toml,
    Url,
    Zone,
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
    fixed: bool = False
    """It can't change once the record exists."""
    optional: bool = False
    """It may be empty, which is kept as None."""
    suggests: bool = False
    """Values used before are offered while typing."""

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


def week(label: str, **more: Any) -> Any:
    """Hours of the week; None is always."""
    return of_kind(label, WeekKind(), optional=True, **more)


def secret(label: str, **more: Any) -> Any:
    """A secret that is kept as a hash and never shown."""
    return of_kind(label, Secret(), default="", upload=False, **more)


def moment(label: str, **more: Any) -> Any:
    """A moment in UTC."""
    return of_kind(label, Moment(), optional=True, **more)


def day(label: str, **more: Any) -> Any:
    """A day."""
    return of_kind(label, Day(), optional=True, **more)


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
