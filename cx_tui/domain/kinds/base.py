"""What every kind of value can do."""

import re
import unicodedata
from typing import Any, Literal

Align = Literal["left", "right"]


class BadValue(ValueError):
    """A text that is not a value of its kind; the message is the sentence for the operator."""


def quote(text: str) -> str:
    """The text as it is named in a sentence: short, and with nothing invisible in it."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return '"' + "".join(c if c.isprintable() else "�" for c in short) + '"'


class Kind:
    """A kind of value.  `parse(write(value))` is the value again; `show` is for reading only."""

    align: Align = "left"
    width = 14
    example = ""
    plain_texts = ""
    """A regular expression of ASCII texts that `parse` takes just as they are written, so that a million of
    them need not be parsed one by one; how long or large they may be is asked separately."""

    def parse(self, text: str) -> Any:
        """The value that a person meant by a text that is not empty, or BadValue."""
        raise NotImplementedError

    def check(self, text: str) -> None:
        """BadValue when the text is none of these values."""
        self.parse(text)

    def write(self, value: Any) -> str:
        """The value as text that `parse` reads back."""
        return "" if value is None else str(value)

    def read(self, text: str) -> Any:
        """The value that `write` wrote; what was kept once is taken back as it was."""
        return self.parse(text)

    def means(self, text: str, currency: str = "") -> str:
        """What a text means, where that is not plain to see; nothing of one that is wrong."""
        return ""

    def show(self, value: Any) -> str:
        """The value as a person likes to read it."""
        return self.write(value)


class Each(Kind):
    """One value of a kind or several, with blanks, commas or line breaks between: each is meant alone."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.align, self.width, self.example = kind.align, kind.width, kind.example

    def parse(self, text: str) -> Any:
        words = filter(None, re.split(r"[\s,;]+", text))
        return tuple(dict.fromkeys(map(self.kind.parse, words)))

    def write(self, value: Any) -> str:
        return ", ".join(map(self.kind.write, value)) if isinstance(value, tuple) else self.kind.write(value)


JOINERS = "\u200c\u200d"
"""Signs without a width, which say how the letters or pictures beside them are joined."""
JOINED = frozenset({
    "ARABIC", "SYRIAC", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL",
    "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "TIBETAN", "MYANMAR", "KHMER",
})  # fmt: skip
"""Scripts whose words need them."""


def joins(text: str, place: int) -> bool:
    """Whether such a sign stands where it is needed: in a word of these scripts, or between two pictures."""
    before, after = text[:place].rstrip("\ufe0f")[-1:], text[place + 1 : place + 2]
    if not before or not after:
        return False
    scripts = {unicodedata.name(char, "?").split(" ", 1)[0] for char in (before, after)}
    pictures = unicodedata.category(before) in ("So", "Sk") and unicodedata.category(after) == "So"
    return (len(scripts) == 1 and scripts <= JOINED) or (pictures and text[place] == "\u200d")


def plain(text: str, also: str = "") -> str:
    """The text without spaces around it; a control character (but those in `also`) is refused."""
    text = text.strip()
    for place, char in enumerate(text, 1):
        if char in JOINERS and joins(text, place - 1):
            continue
        if not char.isprintable() and char not in also and not char.isspace():
            raise BadValue(f"character {place} can't be printed (U+{ord(char):04X}); remove it")
        if char in "\r\n\t\v\f\x1c\x1d\x1e\x85\u2028\u2029" and char not in also:
            raise BadValue(f"character {place} is a line break or tab; write it on one line")
    return text
