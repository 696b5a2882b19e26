"""What a mail server's refusal is about: this letter, this mailbox, or everything that we would send.

It is judged by the step at which it comes, by its code and by its enhanced status code (RFC 3463).  Words
count only where a server gives no code for it (5.7.1 is both "no relaying" and "no right at this mailbox"),
and never those in addresses and quotations: a mailbox may be called relay@acme.example.
"""

import re
from enum import Enum
from typing import NamedTuple

TAKEN, GO_ON, FOR_NOW, FOR_EVER = 2, 3, 4, 5
"""What the first digit of an answer means."""
LEAVING, TOO_LARGE = 421, 552

ENHANCED = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})(?!\S)")
ENHANCED_BY_QMAIL = re.compile(r"\(#([245])\.(\d{1,3})\.(\d{1,3})\)\s*$")
QUOTED = re.compile(r"<[^<>\n]*>|\"[^\"\n]*\"|\S+@\S+")

# What else a server may write with a refusal of the mailbox: Postfix says "in relay recipient table".
OF_THE_MAILBOX = re.compile(
    r"recipient address rejected|user unknown|unknown user|no such (?:user|mailbox)", re.I
)
OF_US = re.compile(
    r"relay(?:ing)?\b[\w ']*\b(?:denied|prohibited|rejected|disabled|not (?:permitted|allowed))"
    r"|(?:unable|not (?:permitted|allowed|configured)|can ?not|refus\w*) to relay|we do not relay"
    r"|sender address rejected|sender rejected|client (?:host|address) rejected|helo command rejected"
    r"|blocked using|authentication (?:is )?required|must authenticate|log ?in first|auth(?:enticate)? first",
    re.I,
)

CODES_OF_US = frozenset({500, 502, 503, 504, 530, 534, 535, 538, 555})
"""Commands, logins and names of ours that the server does not take, whatever it says besides."""

STATUS_OF_US = frozenset({(1, 7), (1, 8), (7, 8), (7, 9), (7, 27)} | {(7, n) for n in range(20, 27)})
"""The sender's address, the login, and what proves that we may send for its domain (SPF, DKIM, DMARC)."""

STATUS_OF_NO_MAILBOX = frozenset({(1, 1), (1, 6), (1, 10), (2, 1)})
"""There is no such mailbox (any more), its domain takes no mail, or it is closed."""


class About(Enum):
    """What a refusal is about."""

    LETTER = "letter"
    NO_MAILBOX = "no mailbox"
    US = "us"


class Verdict(NamedTuple):
    """What a refusal is about, and a short name that refusals of the same kind share."""

    about: About
    kind: str


def verdict(step: str, code: int, text: str) -> Verdict:
    """What a refusal for ever at a step (MAIL, RCPT, DATA or dot) is about."""
    status = _status(text)
    kind = f"{step} {code}" + (f" 5.{status[0]}.{status[1]}" if status else "")
    return Verdict(_about(step, code, status, QUOTED.sub(" ", text)), kind)


def _about(step: str, code: int, status: tuple[int, int] | None, words: str) -> About:
    if status in ((3, 4), (6, 7)) or (code == TOO_LARGE and step != "RCPT"):
        return About.LETTER  # too large, or an address in letters that a server on the way does not take
    if step == "MAIL" or status in STATUS_OF_US:
        return About.US
    if status in STATUS_OF_NO_MAILBOX:
        return About.NO_MAILBOX if step == "RCPT" else About.LETTER
    if status and status[0] in (1, 2, 4, 6):
        return (
            About.LETTER
        )  # another trouble with this address, its mailbox, the way to it, or what is in the letter
    if code in CODES_OF_US or (step == "RCPT" and _refuses_us(code, status, words)):
        return About.US
    return About.LETTER


def _refuses_us(code: int, status: tuple[int, int] | None, words: str) -> bool:
    """Whether a refusal at RCPT, which may be one of the mailbox, is one of the sender or of passing on."""
    if OF_THE_MAILBOX.search(words):
        return False
    # 553 is for names that are not allowed: with a policy (5.7.x) it is the sender's, not the mailbox's.
    by_policy = code == 553 and status is not None and status[0] == 7
    return by_policy or OF_US.search(words) is not None


def sender_is_not_taken_now(code: int, text: str) -> bool:
    """Whether an answer for now (4xx) is one that every letter would meet: our address or login."""
    return code // 100 == FOR_NOW and _status(text) in STATUS_OF_US


def _status(text: str) -> tuple[int, int] | None:
    found = ENHANCED.match(text) or ENHANCED_BY_QMAIL.search(text)
    return (int(found[2]), int(found[3])) if found else None
