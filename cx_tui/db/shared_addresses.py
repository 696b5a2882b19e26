"""Addresses that several customers have, and that nothing tells apart."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, and_, func, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.tables import counters, record_table
from cx_tui.domain.records.ip import EndpointDirection, Ip

OTHERS = 1_000
"""Customers who share one already are counted again as well: so many at most at a time."""


def shared_of_customer() -> Any:
    """How many addresses of a customer others have too, without a tech prefix of their own, and without all
    of them being told apart by the caller's number."""
    mine, theirs = record_table(Ip).alias("mine"), record_table(Ip).alias("theirs")
    same = and_(
        theirs.c.address == mine.c.address,
        theirs.c.tech_prefix == mine.c.tech_prefix,
        theirs.c.customer_id != mine.c.customer_id,
        not_(and_(mine.c.cli_authentication, theirs.c.cli_authentication)),
        *_counts(theirs),
    )
    own = and_(mine.c.customer_id == counters.c.customer_id, *_counts(mine))
    return select(func.count()).where(own, select(theirs.c.id).where(same).exists()).scalar_subquery()


def _counts(table: Any) -> tuple[Any, ...]:
    """An entry that recognises calls."""
    sends = table.c.direction == EndpointDirection.SENDS
    return table.c.enabled, sends, table.c.deleted_at.is_(None)


async def count_again(connection: AsyncConnection, ids: Collection[int]) -> set[int]:
    """Count again for these customers, and for those who share with them now or did before: who they are."""
    own = record_table(Ip).c
    addresses = select(own.address).where(own.customer_id.in_(ids), own.deleted_at.is_(None))
    now = select(own.customer_id).where(own.address.in_(addresses), own.deleted_at.is_(None)).distinct()
    before = select(counters.c.customer_id).where(counters.c.shared_ips > 0).limit(OTHERS)
    touched = {*ids, *await _numbers(connection, now), *await _numbers(connection, before)}
    theirs = counters.c.customer_id.in_(touched)
    await connection.execute(update(counters).where(theirs).values(shared_ips=shared_of_customer()))
    return touched


async def _numbers(connection: AsyncConnection, question: Select[Any]) -> list[int]:
    return [row[0] for row in await connection.execute(question)]
