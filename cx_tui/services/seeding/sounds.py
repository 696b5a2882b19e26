"""Sound for a demo: voicemail messages and recordings as a switch would have written them.

The sound is a tone: enough to be saved and heard, and nobody's voice.
"""

import asyncio
import math
import random
import shutil
import struct
import tempfile
import wave
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select

from cx_tui.config import Settings
from cx_tui.db.engine import ask
from cx_tui.db.tables import table_named
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.query import CallQuery
from cx_tui.errors import CxError
from cx_tui.services.audio.patterns import is_name
from cx_tui.services.session import Session

USERS, RECORDED = 60, 150
LONGEST = 8
"""Seconds of sound in a file; a demo must not fill a disk."""
BEATS_A_SECOND = 8000
CALLERS = (
    '"Ana Novak" <447700900123>',
    '"" <4930901820000>',
    '"Port office" <442079460000>',
    "<33199005000>",
)
LATER = 3.0
"""Seconds after the start: the first calls are there then."""


class DemoSounds:
    """A folder of its own, which is gone when the session closes."""

    def __init__(self, settings: Settings) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="cx-tui-demo-"))
        switch = replace(
            settings.switch,
            voicemail=f"{self._folder}/voicemail/{{username}}",
            recordings=f"{self._folder}/recordings/{{year}}-{{month}}-{{day}}/{{call_id}}*",
        )
        self.settings = replace(settings, switch=switch)

    async def fill(self, session: Session) -> None:
        """Write what the switch of the demo has recorded by now."""
        with suppress(CxError):
            await asyncio.sleep(LATER)
            from cx_tui.services.audio.recordings import CONNECTED  # with polars, which a start must not load

            own = table_named("sip-user").c
            asked = select(own.username).where(own.voicemail, own.deleted_at.is_(None)).order_by(own.id)
            async with session.database.reading() as connection:
                users = [row[0] for row in await ask(connection, asked.limit(USERS))]
            await asyncio.to_thread(self._leave_messages, users)
            calls = await session.calls.list(CallQuery(conditions=CONNECTED)).rows(0, RECORDED)
            await asyncio.to_thread(self._record, calls)

    async def close(self) -> None:
        """Nothing stays of them."""
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    def _leave_messages(self, users: Sequence[str]) -> None:
        lot, now = random.Random(7), datetime.now(UTC)
        for user in filter(is_name, users):
            for state, most in (("INBOX", 3), ("Old", 2)):
                for place in range(lot.randint(0 if state == "Old" else 1, most)):
                    folder = self._folder / "voicemail" / user / state
                    folder.mkdir(parents=True, exist_ok=True)
                    seconds = lot.randint(2, LONGEST)
                    at = now - timedelta(minutes=lot.randrange(10, 20_000))
                    tone(folder / f"msg{place:04}.wav", seconds)
                    (folder / f"msg{place:04}.txt").write_text(
                        f"[message]\ncallerid={lot.choice(CALLERS)}\norigtime={at.timestamp():.0f}\n"
                        f"duration={seconds}\n"
                    )

    def _record(self, calls: Sequence[Call]) -> None:
        for call in calls:
            if is_name(call.source_key):
                folder = self._folder / "recordings" / f"{call.invited_at.astimezone(UTC):%Y-%m-%d}"
                folder.mkdir(parents=True, exist_ok=True)
                tone(folder / f"{call.source_key}.wav", min(LONGEST, max(1, call.talk_ms // 1000)))


def tone(path: Path, seconds: int) -> None:
    """A file of one soft tone."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(BEATS_A_SECOND)
        sound.writeframes(_a_second() * seconds)


@cache
def _a_second() -> bytes:
    turns = (math.sin(2 * math.pi * 440 * beat / BEATS_A_SECOND) for beat in range(BEATS_A_SECOND))
    return b"".join(struct.pack("<h", int(3000 * turn)) for turn in turns)
