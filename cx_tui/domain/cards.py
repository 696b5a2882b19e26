"""The records of a customer's card: declared here, and served by one repository, list and form."""

from dataclasses import dataclass

from cx_tui.domain.record import Record
from cx_tui.domain.records.contact import Contact


@dataclass(frozen=True)
class Card:
    """One kind of record that a customer has several of."""

    name: str
    """Its table, and what the log calls it."""
    one: str
    many: str
    record: type[Record]
    columns: tuple[str, ...]
    """What its list shows; the first names the record."""


CARDS = (Card("contact", "contact", "Contacts", Contact, ("name", "type", "email", "phone", "mobile")),)


def card_named(name: str) -> Card:
    """The card of a name."""
    return next(card for card in CARDS if card.name == name)
