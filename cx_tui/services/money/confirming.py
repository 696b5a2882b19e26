"""Confirming payments by e-mail: once, in the transaction that notes it, by whichever program runs."""

from datetime import UTC, datetime
from typing import Any

from cx_tui.db import confirmations
from cx_tui.db.engine import Database
from cx_tui.domain.money.invoicing import printed
from cx_tui.domain.outbox import Reach, Way
from cx_tui.domain.who import Who
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.sending.orders import Order
from cx_tui.services.sending.recipients import contacts_of

AT_ONCE = 200


class Confirming:
    """Confirms the payments of one database that ask for it."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who

    async def run_due(self, now: datetime | None = None) -> int:
        """Order a message for each payment that was completed and is to be confirmed: how many payments."""
        async with self._database.reading() as connection:
            if not await confirmations.any_waits(connection):
                return 0
        done = 0
        while True:
            async with self._database.writing() as connection:
                rows = await confirmations.take(connection, AT_ONCE)
                if not rows:
                    return done
                for row in rows:
                    people = await contacts_of(connection, Way.EMAIL, [row.customer_id], service=True)
                    reached = [one for one in people if one.reach is Reach.WILL]
                    if reached:
                        await Order(_letter(row), self._who, _go_on).within(connection, reached)
                await confirmations.note(connection, [row.id for row in rows], now or datetime.now(UTC))
            done += len(rows)


def _letter(row: Any) -> DraftMessage:
    """The confirmation.  What stands behind # in the description is for operators; braces are no fields."""
    total = f"{printed(row.total, row.currency):,} {row.currency}"
    said = row.description.partition("#")[0].strip().replace("{{", "{ {").replace("}}", "} }")
    what = f" ({said})" if said else ""
    day = f"{row.completed_at:%Y-%m-%d}" if row.completed_at else "today"
    body = f"Dear {{{{ contact.name }}}},\n\nwe received your payment of {total}{what} on {day}.  Thank you."
    if row.total < 0:
        body = f"Dear {{{{ contact.name }}}},\n\nwe booked {total}{what} on {day}."
    return DraftMessage(Way.EMAIL, body, f"Payment of {total}", service=True)


def _go_on() -> None:
    """Nobody stops it halfway."""
