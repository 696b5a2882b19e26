"""The records of the program, one file each: their fields, and what else is said of them.

A kind of record is loaded when it is first asked for: a start needs few of them.
"""

from collections.abc import Iterator
from importlib import import_module

from cx_tui.domain.record import Record

PLACES = {
    "customer": "customer.Customer",
    "contact": "contact.Contact",
}
"""Where each kind of record is declared."""

_known: dict[str, type[Record]] = {}


def record_named(name: str) -> type[Record]:
    """The kind of record of a name."""
    if name not in _known:
        module, kind = PLACES[name].split(".")
        _known[name] = getattr(import_module(f"{__name__}.{module}"), kind)
    return _known[name]


def is_record(name: str) -> bool:
    """Whether there is such a kind of record (any more)."""
    return name in PLACES


def every_record() -> Iterator[type[Record]]:
    """All kinds of records: an owner before what belongs to it."""
    return map(record_named, PLACES)


def records_of(owner: str) -> Iterator[type[Record]]:
    """The kinds of records that belong to such an owner."""
    return (record for record in every_record() if record.declared.owner == owner)
