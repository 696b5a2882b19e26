"""A credit note in the ledger: what it gives back is a correction, and voiding it takes that back again.

Invoices move no balance: the calls and packages on them did before.  A credit note is money that the
customer gets back, so its net stands in the ledger, as charges stand there without tax.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import ledger
from cx_tui.db.ledger_tables import ledger as entries
from cx_tui.domain.money.entry import Entry, Kind, source_of_credit


@dataclass(frozen=True, kw_only=True)
class Act:
    """What was done with a credit note: why, by whom, when, and its number in the log."""

    reason: str
    who: str
    operation_id: int
    now: datetime


async def give(connection: AsyncConnection, note: Any, act: Act) -> None:
    """Book what a credit note gives back."""
    await _book(connection, note, -note.net, Kind.CORRECTION, act)


async def take_back(connection: AsyncConnection, note: Any, act: Act) -> None:
    """Book back what a credit note gave, if it gave anything."""
    own = entries.c
    given = select(func.coalesce(func.sum(own.amount), 0, type_=own.amount.type)).where(
        own.customer_id == note.customer_id, own.source == source_of_credit(note.number)
    )
    amount = Decimal((await connection.execute(given)).scalar_one())
    if amount:
        await _book(connection, note, -amount, Kind.CANCELLATION, act)


async def _book(connection: AsyncConnection, note: Any, amount: Decimal, kind: Kind, act: Act) -> None:
    place = (note.customer_id, source_of_credit(note.number))
    turn = (await ledger.turns_of(connection, {place})).get(place, 0) + 1
    entry = Entry(
        customer_id=note.customer_id, kind=kind, amount=amount, currency=note.currency, source=place[1],
        turn=turn, day=act.now.date(), at=act.now, reason=f"{note.number}: {act.reason}"[:300],
        who=act.who[:120], operation_id=act.operation_id,
    )  # fmt: skip
    await ledger.book(connection, [entry])
