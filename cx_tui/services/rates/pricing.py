"""What a call to a number costs by a rate card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import Database, ask
from cx_tui.db.record_names import having_names
from cx_tui.db.tables import table_named
from cx_tui.domain.rating.price import price
from cx_tui.errors import NotFound
from cx_tui.services.admission.facts import Facts

LONGEST_PREFIX = 20


@dataclass(frozen=True)
class NumberPrice:
    """The rate that holds for a number, and what a call costs by it."""

    card: str
    currency: str
    prefix: str
    destination: str
    rate: Decimal
    blocked: bool
    billed_seconds: int
    charge: Decimal
    sum: str
    """How the charge came about."""


async def card_named(connection: AsyncConnection, name: str) -> int:
    """The number of the card of a name, or of a number like #12; NotFound when there is none."""
    found = (await having_names(connection, "rate-card", [name]))[name]
    if not found:
        raise NotFound(f'there is no rate card "{name}"')
    return found[0].id


async def price_of(
    database: Database, card: str, number: str, seconds: int, moment: datetime
) -> NumberPrice | None:
    """What a call of so many seconds to a number costs by a card at a moment; None without a rate."""
    digits = "".join(sign for sign in number if sign not in " -()./")
    async with database.reading() as connection:
        card_id = await card_named(connection, card)
        cards = table_named("rate-card")
        (row,) = await ask(connection, select(cards).where(cards.c.id == card_id))
        rates = await _rates(connection, card_id, digits)
        if not rates and digits.startswith("+"):
            digits = digits[1:]
            rates = await _rates(connection, card_id, digits)
    made = Facts().card(row, rates)
    found = made.rate_of(digits, moment)
    if found is None:
        return None
    cost = price(found.tariff, made.rules, seconds * 1000)
    kept: Any = next(rate for rate in rates if rate.id == found.id)
    return NumberPrice(
        row.name, row.currency, found.prefix, found.destination, kept.rate, found.blocked,
        cost.billed_seconds, cost.charge, cost.sum,
    )  # fmt: skip


async def _rates(connection: AsyncConnection, card_id: int, digits: str) -> Sequence[Any]:
    """The rates of a card for all beginnings of a number."""
    own = table_named("rate").c
    beginnings = [digits[:length] for length in range(1, min(len(digits), LONGEST_PREFIX) + 1)]
    these = own.rate_card_id == card_id, own.prefix.in_(beginnings), own.deleted_at.is_(None)
    return await ask(connection, select(*own).where(*these).order_by(own.id))
