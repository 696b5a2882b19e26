"""What a demo begins with, so that one sees what the program is for: a log, a board and an outbox in which
something has happened, and a colleague who goes on changing things."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from cx_tui.db.engine import Database
from cx_tui.domain.history import LogQuery
from cx_tui.domain.outbox import Way
from cx_tui.domain.query import Query
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.domain.who import Who
from cx_tui.errors import CxError
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.session import Session

BEN, CLEO = Who("ben", "ssh from 10.4.0.12"), Who("cleo", "ssh from 10.4.0.31")
EVERY = (12.0, 25.0)
"""Seconds between two changes of the colleague."""
NEAR = 60
"""The colleague changes customers that one sees at first."""

LETTER = DraftMessage(
    way=Way.EMAIL,
    subject="Maintenance on Sunday, 02:00 to 04:00 UTC",
    body=(
        "Dear {{ contact.name }},\n\non Sunday from 02:00 to 04:00 UTC calls of {{ customer.name }} are "
        "carried by our second site.  You need not do anything.\n\nYour NOC"
    ),
    service=True,
)


async def tell(database: Database) -> None:
    """Let colleagues have worked here, unless somebody has already."""
    ben, cleo = Session(database, BEN), Session(database, CLEO)
    if await ben.log.operations(LogQuery(), 1):
        return
    ids = await (await ben.customers.list(Query())).ids(0, 400)
    if len(ids) < NEAR:
        return
    for place, values in enumerate(_edits()):
        await _save(ben, ids[place * 3 + 1], values)
    (manager,) = await ben.list_of(Query(record="user", sort=())).ids(0, 1)
    await ben.bulk.edit(ids[20:32], {"account_manager": manager})
    now = datetime.now(UTC)
    for place, (hours, values) in enumerate(_later()):
        base = await cleo.records.get(ids[place * 7 + 4])
        await cleo.delayed.order(base, values, now + timedelta(hours=hours))
    people = await cleo.outbox.recipients(Way.EMAIL, ids[:30], service=True)
    await cleo.outbox.order(LETTER, people)


def _edits() -> Sequence[dict[str, Any]]:
    return (
        {"channels": 60},
        {"debit_limit": Decimal(250)},
        {"status": Status.PENALTY, "private_notes": "Short calls to one range; asked them on Monday."},
        {"daily_limit": Decimal(500)},
        {"channels": 120, "flow_speed": 20},
    )


def _later() -> Sequence[tuple[float, dict[str, Any]]]:
    return (
        (0.5, {"channels": 200}),
        (3, {"status": Status.ACTIVE}),
        (20, {"flow_speed": 30}),
        (48, {"channels": 90}),
    )


async def _save(session: Session, customer_id: int, values: dict[str, Any]) -> None:
    base: Customer = await session.records.get(customer_id)
    changed = {name: value for name, value in values.items() if getattr(base, name) != value}
    if changed:
        await session.records.save(base, changed)


async def colleague(database: Database, seed: int | None = None) -> None:
    """Change a customer now and then, as Ben, until it is cancelled."""
    lot, ben = random.Random(seed), Session(database, BEN)
    ids = await (await ben.customers.list(Query())).ids(0, NEAR)
    while ids:
        await asyncio.sleep(lot.uniform(*EVERY))
        with suppress(CxError):  # a person saved it first, or the database is away: another time
            await _save(ben, lot.choice(ids), {"channels": lot.randrange(10, 200, 10)})


async def go_on(database: Database) -> None:
    """The whole story."""
    with suppress(CxError):
        await tell(database)
    with suppress(CxError):
        await colleague(database)
