"""What is watched: alerts with the figures of this moment, and keeping what became of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, func, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls import days
from cx_tui.db.engine import ask
from cx_tui.db.tables import counters, customer, table_named
from cx_tui.domain.calls.figures import Figures
from cx_tui.domain.fields import fields_of
from cx_tui.domain.records.alert import Alert

ALERT = table_named("alert")
A_DAY = timedelta(days=1)


def _question() -> Any:
    own = [ALERT.c[name] for name in fields_of(Alert)]
    figures = [counters.c[name] for name in ("balance", "live", "cps", "day", "day_spend")]
    whom = [customer.c.name.label("customer_name"), customer.c.currency, customer.c.status]
    question = select(*own, *figures, *whom).join(customer, customer.c.id == ALERT.c.customer_id)
    question = question.join(counters, counters.c.customer_id == customer.c.id)
    return question.where(ALERT.c.deleted_at.is_(None), customer.c.deleted_at.is_(None))


async def watched(
    connection: AsyncConnection, after: int, count: int, *, all_of: bool = False
) -> Sequence[Any]:
    """Some alerts with what is known of their customers; those that are off, too, if asked."""
    question = _question().where(ALERT.c.id > after).order_by(ALERT.c.id).limit(count)
    return await ask(connection, question if all_of else question.where(ALERT.c.enabled))


async def named(connection: AsyncConnection, title: str) -> Any:
    """The alert of a title; none if there is none."""
    return (await connection.execute(_question().where(ALERT.c.title == title))).first()


async def take(connection: AsyncConnection, alert_id: int) -> Any:
    """An alert as it is now, ours until the transaction ends; none when another has it or it is off."""
    question = _question().where(ALERT.c.id == alert_id, ALERT.c.enabled)
    return (await connection.execute(question.with_for_update(skip_locked=True, of=ALERT))).first()


async def keep(connection: AsyncConnection, alert_id: int, values: dict[str, Any]) -> None:
    """Keep what became of an alert.  It is no change of the record: who has it open can still save it."""
    await connection.execute(update(ALERT).where(ALERT.c.id == alert_id).values(values))


async def sample(connection: AsyncConnection, customer_id: int, now: datetime, minutes: int) -> Figures:
    """What was counted of the calls that a customer began in the last minutes."""
    since, found = now - timedelta(minutes=minutes), Figures()
    hot = set(await days.hot(connection))
    day = since.astimezone(UTC).date()
    while datetime.combine(day, time(), UTC) <= now:
        if day in hot:
            found.add(await _of_day(connection, days.table_of(day), customer_id, since, now))
        day += A_DAY
    return found


async def _of_day(
    connection: AsyncConnection, table: Any, of: int, since: datetime, now: datetime
) -> Figures:
    own = table.c
    rings, begins = (type_coerce(one, BigInteger) for one in (own.ringing, own.start))
    question = select(
        func.count(), func.count(own.answered), func.coalesce(func.sum(own.talk_ms), 0),
        func.count(own.ringing), func.coalesce(func.sum(rings - begins), 0),
    ).where(
        own.customer_id == of, own.start >= since, own.start <= now, own.simulated.is_(False)
    )  # fmt: skip
    row = (await connection.execute(question)).one()
    return Figures(
        attempts=row[0], connected=row[1], talk_ms=int(row[2]), pdd_calls=row[3], pdd_ms=int(row[4]) // 1000
    )
