"""What can come of sending one message, as a tree.

Outcome
├── Sent         the server took it and answers for it from now on
├── Later        not now; nothing was sent, so trying again can't double it
├── Refused      never: this message or this recipient
├── Surplus      nothing was begun: the server takes fewer connections at the same time
└── Unknown      it may have arrived: the answer was lost after the whole message was sent

When the server itself is the trouble there is no outcome for a message but an exception for all of them:

CxError
├── Unavailable       it does not answer: pause, and try again
└── DeliveryFailed    it refuses us (certificate, login, sender): pause until a person changed something
"""

from collections.abc import Awaitable
from dataclasses import KW_ONLY, dataclass, field

from cx_tui.config.text import visible
from cx_tui.errors import CxError

LONGEST_ANSWER = 500

Gate = Awaitable[None] | None
"""What must be done before the first byte of a message itself may leave; when it fails, none does."""


@dataclass(frozen=True)
class Outcome:
    """What came of sending one message, in the words of the server."""

    answer: str
    _: KW_ONLY
    trouble: CxError | None = field(default=None, compare=False)
    """What would meet the next messages as well: with this one known, no other is tried for a while."""


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

    kind: str = field(default="", compare=False)
    """What refusals of the same kind share; many of one kind in a row have one cause."""
    is_for_good: bool = field(default=False, compare=False)
    """Whether nothing that is sent to this address would arrive: the mailbox is gone, or wants no more."""


@dataclass(frozen=True)
class Surplus(Outcome):
    """Not begun: this connection is one more than the server takes, and others are open."""


@dataclass(frozen=True)
class Unknown(Outcome):
    """Perhaps sent."""


def in_words(text: object) -> str:
    """What a server said: on one line, short, and harmless to the terminal."""
    words = visible(" ".join(str(text).split()))
    return words if len(words) <= LONGEST_ANSWER else words[: LONGEST_ANSWER - 1] + "…"
