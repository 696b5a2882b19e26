"""A customer as it was at a moment: the rows of today, turned back by what the log says was done since.

Deleted records are still in their tables.  Prices and other setup are those of today, except that rates are
chosen by the moment of the call; the balance is the one of the ledger and the days of calls.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import admission_rows as rows
from cx_tui.db import history
from cx_tui.db.engine import ask
from cx_tui.db.tables import counters, table_named
from cx_tui.domain.admission.facts import Customer
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import Act, Change, LogQuery
from cx_tui.domain.kinds import Secret
from cx_tui.domain.records import record_named
from cx_tui.services.admission.facts import Facts, Minutes
from cx_tui.services.admission.worlds import minutes_of

MOST = 500
"""So many operations since then are turned back; a customer has seldom a hundred in a year."""

Found = dict[int, dict[str, Any]]
"""Values of records by their numbers."""


async def customer_at(connection: AsyncConnection, customer_id: int, moment: datetime) -> Customer | None:
    """The customer as it was; None when it was not there."""
    kinds = ("customer", *rows.OF_CUSTOMERS)
    found = {record: await _every(connection, record, customer_id) for record in kinds}
    there = {
        record: {one for one, values in of.items() if values["deleted_at"] is None}
        for record, of in found.items()
    }
    for change in await _since(connection, customer_id, moment):
        if change.record in found:
            _turn_back(change, found[change.record], there[change.record])
    if customer_id not in there["customer"]:
        return None
    contracts = await rows.contracts(connection, [customer_id])
    return _made(customer_id, found, there, contracts, await minutes_of(connection, [customer_id]))


async def _every(connection: AsyncConnection, record: str, customer_id: int) -> Found:
    """All records of a kind that the customer has or had."""
    table = table_named(record)
    own = table.c.id if record == "customer" else table.c.customer_id
    asked = select(*table.c).where(own == customer_id)
    if record == "customer":
        counted = [counters.c[name] for name in rows.COUNTED]
        asked = select(*table.c, *counted).where(own == customer_id)
        asked = asked.join(counters, counters.c.customer_id == table.c.id)
    return {row.id: dict(row._mapping) for row in await ask(connection, asked)}


async def _since(connection: AsyncConnection, customer_id: int, moment: datetime) -> Sequence[Change]:
    """What was done to the customer's records since a moment, the last first."""
    done = await history.operations(connection, LogQuery(customer_id, since=moment), MOST)
    found: list[Change] = []
    for operation in done:
        found += reversed(await history.changes(connection, operation.id, MOST, customer_id=customer_id))
    return found


def _turn_back(change: Change, records: Found, there: set[int]) -> None:
    if change.act is Act.CREATE:
        # Calls of earlier times may have been brought in: then the customer was there, wherever it was kept.
        if change.record != "customer":
            there.discard(change.record_id)
        return
    if change.act is Act.DELETE:
        there.add(change.record_id)
    elif change.act is Act.RESTORE:
        there.discard(change.record_id)
    values = records.get(change.record_id)
    every = fields_of(record_named(change.record))
    if values is None:
        return
    for name, text in change.before.items():
        if name in every and not isinstance(every[name].kind, Secret):
            try:
                values[name] = every[name].read(text)
            except ValueError:
                continue  # an older version wrote it in another way


def _made(
    customer_id: int,
    found: Mapping[str, Found],
    there: Mapping[str, set[int]],
    contracts: Any,
    minutes: Minutes,
) -> Customer:
    of: dict[str, dict[int, list[Any]]] = defaultdict(dict)
    for record in rows.OF_CUSTOMERS:
        kept = [values for one, values in found[record].items() if one in there[record]]
        kept.sort(key=lambda values: (values.get("position", 0), values["id"]))
        of[record] = {customer_id: [SimpleNamespace(**values) for values in kept]}
    row = SimpleNamespace(**found["customer"][customer_id])
    return Facts().customer(row, of, contracts, minutes)
