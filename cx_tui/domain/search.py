"""What the search box finds: one folded text per customer, a line for each thing."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from cx_tui.domain.fields import names_where
from cx_tui.domain.record import Record

NEVER_KEPT = re.compile("[\0\ud800-\udfff]")
ACCENTS = re.compile("[\u0300-\u036f]")
NOWHERE = "\uffff"

LONGEST_FOLD = 18
"""What folding can make of one character, at most: ﷺ becomes four words."""


def fold(text: str) -> str:
    """The text as it is compared: any case, any composition of accents."""
    return unicodedata.normalize("NFKC", text).casefold() if not text.isascii() else text.lower()


def plain_letters(text: str) -> str:
    """The text in small letters without accents, as conditions compare it."""
    if text.isascii():
        return text.lower()
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower()


def key_of(name: str) -> str:
    """A name as it is compared with other names: any case, any spaces within."""
    return " ".join(fold(name).split())


def wanted(search: str) -> str:
    """What was typed into the search box, as it is looked for; what no text can hold is in none."""
    return NEVER_KEPT.sub(NOWHERE, fold(search.strip()))


def document(customer: Record, others: Iterable[Record] = ()) -> str:
    """Everything a customer can be found by: of itself, and of the records of its card."""
    return on_lines(part for record in (customer, *others) for part in parts(type(record), record))


def parts(kind: type[Record], record: Any) -> Iterator[str]:
    """What a record, or a row of its table, has that its customer is found by."""
    for name in names_where(kind, "found_by"):
        value = getattr(record, name)
        if value:
            yield value if isinstance(value, str) else " ".join(value)


def on_lines(parts: Iterable[str]) -> str:
    """What a customer is found by, each on its line: a search never spans two of them."""
    return fold("\n".join(dict.fromkeys(parts)))
