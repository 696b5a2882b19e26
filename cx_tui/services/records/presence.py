"""Who has a customer open to change it, so that two operators know of each other."""

import uuid
from datetime import UTC, datetime

from cx_tui.db import delayed_changes
from cx_tui.db.engine import Database
from cx_tui.domain.history import Editor
from cx_tui.domain.who import Who


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

    async def leave(self) -> None:
        """Say that this session has nothing open any more."""
        async with self._database.writing_if_free() as connection:
            await delayed_changes.get_up(connection, self._session)
