"""Numbers and addresses that shall not leave the house, masked in texts that are handed on."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

NUMBER = re.compile(r"(?<![\w.,-])\+?\d{7,}(?![\w-]|[.,]\d)")
MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
KEPT_AHEAD, KEPT_BEHIND = 4, 2
"""So many digits of a number are still read: the country and the last ones, to tell calls apart."""


def masked(text: str) -> str:
    """A text in which nobody can be called or written to any more."""
    return MAIL.sub(_mail, NUMBER.sub(_number, text))


def masked_object(value: Any) -> Any:
    """The same for what is written as JSON."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {name: masked_object(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [masked_object(one) for one in value]
    return value


def _number(found: re.Match[str]) -> str:
    text = found[0]
    ahead = min(KEPT_AHEAD + text.startswith("+"), len(text) - KEPT_BEHIND - 3)
    return text[:ahead] + "*" * (len(text) - ahead - KEPT_BEHIND) + text[-KEPT_BEHIND:]


def _mail(found: re.Match[str]) -> str:
    name, _, host = found[0].partition("@")
    return f"{name[0]}***@{host}"
