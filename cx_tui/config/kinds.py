"""Kinds: what the value of a setting may be, and the advice for one that is something else."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple


class Kind(NamedTuple):
    """What a setting takes: `check` returns it or raises ValueError with advice, `parse` reads text."""

    takes: str
    check: Callable[[object], object]
    parse: Callable[[str], object] = str

    def read(self, text: str) -> object:
        """Typed text as a value; what can't be parsed stays text, which `check` refuses."""
        try:
            return self.parse(text)
        except ValueError:
            return text


def number(kind: type[int | float], what: str, low: float, high: float, zero: str = "") -> Kind:
    """A number in a range; `zero` says what 0 means where 0 is allowed below the range."""
    takes = f"{what} from {low} to {high}" + (f", or 0 for {zero}" if zero else "")

    def check(value: Any) -> object:
        # Python takes True for 1.
        right = isinstance(value, (int, kind)) and not isinstance(value, bool)
        if right and (low <= value <= high or (zero and value == 0)):
            return kind(value)
        raise ValueError(f"give {takes}")

    return Kind(takes, check, kind)


def choice(*words: str) -> Kind:
    """One of a few words."""
    takes = ", ".join(words[:-1]) + " or " + words[-1]

    def check(value: object) -> object:
        # color = 256 without quotes is clear enough.
        word = str(value) if type(value) is int and abs(value) < 1000 else value
        if word in words:
            return word
        raise ValueError(f"give {takes}")

    return Kind(takes, check)


def _check_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError('give text in quotes, like "this"')
    if re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", value):
        raise ValueError("give text without control characters")
    return value


def _check_url(value: object) -> str:
    url = _check_text(value)
    if not url or re.match("sqlite:///.", url):
        return url
    if not url.startswith("postgresql://"):
        raise ValueError(f"give {URL.takes}")
    if url.count("@") > 1:
        raise ValueError("write an @ inside the user name, the password or the options as %40")
    host = re.split("[/?]", url.removeprefix("postgresql://").rpartition("@")[2])[0]
    if not re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(:[0-9]{0,5})?", host):
        raise ValueError("give the host as name, name:5432 or [address]:5432")
    return url


def _check_switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("give true or false")
    return value


_WORDS = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(("false", "no", "off", "0"), False)

TEXT = Kind("text", _check_text)
URL = Kind("sqlite:///file or postgresql://user:password@host/name", _check_url)
SWITCH = Kind("true or false", _check_switch, lambda text: _WORDS.get(text.strip().lower(), text))
