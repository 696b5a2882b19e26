"""What follows from DIDs that are released: nothing more is charged for them."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import history
from cx_tui.db.tables import table_named
from cx_tui.domain.history import Act, Change, texts
from cx_tui.domain.records.package import CustomerPackage


async def follow(connection: AsyncConnection, ids: Collection[int], operation_id: int | None) -> None:
    """DIDs of these customers were written: packages of those that are gone end today.  It stands in the log
    of the same operation, so undoing that gives the package its end back, too."""
    own, did = table_named("customer-package").c, table_named("did").c
    now = datetime.now(UTC)
    gone = select(did.id).where(did.customer_id.in_(ids), did.deleted_at.is_not(None))
    question = select(own.id, own.customer_id, own.ends).where(
        own.did.in_(gone), own.deleted_at.is_(None), or_(own.ends.is_(None), own.ends > now.date())
    )
    rows = (await connection.execute(question.order_by(own.id).with_for_update())).all()
    if not rows:
        return
    after = {"ends": now.date()}
    ended = update(table_named("customer-package")).where(own.id.in_([row.id for row in rows]))
    await connection.execute(ended.values(**after, version=own.version + 1, changed_at=now))
    if operation_id is not None:
        changes = [
            Change(
                operation_id=operation_id, record="customer-package", record_id=row.id,
                customer_id=row.customer_id, act=Act.UPDATE, after=texts(CustomerPackage, after),
                before=texts(CustomerPackage, {"ends": row.ends}),
            )
            for row in rows
        ]  # fmt: skip
        await history.note(connection, changes)
