"""Another process whose customers call: `calling.py URL RATE UP` has so many calls up, and begins and ends as
many a second as RATE says."""

import asyncio
import random
import sys
import time
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from cx_tui.db.engine import ask, connect
from cx_tui.db.tables import customer
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.events import Answered, Ended, Event, Ringing, Started
from cx_tui.services.calls.ingest import Ingest

STEP = 0.2
AT_ONCE = 500
SOURCE = "bench"


RINGS, ANSWERS = timedelta(seconds=2), timedelta(seconds=5)


def begun(number: int, of: int, at: datetime) -> list[Event]:
    """A call that is answered."""
    key = f"call-{number}"
    started = Started(
        source=SOURCE, key=key, live_key=key, customer_id=of, invited_at=at, cli="4930123456",
        dialled=f"44{number:09}", carrier="alpha", src_ip="192.0.2.1",
    )  # fmt: skip
    return [
        started,
        Ringing(source=SOURCE, key=key, at=at + RINGS),
        Answered(source=SOURCE, key=key, at=at + ANSWERS),
    ]


def ended(number: int, of: int, at: datetime, now: datetime) -> Ended:
    """Its record."""
    call = Call(
        source=SOURCE, source_key=f"call-{number}", customer_id=of, invited_at=at, ringing_at=at + RINGS,
        answered_at=at + ANSWERS, ended_at=max(now, at + ANSWERS), talk_ms=30_000, sip_code=200,
        dialled=f"44{number:09}", carrier="alpha",
    )  # fmt: skip
    return Ended(call=call)


async def _customers(url: str) -> Sequence[int]:
    database = connect(url)
    async with database.reading() as connection:
        rows = await ask(
            connection, select(customer.c.id).where(customer.c.deleted_at.is_(None)).limit(20_000)
        )
    await database.close()
    return [row[0] for row in rows]


async def call(url: str, rate: float, most: int) -> None:
    """Call until it is ended."""
    dice = random.Random(1)
    ids = await _customers(url)
    database = connect(url)
    ingest = Ingest(database)
    up: deque[tuple[int, int, datetime]] = deque()
    number, at = 0, datetime.now(UTC) - timedelta(minutes=2)
    while len(up) < most:
        events: list[Event] = []
        for _ in range(min(AT_ONCE, most - len(up))):
            number += 1
            up.append((number, dice.choice(ids), at))
            events += begun(*up[-1])
        await ingest.take(events)
    print("ready", flush=True)
    due = time.monotonic()
    while True:
        now = datetime.now(UTC)
        events = []
        for _ in range(round(rate * STEP)):
            number += 1
            up.append((number, dice.choice(ids), now))
            events += begun(*up[-1])
            if len(up) > most:
                events.append(ended(*up.popleft(), now))
        await ingest.take(events)
        due = max(due + STEP, time.monotonic())
        await asyncio.sleep(due - time.monotonic())


if __name__ == "__main__":
    asyncio.run(call(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
