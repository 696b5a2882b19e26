"""How customers stand, kept beside them: how many warnings there are, and whether they are Pending.

Both are computed by `customer_expressions.known`, here for all whom a change concerns, so that sorting
and filtering a million need not do it.  Who writes a customer or its counters renews them in the same
transaction.  What the clock alone changes is renewed by a sweep in each quarter of an hour, by whoever comes
first.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.customer_expressions import STANDING, Clock, known
from cx_tui.db.engine import carry_out
from cx_tui.db.tables import counters, customer, kept_at

OF_ONE = counters.c.customer_id == customer.c.id
RESTRICTED = customer.c.allowed_times.is_not(None)
DAILY = or_(RESTRICTED, customer.c.daily_limit.is_not(None), counters.c.contract_due.is_not(None))
"""Who can stand differently in the next quarter of an hour, and on the next day, by the clock alone."""


async def renew(
    connection: AsyncConnection, clock: Clock, of: Collection[int] | ColumnElement[bool] | None = None
) -> None:
    """Compute what is kept again: of these customers, of those of a condition, or of all."""
    if of is None:
        whom: ColumnElement[bool] = true()
    elif isinstance(of, ColumnElement):
        whom = of
    else:
        whom = customer.c.id.in_(of)
        # What another writes of them just now must be seen.
        await carry_out(connection, _locked(counters.c.customer_id, counters.c.customer_id.in_(of)))
    what = known(clock)
    await _keep(connection, customer.c.pending, what.pending, whom)
    await _keep(connection, counters.c.warnings, what.warnings, whom)


async def sweep(connection: AsyncConnection, clock: Clock) -> bool:
    """Renew what the clock has changed since the last sweep; False when there is nothing to do, or
    another does it just now."""
    mine = select(kept_at.c.moment).where(kept_at.c.name == STANDING).with_for_update(skip_locked=True)
    found = (await connection.execute(mine)).first()
    if found is None or (found.moment is not None and found.moment >= clock.quarter):
        return False
    if found.moment is None:
        await renew(connection, clock)
    elif found.moment.date() != clock.now.date():
        await renew(connection, clock, DAILY)
    else:
        await _keep(connection, counters.c.warnings, known(clock).warnings, RESTRICTED)
    await note(connection, clock)
    return True


async def note(connection: AsyncConnection, clock: Clock) -> None:
    """Note that what is kept holds for the quarter of an hour of this clock."""
    this = update(kept_at).where(kept_at.c.name == STANDING)
    await connection.execute(this.values(moment=clock.quarter))


async def _keep(
    connection: AsyncConnection, column: Column[Any], now: ColumnElement[Any], whom: ColumnElement[bool]
) -> None:
    """Write what differs, and no other row."""
    key = column.table.primary_key.columns[0]
    differing = _locked(key, OF_ONE, whom, column != now)
    change = update(column.table).values({column.name: now}).where(OF_ONE, key.in_(differing))
    await carry_out(connection, change)


def _locked(key: Column[Any], *which: ColumnElement[bool]) -> Select[Any]:
    """The keys of some rows, locked in their order until the transaction ends: so two writers never
    wait for each other."""
    rows = select(key).where(*which).order_by(key).correlate(None)
    return rows.with_for_update(of=key.table, key_share=True)
