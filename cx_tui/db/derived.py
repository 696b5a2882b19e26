"""What follows from records that were written: what customers are found by, counted as, warned of."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from functools import reduce
from operator import add
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Table, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import contracts, follows, kept_warnings, outbox, shared_addresses
from cx_tui.db.bulk_values import write_each
from cx_tui.db.bulk_writing import insert
from cx_tui.db.customer_expressions import clock_of
from cx_tui.db.tables import contact, counters, customer, found_by, record_table
from cx_tui.domain.counters import Counters
from cx_tui.domain.fields import fields_of, names_where
from cx_tui.domain.record import Record
from cx_tui.domain.records import COUNTED, FOUND_BY, record_named
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.search import on_lines, parts

T = TypeVar("T")
SLICE = 5_000
"""So many ids are named in one question: databases take some tens of thousands of values at most."""

REACHED_BY = {"contact": {"no_email", "no_sms"}}
"""The fields that say whether somebody may still be written to."""


def sliced(ids: Sequence[T], size: int = SLICE) -> Iterator[Sequence[T]]:
    """The ids in parts that one question can name."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


async def follow(
    connection: AsyncConnection,
    record: str,
    names: Collection[str],
    ids: Collection[int],
    operation_id: int | None = None,
) -> None:
    """These fields of such records were written (no names: records came or went), of these customers, by an
    operation."""
    kind = record_named(record)
    found = _touched(names_where(kind, "found_by"), names)
    counted = _touched([flag for _, flag in kind.declared.counted], names)
    spared = record in REACHED_BY and (not names or REACHED_BY[record] & set(names))
    stand = counted or record == "ip" or _touched(names_where(kind, "warned"), names)
    for part in sliced(sorted(ids)):
        if record != "customer":
            await hold(connection, part)
        if found:
            await _find_again(connection, part)
        if counted:
            await _count_again(connection, kind, part)
        if record == "ip":
            part = sorted(await shared_addresses.count_again(connection, part))
        if spared:
            await outbox.spare(connection, contact.c.customer_id.in_(part))
        await follows.tell(connection, record, part, operation_id)
        if stand:
            await kept_warnings.renew(connection, await clock_of(connection, part), part)


def _touched(watched: Collection[str], names: Collection[str]) -> bool:
    """Whether some of the fields that are watched were written."""
    return bool(watched) and (not names or not set(names).isdisjoint(watched))


async def hold(connection: AsyncConnection, ids: Collection[int]) -> set[int]:
    """Lock customers before what belongs to them: which of them are there.

    So everybody waits in one order, customer and then counters, and sees all that was written of them.
    """
    wanted = select(customer.c.id, customer.c.deleted_at).where(customer.c.id.in_(ids))
    locked = wanted.order_by(customer.c.id).with_for_update(key_share=True)
    return {row.id for row in await connection.execute(locked) if row.deleted_at is None}


async def _find_again(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Write anew what the search box finds these customers by."""
    own = [customer.c[name] for name in names_where(Customer, "found_by")]
    has: dict[int, list[str]] = {}
    external_ids = {}
    for row in await connection.execute(select(customer.c.id, *own).where(customer.c.id.in_(ids))):
        has[row.id], external_ids[row.id] = list(parts(Customer, row)), row.external_id
    for kind in map(record_named, FOUND_BY):
        theirs = record_table(kind).c
        wanted = [theirs.customer_id, *(theirs[name] for name in names_where(kind, "found_by"))]
        of_them = theirs.customer_id.in_(has) & theirs.deleted_at.is_(None)
        for row in await connection.execute(select(*wanted).where(of_them).order_by(theirs.id)):
            has[row.customer_id] += parts(kind, row)
    found = [(one, on_lines(lines), external_ids[one]) for one, lines in has.items()]
    await write_each(connection, found_by, ["document", "external_id"], found)


async def _count_again(connection: AsyncConnection, kind: type[Record], ids: Collection[int]) -> None:
    """Count again what such a record counts as; what others count as well is added."""
    wanted = {counter for counter, _ in kind.declared.counted}
    totals: dict[str, list[Any]] = defaultdict(list)
    for other in map(record_named, COUNTED):
        for counter, flag in other.declared.counted:
            if counter in wanted:
                totals[counter].append(_total(record_table(other), flag))
    figures = {counter: reduce(add, parts) for counter, parts in totals.items()}
    await connection.execute(update(counters).where(counters.c.customer_id.in_(ids)).values(figures))


async def count_all(connection: AsyncConnection, whom: ColumnElement[bool]) -> None:
    """Count again all records that count for some customers, shared addresses, and contracts that are due."""
    totals: dict[str, list[Any]] = defaultdict(list)
    for kind in map(record_named, COUNTED):
        for counter, flag in kind.declared.counted:
            totals[counter].append(_total(record_table(kind), flag))
    figures = {counter: reduce(add, parts) for counter, parts in totals.items()}
    figures |= {
        "shared_ips": shared_addresses.shared_of_customer(),
        "contract_due": contracts.due_of_customer(),
    }
    await connection.execute(update(counters).where(whom).values(figures))


def _total(table: Table, flag: str) -> Any:
    """How many of these records a customer has, of those with the flag."""
    mine = (table.c.customer_id == counters.c.customer_id) & table.c.deleted_at.is_(None)
    one = case((table.c[flag], 1), else_=0) if flag else 1
    return select(func.coalesce(func.sum(one), 0)).where(mine).scalar_subquery()


async def count_from_zero(connection: AsyncConnection, ids: Collection[int]) -> None:
    """New customers have made no calls, have no money, and are found by nothing yet."""
    rows = [tuple(asdict(Counters(customer_id=one)).values()) for one in ids]
    await insert(connection, counters, list(fields_of(Counters)), rows)
    await insert(connection, found_by, ["customer_id", "document"], [(one, "") for one in ids])
