"""Numbers that were DIDs before, and where calls to DIDs go on to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among_texts
from cx_tui.db.tables import table_named
from cx_tui.domain.admission.numbers import same_form
from cx_tui.domain.records.did import DidDestination

USUAL_DAYS = 30
"""So many days a DID rests whose carrier is not known."""


class Rest(NamedTuple):
    """A number that rests after it was released."""

    customer_id: int
    until: datetime


async def resting(connection: AsyncConnection, numbers: Sequence[str], now: datetime) -> dict[str, Rest]:
    """Those of these numbers that were released so lately that they rest: who had them, and until when."""
    did, carrier = table_named("did").c, table_named("carrier")
    days = func.coalesce(carrier.c.did_quarantine, USUAL_DAYS)
    question = select(did.number, did.customer_id, did.deleted_at, days.label("days"))
    question = question.join(carrier, carrier.c.id == did.carrier, isouter=True)
    forms = [form for number in numbers for form in _forms(number)]
    gone = question.where(among_texts(connection, did.number, forms), did.deleted_at.is_not(None))
    found: dict[str, Rest] = {}
    for row in await connection.execute(gone.order_by(did.deleted_at)):
        until = row.deleted_at + timedelta(days=row.days)
        found[same_form(row.number)] = Rest(row.customer_id, until)
    last = {number: found.get(same_form(number)) for number in numbers}
    return {number: rest for number, rest in last.items() if rest and rest.until > now}


async def goes_to(connection: AsyncConnection, number: str) -> str | None:
    """The number outside to which calls to a DID are sent on; none when it is no such DID."""
    own = table_named("did").c
    question = select(own.destination).where(
        own.number.in_(_forms(number)), own.deleted_at.is_(None),
        own.destination_type == DidDestination.EXTERNAL,
    )  # fmt: skip
    found: str | None = (await connection.execute(question)).scalar()
    return found


def _forms(number: str) -> tuple[str, str]:
    plain = same_form(number)
    return plain, f"+{plain}"
