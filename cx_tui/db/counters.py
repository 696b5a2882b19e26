"""Reading and writing the counters of some customers, and finding who could make calls."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import Row, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import kept_warnings
from cx_tui.db.customer_expressions import known, read_clock
from cx_tui.db.engine import ask
from cx_tui.db.tables import counters, customer, table_named
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


async def callers(
    connection: AsyncConnection, after: int, limit: int
) -> Sequence[Row[tuple[int, int, str, str, int, str | None]]]:
    """Some active customers with channels, in the order of their ids, each with an address of its own."""
    own = table_named("ip").c
    hosts = (
        own.customer_id == customer.c.id,
        own.enabled,
        own.deleted_at.is_(None),
        own.address.not_like("%/%"),
    )
    address = select(func.min(own.address)).where(*hosts).correlate(customer).scalar_subquery()
    question = (
        select(
            customer.c.id,
            customer.c.channels,
            customer.c.currency,
            customer.c.time_zone,
            counters.c.live,
            address.label("address"),
        )
        .join(counters, counters.c.customer_id == customer.c.id)
        .where(
            customer.c.id > after,
            customer.c.status == Status.ACTIVE,
            customer.c.deleted_at.is_(None),
            customer.c.channels > 0,
        )
        .order_by(customer.c.id)
        .limit(limit)
    )
    return await ask(connection, question)


async def who_may_call(connection: AsyncConnection, ids: Collection[int]) -> set[int]:
    """Those of these customers who may call at this moment: by status, credit, daily limit and hours."""
    clock = await read_clock(connection)
    what = known(clock)
    question = (
        select(customer.c.id)
        .join(counters, counters.c.customer_id == customer.c.id)
        .where(
            customer.c.id.in_(ids),
            customer.c.status == Status.ACTIVE,
            customer.c.deleted_at.is_(None),
            what.available > 0,
            or_(customer.c.daily_limit.is_(None), what.spend_today < customer.c.daily_limit),
            what.allowed_now == 1,
        )
    )
    return {row.id for row in await ask(connection, question)}
