"""The records of a customer's card: one list and one form for all of them."""

from cx_tui.domain.record import Record
from cx_tui.screens.cards.contacts import ContactScreen
from cx_tui.screens.cards.listing import CardScreen
from cx_tui.services.session import Session

SPECIAL = {"contact": ContactScreen}
"""Cards whose list can do more than any list."""


def card_screen(record: type[Record], session: Session, customer_id: int, name: str) -> CardScreen:
    """The list of a customer's records of one kind."""
    return SPECIAL.get(record.declared.name, CardScreen)(record, session, customer_id, name)


__all__ = ["CardScreen", "card_screen"]
