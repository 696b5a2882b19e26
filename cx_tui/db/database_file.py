"""The file of the embedded database: whether it is still the one that was opened.

SQLite goes on with a file that was deleted, moved or replaced: whatever is written then is kept nowhere.
"""

import os
from pathlib import Path
from typing import Any

from cx_tui.errors import Unavailable

MARK = "cx_file"


class DatabaseFile:
    """Where the embedded database is; a connection is marked with the file that it has opened."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._was_there = False

    def _number(self) -> tuple[int, int] | None:
        try:
            there = os.stat(self.path)  # noqa: PTH116  # the path may be text that is no Path
        except OSError:
            return None
        return there.st_dev, there.st_ino

    def before_opening(self) -> None:
        """Once it was there, nobody makes an empty one in its place."""
        if self._was_there and self._number() is None:
            raise Unavailable(self._gone())

    def opened(self, connection: Any) -> None:
        """Remember which file this connection has."""
        setattr(connection, MARK, self._number())
        self._was_there = True

    def is_of(self, connection: Any) -> bool:
        """Whether a connection has the file that is there now; Unavailable when none is there."""
        now, mine = self._number(), getattr(connection, MARK, None)
        if now is None and mine is not None:
            raise Unavailable(self._gone())
        return mine is None or now == mine

    def _gone(self) -> str:
        return (
            f"the database file {Path(self.path)} is not there any more: it was deleted or moved. "
            "Nothing can be saved until it is put back"
        )

    def replaced(self) -> str:
        """What is said when another file was put in its place."""
        return (
            f"the database file {Path(self.path)} was replaced by another one, so nothing was written; "
            "the program goes on with the new one"
        )
