"""What switches tell, into the database: live calls, finished calls, and what is counted of them."""

from collections import Counter, deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls import ended_calls, live, sources, storing
from cx_tui.db.calls.put import change
from cx_tui.db.calls.standing import lock
from cx_tui.db.calls.storing import Free, Rate, SealedLookup, nothing_free, nothing_sealed, unpriced
from cx_tui.db.engine import Database
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.events import Ended, Event, Records, Snapshot, Started, Unread
from cx_tui.services.calls.peaks import Peaks

BATCH = 500
"""So many calls are stored in one transaction at most."""

NOWHERE: Mapping[str, str] = MappingProxyType({})

CPS_OVER = timedelta(seconds=5)
"""Calls a second are those of the last seconds."""

CPS = "UPDATE counters SET cps = given.cps FROM {given} WHERE counters.customer_id = given.of"


class _DryRun(Exception):
    """Lets a transaction go."""


@dataclass
class Tally:
    """What came of some events or records."""

    read: int = 0
    new: int = 0
    known: int = 0
    late: int = 0
    unknown_customer: int = 0

    def add(self, stored: storing.Stored) -> None:
        """Count a batch that was stored."""
        self.new += len(stored.new)
        self.known += stored.known
        self.late += stored.late
        self.unknown_customer += stored.unknown

    def include(self, other: "Tally") -> None:
        """Count what came of others too."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


Prepare = Callable[[AsyncConnection, Collection[int]], Awaitable[None]]
"""Reads what the rating needs to price the calls of these customers."""


class Ingest:
    """Takes what sources tell.  Everything may be told again: it is counted once."""

    def __init__(
        self,
        database: Database,
        rate: Rate = unpriced,
        in_files: SealedLookup = nothing_sealed,
        owner: str = "",
        prepare: Prepare | None = None,
        free: Free = nothing_free,
    ) -> None:
        self._database = database
        self._prepare = prepare
        self._rate = rate
        self._in_files = in_files
        self._free = free
        self.owner = owner or uuid4().hex
        self._starts: deque[tuple[datetime, int]] = deque()
        self._calling: set[int] = set()
        self._peaks = Peaks()

    async def own(self, source: str) -> str | None:
        """Become the owner of a source: how far it has been read; None while another program owns it."""
        async with self._database.writing() as connection:
            return await sources.own(connection, source, self.owner)

    async def leave(self, source: str) -> None:
        """Let others read a source."""
        async with self._database.writing() as connection:
            await sources.leave(connection, source, self.owner)

    async def take(self, events: Sequence[Event], source: str = "", position: str = "") -> Tally:
        """Take events in their order.  Up to where a source was read is noted together with its records."""
        await self._hear(events)
        calls: list[Call] = []
        positions = {source: position} if source else {}
        for event in events:
            if isinstance(event, Ended):
                calls.append(event.call)
            elif isinstance(event, Records):
                calls.extend(event.calls)
                if event.source and event.position:
                    positions[event.source] = event.position
        return await self.store(calls, positions)

    async def store(
        self, calls: Sequence[Call], positions: Mapping[str, str] = NOWHERE, *, dry_run: bool = False
    ) -> Tally:
        """Keep and count finished calls, and note with the last of them up to where sources were read; a dry
        run only says what would become of them."""
        tally = Tally(read=len(calls))
        batches = [calls[first : first + BATCH] for first in range(0, len(calls), BATCH)]
        if not batches and positions:
            batches = [[]]
        for place, batch in enumerate(batches, 1):
            with suppress(_DryRun):
                async with self._database.writing() as connection:
                    if self._prepare:
                        of = {call.customer_id for call in batch if call.customer_id is not None}
                        await self._prepare(connection, of)
                    told = await ended_calls.told_by(connection, batch)
                    stored = await storing.store(connection, told, self._rate, self._in_files, self._free)
                    tally.add(stored)
                    for source, position in positions.items() if place == len(batches) else ():
                        await sources.come_to(connection, source, self.owner, position)
                    if dry_run:
                        raise _DryRun
        return tally

    async def forget_hours(self, now: datetime | None = None) -> None:
        """Let go of the hours that are kept no more."""
        async with self._database.writing() as connection:
            await storing.forget_hours(connection, now or datetime.now(UTC))

    async def _hear(self, events: Sequence[Event]) -> None:
        told = [event for event in events if not isinstance(event, Ended | Records | Unread)]
        self._note_starts(told)
        if not told and not self._starts and not self._calling:
            # Files tell nothing of calls that are up: not even that there are none.
            return
        try:
            async with self._database.writing() as connection:
                changed = await self._hear_in_order(connection, told) | await self._count_cps(connection)
                await self._peaks.note(connection, changed, len(self._starts) / CPS_OVER.total_seconds())
        except BaseException:
            self._peaks.are_not_kept()
            raise
        self._peaks.are_kept()

    async def _hear_in_order(self, connection: AsyncConnection, told: Sequence[Event]) -> set[int]:
        """Whose calls have changed."""
        changed: set[int] = set()
        waiting: list[live.Telling] = []
        for event in told:
            if isinstance(event, Snapshot):
                changed |= (await live.hear(connection, waiting)).keys()
                waiting = []
                changed |= (await live.see(connection, event)).keys()
            elif isinstance(event, live.Telling):
                waiting.append(event)
        return changed | (await live.hear(connection, waiting)).keys()

    def _note_starts(self, told: Sequence[Event]) -> None:
        now = datetime.now(UTC)
        for event in told:
            if isinstance(event, Started) and event.customer_id and event.invited_at > now - CPS_OVER:
                self._starts.append((now, event.customer_id))
        while self._starts and self._starts[0][0] < now - CPS_OVER:
            self._starts.popleft()

    async def _count_cps(self, connection: AsyncConnection) -> set[int]:
        """Whose calls a second are counted anew."""
        started = Counter(of for _, of in self._starts)
        touched = self._calling | set(started)
        if touched:
            await lock(connection, touched)
            rows = [(of, started[of] / CPS_OVER.total_seconds()) for of in sorted(touched)]
            await change(connection, CPS, {"of": "int", "cps": "double precision"}, rows)
        self._calling = set(started)
        return touched
