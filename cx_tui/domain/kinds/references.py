"""Kinds that name other records by their number: `#12`.

A person chooses by name; the services turn names into numbers before a text comes here.
"""

import re
from typing import Any

from cx_tui.domain.kinds.base import BadValue, Kind, plain, quote

NUMBERED = re.compile(r"#([1-9][0-9]{0,17})")
LARGEST = 2**31 - 1


def numbered(text: str) -> int:
    """The number in a text like #12."""
    found = NUMBERED.fullmatch(text)
    if not found or int(found[1]) > LARGEST:
        raise BadValue(f"{quote(text)} is not a number of a record; write it like #12")
    return int(found[1])


class Reference(Kind):
    """Another record: kept as its number, shown by its name."""

    width = 20
    example = "#12"

    def __init__(self, record: str) -> None:
        self.record = record

    def parse(self, text: str) -> Any:
        return numbered(plain(text))

    def write(self, value: Any) -> str:
        return "" if value is None else f"#{value}"

    def show(self, value: Any) -> str:
        # A list and a message have its name already.
        return value if isinstance(value, str) else self.write(value)

    def read(self, text: str) -> Any:
        # Before customers referred to records, the log kept names of them.
        return int(text.removeprefix("#")) if text[:1] in "#0123456789" else numbered(text)


class References(Kind):
    """Several other records of one kind, kept as their numbers in the order in which they were chosen."""

    width = 24
    example = "#12, #7"

    def __init__(self, record: str) -> None:
        self.record = record

    def parse(self, text: str) -> Any:
        words = filter(None, re.split(r"[\s,;]+", plain(text, also="\n\t")))
        return tuple(dict.fromkeys(map(numbered, words)))

    def write(self, value: Any) -> str:
        return ", ".join(f"#{number}" for number in value or ())
