"""Calls for tests: one by hand, many at random, and what a slow recount of them says."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import select, update

from cx_tui.db.calls.storing import Stored, store
from cx_tui.db.calls.tables import call_days, call_hours
from cx_tui.db.engine import Database
from cx_tui.db.tables import counters
from cx_tui.domain.calls.call import Call, Release, Try
from cx_tui.domain.calls.figures import NAMES, Figures, day_of, hour_of
from cx_tui.services.session import Session

NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)
A_MINUTE = Decimal("0.05")
A_TRY = Try(carrier="alpha", began_ms=10, rate=Decimal("0.01"))


def a_call(
    key: str = "1", *, customer: int | None = 1, at: datetime = NOON, talk: float = 0, **more: object
) -> Call:
    """One call: with talk it was answered after 5 seconds, without it failed."""
    answered = at + timedelta(seconds=5) if talk else None
    values = {
        "source": "sw1", "source_key": key, "customer_id": customer, "invited_at": at,
        "ringing_at": at + timedelta(seconds=2), "answered_at": answered,
        "ended_at": at + timedelta(seconds=5 + talk), "talk_ms": round(talk * 1000),
        "sip_code": 200 if talk else 486, "currency": "EUR",
    }  # fmt: skip
    return Call(**{**values, **more})  # type: ignore[arg-type]


def priced(call: Call) -> Call:
    """A simple rating: whole seconds, five cents a minute, a third of it is cost; nothing for 999."""
    if call.dialled.startswith("999"):
        return replace(call, unrated="no rate for 999", charge=None, cost=None)
    seconds = -(-call.talk_ms // 1000)
    charge = (Decimal(seconds) * A_MINUTE / 60).quantize(Decimal("0.000001"))
    return replace(
        call,
        billed_seconds=seconds,
        charge=charge,
        cost=(charge / 3).quantize(Decimal("0.000001")),
        prefix="4",
    )


def many(
    number: int, *, customers: int = 6, seed: int = 1, days: int = 2, last: datetime = NOON
) -> list[Call]:
    """Calls at random, in the order in which they began."""
    random = Random(seed)
    span = days * 86_400_000
    calls = []
    for place in range(number):
        at = last - timedelta(milliseconds=random.randrange(span))
        talk = random.choice((0, 0, random.randrange(1, 400_000) / 1000))
        calls.append(
            a_call(
                f"{seed}-{place}", customer=random.randint(1, customers), at=at, talk=talk,
                dialled=random.choice(("44", "49", "999")) + str(random.randrange(10**8)),
                cli=str(random.randrange(10**9)), carrier=random.choice(("alpha", "beta", "")),
                sip_code=200 if talk else random.choice((404, 486, 503)),
                release=random.choice(list(Release)),
                gate="" if talk else random.choice(("", "credit")),
                tries=(A_TRY,) if random.random() < 0.2 else (),
            )
        )  # fmt: skip
    return sorted(calls, key=lambda call: call.invited_at)


async def some_customers(database: Database, number: int = 6, balance: str = "100") -> None:
    """Customers 1 to so many, with money."""
    session = Session(database)
    for place in range(1, number + 1):
        await session.records.create({"name": f"Customer {place:03}", "currency": "EUR"})
    async with database.writing() as connection:
        await connection.execute(update(counters).values(balance=Decimal(balance)))


class Counted(NamedTuple):
    """All that is counted of calls."""

    hours: dict[tuple[int, datetime], Figures]
    days: dict[tuple[int, date], Figures]
    balances: dict[int, Decimal]
    counters: dict[int, tuple[Any, ...]]


async def counted(database: Database) -> Counted:
    """What the database says is counted."""
    async with database.reading() as connection:
        hours = {
            (row.customer_id, row.hour): Figures(**{name: row._mapping[name] for name in NAMES})
            for row in await connection.execute(select(call_hours))
        }
        days = {
            (row.customer_id, row.day): Figures(**{name: row._mapping[name] for name in NAMES})
            for row in await connection.execute(select(call_days))
        }
        own = counters.c
        rows = list(await connection.execute(select(counters).where(own.last_call_at.is_not(None))))
    return Counted(
        hours,
        days,
        {row.customer_id: row.balance for row in rows},
        {
            row.customer_id: (
                row.day, row.last_call_at, row.attempts, row.connected, row.answered_seconds,
                row.total_seconds, row.ring_ms, row.day_spend, _near(row.asr), _near(row.acd), _near(row.pdd),
            )
            for row in rows
        },
    )  # fmt: skip


def recounted(calls: Iterable[Call], balance: str = "100") -> Counted:
    """What should be counted: each call once, one by one."""
    distinct = {(call.source, call.source_key): call for call in calls if call.customer_id}
    hours: dict[tuple[int, datetime], Figures] = {}
    days: dict[tuple[int, date], Figures] = {}
    balances: dict[int, Decimal] = {}
    last: dict[int, datetime] = {}
    for call in map(priced, distinct.values()):
        of = call.customer_id or 0
        hours.setdefault((of, hour_of(call.invited_at)), Figures()).count(call)
        days.setdefault((of, day_of(call.invited_at)), Figures()).count(call)
        balances[of] = balances.get(of, Decimal(balance)) - (call.charge or 0)
        last[of] = max(last.get(of, call.invited_at), call.invited_at)
    latest = {of: max(day for whose, day in days if whose == of) for of in balances}
    return Counted(
        hours, days, balances, {of: _counters(day, last[of], days[of, day]) for of, day in latest.items()}
    )


def _counters(day: date, last: datetime, sums: Figures) -> tuple[Any, ...]:
    return (
        day, last, sums.attempts, sums.connected, sums.talk_ms // 1000, sums.total_ms // 1000, sums.pdd_ms,
        sums.charge, _near(sums.asr), _near(sums.acd), _near(sums.pdd),
    )  # fmt: skip


def _near(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio, 6)


async def put(database: Database, calls: Sequence[Call], size: int = 100) -> list[Stored]:
    """Store calls in batches of a size."""
    done = []
    for first in range(0, len(calls), size):
        async with database.writing() as connection:
            done.append(await store(connection, calls[first : first + size], priced))
    return done
