"""The log of all operations: reading it, and undoing one of them."""

from collections.abc import Sequence

from cx_tui.db import history, log_pages
from cx_tui.db.engine import Database
from cx_tui.domain.history import Change, LogQuery, Operation
from cx_tui.domain.who import Who
from cx_tui.services.changes.bulk import Progress
from cx_tui.services.history.log_list import LogListing
from cx_tui.services.history.undo import Undone, undo


class Log:
    """The log of one database."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who

    async def operations(self, query: LogQuery, limit: int, before: int | None = None) -> list[Operation]:
        """The newest operations that a query asks for, those before a number when one is given."""
        async with self._database.reading() as connection:
            return await history.operations(connection, query, limit, before)

    async def changes(
        self, operation_id: int, limit: int, after: int = 0, customer_id: int | None = None
    ) -> list[Change]:
        """What an operation changed, beginning after a number; of one customer if asked."""
        async with self._database.reading() as connection:
            return await history.changes(connection, operation_id, limit, after, customer_id)

    def listing(self, query: LogQuery) -> LogListing[Operation]:
        """All operations that a query asks for, the newest first, as a list of any length."""
        return LogListing(self._database, log_pages.of_operations(query))

    def changed(self, operation_id: int, customer_id: int | None = None) -> LogListing[Change]:
        """All that an operation changed, as a list of any length; of one customer if asked."""
        return LogListing(self._database, log_pages.of_changes(operation_id, customer_id))

    async def names(self, customer_ids: Sequence[int]) -> dict[int, str]:
        """The names of customers, also of deleted ones."""
        async with self._database.reading() as connection:
            return await log_pages.names(connection, customer_ids)

    async def undo(self, operation_id: int, progress: Progress | None = None) -> Undone:
        """Undo an operation; what was changed since stays as it is, and is said."""
        return await undo(self._database, self._who, operation_id, progress)
