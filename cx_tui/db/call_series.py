"""What was counted in each of the last hours: of some customers, for their rows, or of the whole switch."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls.tables import call_hours
from cx_tui.db.engine import ask
from cx_tui.domain.kinds.series import HOURS

HOUR = timedelta(hours=1)
OWN = call_hours.c

Series = tuple[float | None, ...]


def _attempts(attempts: int, connected: int, charge: Decimal) -> float | None:
    return attempts or None


def _asr(attempts: int, connected: int, charge: Decimal) -> float | None:
    return round(100 * connected / attempts, 1) if attempts else None


def _spend(attempts: int, connected: int, charge: Decimal) -> float | None:
    return float(charge) if attempts else None


SERIES = {"hourly_calls": _attempts, "hourly_asr": _asr, "hourly_spend": _spend}
"""The columns of the list of customers that are such series."""


async def of_customers(
    connection: AsyncConnection, ids: Collection[int], names: Collection[str], now: datetime
) -> dict[int, dict[str, Series]]:
    """The series of these customers by the names of their columns; of one without calls there are none."""
    hours = _hours(now)
    what = (OWN.customer_id, OWN.hour, OWN.attempts, OWN.connected, OWN.charge)
    asked: Select[Any] = select(*what)
    asked = asked.where(OWN.customer_id.in_(ids), OWN.hour >= hours[0])
    by_customer: dict[int, dict[datetime, tuple[Any, ...]]] = defaultdict(dict)
    rows: Sequence[Any] = await ask(connection, asked)
    for of, hour, *figures in rows:
        by_customer[of][hour] = tuple(figures)
    return {of: {name: _series(name, found, hours) for name in names} for of, found in by_customer.items()}


def _hours(now: datetime) -> Sequence[datetime]:
    """The last whole hours and the running one, the oldest first."""
    last = now.replace(minute=0, second=0, microsecond=0)
    return [last - HOUR * back for back in reversed(range(HOURS))]


def _series(name: str, found: Mapping[datetime, tuple[Any, ...]], hours: Sequence[datetime]) -> Series:
    return tuple(SERIES[name](*found[hour]) if hour in found else None for hour in hours)
