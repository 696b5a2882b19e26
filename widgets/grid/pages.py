"""The rows held of one result: a bounded number of pages, fetched ahead of the cursor."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from functools import partial
from typing import Never, Protocol

from .column import Row
from .source import RowSource

PAGE = 64
HELD = 32
IN_FLIGHT = 4
WAITING = 8


class Started(Protocol):
    """Something started that can be called off."""

    def cancel(self) -> object:
        """Call it off."""
        ...


Work = Callable[[], Coroutine[None, None, None]]
Start = Callable[[Work], Started]


def pages_of(start: int, stop: int) -> range:
    """The pages that hold the positions from `start` up to `stop`."""
    return range(max(0, start) // PAGE, (max(start, stop) + PAGE - 1) // PAGE)


class Window:
    """The pages of one result.  A closed window drops every answer that comes late."""

    def __init__(
        self,
        source: RowSource | None,
        total: int,
        start: Start,
        arrived: Callable[[int, int], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self.source = source
        self.total = total
        self._start = start
        self._arrived = arrived
        self._failed = failed
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()
        self._in_flight: dict[int, Started] = {}
        self._waiting: deque[int] = deque(maxlen=WAITING)
        self._news = asyncio.Event()
        self._closed = False

    @classmethod
    def nothing(cls) -> Window:
        """The window of a grid that has not been shown anything; it starts nothing."""

        def never(*_: object) -> Never:
            raise AssertionError("there is no source")

        return cls(None, 0, never, never, never)

    def __len__(self) -> int:
        """How many pages are held."""
        return len(self._pages)

    def row_at(self, position: int) -> Row | None:
        """The row at a position, if it is here."""
        page = self._pages.get(position // PAGE)
        place = position % PAGE
        return page[place] if page is not None and place < len(page) else None

    def rows(self, start: int, stop: int) -> Iterator[tuple[int, Row]]:
        """The rows that are here, with their positions."""
        for position in range(start, stop):
            if (row := self.row_at(position)) is not None:
                yield position, row

    def has(self, start: int, stop: int) -> bool:
        """Whether all of these positions are here."""
        return all(page in self._pages for page in pages_of(start, min(stop, self.total)))

    def asks(self) -> bool:
        """Whether rows are on their way."""
        return bool(self._in_flight)

    def see(self, start: int, stop: int, direction: int = 0) -> None:
        """Say which positions are looked at: what is missing is asked for, then one page ahead."""
        stop = min(stop, self.total)
        shown = pages_of(start, stop)
        ahead = shown.stop if direction > 0 else shown.start - 1
        if direction and 0 <= ahead * PAGE < self.total:
            self._want(ahead)
        for page in shown:
            self._want(page)

    async def load(self, start: int, stop: int) -> None:
        """Fetch these positions in one call; what the source raises is raised."""
        pages = pages_of(start, min(stop, self.total))
        if self.source is None or not pages:
            return
        rows = await self.source.rows(pages.start * PAGE, len(pages) * PAGE)
        for place, page in enumerate(pages):
            self._keep(page, rows[place * PAGE : (place + 1) * PAGE])

    async def ready(self, start: int, stop: int, patience: float) -> None:
        """Wait until these positions are here, but no longer than `patience` seconds."""
        self.see(start, stop)
        try:
            async with asyncio.timeout(patience):
                while not self.has(start, stop):
                    await self.news()
        except TimeoutError:
            pass

    async def news(self) -> None:
        """Wait until a page has come."""
        await self._news.wait()

    def keep_near(self, start: int, stop: int) -> list[int]:
        """The keys of the pages looked at and of their neighbours; the others are forgotten.

        Those are as old as the ones about to be fetched again, but not worth fetching again.
        """
        pages = pages_of(start, min(stop, self.total))
        near = range(pages.start - 1, pages.stop + 1)
        for page in [page for page in self._pages if page not in near]:
            del self._pages[page]
        return [row.key for rows in self._pages.values() for row in rows]

    def renew(self, keys: Sequence[int], fresh: Mapping[int, Row]) -> list[tuple[int, Row, Row]]:
        """Put fresh rows in place of those with these keys: position, old and new row where they differ."""
        asked = set(keys)
        differing: list[tuple[int, Row, Row]] = []
        for page, rows in self._pages.items():
            for place, old in enumerate(rows):
                if old.key not in asked:
                    continue
                new = fresh.get(old.key) or Row(old.key, old.cells, gone=True)
                if new != old:
                    rows[place] = new
                    differing.append((page * PAGE + place, old, new))
        return differing

    def close(self) -> None:
        """Call off what is under way and take no more answers."""
        self._closed = True
        self._waiting.clear()
        for started in self._in_flight.values():
            started.cancel()
        self._in_flight.clear()

    def _want(self, page: int) -> None:
        """Ask for a page unless it is here or on its way; when many are, the newest wish comes first."""
        if page in self._pages:
            self._pages.move_to_end(page)
        elif page in self._in_flight or self._closed:
            return
        elif len(self._in_flight) < IN_FLIGHT:
            self._in_flight[page] = self._start(partial(self._fetch, page))
        else:
            if page in self._waiting:
                self._waiting.remove(page)
            self._waiting.append(page)

    async def _fetch(self, page: int) -> None:
        """Fetch one page and say that it is here."""
        if self.source is None:
            return
        try:
            rows = await self.source.rows(page * PAGE, PAGE)
        except Exception as error:  # whatever a source raises is its owner's to explain
            self._landed(page)
            if not self._closed:
                self._failed(error)
            return
        self._landed(page)
        if not self._closed:
            self._keep(page, rows)
            self._news.set()
            self._news = asyncio.Event()
            self._arrived(page * PAGE, (page + 1) * PAGE)

    def _landed(self, page: int) -> None:
        """One fewer in flight: start the newest page that waits."""
        self._in_flight.pop(page, None)
        if self._waiting and not self._closed:
            self._want(self._waiting.pop())

    def _keep(self, page: int, rows: Sequence[Row]) -> None:
        """Hold a page, and let go of the one looked at longest ago."""
        self._pages[page] = list(rows)
        self._pages.move_to_end(page)
        while len(self._pages) > HELD:
            self._pages.popitem(last=False)
