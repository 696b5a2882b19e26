"""A call that is up, and what becomes of it as its switch tells more.

Everything may be told twice, late or not at all: the same again changes nothing, and a snapshot shows
what ended without a word.  Such a ghost is kept as one until its record comes, or a person ends it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cx_tui.domain.calls.events import Answered, Ringing, Started
from cx_tui.domain.kinds import Labelled

PATIENCE = timedelta(seconds=2)
"""What was spoken of so shortly before a snapshot may be missing in it and be there nevertheless: clocks of
a switch and of a collector differ."""


class State(Labelled):
    """How far a call is."""

    STARTED = "started", "Being set up"
    RINGING = "ringing", "Ringing"
    ANSWERED = "answered", "Talking"
    GHOST = "ghost", "Ghost"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCall:
    """A call that is up."""

    source: str
    source_key: str
    live_key: str = ""
    customer_id: int | None
    auth: str = ""
    direction: str = "termination"
    cli: str = ""
    dialled: str = ""
    number: str = ""
    carrier: str = ""
    route_id: int | None = None
    src_ip: str = ""
    invited: datetime
    ringing: datetime | None = None
    answered: datetime | None = None
    heard: datetime
    """When its switch spoke of it last."""
    ghost: datetime | None = None
    """Since when its switch says that there is no such call."""

    @property
    def state(self) -> State:
        """How far it is."""
        if self.ghost:
            return State.GHOST
        if self.answered:
            return State.ANSWERED
        return State.RINGING if self.ringing else State.STARTED


def begun(event: Started) -> LiveCall:
    """A call of which its switch speaks for the first time."""
    return LiveCall(
        source=event.source, source_key=event.key, live_key=event.live_key, customer_id=event.customer_id,
        auth=event.auth, direction=event.direction, cli=event.cli, dialled=event.dialled, number=event.number,
        carrier=event.carrier, route_id=event.route_id, src_ip=event.src_ip, invited=event.invited_at,
        heard=event.invited_at,
    )  # fmt: skip


def after(call: LiveCall, event: Started | Ringing | Answered) -> LiveCall:
    """The call when its switch has told more of it."""
    if isinstance(event, Started):
        return replace(
            call, live_key=event.live_key or call.live_key, heard=max(call.heard, event.invited_at)
        )
    heard, carrier = max(call.heard, event.at), event.carrier or call.carrier
    ghost = None if call.ghost and event.at > call.ghost else call.ghost
    if isinstance(event, Ringing):
        return replace(
            call, ringing=_first(call.ringing, event.at), carrier=carrier, heard=heard, ghost=ghost
        )
    return replace(call, answered=_first(call.answered, event.at), carrier=carrier, heard=heard, ghost=ghost)


def is_gone(heard: datetime, snapshot: datetime) -> bool:
    """Whether a call that a snapshot does not name has ended."""
    return heard < snapshot - PATIENCE


def _first(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else min(one, other)
