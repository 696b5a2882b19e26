"""The card of a customer: a header that is always there, and a tab for each thing that belongs to it."""

from cx_tui.screens.card.card_screen import CardScreen

__all__ = ["CardScreen"]
