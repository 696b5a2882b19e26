"""What became of SMS: those of which nobody knows whether they were sent, and those on their way.

Twilio is asked again and again, each time later, until the end of a message is known or it is too old.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from cx_tui.db import outbox
from cx_tui.db.engine import Database
from cx_tui.domain.outbox import Message, State
from cx_tui.errors import CxError, NotFound
from cx_tui.messaging.twilio_words import Delivery
from cx_tui.services.sending.handover import SmsHandover

AT_ONCE = 20
TAKEN_FOR = timedelta(minutes=2)
SOONEST, LATEST = timedelta(seconds=10), timedelta(hours=6)
FOLLOWED_FOR = timedelta(days=3)
LOOKED_FOR = timedelta(minutes=5)
"""What Twilio does not show by then it never got."""


class Tracing:
    """Asks what became of SMS."""

    def __init__(self, database: Database, carrier: SmsHandover) -> None:
        self._database = database
        self._carrier = carrier

    async def run_due(self) -> int:
        """Ask for those whose time it is; says how many there were."""
        now = datetime.now(UTC)
        async with self._database.writing() as connection:
            due = await outbox.to_look_up(connection, now, now + TAKEN_FOR, AT_ONCE)
        for one in due:
            found = await self._found_out(one)
            async with self._database.writing() as connection:
                await outbox.found_out(connection, one, found)
        return len(due)

    async def _found_out(self, one: Message) -> dict[str, Any]:
        """The new values of a message."""
        now = datetime.now(UTC)
        try:
            if one.state is State.SENT:
                return await self._followed(one, now)
            return await self._searched(one, now)
        except CxError as trouble:
            # Not being told changes nothing; it is asked again.
            return {"look_at": _later(one, now), "delivery": one.delivery or str(trouble)[:120]}

    async def _followed(self, one: Message, now: datetime) -> dict[str, Any]:
        try:
            delivery = await self._carrier.sms.look_up(one.reference)
        except NotFound as error:
            return {"look_at": None, "delivery": str(error)[:120]}
        return _as_far_as(one, delivery, now)

    async def _searched(self, one: Message, now: datetime) -> dict[str, Any]:
        """Whether an SMS of which nobody knows was sent: Twilio has one of the same text and number."""
        text = await self._carrier.text_of(one)
        since = one.claimed_at or one.due_at
        posted = await self._carrier.sms.find(one.address, since)
        async with self._database.reading() as connection:
            others = await outbox.references_to(connection, one.address)
        mine = [each for each in posted if each.text == text and each.reference not in others]
        if not mine:
            return _not_there(one, now - since < LOOKED_FOR, now)
        found = mine[0]
        sent = {"state": State.SENT, "reference": found.reference, "sent_at": found.created_at}
        return {**sent, "answer": "Twilio has it", **_as_far_as(one, found.delivery, now)}


def _as_far_as(one: Message, delivery: Delivery, now: datetime) -> dict[str, Any]:
    said = (
        delivery.state if delivery.answer in ("", delivery.state) else f"{delivery.state}: {delivery.answer}"
    )
    return {"look_at": None if delivery.is_over else _later(one, now), "delivery": said[:120]}


def _not_there(one: Message, still: bool, now: datetime) -> dict[str, Any]:
    if still:
        return {"look_at": _later(one, now)}
    return {"look_at": None, "answer": f"{one.answer}; Twilio does not have it, so it can be sent again"}


def _later(one: Message, now: datetime) -> datetime | None:
    """When to ask again: after half of the time since it was sent; never again after some days."""
    age = now - (one.sent_at or one.claimed_at or one.due_at)
    return None if age > FOLLOWED_FOR else now + min(max(age / 2, SOONEST), LATEST)
