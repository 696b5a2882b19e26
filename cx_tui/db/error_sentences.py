"""What databases and their drivers say when something is wrong, as sentences.

Only a database that does not answer is away.  A mistake in a question is a bug of ours and stays loud.
"""

import re
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from cx_tui.config.text import visible, without_secret
from cx_tui.errors import CxError, Misconfigured, Refused, Unavailable

# No connection, none for now, too many connections, shutting down.
NO_ENTRY = ("08", "55000", "53300", "57P")
# Who we are is not right, or where we want to go: trying again does not help.
NOT_LET_IN = ("28", "3D")
# Two transactions waited for each other, and this one had to give way.
GAVE_WAY = ("40P01", "40001")
# A session that only reads, or a server that only repeats another one.
ONLY_READING = ("25006",)
NO_RIGHT = ("42501",)
# What our own triggers say is a sentence.
BY_TRIGGERS = ("CX001",)

SQLITE_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
SQLITE_AWAY = {
    "SQLITE_BUSY",
    "SQLITE_CANTOPEN",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_LOCKED",
    "SQLITE_PROTOCOL",
}


def in_words(error: DBAPIError | OSError, url: URL) -> CxError | None:
    """What a person should read instead of the error; None for a mistake of ours."""
    shown = url.render_as_string(hide_password=True).replace("+aiosqlite", "").replace("+asyncpg", "")
    name = visible(without_secret(shown))
    if isinstance(error, DBAPIError):
        if _sqlite_code(error) in SQLITE_DAMAGED:
            return Misconfigured(
                f"the database {name} is damaged, or no database at all: {_first_line(error.orig)}; "
                "go back to a backup"
            )
        if _only_reads(error):
            return Refused(f"the database {name} is read-only: {_first_line(error.orig)}")
        state = getattr(error.orig, "sqlstate", None) or ""
        if state.startswith(NOT_LET_IN):
            return Misconfigured(
                f"the database {name} does not let you in: {_first_line(error.orig)}; "
                "see the setting database.url"
            )
        if state in NO_RIGHT:
            user = url.username or "this user"
            return Refused(
                f"the database {name} does not allow this to {visible(user)}: {_first_line(error.orig)}; "
                "its administrator can grant the right"
            )
        if state in BY_TRIGGERS:
            return Refused(_first_line(error.orig).partition(": ")[2] or _first_line(error.orig))
        if state in GAVE_WAY:
            return CxError("others changed the same at this moment, so nothing was changed; do it again")
        if not _is_away(error):
            return None
    return Unavailable(f"the database {name} is away: {_why(error, url)}")


def _sqlite_code(error: DBAPIError) -> str:
    """The name of SQLite's result code without its details: SQLITE_IOERR of SQLITE_IOERR_READ."""
    return "_".join(getattr(error.orig, "sqlite_errorname", "").split("_")[:2])


def _only_reads(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in ONLY_READING or _sqlite_code(error) == "SQLITE_READONLY"


def _is_away(error: DBAPIError) -> bool:
    """Whether the connection is gone, or the server or SQLite does not let us in."""
    if error.connection_invalidated:
        return True
    if state := getattr(error.orig, "sqlstate", None):
        return bool(state.startswith(NO_ENTRY))
    if code := _sqlite_code(error):
        return code in SQLITE_AWAY
    # Of a driver itself: a lost connection, but not a value that it can't send.
    mistaken = isinstance(getattr(error.orig, "__cause__", None), ValueError)
    return isinstance(error, InterfaceError | OperationalError) and not mistaken


def _why(error: DBAPIError | OSError, url: URL) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    what = _first_line(cause)
    if "unable to open database file" in what and url.database:
        folder = Path(url.database).parent
        return f"the file can't be opened; does the folder {folder} exist and may you write to it?"
    if isinstance(cause, ConnectionRefusedError) or "Errno 111" in what:
        return f"nothing answers at {_server(url)}; is the server running, and is this its address?"
    if isinstance(cause, FileNotFoundError):
        return f"no server listens at {_server(url)}; is it running?"
    if isinstance(cause, TimeoutError):
        return f"{_server(url)} did not answer in time"
    return re.sub(r"\[Errno -?\d+\] ", "", what)


def _server(url: URL) -> str:
    """Where the server is looked for: its folder of sockets, or host and port; SQLite's is the file."""
    if url.drivername.startswith("sqlite"):
        return "the file"
    host = url.query.get("host") or url.host or "localhost"
    return str(host) if str(host).startswith("/") else f"{host}:{url.port or 5432}"


def _first_line(error: object) -> str:
    return str(error).strip().split("\n")[0]
