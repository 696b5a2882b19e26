"""Writing and reading the ledger.

balance = sum of the ledger - charges of calls that are not booked yet

Calls are charged to the balance with each batch of them.  When their day is over they are booked, one entry
for a customer and day; what comes later to such a day (late calls, other prices) is booked as the next turn
of that day.  `call_days.booked` says how much of a day's charge is in the ledger.

Whoever books has the customer's counters locked, so entries of one customer follow each other.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, insert, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk_writing, kept_warnings
from cx_tui.db.bulk_values import among
from cx_tui.db.calls.columns import micros
from cx_tui.db.calls.put import change, on_sqlite
from cx_tui.db.calls.standing import Standing, lock
from cx_tui.db.calls.tables import call_days
from cx_tui.db.customer_expressions import clock_of
from cx_tui.db.engine import ask
from cx_tui.db.ledger_tables import ledger
from cx_tui.db.tables import counters, customer
from cx_tui.db.types import Utc
from cx_tui.domain.money.entry import Balance, Booked, Entry, Kind, source_of_calls
from cx_tui.errors import NotFound

GIVEN = [field.name for field in fields(Entry)]
ZERO = Decimal(0)

PAY = (
    "UPDATE counters SET balance = balance + given.amount FROM {given} WHERE counters.customer_id = given.of"
)
BOOKED = """UPDATE call_days SET booked = given.charge FROM {given}
    WHERE call_days.customer_id = given.of AND call_days.day = given.day"""


async def book(
    connection: AsyncConnection,
    entries: Sequence[Entry],
    *,
    paid: bool = False,
    locked: Mapping[int, Standing] | None = None,
) -> None:
    """Append entries; balances follow, unless they were `paid` from them before.  Who has the customers
    `locked` already says how they stand."""
    if not entries:
        return
    standing = locked or await lock(connection, {entry.customer_id for entry in entries})
    if missing := [entry for entry in entries if entry.customer_id not in standing]:
        raise NotFound(f"there is no customer #{missing[0].customer_id} to book it for")
    totals = await totals_of(connection, {entry.customer_id for entry in entries})
    moved: dict[int, Decimal] = defaultdict(Decimal)
    rows = []
    for entry in entries:
        moved[entry.customer_id] += entry.amount
        total = totals.get(entry.customer_id, ZERO) + entry.amount
        totals[entry.customer_id] = total
        rows.append((*(getattr(entry, name) for name in GIVEN), total))
    await bulk_writing.insert(connection, ledger, [*GIVEN, "total"], rows)
    if not paid:
        await _pay(connection, moved, standing)


async def _pay(
    connection: AsyncConnection, moved: Mapping[int, Decimal], standing: Mapping[int, Standing]
) -> None:
    """Change balances, and what customers are warned of because of them."""
    embedded = on_sqlite(connection)
    rows = [(of, micros(amount) if embedded else amount) for of, amount in sorted(moved.items())]
    await change(connection, PAY, {"of": "int", "amount": "numeric"}, rows)
    crossing = [of for of, amount in moved.items() if standing[of].is_moved_by(-amount, None, ZERO)]
    if crossing:
        await kept_warnings.renew(connection, await clock_of(connection, crossing), crossing)


async def totals_of(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Decimal]:
    """The sum of each customer's ledger, which stands in its last entry."""
    own = ledger.c
    last = _newest_first(select(own.total), counters.c.customer_id).limit(1).scalar_subquery()
    question = select(counters.c.customer_id, last).where(
        among(connection, counters.c.customer_id, sorted(ids))
    )
    return {row[0]: row[1] or ZERO for row in await connection.execute(question)}


def _newest_first(question: Select[Any], customer_id: Any) -> Select[Any]:
    """The entries of a customer, the newest first, by the index that has them in this order.

    It is a range on purpose: of an equal number PostgreSQL may think that it comes along soon, and walk back
    through everybody's entries, of which there may be a million since this customer's last one.
    """
    own = ledger.c
    these = question.where(own.customer_id >= customer_id, own.customer_id <= customer_id)
    return these.order_by(own.customer_id.desc(), own.id.desc())


