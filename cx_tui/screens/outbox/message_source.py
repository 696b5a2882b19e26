"""The messages of a job as the rows of a grid: read when they are looked at, only their numbers are kept."""

import asyncio
from array import array
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cx_tui.domain.outbox import Message, State
from cx_tui.screens.outbox.source import TONES
from cx_tui.screens.times import away, local
from cx_tui.services.history.log import Log
from cx_tui.services.sending.outbox import Outbox
from widgets.grid import Cell, Column, Row

STRIDE = 2_000
"""So many numbers are read at once on the way to a row far below."""


@dataclass(frozen=True, slots=True)
class MessageRow(Row):
    """A grid's row that knows its message, and the name of the customer."""

    message: Message | None = None
    customer: str = ""


class MessageRows:
    """The messages of a job that are in some states, or all of them."""

    def __init__(self, outbox: Outbox, log: Log, job_id: int, states: Collection[State], total: int) -> None:
        self._outbox = outbox
        self._log = log
        self._job = job_id
        self.states = states
        self._ids = array("q")
        self._walking = asyncio.Lock()
        self.total = total

    async def count(self) -> int:
        """How many there are."""
        return self.total

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """The rows at these positions."""
        await self._walk(start)
        after = self._ids[start - 1] if 0 < start <= len(self._ids) else 0
        if start > len(self._ids):
            return []
        found = await self._outbox.messages(self._job, count, after, self.states)
        if start == len(self._ids):
            self._ids.extend(one.id for one in found)
        return await self._drawn(found)

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same messages as they are now; one that is in another state than asked for is missing."""
        wanted, found, after = set(keys), [], min(keys) - 1
        while True:
            part = await self._outbox.messages(self._job, len(keys), after, self.states)
            found += [one for one in part if one.id in wanted]
            if not part or part[-1].id >= max(keys):
                break
            after = part[-1].id
        return {row.key: row for row in await self._drawn(found)}

    async def position(self, key: int) -> int | None:
        """Where a message stands."""
        while not self._ids or self._ids[-1] < key:
            before = len(self._ids)
            await self._walk(before + STRIDE)
            if len(self._ids) == before:
                break
        place = bisect_left(self._ids, key)
        return place if place < len(self._ids) and self._ids[place] == key else None

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The numbers at these positions."""
        await self._walk(start + count)
        return list(self._ids[start : start + count])

    async def _walk(self, place: int) -> None:
        """Know the numbers up to a position."""
        async with self._walking:
            while len(self._ids) < place:
                after = self._ids[-1] if self._ids else 0
                found = await self._outbox.messages(self._job, STRIDE, after, self.states)
                if not found:
                    return
                self._ids.extend(one.id for one in found)

    async def _drawn(self, found: Sequence[Message]) -> list[MessageRow]:
        names = await self._log.names(sorted({one.customer_id for one in found}))
        now = datetime.now(UTC)
        return [_row(one, names.get(one.customer_id, f"#{one.customer_id}"), now) for one in found]


def message_columns(width: int) -> tuple[Column, ...]:
    """The columns of the messages; the answer gets the room that the others leave."""
    wide = width >= 110
    return (
        Column("name", "To", 22 if wide else 16),
        Column("address", "Address", 30 if wide else 22),
        Column("state", "State", 9),
        Column("attempts", "Tries", 5, "right", help="How often it was tried."),
        Column("at", "When", 16, help="When it was sent, or will be tried next."),
        Column("answer", "Answer", max(20, min(70, width - 94)), help="What the server said."),
        Column("customer", "Customer", 26),
    )


def _row(one: Message, customer: str, now: datetime) -> MessageRow:
    dim = "dim" if one.state is State.CANCELLED else ""
    cells = {
        "name": Cell(one.name, dim),
        "address": Cell(one.address, dim),
        "state": Cell(one.state.label, TONES.get(one.state, "")),
        "attempts": Cell(f"{one.attempts:,}" if one.attempts else "", dim),
        "at": Cell(moment_of(one, now), dim),
        "answer": Cell(answer_of(one), "bad" if one.state is State.FAILED else dim),
        "customer": Cell(customer, "dim"),
    }
    return MessageRow(one.id, cells, message=one, customer=customer)


def moment_of(one: Message, now: datetime) -> str:
    """When it was sent, or will be tried next."""
    if one.sent_at:
        return local(one.sent_at)
    if one.state in (State.QUEUED, State.DELAYED):
        return away(one.due_at, now) if one.due_at > now else "now"
    return ""


def answer_of(one: Message) -> str:
    """What became of it, in the words of who knows."""
    return ", ".join(filter(None, [one.delivery, one.answer]))
