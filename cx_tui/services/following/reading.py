"""Reading what operations did, as far as it is worth naming."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import change_log, log_blocks
from cx_tui.db.engine import ask
from cx_tui.db.history_tables import change
from cx_tui.db.tables import NOBODYS
from cx_tui.domain.history import Operation
from cx_tui.domain.news import News

NAMED = 1_000
"""So many records are named; of more than these anything may be another one."""

AT_ONCE = 200
"""So many operations are read; after an hour without the database there may be more."""


async def news_of(connection: AsyncConnection, ids: Sequence[int]) -> News:
    """What these operations did."""
    rows = await change_log.operations(connection, ids[-AT_ONCE:])
    operations = {row.id: Operation(**row._mapping) for row in rows}
    if len(ids) > AT_ONCE or sum(one.records for one in operations.values()) > NAMED:
        return News(tuple(operations.values()), many=True)
    own = change.c
    asked = select(own.operation_id, own.record, own.record_id, own.customer_id)
    asked = asked.where(own.operation_id.in_(operations)).order_by(own.operation_id)
    touched, customers = {}, set()
    for row in await ask(connection, asked):
        touched[row.record, row.record_id] = operations[row.operation_id]
        customers.add(row.customer_id)
    for operation_id in operations:
        for record, numbers in await log_blocks.records(connection, [operation_id]):
            touched.update({(record, number): operations[operation_id] for number in numbers})
            if record == "customer":
                customers.update(numbers)
    return News(tuple(operations.values()), touched, frozenset(customers - {NOBODYS}))
