"""A set of prefixes that routes share."""

from dataclasses import dataclass
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.record import Record


@dataclass(kw_only=True)
class PrefixSet(Record):
    """A prefix set: numbers that begin with one of its prefixes are in it."""

    declared: ClassVar = Declared(
        "prefix-set",
        "prefix set",
        "Prefix sets",
        ("name", "prefixes"),
        owner="",
        sort=("name",),
        also=("destinations", "number lists"),
    )

    name: str = field.text(
        "Name",
        tab="Basic",
        required=True,
        max_length=120,
        width=26,
        unique=True,
        taken="another prefix set has this name",
        example="UK mobiles",
        synonyms=("prefix set", "set"),
        help="A name that no other set has.",
    )
    prefixes: tuple[str, ...] = field.prefixes(
        "Prefixes",
        tab="Basic",
        required=True,
        example="4474, 4475, 4477",
        synonyms=("prefix", "codes"),
        help="What its numbers begin with.",
    )
    notes: str = field.lines("Notes", tab="Basic", internal=True, help="Only operators can read these.")