async def turns_of(
    connection: AsyncConnection, sources: Collection[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    """How often something was booked for each of these sources of customers; those never are left out."""
    own = ledger.c
    found: dict[tuple[int, str], int] = {}
    wanted = sorted(sources)
    for first in range(0, len(wanted), 500):
        some = wanted[first : first + 500]
        question = select(own.customer_id, own.source, func.max(own.turn)).group_by(
            own.customer_id, own.source
        )
        for row in await connection.execute(question.where(tuple_(own.customer_id, own.source).in_(some))):
            found[row[0], row[1]] = row[2]
    return found


@cache
def _balance() -> Select[Any]:
    """What is asked of one customer: made once, as that takes longer than the answer."""
    days, of = call_days.c, bindparam("of", type_=counters.c.customer_id.type)
    open_days = select(func.sum(days.charge - days.booked)).where(
        days.customer_id == of, days.charge != days.booked
    )
    last = _newest_first(select(ledger.c.total), of).limit(1)
    return (
        select(
            counters.c.balance, customer.c.debit_limit, customer.c.currency, last.scalar_subquery(),
            open_days.scalar_subquery(),
        )
        .join(customer, customer.c.id == counters.c.customer_id)
        .where(counters.c.customer_id == of)
    )  # fmt: skip


async def balance_of(connection: AsyncConnection, customer_id: int) -> Balance:
    """What a customer has, and what it is made of."""
    rows: Sequence[Any] = await ask(connection, _balance(), {"of": customer_id})
    if not rows:
        raise NotFound(f"there is no customer #{customer_id}")
    balance, limit, currency, total, unbooked = rows[0]
    return Balance(balance, limit, currency, total or ZERO, unbooked or ZERO)


async def entries_of(
    connection: AsyncConnection, customer_id: int, count: int, before: int | None = None
) -> list[Booked]:
    """Entries of a customer, the newest first, from before a number on."""
    own = ledger.c
    question = _newest_first(select(ledger), customer_id).limit(count)
    if before is not None:
        question = question.where(tuple_(own.customer_id, own.id) < tuple_(customer_id, before))
    return [Booked(**row._mapping) for row in await ask(connection, question)]


async def unbooked_days(connection: AsyncConnection, before: date, count: int) -> Sequence[tuple[int, date]]:
    """Customers and days before a day of which not all charges are booked, some at a time."""
    own = call_days.c
    question = select(own.customer_id, own.day).where(own.day < before, own.charge != own.booked)
    rows: Sequence[Any] = await ask(connection, question.order_by(own.customer_id, own.day).limit(count))
    return [(row[0], row[1]) for row in rows]


async def book_days(connection: AsyncConnection, wanted: Collection[tuple[int, date]], now: datetime) -> int:
    """Book the charges of these customers' days, as far as they are not yet: how many entries it took."""
    await lock(connection, {of for of, _ in wanted})
    # Only now nobody adds to these days any more.
    own = call_days.c
    days = {day for _, day in wanted}
    question = select(own.customer_id, own.day, own.charge, own.booked, customer.c.currency).join(
        customer, customer.c.id == own.customer_id
    )
    these = among(connection, own.customer_id, sorted({of for of, _ in wanted})) & own.day.in_(days)
    rows = [
        row
        for row in await connection.execute(question.where(these, own.charge != own.booked))
        if (row.customer_id, row.day) in wanted
    ]
    turns = await turns_of(connection, {(row.customer_id, source_of_calls(row.day)) for row in rows})
    entries = [
        Entry(
            customer_id=row.customer_id, kind=Kind.CALLS, amount=row.booked - row.charge,
            currency=row.currency, source=source_of_calls(row.day), day=row.day, at=now,
            turn=turns.get((row.customer_id, source_of_calls(row.day)), 0) + 1,
        )
        for row in rows
    ]  # fmt: skip
    await book(connection, entries, paid=True)
    embedded = on_sqlite(connection)
    noted: list[tuple[Any, ...]] = [
        (row.customer_id, row.day.isoformat(), micros(row.charge))
        if embedded
        else (row.customer_id, row.day, row.charge)
        for row in rows
    ]
    await change(connection, BOOKED, {"of": "int", "day": "date", "charge": "numeric"}, noted)
    return len(entries)


async def open_accounts(connection: AsyncConnection, first: int, last: int, at: datetime) -> None:
    """Give new customers whose balances were just written their opening entries."""
    own = counters.c
    rows = (
        select(
            own.customer_id, literal(Kind.OPENING, ledger.c.kind.type), own.balance, own.balance,
            customer.c.currency, literal("opening"), literal(1), literal(at.date(), Date),
            literal(at, Utc), literal(""), literal(""),
        )
        .join(customer, customer.c.id == own.customer_id)
        .where(own.customer_id.between(first, last), own.balance != 0)
    )  # fmt: skip
    names = (
        "customer_id", "kind", "amount", "total", "currency", "source", "turn", "day", "at", "reason", "who",
    )  # fmt: skip
    await connection.execute(insert(ledger).from_select(names, rows))
