"""What can come of sending one message, as a tree.

Outcome
├── Sent         the server took it and answers for it from now on
├── Later        not now; nothing was sent, so trying again can't double it
├── Refused      never: this message or this recipient
└── Unknown      it may have arrived: the answer was lost after the whole message was sent

When the server itself is the trouble there is no outcome for a message but an exception for all of them:

CxError
├── Unavailable       it does not answer: pause, and try again
└── DeliveryFailed    it refuses us (certificate, login, sender): pause until a person changed something
"""

from collections.abc import Awaitable
from dataclasses import dataclass

from cx_tui.config.text import visible

LONGEST_ANSWER = 500

Gate = Awaitable[None] | None
"""What must be done before the first byte of a message itself may leave; when it fails, none does."""


@dataclass(frozen=True)
class Outcome:
    """What came of sending one message, in the words of the server."""

    answer: str


@dataclass(frozen=True)
class Sent(Outcome):
    """The server took it; `reference` is its name there."""

    reference: str = ""


@dataclass(frozen=True)
class Later(Outcome):
    """Not sent; the server wants to be left alone for `after` seconds, if it said so."""

    after: float = 0.0


@dataclass(frozen=True)
class Refused(Outcome):
    """Not sent, and it never will be."""


@dataclass(frozen=True)
class Unknown(Outcome):
    """Perhaps sent."""


def in_words(text: object) -> str:
    """What a server said: on one line, short, and harmless to the terminal."""
    words = visible(" ".join(str(text).split()))
    return words if len(words) <= LONGEST_ANSWER else words[: LONGEST_ANSWER - 1] + "…"
