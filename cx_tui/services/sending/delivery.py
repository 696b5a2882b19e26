"""Delivery: all that is sent from one database, with the servers of the settings."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from cx_tui.config import Settings
from cx_tui.db import outbox
from cx_tui.db.engine import Database
from cx_tui.domain.outbox import Way
from cx_tui.errors import CxError, Misconfigured, Refused
from cx_tui.messaging.accounts import mail_server, sms_account
from cx_tui.services.periodic import repeat, to_nobody
from cx_tui.services.sending.attachments import size as in_size
from cx_tui.services.sending.draft_message import DraftMessage, size_of_letter
from cx_tui.services.sending.handover import LetterHandover, SmsHandover
from cx_tui.services.sending.heartbeat import Alive
from cx_tui.services.sending.runs import Runs
from cx_tui.services.sending.sender import Tally
from cx_tui.services.sending.sms_status import Tracing

Act = Callable[[], Awaitable[object]]

ANSWERS_WITHIN = 5.0
"""Seconds in which a server has to say how large a letter may be."""


class Delivery:
    """Sends for one database; close it at the end."""

    def __init__(self, database: Database, settings: Settings, env: Mapping[str, str]) -> None:
        self._database = database
        self._settings = settings
        self._env = env
        alive = Alive(database)
        self._letters = Runs(database, Way.EMAIL, alive, self._letter_carrier)
        self._texts = Runs(database, Way.SMS, alive, self._sms_carrier)

    async def run_due(self, ending: asyncio.Event | None = None) -> dict[Way, Tally]:
        """Send what is due now, each way beside the other, and ask what became of SMS."""
        ending = ending or asyncio.Event()
        letters, texts, _ = await asyncio.gather(
            self._letters.run_due(ending), self._texts.run_due(ending), self.trace_due()
        )
        return {Way.EMAIL: letters, Way.SMS: texts}

    async def run_way(self, way: Way, ending: asyncio.Event) -> Tally:
        """Send what is due on one way."""
        return await self._rounds(way).run_due(ending)

    async def keep_going(
        self,
        ending: asyncio.Event,
        every: float,
        needed: Callable[[Act], Act] = lambda act: act,
        tell: Callable[[str], object] = to_nobody,
    ) -> None:
        """Send what is due whenever it is, until it shall end; what is not needed is left out."""
        letters, texts = (partial(runs.run_due, ending) for runs in (self._letters, self._texts))
        await asyncio.gather(
            *(repeat(needed(act), ending, every, tell) for act in (letters, texts, self.trace_due))
        )

    async def trace_due(self) -> int:
        """Ask what became of SMS whose time it is; says how many there were."""
        async with self._database.reading() as connection:
            first = await outbox.next_look(connection)
        if first is None or first > datetime.now(UTC):
            return 0
        # Another program may have the account that is missing here.
        with suppress(Misconfigured):
            return await Tracing(self._database, await self._texts.carrier()).run_due()
        return 0

    def knows(self, way: Way) -> bool:
        """Whether the settings name a server for a way."""
        return bool(self._settings.mail.server if way is Way.EMAIL else self._settings.sms.account)

    async def ready(self, way: Way) -> None:
        """Misconfigured says what is missing to send anything on a way."""
        await self._rounds(way).carrier()

    async def test_connection(self, way: Way) -> str:
        """One sentence about what works; an exception, with one about what does not."""
        return await (await self._rounds(way).carrier()).test_connection()

    async def refuse_too_large(self, wanted: DraftMessage) -> None:
        """Refused when the mail server would take no letter of this size; one that does not answer soon is
        not waited for: it says so when the letter comes."""
        if wanted.way is not Way.EMAIL or not wanted.files:
            return
        largest = 0
        with suppress(CxError, TimeoutError):
            carrier = await self._letters.carrier()
            largest = await asyncio.wait_for(carrier.largest(), ANSWERS_WITHIN)
        size = await asyncio.to_thread(size_of_letter, wanted)
        if largest and size > largest:
            said = f"with its files it has {in_size(size)}, and the mail server takes {in_size(largest)}"
            raise Refused(f"{said} at most; leave files out, or send a link to them")

    async def close(self) -> None:
        """Say goodbye to the servers."""
        await asyncio.gather(self._letters.close(), self._texts.close())

    def _rounds(self, way: Way) -> "Runs[LetterHandover] | Runs[SmsHandover]":
        return self._letters if way is Way.EMAIL else self._texts

    def _letter_carrier(self) -> LetterHandover:
        return LetterHandover(self._database, mail_server(self._settings, self._env), self._settings)

    def _sms_carrier(self) -> SmsHandover:
        return SmsHandover(self._database, sms_account(self._settings, self._env), self._settings)
