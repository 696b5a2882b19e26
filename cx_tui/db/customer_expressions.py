"""All that is known of a customer as SQL expressions: its fields, its counters, and what follows from them.

The same expressions are selected, sorted and filtered by, so the grid and its order never disagree.  What
would have to be computed for all customers to sort or filter by it is kept by `kept_warnings`, from the same.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Float, case, cast, func, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.tables import PENDING, counters, customer, kept_at, table_named
from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import Reference
from cx_tui.domain.records import record_named
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.warnings import WARNINGS, ZONE_UNKNOWN
from cx_tui.domain.week import step_of

STANDING = "standing"
"""The name under which it is noted for when the numbers are kept."""


@dataclass(frozen=True)
class Clock:
    """The moment that questions are asked at, the time zones in which calls are restricted, and the
    quarter of an hour for which kept numbers hold."""

    now: datetime
    zones: tuple[str, ...] = ()
    kept_at: datetime | None = None

    @property
    def quarter(self) -> datetime:
        """The quarter of an hour in which it is: what follows the clock stays the same that long."""
        return self.now.replace(minute=self.now.minute // 15 * 15, second=0, microsecond=0)

    @property
    def has_warnings(self) -> bool:
        """Whether the kept number of warnings holds."""
        return self.kept_at == self.quarter

    @property
    def has_pending(self) -> bool:
        """Whether it is kept who is Pending: that changes at 00:00 only."""
        return self.kept_at is not None and self.kept_at.date() == self.now.date()

    def allowed_now(self) -> ColumnElement[int]:
        """1 where calls are allowed at this moment, 0 where not, ZONE_UNKNOWN where nobody can tell.  One
        hex digit holds the quarters of an hour."""
        by_step: dict[int | None, list[str]] = defaultdict(list)
        for zone in self.zones:
            by_step[step_of(self.now, zone)].append(zone)
        hour_digit = customer.c.allowed_times
        choices: list[tuple[Any, Any]] = [(hour_digit.is_(None), 1)]
        for step, zones in by_step.items():
            if step is None:
                choices.append((customer.c.time_zone.in_(zones), ZONE_UNKNOWN))
                continue
            hour, quarter = divmod(step, 4)
            digits = [f"{digit:x}" for digit in range(16) if digit >> (3 - quarter) & 1]
            allowed = func.substr(hour_digit, hour + 1, 1).in_(digits)
            choices.append((customer.c.time_zone.in_(zones), case((allowed, 1), else_=0)))
        return case(*choices, else_=1)


# From one zone to the next by the index; DISTINCT would read all customers who have hours.
ZONES = text("""
    WITH RECURSIVE zones (zone) AS (
        SELECT min(time_zone) FROM customer WHERE allowed_times IS NOT NULL
        UNION ALL
        SELECT (SELECT min(time_zone) FROM customer WHERE allowed_times IS NOT NULL AND time_zone > zone)
        FROM zones WHERE zone IS NOT NULL
    ) SELECT zone FROM zones WHERE zone IS NOT NULL""")


async def read_clock(connection: AsyncConnection) -> Clock:
    """The clock of this moment."""
    restricted = tuple(row[0] for row in await ask(connection, ZONES))
    ((kept,),) = await ask(connection, select(kept_at.c.moment).where(kept_at.c.name == STANDING))
    return Clock(datetime.now(UTC), restricted, kept)


async def clock_of(connection: AsyncConnection, ids: Collection[int]) -> Clock:
    """The clock of this moment, in the time zones of these customers: all of them would take too long."""
    restricted = customer.c.id.in_(ids) & customer.c.allowed_times.is_not(None)
    zones = await connection.execute(select(customer.c.time_zone).where(restricted).distinct())
    return Clock(datetime.now(UTC), tuple(zones.scalars()))


@lru_cache(4)
def known(clock: Clock) -> SimpleNamespace:
    """The expressions by name, all of them computed."""
    what: dict[str, Any] = {column.name: column for column in (*counters.c, *customer.c)}
    what |= names_referred()
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
    # What they show is read beside the rows; they are ordered by the figure of the day.
    what |= {"hourly_calls": counters.c.attempts, "hourly_asr": counters.c.asr}
    what["hourly_spend"] = what["spend_today"]
    what["in_use"] = counters.c.live
    rules = SimpleNamespace(**what)
    held = [(bit, warning.holds(rules)) for bit, warning in enumerate(WARNINGS)]
    what["warning_mask"] = _total([case((holds, 1 << bit), else_=0) for bit, holds in held])
    counted = [case((holds, 1), else_=0) for _, holds in held]
    what["warnings"] = _total(counted)
    what["pending"] = _total([counted[bit] for bit, _ in held if WARNINGS[bit].pending]) > 0
    return SimpleNamespace(**what)


def names_referred() -> dict[str, ColumnElement[str]]:
    """For each field of a customer that refers to a record, the name of that: what a list shows, sorts and
    filters by."""
    return {
        name: _name_referred(name, field.kind.record)
        for name, field in fields_of(Customer).items()
        if isinstance(field.kind, Reference)
    }


def _name_referred(field: str, record: str) -> ColumnElement[str]:
    other = table_named(record)
    name = other.c[record_named(record).declared.names]
    named: ColumnElement[str] = (
        select(name).where(other.c.id == customer.c[field]).correlate(customer).scalar_subquery()
    )
    return named


def kept(clock: Clock) -> SimpleNamespace:
    """The same for sorting and filtering all customers: from the kept numbers, as far as they hold."""
    what = SimpleNamespace(**vars(known(clock)))
    if clock.has_warnings:
        what.warnings = counters.c.warnings
    if clock.has_pending:
        what.pending = PENDING
    return what


def _total(parts: Sequence[ColumnElement[int]]) -> ColumnElement[int]:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total
