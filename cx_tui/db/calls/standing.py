"""How customers stand before calls are counted, and their counters locked until they are."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among
from cx_tui.db.tables import counters, customer

KEY_TYPES = {"customer_id": "int", "start": "bigint", "key": "bigint"}
"""By what a call is found, with PostgreSQL's types."""


class Standing(NamedTuple):
    """What is known of a customer."""

    day: date | None
    day_spend: Decimal
    balance: Decimal
    debit_limit: Decimal
    daily_limit: Decimal | None

    def is_moved_by(self, charge: Decimal, day: date | None, spent: Decimal) -> bool:
        """Whether a charge, and what was spent on the day that counters turn to, can change what the customer
        is warned of."""
        available = self.balance + self.debit_limit
        if (available <= 0) != (available - charge <= 0):
            return True
        if self.daily_limit is None or day is None:
            return False
        if day != self.day:
            # A new day begins below the limit, and most days end there.
            return self.day_spend >= self.daily_limit or spent >= self.daily_limit
        return (self.day_spend >= self.daily_limit) != (self.day_spend + spent >= self.daily_limit)


async def lock(connection: AsyncConnection, customers: Collection[int]) -> dict[int, Standing]:
    """Have the counters of customers alone until the transaction ends, locked in order of number; who is not
    there is left out."""
    if not customers:
        return {}
    own = counters.c
    question = (
        select(
            own.customer_id,
            own.day,
            own.day_spend,
            own.balance,
            customer.c.debit_limit,
            customer.c.daily_limit,
        )
        .join(customer, customer.c.id == own.customer_id)
        .where(among(connection, own.customer_id, sorted(customers)))
        .order_by(own.customer_id)
        .with_for_update(of=counters)
    )
    return {row[0]: Standing(*row[1:]) for row in await connection.execute(question)}
