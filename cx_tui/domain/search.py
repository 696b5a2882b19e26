"""What the search box finds: one folded text per customer, a line for each thing."""

import re
import unicodedata
from collections.abc import Iterable

from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Customer

NEVER_KEPT = re.compile("[\0\ud800-\udfff]")
NOWHERE = "\uffff"

LONGEST_FOLD = 18
"""What folding can make of one character, at most: ﷺ becomes four words."""


def fold(text: str) -> str:
    """The text as it is compared: any case, any composition of accents."""
    return unicodedata.normalize("NFKC", text).casefold() if not text.isascii() else text.lower()


def key_of(name: str) -> str:
    """A name as it is compared with other names: any case, any spaces within."""
    return " ".join(fold(name).split())


def wanted(search: str) -> str:
    """What was typed into the search box, as it is looked for; what no text can hold is in none."""
    return NEVER_KEPT.sub(NOWHERE, fold(search.strip()))


def document(customer: Customer, contacts: Iterable[Contact] = ()) -> str:
    """Everything a customer can be found by; a search never spans two lines."""
    parts = [customer.name, customer.external_id, " ".join(customer.tags)]
    for contact in contacts:
        parts += [contact.name, contact.email or "", contact.phone, contact.mobile]
    return fold("\n".join(dict.fromkeys(part for part in parts if part)))
