"""Between the senders and the outbox: hands out what is due, and keeps what came of it.

All that several senders want at a moment is done at once.  A sender goes on only when what came of its
last message is kept: whoever is killed has at most one message on each connection that nobody knows of.
Until a sender waits for that, results are gathered for a moment: one statement keeps those of all.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Generator
from time import monotonic
from typing import Any

from cx_tui.db.claims import Claims, Result
from cx_tui.domain.outbox import Message, State
from cx_tui.errors import CxError

AHEAD = 0.3
"""Seconds of work that are claimed at once: what is claimed can't be cancelled any more."""

MOST_AHEAD = 200

SOON = 0.02
"""Seconds after which results are kept although nobody waits for it."""


class OutboxAway(Exception):
    """The outbox can't be reached, or others took our messages over; the cause says which."""


class TakenOver(CxError):
    """Another program holds this one for gone, and sends its messages."""


class Kept:
    """A result that is being kept; who waits for that has it done now."""

    def __init__(self, begin: Callable[[], None]) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._begin = begin

    def __await__(self) -> Generator[Any, None, None]:
        if not self.done.done():
            self._begin()
        return self.done.__await__()


class Dispatcher:
    """Serves the senders of one way; with `ahead` it claims some messages before they are asked for."""

    def __init__(self, claims: Claims, *, ahead: bool) -> None:
        self._claims = claims
        self._ready: deque[Message] = deque()
        self._results: list[tuple[Result, Kept]] = []
        self._wanting: list[asyncio.Future[Message | None]] = []
        self._working: asyncio.Task[None] | None = None
        self._gathering: asyncio.TimerHandle | None = None
        self._ahead = ahead
        self._claimed = 0
        self._claimed_at = monotonic()

    async def next(self) -> Message | None:
        """The next message that is due; none when there is none."""
        if self._ready:
            return self._ready.popleft()
        wanted: asyncio.Future[Message | None] = asyncio.get_running_loop().create_future()
        self._wanting.append(wanted)
        self._begin()
        return await wanted

    def keep(self, result: Result) -> Kept:
        """Keep what came of a message, soon."""
        kept = Kept(self._begin)
        self._results.append((result, kept))
        if self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(SOON, self._gathered)
        return kept

    def hold(self, job_id: int, answer: str) -> None:
        """Give back what was claimed of a job and not begun: it waits for a person."""
        theirs = [one for one in self._ready if one.job_id == job_id]
        self._ready = deque(one for one in self._ready if one.job_id != job_id)
        for one in theirs:
            self.keep(held(one, answer))

    async def close(self) -> None:
        """Give back what was claimed and not begun, when all senders have ended."""
        kept = [self.keep(untouched(one)) for one in self._ready]
        self._ready.clear()
        for one in kept:
            await one
        if self._gathering:
            self._gathering.cancel()
        if self._working:
            await self._working

    def _gathered(self) -> None:
        self._gathering = None
        self._begin()

    def _begin(self) -> None:
        # A task of its own: a sender that is cancelled must not cut a statement in two.
        if self._working is None or self._working.done():
            self._working = asyncio.ensure_future(self._work())

    async def _work(self) -> None:
        """Do what is wanted until nothing is."""
        while self._results or self._wanting:
            results, self._results = self._results, []
            wanting, self._wanting = self._wanting, []
            try:
                await self._do([result for result, _ in results], len(wanting))
            except Exception as error:
                futures: list[asyncio.Future[Any]] = [*(kept.done for _, kept in results), *wanting]
                for future in futures:
                    _fail(future, error)
                continue
            for _, kept in results:
                if not kept.done.done():
                    kept.done.set_result(None)
            for wanted in wanting:
                if not wanted.done():
                    wanted.set_result(self._ready.popleft() if self._ready else None)

    async def _do(self, results: list[Result], wanted: int) -> None:
        if results and not await self._claims.settle(results):
            raise TakenOver("another program holds this one for gone and sends its messages")
        if wanted > len(self._ready):
            taken = await self._claims.take(self._how_many(wanted))
            self._ready.extend(taken)
            self._claimed, self._claimed_at = len(taken), monotonic()

    def _how_many(self, wanted: int) -> int:
        """As many as the senders need for a moment, by what they did with the last."""
        if not self._ahead:
            return wanted
        pace = self._claimed / max(monotonic() - self._claimed_at, 0.001)
        return max(wanted, min(MOST_AHEAD, int(pace * AHEAD)))


def untouched(message: Message, answer: str | None = None) -> Result:
    """A message as it was before it was claimed."""
    state = State.QUEUED if message.attempts <= 1 else State.DELAYED
    said = message.answer if answer is None else answer
    return Result(message.id, state, said, message.due_at, not_begun=True)


def held(message: Message, answer: str) -> Result:
    """A message that waits for a person, and was not begun."""
    return Result(message.id, State.HELD, answer, message.due_at, not_begun=True)


def _fail(future: "asyncio.Future[Any]", error: Exception) -> None:
    if not future.done():
        away = OutboxAway()
        away.__cause__ = error
        future.set_exception(away)
        future.exception()  # whoever has ended does not come for it
