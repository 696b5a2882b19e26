"""The sources of the settings, read as long as the program runs: each by one program at a time.

A source that is away is waited for, and one that another program reads until that has left it, so that a
second machine may stand by.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field

from cx_tui.config.sources import CallSource
from cx_tui.domain.calls.events import Event, Records, Unread
from cx_tui.errors import Misconfigured, Refused, Unavailable
from cx_tui.ingest.adapter import Adapter
from cx_tui.services.calls.calls import Calls
from cx_tui.services.calls.ingest import Ingest, Tally
from cx_tui.services.calls.sources import open_source

AT_ONCE = 500
"""Events that are taken together at most."""
TOGETHER = 0.2
"""Seconds in which what comes is taken together."""
AGAIN = 5.0
"""Seconds until a source is tried again, and between two signs that it is still read."""

Say = Callable[[str], None]


@dataclass
class Collected:
    """What one source has brought."""

    tally: Tally = field(default_factory=Tally)
    unread: int = 0

    def __str__(self) -> str:
        tally = self.tally
        parts = [f"{tally.read:,} calls read", f"{tally.new:,} new", f"{tally.known:,} known before"]
        if tally.unknown_customer:
            parts.append(f"{tally.unknown_customer:,} of unknown customers")
        if self.unread:
            parts.append(f"{self.unread:,} rows could not be read")
        return ", ".join(parts)


class Collector:
    """Reads sources of calls."""

    def __init__(self, calls: Calls, sources: Mapping[str, CallSource], say: Say) -> None:
        self._calls = calls
        self._sources = sources
        self._say = say
        self._said: dict[str, str] = {}
        self._is_ready = True
        """Whether it was said that all sources were looked at: only who goes on reading says it."""

    def check(self) -> None:
        """Refuse to begin when there is nothing to read."""
        if not self._sources:
            raise Misconfigured("there are no sources of calls; add a table [sources.NAME] to the settings")

    async def once(self) -> dict[str, Collected]:
        """Read what is new in every source, and leave it."""
        found: dict[str, Collected] = {}
        for name, source in self._sources.items():
            if source.kind == "simulator":
                self._tell(name, "is a simulator: it makes calls only while it runs, without --once")
                continue
            found[name] = Collected()
            await self._read(name, source, found[name], once=True)
        return found

    async def run(self, ending: asyncio.Event) -> None:
        """Read all sources until it shall end; simulated calls end with it."""
        tasks = [asyncio.ensure_future(self._keep(name, one)) for name, one in self._sources.items()]
        stop = asyncio.ensure_future(ending.wait())
        self._is_ready = False
        # A source that fails by a fault of ours ends the program loudly.
        done, _ = await asyncio.wait([stop, *tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in (stop, *tasks):
            task.cancel()
        await asyncio.gather(stop, *tasks, return_exceptions=True)
        for task in done - {stop}:
            task.result()

    async def _keep(self, name: str, source: CallSource) -> None:
        if source.kind == "simulator":
            self._tell(name, "makes calls")
            await self._calls.traffic(name, source.rate).run()
            return
        while True:
            try:
                await self._read(name, source, Collected(), once=False)
            except Unavailable as error:
                self._tell(name, f"is away, and tried again: {error}")
            except Refused as error:
                self._tell(name, f"is not read: {error}")
            await asyncio.sleep(AGAIN)

    async def _read(self, name: str, source: CallSource, found: Collected, *, once: bool) -> None:
        ingest = self._calls.ingest()
        position = await ingest.own(name)
        if position is None:
            self._tell(name, "is read by another program")
            return
        recognise = self._calls.recogniser()
        try:
            async with AsyncExitStack() as until_closed:
                adapter = open_source(name, source, until_closed, position=position, recognise=recognise)
                self._tell(name, "is read")
                await self._take(adapter, ingest, found, once=once)
        finally:
            await ingest.leave(name)

    async def _take(self, adapter: Adapter, ingest: Ingest, found: Collected, *, once: bool) -> None:
        async for events in together(adapter.once() if once else adapter.events()):
            # Said even when nothing comes: who is silent for long has lost its source to another.
            if await ingest.own(adapter.name) is None:
                raise Refused("another program reads it now")
            found.tally.include(await ingest.take(events))
            for one in events:
                if isinstance(one, Unread):
                    found.unread += 1
                    self._say(f"{one.source}, {one.where}: {one.sentence}")

    def _tell(self, name: str, sentence: str) -> None:
        """Say how a source stands, once."""
        if self._said.get(name) == sentence:
            return
        self._said[name] = sentence
        self._say(f"{name} {sentence}")
        if not self._is_ready and self._said.keys() == self._sources.keys():
            self._is_ready = True
            self._say("ready")


async def together(events: AsyncIterator[Event]) -> AsyncIterator[list[Event]]:
    """Events in lists of those that come shortly after each other; an empty list now and then in a silence.
    No more is read than can be taken."""
    waiting: list[Event] = []
    much, room = asyncio.Event(), asyncio.Event()

    async def read() -> None:
        try:
            async for event in events:
                waiting.append(event)
                if isinstance(event, Records) or len(waiting) >= AT_ONCE:
                    much.set()
                    room.clear()
                    await room.wait()
        finally:
            much.set()

    reading = asyncio.ensure_future(read())
    clock = asyncio.get_running_loop().time
    spoke = clock()
    try:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(much.wait(), TOGETHER)
            over, found = reading.done(), waiting[:]
            if found or clock() > spoke + AGAIN:
                yield found
                spoke = clock()
            del waiting[: len(found)]
            if over:
                reading.result()
                return
            much.clear()
            room.set()
    finally:
        reading.cancel()
