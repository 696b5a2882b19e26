"""Kinds with a list to choose from: yes or no, one or several of a few, a code of an official list."""

import re
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Self

from cx_tui.domain.kinds.base import BadValue, Kind, plain, quote


class Labelled(str, Enum):
    """One of a few: the value is what is stored, the label is what people read."""

    label: str

    def __new__(cls, value: str, label: str) -> "Labelled":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    def __str__(self) -> str:
        return self.label

    __hash__ = str.__hash__
    """As it equals its value."""

    @classmethod
    def of_value(cls, value: str) -> Self:
        """The choice that is stored so."""
        return next(member for member in cls if member.value == value)


class Choice(Kind):
    """One of a few labelled choices."""

    def __init__(self, choices: type[Labelled], width: int = 16) -> None:
        self.choices = choices
        self.width = max(width, *(len(member.label) for member in choices))

    def options(self) -> list[tuple[str, str]]:
        """What there is to choose: value and label."""
        return [(member.value, member.label) for member in self.choices]

    def parse(self, text: str) -> Any:
        wanted = plain(text).casefold()
        for member in self.choices:
            if wanted in (member.value.casefold(), member.label.casefold()):
                return member
        labels = ", ".join(member.label for member in self.choices)
        raise BadValue(f"there is no choice {quote(text)}; choose one of {labels}")

    def write(self, value: Any) -> str:
        return value.label if value else ""


class Several(Kind):
    """Several of a few labelled choices, kept in the order of the set."""

    width = 20

    def __init__(self, choices: type[Labelled]) -> None:
        self.choices = choices
        self.one = Choice(choices)
        self.example = ", ".join(member.label for member in list(choices)[:2])

    def options(self) -> list[tuple[str, str]]:
        """What there is to choose: value and label."""
        return self.one.options()

    def parse(self, text: str) -> Any:
        words = filter(str.strip, re.split(r"[,;\n]+", plain(text, also="\n")))
        chosen = set(map(self.one.parse, words))
        return tuple(member for member in self.choices if member in chosen)

    def write(self, value: Any) -> str:
        return ", ".join(member.label for member in value or ())


class Flag(Kind):
    """Yes or no."""

    width = 8
    YES = frozenset({"yes", "y", "true", "t", "1", "on", "x"})
    NO = frozenset({"no", "n", "false", "f", "0", "off", "-"})

    def parse(self, text: str) -> Any:
        word = plain(text).casefold()
        if word not in self.YES | self.NO:
            raise BadValue(f"{quote(text)} is neither yes nor no")
        return word in self.YES

    def write(self, value: Any) -> str:
        return "" if value is None else "yes" if value else "no"


@cache
def official(name: str) -> dict[str, str]:
    """An official list, code to name: "countries" (ISO 3166) or "currencies" (ISO 4217)."""
    text = (Path(__file__).parent.parent / "data" / f"{name}.txt").read_text("utf-8")
    return dict(line.split(" ", 1) for line in text.splitlines())


ALSO_CALLED = {
    "uk": "GB", "gbr": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "britain": "GB", "usa": "US", "united states of america": "US", "america": "US",
    "turkey": "TR", "tur": "TR", "türkiye": "TR", "deu": "DE", "deutschland": "DE", "fra": "FR", "esp": "ES",
    "españa": "ES", "ita": "IT", "italia": "IT", "nld": "NL", "holland": "NL", "the netherlands": "NL",
    "bel": "BE", "che": "CH", "schweiz": "CH", "suisse": "CH", "aut": "AT", "österreich": "AT", "pol": "PL",
    "polska": "PL", "cze": "CZ", "czech republic": "CZ", "rus": "RU", "russia": "RU", "chn": "CN",
    "jpn": "JP", "kor": "KR", "south korea": "KR", "korea": "KR", "prk": "KP", "north korea": "KP",
    "twn": "TW", "taiwan": "TW", "vnm": "VN", "vietnam": "VN", "irn": "IR", "iran": "IR", "syr": "SY",
    "syria": "SY", "uae": "AE", "are": "AE", "ind": "IN", "bra": "BR", "brasil": "BR", "mex": "MX",
    "can": "CA", "aus": "AU", "nzl": "NZ", "zaf": "ZA", "irl": "IE", "prt": "PT", "swe": "SE", "nor": "NO",
    "dnk": "DK", "fin": "FI", "grc": "GR", "hun": "HU", "rou": "RO", "ukr": "UA", "ivory coast": "CI",
    "cape verde": "CV", "bolivia": "BO", "venezuela": "VE", "tanzania": "TZ", "moldova": "MD", "laos": "LA",
    "macedonia": "MK", "swaziland": "SZ", "burma": "MM", "palestine": "PS", "brunei": "BN", "vatican": "VA",
    "hong kong": "HK", "macau": "MO",
}  # fmt: skip
"""What people call countries beside their official names, three letters of the same list included."""


class Code(Kind):
    """A code of an official list; its name may be typed as well."""

    def __init__(self, name: str, one: str, width: int = 9) -> None:
        self.name = name
        self.one = one
        self.width = width

    def options(self) -> list[tuple[str, str]]:
        """What there is to choose: code and name."""
        return list(official(self.name).items())

    def parse(self, text: str) -> Any:
        wanted = plain(text)
        if wanted.isascii() and wanted.upper() in official(self.name):
            return wanted.upper()
        for code, name in self.options():
            if name.casefold() == wanted.casefold():
                return code
        if self.name == "countries" and (also := ALSO_CALLED.get(wanted.casefold().replace(".", ""))):
            return also
        example = "GB or United Kingdom" if self.name == "countries" else "USD or US Dollar"
        raise BadValue(f"there is no {self.one} {quote(text)}; write it like {example}")

    def read(self, text: str) -> Any:
        return text
