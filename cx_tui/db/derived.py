"""What follows from records that were written: what customers are found by, counted as, warned of."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import kept_warnings, outbox
from cx_tui.db.bulk_values import write_each
from cx_tui.db.bulk_writing import insert
from cx_tui.db.customer_expressions import Clock
from cx_tui.db.tables import contact, counters, customer, found_by
from cx_tui.domain.counters import Counters
from cx_tui.domain.fields import fields_of
from cx_tui.domain.search import document
from cx_tui.domain.warnings import LOOKED_AT

T = TypeVar("T")
SLICE = 5_000
"""So many ids are named in one question: databases take some tens of thousands of values at most."""

FOUND_BY = {"customer": {"name", "external_id", "tags"}, "contact": {"name", "email", "phone", "mobile"}}
"""The fields that the search box looks at."""

COUNTED = {"contact": {"email_verified", "mobile_verified"}}
"""The fields that counters count."""

REACHED_BY = {"contact": {"no_email", "no_sms"}}
"""The fields that say whether somebody may still be written to."""


def sliced(ids: Sequence[T], size: int = SLICE) -> Iterator[Sequence[T]]:
    """The ids in parts that one question can name."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


async def follow(
    connection: AsyncConnection, record: str, names: Collection[str], ids: Collection[int]
) -> None:
    """These fields of such records were written (no names: records came or went), of these customers."""
    found = not names or FOUND_BY.get(record, set()) & set(names)
    counted = record in COUNTED and (not names or COUNTED[record] & set(names))
    spared = record in REACHED_BY and (not names or REACHED_BY[record] & set(names))
    stand = counted or (record == "customer" and (not names or LOOKED_AT & set(names)))
    for part in sliced(sorted(ids)):
        if record != "customer":
            await hold(connection, part)
        if found:
            await _find_again(connection, part)
        if counted:
            await _count_again(connection, part)
        if spared:
            await outbox.spare(connection, contact.c.customer_id.in_(part))
        if stand:
            await kept_warnings.renew(connection, await _clock_of(connection, part), part)


async def hold(connection: AsyncConnection, ids: Collection[int]) -> set[int]:
    """Lock customers before what belongs to them: which of them are there.

    So everybody waits in one order, customer and then counters, and sees all that was written of them.
    """
    wanted = select(customer.c.id, customer.c.deleted_at).where(customer.c.id.in_(ids))
    locked = wanted.order_by(customer.c.id).with_for_update(key_share=True)
    return {row.id for row in await connection.execute(locked) if row.deleted_at is None}


async def _clock_of(connection: AsyncConnection, ids: Collection[int]) -> Clock:
    """The clock of this moment, in the time zones of these customers: all of them would take too long."""
    restricted = customer.c.id.in_(ids) & customer.c.allowed_times.is_not(None)
    zones = await connection.execute(select(customer.c.time_zone).where(restricted).distinct())
    return Clock(datetime.now(UTC), tuple(zones.scalars()))


async def _find_again(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Write anew what the search box finds these customers by."""
    wanted = select(customer.c.id, customer.c.name, customer.c.external_id, customer.c.tags)
    customers = (await connection.execute(wanted.where(customer.c.id.in_(ids)))).all()
    of_them = contact.c.customer_id.in_(ids) & contact.c.deleted_at.is_(None)
    people: dict[int, list[Any]] = defaultdict(list)
    for person in await connection.execute(select(contact).where(of_them).order_by(contact.c.id)):
        people[person.customer_id].append(person)
    found = [(one.id, document(one, people[one.id]), one.external_id) for one in customers]  # type: ignore[arg-type]  # rows have the same names
    await write_each(connection, found_by, ["document", "external_id"], found)


async def _count_again(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Count the contacts of these customers, and those who are verified."""
    mine = (contact.c.customer_id == counters.c.customer_id) & contact.c.deleted_at.is_(None)

    def total(of: Any) -> Any:
        return select(func.coalesce(func.sum(of), 0)).where(mine).scalar_subquery()

    figures = {
        "contacts": total(1),
        "emails_verified": total(case((contact.c.email_verified, 1), else_=0)),
        "mobiles_verified": total(case((contact.c.mobile_verified, 1), else_=0)),
    }
    await connection.execute(update(counters).where(counters.c.customer_id.in_(ids)).values(figures))


async def count_from_zero(connection: AsyncConnection, ids: Collection[int]) -> None:
    """New customers have made no calls, have no money, and are found by nothing yet."""
    rows = [tuple(asdict(Counters(customer_id=one)).values()) for one in ids]
    await insert(connection, counters, list(fields_of(Counters)), rows)
    await insert(connection, found_by, ["customer_id", "document"], [(one, "") for one in ids])
