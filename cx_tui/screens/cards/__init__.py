"""The records of a customer's card: one list and one form for all of them."""

from cx_tui.domain.cards import Card
from cx_tui.screens.cards.contacts import ContactScreen
from cx_tui.screens.cards.listing import CardScreen
from cx_tui.services.session import Session

SPECIAL = {"contact": ContactScreen}
"""Cards whose list can do more than any list."""


def card_screen(card: Card, session: Session, customer_id: int, name: str) -> CardScreen:
    """The list of a customer's records of one kind."""
    return SPECIAL.get(card.name, CardScreen)(card, session, customer_id, name)


__all__ = ["CardScreen", "card_screen"]
