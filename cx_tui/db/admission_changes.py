"""What operations changed, of all that decides calls."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import log_blocks
from cx_tui.db.bulk_values import among
from cx_tui.db.engine import ask
from cx_tui.db.history_tables import change, operation
from cx_tui.db.tables import NOBODYS, counters, customer, table_named

OF_A_CARD = ("rate", "supply")
"""Records that belong to a rate card."""


class Touched(NamedTuple):
    """What operations touched."""

    customers: set[int]
    """Those of whom anything was changed."""
    cards: set[int]
    """Rate cards of which anything was changed."""
    setup: bool
    """Whether anything was changed that customers refer to."""


async def newest(connection: AsyncConnection) -> int:
    """The number of the last operation; 0 when there was none."""
    return int((await ask(connection, select(func.max(operation.c.id))))[0][0] or 0)


async def touched(connection: AsyncConnection, operations: Sequence[int]) -> Touched:
    """What these operations touched."""
    own = change.c
    mine = among(connection, own.operation_id, operations)
    asked = select(own.customer_id).where(mine, own.customer_id != NOBODYS).distinct()
    customers = {row[0] for row in await ask(connection, asked)}
    others = select(own.record, own.record_id).where(mine, own.customer_id == NOBODYS).distinct()
    nobodys: dict[str, list[int]] = {}
    for record, record_id in [tuple(row) for row in await ask(connection, others)]:
        nobodys.setdefault(record, []).append(record_id)
    for record, ids in await log_blocks.records(connection, operations):
        if record == "customer":
            customers.update(ids)
        elif "customer_id" in (table := table_named(record)).c:
            owners = select(table.c.customer_id).where(among(connection, table.c.id, ids)).distinct()
            customers.update(row[0] for row in await ask(connection, owners))
        else:
            nobodys.setdefault(record, []).extend(ids)
    if some := nobodys.get("package"):
        own_packages = table_named("customer-package").c
        asked = select(own_packages.customer_id).where(among(connection, own_packages.package, some))
        customers.update(row[0] for row in await ask(connection, asked.distinct()))
    cards = set(nobodys.get("rate-card", ()))
    for record in OF_A_CARD:
        if some := nobodys.get(record):
            own_rates = table_named(record).c
            asked = select(own_rates.rate_card_id).where(among(connection, own_rates.id, some)).distinct()
            cards.update(row[0] for row in await ask(connection, asked))
    return Touched(customers, cards, bool(nobodys))


async def customer_ids(connection: AsyncConnection, after: int, limit: int) -> list[int]:
    """Some customers behind a number, in their order."""
    asked = select(customer.c.id).where(customer.c.id > after, customer.c.deleted_at.is_(None))
    return [row[0] for row in await ask(connection, asked.order_by(customer.c.id).limit(limit))]


async def accounts(connection: AsyncConnection, ids: Sequence[int]) -> Sequence[Row[Any]]:
    """The balances of some customers, and what they spent on which day."""
    own = counters.c
    asked = select(own.customer_id, own.balance, own.day, own.day_spend)
    return await ask(connection, asked.where(among(connection, own.customer_id, ids)))


async def accounts_after(connection: AsyncConnection, after: int, limit: int) -> Sequence[Row[Any]]:
    """The same of those behind a number, in their order."""
    own = counters.c
    asked = select(own.customer_id, own.balance, own.day, own.day_spend).where(own.customer_id > after)
    return await ask(connection, asked.order_by(own.customer_id).limit(limit))
