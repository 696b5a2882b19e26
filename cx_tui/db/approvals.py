"""Requests for acts that need a second person, and the rules that say which do."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.approval_tables import approval, four_eyes
from cx_tui.db.bulk_values import among
from cx_tui.db.engine import ask
from cx_tui.db.tables import table_named
from cx_tui.domain.approvals import Request, RequestState, Rule, Rules

GUARDS = ("customer_four_eyes_new", "customer_four_eyes")
GUARDED = (
    f"CREATE TRIGGER {GUARDS[0]} BEFORE INSERT ON customer FOR EACH ROW WHEN (NEW.debit_limit > 0)"
    " EXECUTE FUNCTION cx_four_eyes()",
    f"CREATE TRIGGER {GUARDS[1]} BEFORE UPDATE OF status, debit_limit ON customer FOR EACH ROW"
    " WHEN (OLD.debit_limit <> NEW.debit_limit OR OLD.status <> NEW.status) EXECUTE FUNCTION cx_four_eyes()",
)
"""There only while a rule holds: uploads of a million customers are not to pay for rules that don't."""


async def rules(connection: AsyncConnection) -> Rules:
    """The rules that hold."""
    known = {rule.value: rule for rule in Rule}
    rows = await ask(connection, select(four_eyes))
    return {known[row.rule]: row.above for row in rows if row.rule in known}


async def set_rule(connection: AsyncConnection, rule: Rule, above: Decimal | None) -> None:
    """Have a rule hold above a number, or no longer; PostgreSQL refuses then what it says, too."""
    await connection.execute(delete(four_eyes).where(four_eyes.c.rule == rule.value))
    if above is not None:
        await connection.execute(insert(four_eyes).values(rule=rule.value, above=above))
    if connection.dialect.name == "sqlite":
        return
    for name in GUARDS:
        await connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON customer")
    if {Rule.CREDIT, Rule.PENALTY} & set(await rules(connection)):
        for statement in GUARDED:
            await connection.exec_driver_sql(statement)


async def add(connection: AsyncConnection, request: Request) -> int:
    """Keep a new request."""
    values = {name: value for name, value in vars(request).items() if name != "id"}
    return int(
        (await connection.execute(insert(approval).values(values).returning(approval.c.id))).scalar_one()
    )


async def one(connection: AsyncConnection, request_id: int, *, lock: bool = False) -> Request | None:
    """One request; locked, until the transaction ends."""
    question = select(approval).where(approval.c.id == request_id)
    row = (await connection.execute(question.with_for_update() if lock else question)).first()
    return None if row is None else Request(**row._mapping)


async def listed(connection: AsyncConnection, states: Collection[RequestState], limit: int) -> list[Request]:
    """Requests in these states, the newest first."""
    question = select(approval).where(approval.c.state.in_(states))
    return [
        Request(**row._mapping)
        for row in await ask(connection, question.order_by(approval.c.id.desc()).limit(limit))
    ]


async def number(connection: AsyncConnection, now: datetime) -> int:
    """How many wait."""
    own = approval.c
    waiting = select(func.count()).where(own.state == RequestState.WAITING, own.expires_at > now)
    return int((await ask(connection, waiting))[0][0])


async def settle(connection: AsyncConnection, request_id: int, values: dict[str, Any]) -> None:
    """Keep what became of a request."""
    await connection.execute(update(approval).where(approval.c.id == request_id).values(values))


async def expire(connection: AsyncConnection, now: datetime) -> int:
    """Those whose time is over wait no longer: how many they were."""
    own = approval.c
    late = update(approval).where(own.state == RequestState.WAITING, own.expires_at <= now)
    done = await connection.execute(
        late.values(state=RequestState.EXPIRED, decided_at=now, said="nobody decided")
    )
    return int(done.rowcount)


async def versions(
    connection: AsyncConnection, record: str, ids: Sequence[int], *, lock: bool = False
) -> list[tuple[int, int]]:
    """The versions of those of these records that are there."""
    own = table_named(record).c
    question = select(own.id, own.version).where(
        among(connection, own.id, list(ids)), own.deleted_at.is_(None)
    )
    question = question.order_by(own.id)
    rows = await connection.execute(question.with_for_update() if lock else question)
    return [(row[0], row[1]) for row in rows]
