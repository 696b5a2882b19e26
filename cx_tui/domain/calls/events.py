"""What a switch tells of calls: the small interface through which all of them arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from cx_tui.domain.calls.call import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A call is being set up.  `live_key` is what ends it at its switch."""

    source: str
    key: str
    live_key: str = ""
    customer_id: int | None
    invited_at: datetime
    auth: str = ""
    direction: str = "termination"
    cli: str = ""
    dialled: str = ""
    number: str = ""
    carrier: str = ""
    route_id: int | None = None
    src_ip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """It rings."""

    source: str
    key: str
    at: datetime
    carrier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """It was answered."""

    source: str
    key: str
    at: datetime
    carrier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """It is over; its record has the same source and key as its start."""

    call: Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All calls that are up at a switch at a moment: what is not among them has ended without a word."""

    source: str
    at: datetime
    calls: Sequence[Started]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Finished calls in a batch; those of them that were up are up no more.  `position` is a text of the
    source's own: kept with these calls and given back at its next start, it is where it goes on reading."""

    calls: Sequence[Call]
    source: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Something that came in and is no call: where it stands, and what is wrong with it."""

    source: str
    where: str
    sentence: str


Event: TypeAlias = Started | Ringing | Answered | Ended | Snapshot | Records | Unread
