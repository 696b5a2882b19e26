"""The most channels and calls a second, kept by hour and by day: of customers, and of the whole switch."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among
from cx_tui.db.calls.put import upsert
from cx_tui.db.calls.tables import call_peak, live_call
from cx_tui.db.engine import ask
from cx_tui.db.tables import counters
from cx_tui.db.types import instant
from cx_tui.domain.calls.figures import hour_of
from cx_tui.domain.calls.peak import Peak

EVERYBODY = 0
"""The number under which the whole switch has its peaks."""

HOUR, DAY = "hour", "day"
KEY = ("customer_id", "period", "begins")
TYPES = {
    "customer_id": "int", "period": "text", "begins": "bigint", "channels": "int", "cps": "double precision",
}  # fmt: skip


async def keep(connection: AsyncConnection, at: datetime, peaks: Mapping[int, Peak]) -> None:
    """What there was at a moment counts for its hour and its day, if it is more than there was before."""
    hour = hour_of(at)
    begins = ((DAY, instant(hour.replace(hour=0))), (HOUR, instant(hour)))
    rows = [(of, period, begin, *peak) for of, peak in sorted(peaks.items()) for period, begin in begins]
    await upsert(connection, call_peak, KEY, TYPES, rows, highest=True)


async def in_use(connection: AsyncConnection, customers: Collection[int] | None = None) -> dict[int, Peak]:
    """What customers use at this moment; of all those who have calls when nobody is named."""
    own = counters.c
    question = select(own.customer_id, own.live, own.cps)
    if customers is None:
        up = select(live_call.c.customer_id).where(live_call.c.customer_id.is_not(None)).distinct()
        question = question.where(own.customer_id.in_(up))
    else:
        question = question.where(among(connection, own.customer_id, sorted(customers)))
    return {row[0]: Peak(row[1], row[2]) for row in await connection.execute(question)}


async def channels(connection: AsyncConnection) -> int:
    """How many calls are up at this moment, whoever makes them."""
    question = select(func.count()).select_from(live_call).where(live_call.c.ghost.is_(None))
    return int((await ask(connection, question))[0][0])


async def read(
    connection: AsyncConnection, customers: Iterable[int], period: str, first: datetime
) -> dict[int, dict[datetime, Peak]]:
    """The peaks of these customers in the hours or days from a moment on."""
    own = call_peak.c
    question = select(own.customer_id, own.begins, own.channels, own.cps).where(
        own.customer_id.in_(list(customers)), own.period == period, own.begins >= first
    )
    found: dict[int, dict[datetime, Peak]] = {}
    rows: Sequence[Any] = await ask(connection, question)
    for of, begins, most, cps in rows:
        found.setdefault(of, {})[begins] = Peak(most, cps)
    return found


async def forget_hours(connection: AsyncConnection, since: datetime) -> None:
    """Let go of the hours before one; those of days stay."""
    own = call_peak.c
    await connection.execute(delete(call_peak).where(own.period == HOUR, own.begins < since))
