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

    @classmethod
    def of_value(cls, value: str) -> Self:
        """The choice that is stored so."""
        return next(member for member in cls if member.value == value)


class Choice(Kind):
    """One of a few labelled choices."""

    def __init__(self, choices: type[Labelled], width: int = 16) -> None:
        self.choices = choices
        self.width = width

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
        example = "GB or United Kingdom" if self.name == "countries" else "USD or US Dollar"
        raise BadValue(f"there is no {self.one} {quote(text)}; write it like {example}")

    def read(self, text: str) -> Any:
        return text
