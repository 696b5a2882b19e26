"""The voicemail messages of a SIP user, read from where the switch keeps them.

Asterisk keeps a message as files of one name in a folder for each state (INBOX, Old, Urgent …): the sound in
one or several formats, and a text that says who called, and when.  FreeSWITCH and others write only the
sound; the time is that of the file then.  Nothing is kept here.
"""

import asyncio
import configparser
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cx_tui.db import history
from cx_tui.db.engine import Database
from cx_tui.domain.history import Act, Change
from cx_tui.domain.records.sip_user import SipUser
from cx_tui.domain.who import Who
from cx_tui.errors import CxError, NotFound, Refused
from cx_tui.services.audio.files import SUFFIXES, copy_private, is_sound, seconds_of
from cx_tui.services.audio.patterns import folders_of

NOT_SET = "where the switch keeps voicemail is not set; switch.voicemail says it"

CALLER = re.compile(r'\s*(?:"?(?P<name>[^"<]*?)"?\s*)?<(?P<number>[^<>]*)>\s*')

NOT_MESSAGES = ("greeting", "greet", "busy", "unavail", "temp", "recorded_name")
"""Beginnings of the names of what the user says, not a caller."""


@dataclass(frozen=True)
class Message:
    """One message: the file that plays, and what is known of it."""

    path: Path
    folder: str
    """The state that the switch keeps it in, such as INBOX or Old; "" where it has none."""
    at: datetime
    caller: str
    seconds: float | None
    size: int


class Voicemail:
    """The messages of SIP users, in the folder of the settings."""

    def __init__(self, database: Database, who: Who, pattern: str, realm: str) -> None:
        self._database = database
        self._who = who
        self._pattern = pattern
        self._realm = realm

    async def messages(self, user: SipUser) -> Sequence[Message]:
        """The messages of a user, the newest first."""
        return await asyncio.to_thread(self._messages, user.username)

    async def save(self, message: Message, target: Path) -> None:
        """Copy the sound of a message into a file."""
        await asyncio.to_thread(copy_private, message.path, target)

    async def delete(self, user: SipUser, message: Message) -> None:
        """Delete a message, and note it in the log of the customer."""
        if not self._database.rights.may_change("sip-user"):
            raise Refused(self._database.rights.why_not("to delete voicemail messages"))
        said = f"{message.at:%Y-%m-%d %H:%M} UTC from {message.caller or 'an unknown caller'}"
        title = f"Delete the voicemail message of {user.username} of {said}"
        async with self._database.writing() as connection:
            # In one transaction: what can't be deleted is not noted, and what can't be noted not deleted.
            operation = await history.begin(
                connection, self._who, Act.DELETE_MESSAGE, title, datetime.now(UTC), records=1
            )
            gone = Change(
                operation_id=operation, record="sip-user", record_id=user.id, customer_id=user.customer_id,
                act=Act.DELETE_MESSAGE, before={"message": said}, after={},
            )  # fmt: skip
            await history.note(connection, [gone])
            await asyncio.to_thread(_unlink, message)

    def _messages(self, username: str) -> list[Message]:
        found = [message for folder, state in self._folders(username) for message in _in(folder, state)]
        return sorted(found, key=lambda one: one.at, reverse=True)

    def _folders(self, username: str) -> Iterator[tuple[Path, str]]:
        """The folders that may have messages of a user: the user's own, and those in it."""
        if not self._pattern:
            raise NotFound(NOT_SET)
        for folder in folders_of(self._pattern, {"username": username, "realm": self._realm}):
            try:
                inner = sorted(one for one in folder.iterdir() if one.is_dir() and not one.is_symlink())
            except NotADirectoryError:
                continue
            except OSError as error:
                raise CxError(f"the folder {folder} can't be read: {error.strerror}") from error
            yield folder, ""
            for one in inner:
                yield one, one.name


def _in(folder: Path, state: str) -> Iterator[Message]:
    """The messages of one folder: what has several formats is one."""
    by_name: dict[str, list[Path]] = {}
    with suppress(OSError):
        for path in folder.iterdir():
            if is_sound(path) and path.is_file() and not path.name.startswith(NOT_MESSAGES):
                by_name.setdefault(path.stem, []).append(path)
    for several in by_name.values():
        with suppress(OSError):  # it was deleted meanwhile
            yield _message(min(several, key=_how_well_it_plays), state)


def _how_well_it_plays(path: Path) -> tuple[int, bool]:
    """Less is better; Asterisk's .WAV is GSM, its .wav is plain."""
    return SUFFIXES.index(path.suffix.lower()), path.suffix.isupper()


def _message(path: Path, state: str) -> Message:
    about = path.stat()
    said = _said(path.with_suffix(".txt"))
    at = datetime.fromtimestamp(about.st_mtime, UTC)
    with suppress(ValueError, OverflowError, OSError):
        at = datetime.fromtimestamp(int(said.get("origtime", "")), UTC)
    seconds = seconds_of(path, about.st_size)
    with suppress(ValueError):
        seconds = float(said.get("duration", ""))
    return Message(path, state, at, _caller(said.get("callerid", "")), seconds, about.st_size)


def _said(path: Path) -> dict[str, str]:
    """What Asterisk says of a message beside its sound."""
    about = configparser.ConfigParser(interpolation=None, strict=False)
    with suppress(OSError, UnicodeDecodeError, configparser.Error):
        about.read_string(path.read_text(encoding="utf-8"))
    return dict(about["message"]) if about.has_section("message") else {}


def _caller(text: str) -> str:
    """A number, with the name before it where there is one."""
    found = CALLER.fullmatch(text)
    if not found:
        return text.strip()
    name, number = (found["name"] or "").strip(), found["number"].strip()
    return f"{number} {name}" if name and name != number else number


def _unlink(message: Message) -> None:
    """Delete every file of a message: the switch numbers what is left anew."""
    path = message.path
    if not path.exists():
        raise NotFound("the message is not there any more")
    try:
        for one in path.parent.iterdir():
            if one.stem == path.stem and (is_sound(one) or one.suffix == ".txt"):
                one.unlink(missing_ok=True)
    except OSError as error:
        raise CxError(f"{path} can't be deleted: {error.strerror}") from error
