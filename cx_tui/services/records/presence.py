"""Who has a customer open to change it, so that two operators know of each other."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cx_tui.db import delayed_changes
from cx_tui.db.engine import Database
from cx_tui.domain.history import OPEN, DelayedChange, Editor
from cx_tui.domain.who import Who


@dataclass(frozen=True)
class Around:
    """What else goes on with a customer: changes that wait or are held, and who else has it open."""

    changes: Sequence[DelayedChange] = ()
    editors: Sequence[Editor] = ()


class Presence:
    """This session's presence at the records of one database.

    Nobody waits for it: while another writes very much, it is not said, and a session that can't say that
    it is gone is forgotten.
    """

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who
        self._session = uuid.uuid4().hex

    async def at(self, customer_id: int) -> list[Editor]:
        """Say that this session has a customer open (still), and hear who else has."""
        now = datetime.now(UTC)
        async with self._database.writing_if_free() as connection:
            await delayed_changes.sit_down(connection, customer_id, self._session, self._who, now)
            return await delayed_changes.others(connection, customer_id, self._session, now)

    async def around(self, customer_id: int) -> Around:
        """What others do, or have ordered to be done, with a customer."""
        async with self._database.reading() as connection:
            changes = await delayed_changes.board(connection, OPEN, customer_id)
            now = datetime.now(UTC)
            editors = await delayed_changes.others(connection, customer_id, self._session, now)
        return Around([change for change, _ in changes], editors)

    async def leave(self) -> None:
        """Say that this session has nothing open any more."""
        async with self._database.writing_if_free() as connection:
            await delayed_changes.get_up(connection, self._session)
