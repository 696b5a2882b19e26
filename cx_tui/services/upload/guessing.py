"""Which field a column is likely to be, from its header."""

import re
from collections.abc import Sequence

from cx_tui.domain.search import fold
from cx_tui.services.upload.order import upload_fields


def folded_header(header: str) -> str:
    """A header as it is compared: words without case and punctuation."""
    return " ".join(re.findall(r"\w+", fold(header).replace("_", " ")))


def folded_word(text: str) -> str:
    """A text of a cell as it is compared: without case and spaces around it."""
    return fold(text.strip())


def _known(record: str) -> dict[str, str]:
    fields = upload_fields(record)
    found = {folded_header(word): name for name, field in fields.items() for word in field.synonyms}
    # What a field is called itself is stronger than a synonym of another one.
    for name, field in fields.items():
        found |= {folded_header(name): name, folded_header(field.label): name}
    return found


def guess(header: Sequence[str], record: str = "customer") -> dict[int, str]:
    """The fields of columns whose header says what they are.  Of several for one field, that which is
    called as the field itself is it."""
    known, fields = _known(record), upload_fields(record)
    words = [folded_header(title) for title in header]
    exact = {name for name in fields if folded_header(fields[name].label) in words}
    return {
        place: known[word]
        for place, word in enumerate(words)
        if word in known and (known[word] not in exact or word == folded_header(fields[known[word]].label))
    }
