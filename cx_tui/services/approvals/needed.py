"""Whether an act needs a second person: asked in the transaction that would do it, before it is done."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import approvals
from cx_tui.db.bulk_values import among
from cx_tui.db.engine import ask
from cx_tui.db.tables import customer
from cx_tui.domain.approvals import RequestAct, Rule, Wish, why_change, why_delete
from cx_tui.domain.history import texts
from cx_tui.domain.record import Record
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.errors import NeedsApproval

WATCHED = frozenset({"debit_limit", "status"})
"""The fields of a customer that rules look at."""

Values = Mapping[str, Any]


async def check_save(connection: AsyncConnection, record: Customer, before: Values, after: Values) -> None:
    """NeedsApproval when these fields of a customer can't be changed by one person alone."""
    if WATCHED.isdisjoint(after):
        return
    if why := why_change(await approvals.rules(connection), before, after):
        wish = Wish(
            RequestAct.CHANGE, record.name, "customer", (record.id,),
            texts(Customer, before), texts(Customer, after), why,
        )  # fmt: skip
        raise NeedsApproval(why, wish)


async def check_create(connection: AsyncConnection, values: Values) -> None:
    """NeedsApproval when a customer can't be made so by one person alone.  There is nothing yet that could be
    asked for: it is made without, and then the change is."""
    if values.get("debit_limit", Decimal(0)) <= 0:
        return
    if why := why_change(await approvals.rules(connection), {}, {"debit_limit": values["debit_limit"]}):
        raise NeedsApproval(f"{why}; create the customer with a lower one, then change it", None)


async def check_bulk_edit(
    connection: AsyncConnection, record: type[Record], ids: Sequence[int], values: Values
) -> None:
    """NeedsApproval when these values can't be given to these records by one person alone."""
    if record is not Customer or WATCHED.isdisjoint(values):
        return
    rules, own, why = await approvals.rules(connection), customer.c, ""
    limit, new = rules.get(Rule.CREDIT), values.get("debit_limit")
    above = limit is not None and new is not None and new > limit
    if above and await _number(connection, ids, own.debit_limit < new):
        why = why_change(rules, {}, {"debit_limit": new})
    status = values.get("status", Status.PENALTY)
    leaves = Rule.PENALTY in rules and status is not Status.PENALTY
    if not why and leaves and await _number(connection, ids, own.status == Status.PENALTY):
        why = why_change(rules, {"status": Status.PENALTY}, {"status": status})
    if why:
        wanted = texts(Customer, values)
        title = f"{len(ids):,} customers"
        raise NeedsApproval(why, Wish(RequestAct.BULK_EDIT, title, "customer", tuple(ids), {}, wanted, why))


async def check_delete(connection: AsyncConnection, record: type[Record], ids: Sequence[int]) -> None:
    """NeedsApproval when so many records can't be deleted by one person alone."""
    if len(ids) < 2:  # one record is never many
        return
    if why := why_delete(await approvals.rules(connection), len(ids)):
        declared = record.declared
        title = declared.so_many(len(ids))
        raise NeedsApproval(why, Wish(RequestAct.DELETE, title, declared.name, tuple(ids), {}, {}, why))


async def _number(connection: AsyncConnection, ids: Sequence[int], which: Any) -> int:
    these = among(connection, customer.c.id, list(ids)) & customer.c.deleted_at.is_(None)
    return int((await ask(connection, select(func.count()).select_from(customer).where(these, which)))[0][0])
