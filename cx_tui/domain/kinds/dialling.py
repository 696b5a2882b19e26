"""Kinds of what is dialled: the beginning of a number, sets of them, inbound numbers."""

import re
from typing import Any

from cx_tui.domain.kinds.base import BadValue, Kind, plain, quote
from cx_tui.domain.kinds.numbers import SCIENTIFIC, scientific
from cx_tui.domain.kinds.words import Phone, Text


class Prefix(Text):
    """The beginning of a number: digits, with + before them where a switch sends it."""

    example = "447"
    plain_texts = r"\+?[0-9]{1,20}"

    def __init__(self, maximum: int = 20, signs: str = "") -> None:
        super().__init__(maximum, width=12)
        self.signs = signs
        self._wanted = re.compile(rf"\+?[0-9{re.escape(signs)}]*")

    def parse(self, text: str) -> Any:
        text = super().parse(text)
        if SCIENTIFIC.fullmatch(text):
            raise BadValue(scientific(text))
        if not text or not self._wanted.fullmatch(text):
            also = " ".join(("+", *self.signs))
            raise BadValue(
                f"{quote(text)} is not a prefix; write digits like {self.example} ({also} may be in it)"
            )
        return text


class Prefixes(Kind):
    """A set of prefixes."""

    width = 24
    example = "447, 4475"

    def __init__(self) -> None:
        self.each = Prefix()

    def parse(self, text: str) -> Any:
        words = filter(None, re.split(r"[\s,;]+", plain(text, also="\n\t")))
        return tuple(sorted(set(map(self.each.parse, words))))

    def write(self, value: Any) -> str:
        return ", ".join(value or ())


class InboundNumber(Phone):
    """An inbound number: +44, 0044 and 44 before it are the same number."""

    def parse(self, text: str) -> Any:
        text = plain(text)
        if SCIENTIFIC.fullmatch(text):
            raise BadValue(scientific(text))
        return super().parse(f"+{text}" if text[:1].isdecimal() and text[:2] != "00" else text)
