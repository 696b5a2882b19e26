"""All that is known of a customer as SQL expressions: its fields, its counters, and what follows from them.

The same expressions are selected, sorted and filtered by, so the grid and its order never disagree.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, case, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.tables import MUST_PROVE, counters, customer
from cx_tui.domain.warnings import WARNINGS
from cx_tui.domain.week import step_of


@dataclass(frozen=True)
class Clock:
    """The moment that questions are asked at, and the time zones in which calls are restricted."""

    now: datetime
    zones: tuple[str, ...] = ()

    def allowed_now(self) -> ColumnElement[int]:
        """1 where calls are allowed at this moment, else 0.  One hex digit holds the quarters of an hour."""
        by_step: dict[int, list[str]] = defaultdict(list)
        for zone in self.zones:
            by_step[step_of(self.now, zone)].append(zone)
        hour_digit = customer.c.allowed_times
        choices: list[tuple[Any, Any]] = [(hour_digit.is_(None), 1)]
        for step, zones in by_step.items():
            hour, quarter = divmod(step, 4)
            digits = [f"{digit:x}" for digit in range(16) if digit >> (3 - quarter) & 1]
            allowed = func.substr(hour_digit, hour + 1, 1).in_(digits)
            choices.append((customer.c.time_zone.in_(zones), case((allowed, 1), else_=0)))
        return case(*choices, else_=1)


async def read_clock(connection: AsyncConnection) -> Clock:
    """The clock of this moment."""
    zones = select(customer.c.time_zone).where(customer.c.allowed_times.is_not(None)).distinct()
    return Clock(datetime.now(UTC), tuple(row[0] for row in await ask(connection, zones)))


def known(clock: Clock) -> SimpleNamespace:
    """The expressions by name."""
    what: dict[str, Any] = {column.name: column for column in (*counters.c, *customer.c)}
    what["today"] = literal(clock.now.date())
    what["allowed_now"] = clock.allowed_now()
    what["available"] = counters.c.balance + customer.c.debit_limit
    what["spend_today"] = case((counters.c.day == what["today"], counters.c.day_spend), else_=0)
    hours = clock.now.hour + clock.now.minute / 60 + 0.01
    hourly = func.nullif(cast(what["spend_today"], Float), 0) / hours
    what["hours_left"] = case(
        (what["available"] > 0, cast(what["available"], Float) / hourly), else_=literal(None, Float)
    )
    what["credit"] = counters.c.balance
    what["in_use"] = counters.c.live
    rules = SimpleNamespace(**what)
    held = [(bit, warning.holds(rules)) for bit, warning in enumerate(WARNINGS)]
    what["warning_mask"] = _total([case((holds, 1 << bit), else_=0) for bit, holds in held])
    what["warnings"] = _total([case((holds, 1), else_=0) for _, holds in held])
    return SimpleNamespace(**what)


def pending(clock: Clock) -> ColumnElement[bool]:
    """Whether a required verification or contract is missing."""
    rules = known(clock)
    missing = _total([case((warning.holds(rules), 1), else_=0) for warning in WARNINGS if warning.pending])
    return and_(MUST_PROVE, missing > 0)


def _total(parts: list[ColumnElement[int]]) -> ColumnElement[int]:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total
