"""Small sessions: a few customers, made as operators make them, and what holds after every change."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import Any

from sqlalchemy import func, select, text

from cx_tui.db import log_blocks
from cx_tui.db.customer_expressions import known, read_clock
from cx_tui.db.engine import Database
from cx_tui.db.history_tables import block, change, delayed, operation
from cx_tui.db.records import is_broken
from cx_tui.db.tables import counters, customer, found_by, record_table
from cx_tui.domain.history import Change, LogQuery, Operation
from cx_tui.domain.query import Query
from cx_tui.domain.records import FOUND_BY, record_named
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.search import fold, on_lines, parts
from cx_tui.domain.who import Who
from cx_tui.services.session import Session
from tests.conftest import opened

ANA, BEN = Who("ana", "10.0.0.1"), Who("ben", "10.0.0.2")


@asynccontextmanager
async def two_offices(url: str) -> AsyncIterator[tuple[Session, Session]]:
    """Ana and Ben, each with connections of their own."""
    async with opened(url) as hers, opened(url) as his:
        yield Session(hers, ANA), Session(his, BEN)


async def add(session: Session, name: str = "Acme", **values: Any) -> Customer:
    """A new customer."""
    return (await session.records.create({"name": name, "currency": "EUR", **values})).record


async def add_contact(session: Session, customer_id: int, name: str = "Joe", **values: Any) -> Contact:
    """A new contact of a customer."""
    made = await session.records_of["contact"].create({"customer_id": customer_id, "name": name, **values})
    found = made.record
    assert isinstance(found, Contact)
    return found


async def found(session: Session, word: str) -> list[int]:
    """The customers that the search box finds."""
    return await (await session.customers.list(Query(search=word))).ids(0, 100)


async def scalar(database: Database, question: Any) -> Any:
    """One value."""
    async with database.reading() as connection:
        return (await connection.execute(text(question) if isinstance(question, str) else question)).scalar()


async def noted(database: Database) -> tuple[int, int, int]:
    """How many operations, changes and delayed changes there are."""
    counted = [await scalar(database, select(func.count()).select_from(t)) for t in (operation, delayed)]
    return counted[0], await changes_noted(database), counted[1]


async def changes_noted(database: Database) -> int:
    """How many changes there are in the log, one by one and in blocks."""
    async with database.reading() as connection:
        operations = (await connection.execute(select(block.c.operation_id).distinct())).scalars().all()
        in_blocks = [one for each in operations for one in await log_blocks.customers(connection, each)]
        one_by_one = (await connection.execute(select(func.count()).select_from(change))).scalar_one()
    return one_by_one + sum(map(len, in_blocks))


async def last(session: Session) -> tuple[Operation, list[Change]]:
    """The newest operation and what it changed."""
    (newest,) = await session.log.operations(LogQuery(), 1)
    return newest, await session.log.changes(newest.id, 1000)


async def everything_follows(database: Database) -> None:
    """All that is derived from customers and contacts is what the rules give."""
    async with database.reading() as connection:
        whole = select(
            customer, found_by.c.document, found_by.c.external_id.label("found_by_external_id")
        ).outerjoin(found_by, found_by.c.customer_id == customer.c.id)
        rows = [row._asdict() for row in await connection.execute(whole)]
        people: dict[int, list[Any]] = defaultdict(list)
        found: dict[int, list[str]] = defaultdict(list)
        for kind in map(record_named, FOUND_BY):
            table = record_table(kind)
            kept_ones = select(table).where(table.c.deleted_at.is_(None)).order_by(table.c.id)
            for one in await connection.execute(kept_ones):
                found[one.customer_id] += parts(kind, one)
                if kind is Contact:
                    people[one.customer_id].append(one)
        what = known(await read_clock(connection))
        stands = select(customer.c.id, customer.c.pending, what.pending, counters.c.warnings, what.warnings)
        kept = (
            await connection.execute(stands.join(counters, counters.c.customer_id == customer.c.id))
        ).all()
        counted = {row.customer_id: row for row in await connection.execute(select(counters))}
    assert len(kept) == len(rows)
    for row in rows:
        mine = people[row["id"]]
        assert row["name_key"] == fold(row["name"])
        assert row["toml_broken"] == is_broken(row["toml"])
        own = parts(Customer, Customer(**_own(row)))
        assert row["document"] == on_lines([*own, *found[row["id"]]])
        assert row["found_by_external_id"] == row["external_id"]
        own_counters = counted[row["id"]]
        figures = (own_counters.contacts, own_counters.emails_verified, own_counters.mobiles_verified)
        verified = [sum(getattr(one, f"{way}_verified") for one in mine) for way in ("email", "mobile")]
        assert figures == (len(mine), *verified)
    for key, pending, pending_now, warnings, warnings_now in kept:
        assert (key, pending, warnings) == (key, bool(pending_now), warnings_now)


def _own(row: dict[str, Any]) -> dict[str, Any]:
    return {one.name: row[one.name] for one in fields(Customer)}
