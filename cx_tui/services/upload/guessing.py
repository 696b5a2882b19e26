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


def _known() -> dict[str, str]:
    fields = upload_fields()
    found = {folded_header(word): name for name, field in fields.items() for word in field.synonyms}
    # What a field is called itself is stronger than a synonym of another one.
    for name, field in fields.items():
        found |= {folded_header(name): name, folded_header(field.label): name}
    return found


def guess(header: Sequence[str]) -> dict[int, str]:
    """The fields of columns whose header says what they are."""
    known = _known()
    return {place: known[word] for place, word in enumerate(map(folded_header, header)) if word in known}
