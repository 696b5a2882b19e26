"""A Kamailio as a source: live calls and records together, and ending a call."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

from cx_tui.domain.calls.call import Call, Release
from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.events import Event, Records, Snapshot, Unread
from cx_tui.errors import Invalid, NotFound, Refused, Unavailable
from cx_tui.ingest.kamailio.live import LiveCalls, Up
from cx_tui.ingest.kamailio.records import RecordTable
from cx_tui.ingest.kamailio.rpc import Rpc
from cx_tui.ingest.kamailio.spare import SpareFiles

REMEMBERED = 10_000
LIVE_KEY = re.compile("[0-9]+:[0-9]+")
NOT_BEFORE = (
    "nobody has answered it yet, and {} can end only calls that were answered; the configuration that "
    "`cx-tui switch kamailio` writes can end all of them"
)
LOOKS = 15
BEFORE = 20_000
"""Records: those of some minutes, even in the busy hour."""
SHARE = 4
"""A look waits for so many times as long as the last one took, so that it is never most of the work."""


class Kamailio:
    """One switch: either half may be left out, and one that is away does not stop the other."""

    def __init__(
        self,
        name: str,
        *,
        rpc: Rpc | None = None,
        records: RecordTable | None = None,
        spare: SpareFiles | None = None,
        profile: str = "customer",
        seconds: float = 1.0,
        snapshots: float = 10.0,
        patience: float = 3.0,
    ) -> None:
        self._name = name
        self._rpc = rpc
        self._records = records
        self._spare = spare
        self._live = LiveCalls(name, rpc, profile) if rpc else None
        self._seconds = seconds
        self._snapshots = snapshots
        self._next_snapshot = 0.0
        self._patience = patience
        self._ended_here: OrderedDict[str, None] = OrderedDict()
        self.trouble = ""
        """What is away at the moment, in a sentence; empty when nothing is."""

    @property
    def name(self) -> str:
        """The source in the records that it brings."""
        return self._name

    async def events(self) -> AsyncIterator[Event]:
        """What happens there, for ever."""
        while True:
            began = time.monotonic()
            async for event in self.once():
                yield event
            await asyncio.sleep(max(self._seconds, SHARE * (time.monotonic() - began) * bool(self._seconds)))

    async def once(self) -> AsyncIterator[Event]:
        """What is new at this moment; Unavailable when all of it is away."""
        away: list[str] = []
        async for event in self._once(away):
            yield event
        if not away:
            self.trouble = ""
        if away and len(away) == bool(self._live) + bool(self._records) + bool(self._spare):
            raise Unavailable(self.trouble)

    async def end(self, live_key: str) -> Ending:
        """Ask the switch to end a call, and look for its record: only that says that both legs are down."""
        if self._rpc is None or self._live is None:
            return Ending.UNSURE
        if not LIVE_KEY.fullmatch(live_key):
            raise Invalid({"call": f'"{live_key}" is not a live call of {self._name}'})
        up = await self._live.now(live_key)
        before = await self._records.newest() if self._records else 0
        if up is None or not await self._ask_to_end(self._rpc, live_key, up):
            return Ending.NOT_THERE
        if await self._has_record(up.key, before):
            return Ending.ENDED
        answered = None if up.answered else await self._live.now(live_key)
        if answered and answered.answered:
            # It was answered while it was being cancelled.
            await self._ask_to_end(self._rpc, live_key, answered)
            if await self._has_record(up.key, before):
                return Ending.ENDED
        return Ending.UNSURE

    async def close(self) -> None:
        """Give its connections back."""
        if self._rpc:
            await self._rpc.close()

    async def _once(self, away: list[str]) -> AsyncIterator[Event]:
        if self._live:
            try:
                for event in await self._live.look(datetime.now(UTC)):
                    if not isinstance(event, Snapshot) or self._is_time():
                        yield event
            except Unavailable as error:
                away.append(str(error))
                self.trouble = "; ".join(away)
        for source in (self._records, self._spare):
            try:
                async for event in self._new_records(source):
                    yield event
            except Unavailable as error:
                away.append(str(error))
                self.trouble = "; ".join(away)

    def _is_time(self) -> bool:
        """Whether a snapshot is due: it is long, and only ghosts need it."""
        now = time.monotonic()
        due = now >= self._next_snapshot
        if due:
            self._next_snapshot = now + self._snapshots
        return due

    @property
    def position(self) -> str:
        """How far the table has been read, and after a space how far the spare files."""
        last = str(self._records.last) if self._records else "0"
        return f"{last} {self._spare.position}" if self._spare else last

    async def _new_records(self, records: RecordTable | SpareFiles | None) -> AsyncIterator[Event]:
        while records:
            calls, bad = await records.next()
            if calls or bad:
                told = [self._by_whom(one) for one in calls]
                yield Records(calls=told, source=self._name, position=self.position)
            for one in bad:
                yield Unread(source=self._name, where=f"record {one.line}", sentence=one.sentence)
            if not calls and not bad:
                return

    def _by_whom(self, call: Call) -> Call:
        """The switch does not say of a call that was ended from here who ended it."""
        if call.source_key in self._ended_here and call.release is Release.UNKNOWN:
            return replace(call, release=Release.OPERATOR)
        return call

    def _remember(self, key: str) -> None:
        self._ended_here[key] = None
        while len(self._ended_here) > REMEMBERED:
            self._ended_here.popitem(last=False)

    async def _ask_to_end(self, rpc: Rpc, live_key: str, up: Up) -> bool:
        """Whether the call was there; one that has ended meanwhile is answered as if it were up.

        Kamailio ends answered calls by itself; one that nobody has answered yet is put down in a table, which
        the configuration that this program writes looks at.
        """
        self._remember(up.key)
        if not up.answered:
            try:
                if not up.transaction:
                    raise Refused("it does not say which transaction that is")
                await rpc.call("htable.sets", "ending", up.transaction, "ask")
            except Refused:
                raise Refused(NOT_BEFORE.format(self._name)) from None
            return True
        entry, number = (int(one) for one in live_key.split(":"))
        try:
            await rpc.call("dlg.end_dlg", entry, number)
        except NotFound:
            return False
        return True

    async def _has_record(self, key: str, before: int) -> bool:
        if self._records is None:
            return False
        # It may have ended a moment before it was asked to.
        after = max(0, before - BEFORE)
        for _ in range(LOOKS):
            if await self._records.has(key, after):
                return True
            await asyncio.sleep(self._patience / LOOKS)
        return await self._records.has(key, after)
