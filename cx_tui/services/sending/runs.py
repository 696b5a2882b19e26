"""Runs: one way's messages are taken to their server whenever some are due, and its trouble is told."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from cx_tui.db import claims, outbox
from cx_tui.db.engine import Database
from cx_tui.domain.outbox import Message, Way
from cx_tui.domain.who import Who
from cx_tui.errors import CxError, Misconfigured
from cx_tui.messaging.outcome import Outcome, Refused
from cx_tui.services.sending.brake import Brake
from cx_tui.services.sending.dispatcher import Dispatcher, TakenOver
from cx_tui.services.sending.heartbeat import Alive
from cx_tui.services.sending.opt_outs import SERVER, OptOuts
from cx_tui.services.sending.passwords import has_password, take_out
from cx_tui.services.sending.pauses import Patience
from cx_tui.services.sending.sender import Carrier, Pace, Sender, Tally

C = TypeVar("C", bound=Carrier)

NOBODY_AFTER = timedelta(seconds=10)
"""Messages that nobody has taken for so long are sent by no other program either."""


class Runs(Generic[C]):
    """The runs of one way."""

    def __init__(self, database: Database, way: Way, alive: Alive, make: Callable[[], C]) -> None:
        self._database = database
        self._way = way
        self._alive = alive
        self._make = make
        self._carrier: C | None = None
        self._pace = Pace(0)
        self._brake = Brake(0)
        self._patience = Patience()
        self._paused = False

    async def carrier(self) -> C:
        """Who takes the messages; Misconfigured when the settings name no server."""
        if self._carrier is None:
            # Secrets are read and libraries loaded: that takes too long for who wants an answer to a key.
            self._carrier = await asyncio.to_thread(self._make)
            self._pace = Pace(self._carrier.per_second)
            self._brake = Brake(self._carrier.stop_after)
        return self._carrier

    async def run_due(self, ending: asyncio.Event) -> Tally:
        """Send what is due, unless the way is paused; the trouble is in what comes back."""
        await self._alive.take_over()
        now = datetime.now(UTC)
        async with self._database.reading() as connection:
            due = await outbox.next_due(connection, self._way)
            self._paused = self._way.value in await outbox.pauses(connection)
        if due is None or due > now or not self._patience.is_over(paused=self._paused):
            return Tally()
        try:
            carrier = await self.carrier()
        except Misconfigured as error:
            return await self._can_not(error, waited=now - due)
        tally = await self._send(carrier, ending)
        if tally.trouble:
            self._patience.begin(tally.trouble)
            await self._say(str(tally.trouble))
        return tally

    async def _send(self, carrier: Carrier, ending: asyncio.Event) -> Tally:
        async with (
            self._alive.signed_in() as token,
            claims.claims(self._database, self._way, token) as claimed,
        ):
            # What is claimed and not begun when the program is killed is sent again; an SMS is held.
            dispatcher = Dispatcher(claimed, ahead=self._way is Way.EMAIL)
            sender = Sender(dispatcher, carrier, self._pace, ending, self._brake, self)
            with suppress(TakenOver):  # theirs are sent by another program now; the next round begins anew
                await sender.run()
        return sender.tally

    async def _can_not(self, error: CxError, *, waited: timedelta) -> Tally:
        """Another program may have the settings that are missing here; if none has, say what is wrong."""
        if waited > NOBODY_AFTER and not self._paused:
            async with self._database.reading() as connection:
                is_sent = await claims.claimants(connection)
            if not is_sent:
                await self._say(str(error))
        return Tally(trouble=error)

    async def went_well(self) -> None:
        """The server answers: a pause is over."""
        self._patience.end()
        if self._paused:
            await self._say("")

    async def is_stopped(self, job_id: int, why: str) -> None:
        """The brake stopped a job: what waits of it waits for a person."""
        async with self._database.writing() as connection:
            await outbox.hold(connection, job_id, why)

    def follows(self, message: Message, outcome: Outcome) -> bool:
        """Whether an address takes no more, or a password is to be taken out."""
        return has_password(message.filled) or (isinstance(outcome, Refused) and outcome.is_for_good)

    async def came_of(self, message: Message, outcome: Outcome) -> None:
        """Take a password out; leave the contact out from now on whose address takes no more."""
        if has_password(message.filled):
            await take_out(self._database, message)
        if not (isinstance(outcome, Refused) and outcome.is_for_good):
            return
        who = Who(SERVER[self._way], outcome.answer)
        await OptOuts(self._database, who).refused(message)

    async def _say(self, why: str) -> None:
        self._paused = bool(why)
        async with self._database.writing() as connection:
            await outbox.set_pause(connection, self._way, why, datetime.now(UTC))

    async def close(self) -> None:
        """Say goodbye to the server."""
        if self._carrier:
            await self._carrier.close()
            self._carrier = None
