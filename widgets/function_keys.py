"""What each function key means, on every screen: bindings take their keys from here."""

from __future__ import annotations

from typing import NamedTuple

HELP, LINK = "f1", "f12"
TAB_BEFORE, TAB_AFTER = "f2", "f3"
LIST, LOOK = "f4", "f5"
BEFORE, AFTER = "f6", "f7"
LATER, STAY, DO = "f8", "f9", "f10"


class Meaning(NamedTuple):
    """What a key does, and the actions that are that on one screen or another."""

    does: str
    actions: tuple[str, ...]


MEANINGS = {
    HELP: Meaning("Help: the keys of this screen, and from there the documentation.", ("help", "guide")),
    TAB_BEFORE: Meaning("Go to the previous tab.", ("turn(-1)",)),
    TAB_AFTER: Meaning(
        "Go to the next tab, or to the other part of the screen.", ("turn(1)", "other", "to_answer")
    ),
    LIST: Meaning(
        "Open the list of what can be chosen or inserted here.",
        ("open", "offers", "field", "history", "format"),
    ),
    LOOK: Meaning(
        "Look: read again, ask, or show what would be done.",
        ("refresh", "read_again", "again", "anew", "look", "run", "preview"),
    ),
    BEFORE: Meaning("Go to the one before: the customer above in the list.", ("step(-1)",)),
    AFTER: Meaning(
        "Take the next one: customer, address, time limit, choice.", ("step(1)", "entry", "limit", "which")
    ),
    LATER: Meaning("Have it done later.", ("delay",)),
    STAY: Meaning("Do it, and stay: save, or send a test.", ("save_and_stay", "test")),
    DO: Meaning(
        "Do it: save, send, apply, simulate, write.",
        ("save", "send", "apply", "simulate", "upload", "export"),
    ),
    LINK: Meaning("Show what a key costs on the way to this terminal, or hide it.", ("link",)),
}
"""F11 is not here: most terminals fill the screen by it."""
