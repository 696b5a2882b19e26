"""What follows from DIDs: a number that is charged by a package has it as long as it is the customer's.

It stands in the log of the same operation, so undoing that turns it back, too.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import history
from cx_tui.db.history_tables import change
from cx_tui.db.tables import table_named
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import Act, Change, texts
from cx_tui.domain.records.did import Did
from cx_tui.domain.records.package import CustomerPackage

PACKAGE, DID = table_named("customer-package"), table_named("did")


async def follow(connection: AsyncConnection, ids: Collection[int], operation_id: int | None) -> None:
    """DIDs of these customers were written: packages of those that are gone, or that have another one now,
    end today; those that have none yet begin today."""
    now = datetime.now(UTC)
    await _end(connection, await _of_released(connection, ids, now.date()), now, operation_id)
    await _end(connection, await _of_others(connection, ids, now.date(), operation_id), now, operation_id)
    await _begin(connection, ids, now, operation_id)


async def _of_released(connection: AsyncConnection, ids: Collection[int], today: date) -> Sequence[Any]:
    """The packages of DIDs that were released."""
    gone = select(DID.c.id).where(DID.c.customer_id.in_(ids), DID.c.deleted_at.is_not(None))
    return await _lasting(connection, PACKAGE.c.did.in_(gone), today)


async def _of_others(
    connection: AsyncConnection, ids: Collection[int], today: date, operation_id: int | None
) -> Sequence[Any]:
    """The packages by which DIDs were charged before this operation gave them others."""
    noted = select(change.c.record_id, change.c.before).where(
        change.c.operation_id == operation_id, change.c.record == "did", change.c.customer_id.in_(ids)
    )
    before = {row.record_id: row.before.get("package") for row in await connection.execute(noted)}
    found: list[Any] = []
    read = fields_of(Did)["package"].read
    for did, said in before.items():
        if said and (package := read(said)) is not None:
            theirs = (PACKAGE.c.did == did) & (PACKAGE.c.package == package)
            found += await _lasting(connection, theirs, today)
    return found


async def _lasting(connection: AsyncConnection, which: Any, today: date) -> Sequence[Any]:
    own = PACKAGE.c
    question = select(own.id, own.customer_id, own.ends).where(
        which, own.deleted_at.is_(None), or_(own.ends.is_(None), own.ends > today)
    )
    return (await connection.execute(question.order_by(own.id).with_for_update())).all()


async def _end(
    connection: AsyncConnection, rows: Sequence[Any], now: datetime, operation_id: int | None
) -> None:
    if not rows:
        return
    own, after = PACKAGE.c, {"ends": now.date()}
    ended = update(PACKAGE).where(own.id.in_([row.id for row in rows]))
    await connection.execute(ended.values(**after, version=own.version + 1, changed_at=now))
    before = [texts(CustomerPackage, {"ends": row.ends}) for row in rows]
    said = texts(CustomerPackage, after)
    noted = [(row.id, row.customer_id, Act.UPDATE, was, said) for row, was in zip(rows, before, strict=True)]
    await _note(connection, noted, operation_id)


async def _begin(
    connection: AsyncConnection, ids: Collection[int], now: datetime, operation_id: int | None
) -> None:
    own = PACKAGE.c
    has = exists().where(
        own.did == DID.c.id, own.package == DID.c.package, own.deleted_at.is_(None),
        or_(own.ends.is_(None), own.ends > now.date()),
    )  # fmt: skip
    question = select(DID.c.id, DID.c.customer_id, DID.c.package).where(
        DID.c.customer_id.in_(ids), DID.c.package.is_not(None), DID.c.deleted_at.is_(None), ~has
    )
    rows = (await connection.execute(question.order_by(DID.c.id))).all()
    if not rows:
        return
    kept = {"version": 1, "created_at": now, "changed_at": now, "deleted_at": None}
    usual = {"quantity": 1, "starts": now.date(), "ends": None, "auto_decrement": True, "notes": ""}
    noted: list[Any] = []
    for row in rows:
        values = {**usual, "package": row.package, "did": row.id}
        new = insert(PACKAGE).values({**kept, **values, "customer_id": row.customer_id, "charged_to": None})
        made = (await connection.execute(new.returning(own.id))).scalar_one()
        noted.append((made, row.customer_id, Act.CREATE, {}, texts(CustomerPackage, values)))
    await _note(connection, noted, operation_id)


async def _note(connection: AsyncConnection, rows: Sequence[Any], operation_id: int | None) -> None:
    if operation_id is None:
        return
    changes = [
        Change(
            operation_id=operation_id, record="customer-package", record_id=one, customer_id=whose, act=act,
            before=before, after=after,
        )
        for one, whose, act, before, after in rows
    ]  # fmt: skip
    await history.note(connection, changes)
