"""Reading and writing the counters of some customers, and finding who could make calls."""

from collections.abc import Collection, Iterable
from dataclasses import asdict

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import kept_warnings
from cx_tui.db.customer_expressions import read_clock
from cx_tui.db.engine import ask
from cx_tui.db.tables import counters, customer
from cx_tui.domain.counters import Counters
from cx_tui.domain.fields import fields_of
from cx_tui.domain.records.customer import Status


async def counters_of(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Counters]:
    """The counters of these customers, locked until they are written back."""
    own = select(*(counters.c[name] for name in fields_of(Counters)))
    these = own.where(counters.c.customer_id.in_(ids)).order_by(counters.c.customer_id).with_for_update()
    return {row.customer_id: Counters(**row._mapping) for row in await ask(connection, these)}


async def keep(connection: AsyncConnection, changed: Iterable[Counters]) -> None:
    """Write counters back, and renew what follows from them."""
    values = [{**asdict(one), "of": one.customer_id} for one in changed]
    if values:
        await connection.execute(update(counters).where(counters.c.customer_id == bindparam("of")), values)
        await kept_warnings.renew(connection, await read_clock(connection), [one["of"] for one in values])


async def callers(connection: AsyncConnection, first: int, busy: int) -> list[Row[tuple[int, int, int]]]:
    """Active customers with channels: the first by name, and those with calls up (id, channels, live)."""
    may_call = (
        select(customer.c.id, customer.c.channels, counters.c.live)
        .join(counters, counters.c.customer_id == customer.c.id)
        .where(customer.c.status == Status.ACTIVE, customer.c.deleted_at.is_(None), customer.c.channels > 0)
    )
    by_name = may_call.order_by(customer.c.name_key, customer.c.id).limit(first)
    by_calls = may_call.where(counters.c.live > 0).order_by(counters.c.live.desc()).limit(busy)
    found = {row.id: row for question in (by_name, by_calls) for row in await ask(connection, question)}
    return list(found.values())
