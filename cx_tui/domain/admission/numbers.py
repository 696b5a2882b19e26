"""Telephone numbers as switches send them: taken out of a header, compared in one form."""

import re
from functools import lru_cache

EXACT = re.compile(r"\+?[0-9]+")
"""What is compared as a number; anything else that operators write for one is a regular expression."""
ANONYMOUS = frozenset({"", "anonymous", "restricted", "unavailable", "unknown", "private"})
DIGITS = re.compile(r"[^0-9A-Za-z+*#]")


@lru_cache(65_536)
def number_in(header: str) -> str:
    """The number of a header's value: `"Ann" <sip:+441632960001@host;user=phone>` is +441632960001.

    Of several values the first counts.  What is no URI is taken as it is.
    """
    text = header.strip()
    if not text.isascii():
        text = text.encode(errors="replace").decode()  # half a character is none
    if "<" in text:
        text = text.partition("<")[2].partition(">")[0]
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in ("sip", "sips", "tel"):
        text = rest.partition("@")[0].partition(";")[0].partition(",")[0].strip()
        return DIGITS.sub("", text) if scheme.lower() == "tel" else text
    return text


def is_exact(text: str) -> bool:
    """Whether a text stands for just this number: only digits, and + before them."""
    return EXACT.fullmatch(text) is not None


def same_form(number: str) -> str:
    """The one form in which numbers are compared: +44, 0044 and 44 begin the same number."""
    if number.startswith("+"):
        return number[1:]
    return number[2:] if number.startswith("00") else number


def behind(prefix: str, number: str) -> str:
    """A caller's number with a prefix before it; who hides has none that it could stand before."""
    return prefix + number if prefix and not is_anonymous(number) else number


def is_anonymous(number: str) -> bool:
    """Whether it hides who calls."""
    return number.casefold() in ANONYMOUS
