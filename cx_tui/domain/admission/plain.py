"""Facts as plain lists of texts and numbers, and back again: what files can hold and nobody can hide code in.

What many facts have in common (limits, terms) is written once and named by its place.
"""

import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from zlib import crc32

from cx_tui.domain.admission import facts
from cx_tui.domain.money.free_minutes import Held, Left
from cx_tui.domain.rating import cards, price
from cx_tui.domain.week import Week

T = TypeVar("T")
SHARED: tuple[Any, ...] = (
    facts.Limits, facts.Terms, facts.AddressTerms, facts.RouteTerms, price.Tariff, price.Rules,
)  # fmt: skip
OWN: tuple[Any, ...] = (
    facts.RewriteRule, facts.Address, facts.SipUser, facts.CliRule, facts.Route, facts.Did, facts.Penalty,
    facts.Contract, facts.Account, facts.Customer, facts.Carrier, facts.Supply, facts.PrefixSet, cards.Rate,
    Held, Left,
)  # fmt: skip
NAMED = {kind.__name__: kind for kind in SHARED}
PLAIN = (int, str, bool, type(None))


@cache
def shape() -> int:
    """A number that is another one as soon as facts have other fields."""
    said = [f"{kind.__name__}.{each.name}:{each.type}" for kind in SHARED + OWN for each in fields(kind)]
    return crc32("\n".join(said).encode())


class Parts:
    """What many facts have in common, each with its place."""

    def __init__(self, written: Iterable[Sequence[Any]] = ()) -> None:
        self._values: list[Any] = []
        self._places: dict[Any, int] = {}
        for name, row in written:
            self._add(self.made(NAMED[name], row))

    def _add(self, value: Any) -> int:
        place = self._places[value] = len(self._values)
        self._values.append(value)
        return place

    def written(self) -> list[list[Any]]:
        """All parts, so that a part comes behind those that it names."""
        return [[type(one).__name__, self._row(one)] for one in self._values]

    def plain(self, value: Any) -> Any:
        """A value as plain lists."""
        kind = type(value)
        if kind in PLAIN:
            return value
        if isinstance(value, Enum):
            return value.value
        if isinstance(value, (tuple, list)):
            return [self.plain(one) for one in value]
        if isinstance(value, frozenset):
            return sorted(value)
        if isinstance(value, bytes):
            return value.hex()
        if isinstance(value, Week):
            return value.hex
        if isinstance(value, date):
            return value.isoformat()
        if kind in SHARED:
            place = self._places.get(value)
            if place is None:
                self._row(value)  # what it names comes first
                place = self._add(value)
            return place
        return self._row(value)

    def _row(self, value: Any) -> list[Any]:
        kind: Any = type(value)
        return [self.plain(getattr(value, name)) for name in _names(kind)]

    def made(self, kind: Callable[..., T], row: Sequence[Any]) -> T:
        """The value that a list was made of."""
        return kind(**{name: read(self, one) for (name, read), one in zip(_readers(kind), row, strict=True)})

    def part(self, place: int) -> Any:
        """The part at a place."""
        return self._values[place]


Reader = Callable[[Parts, Any], Any]


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


@cache
def _readers(kind: Any) -> tuple[tuple[str, Reader], ...]:
    """How each field of a kind of fact is read."""
    hints = get_type_hints(kind)
    return tuple((name, _reader(hints[name])) for name in _names(kind))


def _reader(hint: Any) -> Reader:
    origin, of = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (one,) = (each for each in of if each is not type(None))
        read = _reader(one)
        return lambda parts, row: None if row is None else read(parts, row)
    if origin is tuple:
        read = _reader(of[0])
        return lambda parts, row: tuple([read(parts, one) for one in row])
    if origin is frozenset:
        return lambda _, row: frozenset(row)
    return _reader_of(hint)


def _reader_of(kind: Any) -> Reader:
    if kind in PLAIN:
        return lambda _, row: row
    if kind in SHARED:
        return lambda parts, place: parts.part(place)
    if isinstance(kind, type) and is_dataclass(kind) and kind is not Week:
        return lambda parts, row: parts.made(kind, row)
    if issubclass(kind, Enum):
        members = {member.value: member for member in kind}
        return lambda _, row: members[row]
    simple: dict[Any, Callable[[str], Any]] = {
        bytes: bytes.fromhex, Week: Week.from_hex, date: date.fromisoformat, datetime: datetime.fromisoformat,
    }  # fmt: skip
    read = simple[kind]
    return lambda _, row: read(row)
