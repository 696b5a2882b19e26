"""Sending what is due on one way: claimed first, then handed over, then kept what came of it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol

from cx_tui.db.claims import Result
from cx_tui.domain.outbox import Message, State, Way
from cx_tui.errors import CxError, Unavailable
from cx_tui.messaging.outcome import Gate, Later, Outcome, Refused, Sent, Surplus, Unknown
from cx_tui.services.sending.brake import Brake
from cx_tui.services.sending.dispatcher import Dispatcher, OutboxAway, held, untouched

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=2)
MOST_ATTEMPTS = 20
FIRST_LOOK, UNKNOWN_LOOK = timedelta(seconds=10), timedelta(seconds=30)
"""After so long it is first asked what became of an SMS."""

HandOver = Callable[[Gate], Awaitable[Outcome]]
"""Hands one message over, as soon as the gate is open."""


class Carrier(Protocol):
    """Takes the messages of one way to their server."""

    per_second: float
    stop_after: int

    @property
    def at_once(self) -> int:
        """How many messages to hand over at the same time."""

    async def prepare(self, message: Message) -> HandOver:
        """Make a message ready to be handed over."""

    async def test_connection(self) -> str:
        """One sentence about what works; an exception, with one about what does not."""

    async def close(self) -> None:
        """Say goodbye to the server."""


@dataclass
class Tally:
    """What became of the messages that were tried, and what stopped us, if something did."""

    states: Counter[State] = field(default_factory=Counter)
    trouble: CxError | None = None

    def __str__(self) -> str:
        said = [f"{number:,} {state.label.lower()}" for state, number in sorted(self.states.items())]
        if self.trouble:
            said.append(f"stopped: {self.trouble}")
        return ", ".join(said) or "nothing was due"


class Pace:
    """So many messages a second and no more; 0 means no limit."""

    def __init__(self, per_second: float) -> None:
        self._apart = 1 / per_second if per_second else 0.0
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for one's turn."""
        if self._apart:
            now = monotonic()
            mine = max(self._next, now)
            self._next = mine + self._apart
            await asyncio.sleep(mine - now)


class Follow(Protocol):
    """What follows from an attempt besides what is kept of its message."""

    async def went_well(self) -> None:
        """The first message of a run was taken or refused: the server answers."""

    async def is_stopped(self, job_id: int, why: str) -> None:
        """The brake stopped a job."""

    def follows(self, message: Message, outcome: Outcome) -> bool:
        """Whether anything follows from what came of a message at its end."""

    async def came_of(self, message: Message, outcome: Outcome) -> None:
        """What came of a message, after it was kept."""


class Sender:
    """Sends what is due, some messages at the same time."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        carrier: Carrier,
        pace: Pace,
        ending: asyncio.Event,
        brake: Brake,
        follow: Follow,
    ) -> None:
        self._dispatcher = dispatcher
        self._carrier = carrier
        self._pace = pace
        self._ending = ending
        self._brake = brake
        self._follow = follow
        self.tally = Tally()

    async def run(self) -> None:
        """Send until nothing is due, the server takes nothing, or it shall end."""
        lines = [asyncio.ensure_future(self._line()) for _ in range(self._carrier.at_once)]
        try:
            # One that can't go on does not keep the others from finishing what they have begun.
            done = await asyncio.gather(*lines, return_exceptions=True)
        finally:
            await asyncio.gather(*lines, return_exceptions=True)
            await self._dispatcher.close()
        for error in done:
            if isinstance(error, OutboxAway) and error.__cause__:
                raise error.__cause__
            if isinstance(error, BaseException):
                raise error

    async def _line(self) -> None:
        """One message after another; what came of one is kept while the next is on its way to the server,
        which gets nothing of that itself before."""
        kept: Awaitable[None] | None = None
        while message := await self._next():
            hand_over = await self._carrier.prepare(message)
            try:
                outcome = await hand_over(kept)
            except CxError as error:
                kept = self._dispatcher.keep(self._stopped(message, error))
                continue
            if isinstance(outcome, Surplus):
                kept = self._dispatcher.keep(self._put_back(message, message.answer))
                break  # the others go on, with as many connections as the server takes
            self.tally.trouble = self.tally.trouble or outcome.trouble
            kept = await self._keep(message, outcome)
        if kept:
            await kept

    async def _keep(self, message: Message, outcome: Outcome) -> Awaitable[None]:
        """Have it kept what came of a message, and do what follows from it."""
        result = result_of(message, outcome)
        if result.state is State.DELAYED and self._brake.is_on(message):
            result = replace(result, state=State.HELD)
        kept = self._dispatcher.keep(result)
        await self._count(result)
        if why := self._brake.why_stop(message, outcome):
            self._dispatcher.hold(message.job_id, why)
            await self._follow.is_stopped(message.job_id, why)
        if isinstance(outcome, Sent | Refused) and self._follow.follows(message, outcome):
            await kept  # what follows changes the same message, or takes back others to its contact
            await self._follow.came_of(message, outcome)
        return kept

    async def _next(self) -> Message | None:
        await self._pace.turn()
        return None if self._ending.is_set() or self.tally.trouble else await self._dispatcher.next()

    def _stopped(self, message: Message, error: CxError) -> Result:
        """The server takes nothing at all; or, as it may be this one message, others are tried first."""
        self.tally.trouble = error
        if isinstance(error, Unavailable):
            return self._put_back(message, str(error))
        return result_of(message, Later(str(error)))

    def _put_back(self, message: Message, answer: str) -> Result:
        """A message that was not begun, as it was; one of a job that was stopped meanwhile waits with it."""
        return held(message, answer) if self._brake.is_on(message) else untouched(message, answer)

    async def _count(self, result: Result) -> None:
        first = not self.tally.states
        self.tally.states[result.state] += 1
        if first and not self.tally.trouble:
            await self._follow.went_well()


def result_of(message: Message, outcome: Outcome) -> Result:
    """What is kept of an attempt: done, to be tried again, given up, or held for a person."""
    now, on_sms, answer = datetime.now(UTC), message.way is Way.SMS, outcome.answer
    match outcome:
        case Sent(reference=reference):
            look_at = now + FIRST_LOOK if on_sms else None
            return Result(message.id, State.SENT, answer, now, now, look_at, reference)
        case Refused():
            return Result(message.id, State.FAILED, answer, now)
        case Unknown() if on_sms:
            return Result(message.id, State.UNKNOWN, answer, now, look_at=now + UNKNOWN_LOOK)
    if message.attempts >= MOST_ATTEMPTS:
        said = f"given up after {message.attempts} attempts: {answer}"
        return Result(message.id, State.FAILED, said, now)
    asked = timedelta(seconds=outcome.after if isinstance(outcome, Later) else 0)
    usual = min(FIRST_WAIT * 2 ** (message.attempts - 1), LONGEST_WAIT)
    return Result(message.id, State.DELAYED, answer, now + max(usual, asked))
