"""What an operator typed and has not saved: kept in files, so that no lost link loses it.

A draft belongs to the program that keeps it, which holds a lock as long as it lives, however it ends;
the next start offers the drafts whose lock nobody holds.
"""

import fcntl
import json
import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from cx_tui.config import folders
from cx_tui.errors import CxError

SESSION = f"{os.getpid()}-{os.urandom(6).hex()}"
"""This run of the program; a number of a process comes again, above all in a container."""


@dataclass(frozen=True)
class Draft:
    """The texts that were typed into the form of a record, and those that it began with."""

    record: str
    record_id: int | None
    customer_id: int | None
    title: str
    at: datetime
    base: Mapping[str, str]
    typed: Mapping[str, str]
    session: str = SESSION

    @property
    def key(self) -> str:
        """Which form it is: one draft is kept of each."""
        what = f"{self.record} {self.record_id} {self.customer_id if self.record_id is None else ''}"
        return f"{zlib.crc32(f'{what} {self.session}'.encode()):08x}"


class Drafts:
    """The drafts of an operator at one database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, draft: Draft) -> None:
        """Keep a draft in place of the one before of the same form; CxError says why it can't be kept."""
        kept = json.dumps({**asdict(draft), "at": draft.at.isoformat()}, ensure_ascii=True)
        try:
            folders.private_dir(self._folder)
            _hold(self._lock(draft.session))
            folders.write_private(self._file(draft), kept)
        except OSError as error:
            raise CxError(f"{self._folder} can't be written: {error.strerror}") from error

    def drop(self, draft: Draft) -> None:
        """Forget a draft: it was saved, or is not wanted."""
        with suppress(OSError):
            self._file(draft).unlink(missing_ok=True)

    def of_form(self, new: Draft) -> Draft | None:
        """What this program has kept of the same form before."""
        return _read(self._file(new))

    def mine(self) -> list[Draft]:
        """What this program has kept."""
        found = [_read(path) for path in self._folder.glob("draft-*.json")]
        return [draft for draft in found if draft and draft.session == SESSION]

    def left(self) -> list[Draft]:
        """The drafts of programs that have ended, the newest first."""
        for lock in self._folder.glob("draft-*.lock"):
            if not _is_held(lock):
                with suppress(OSError):
                    lock.unlink(missing_ok=True)
        found = [draft for path in self._folder.glob("draft-*.json") if (draft := _read(path))]
        ended = [draft for draft in found if not self._lock(draft.session).exists()]
        return sorted(ended, key=lambda draft: draft.at, reverse=True)

    def _file(self, draft: Draft) -> Path:
        return self._folder / f"draft-{draft.key}.json"

    def _lock(self, session: str) -> Path:
        return self._folder / f"draft-{session}.lock"


def _read(path: Path) -> Draft | None:
    """The draft in a file, or None when it is not what `keep` has written."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        draft = Draft(**{**kept, "at": datetime.fromisoformat(kept["at"])})
        return draft if _is_sound(draft) and draft.key in path.name else None
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None


def _is_sound(draft: Draft) -> bool:
    numbers = (draft.record_id, draft.customer_id)
    words: tuple[Any, ...] = (draft.record, draft.title, draft.session)
    words += (*draft.base.values(), *draft.typed.values())
    return (
        all(number is None or type(number) is int for number in numbers)
        and all(isinstance(word, str) for word in words)
        and draft.at.tzinfo is not None
        and draft.base.keys() == draft.typed.keys()
        and "/" not in draft.session
    )


@cache
def _hold(lock: Path) -> int:
    """Hold a lock until this program has ended."""
    # Held before others can see it.
    new = lock.with_name(f".{lock.name}")
    held = os.open(new, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    new.replace(lock)
    return held


def _is_held(lock: Path) -> bool:
    try:
        seen = os.open(lock, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(seen, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(seen)
    return False
