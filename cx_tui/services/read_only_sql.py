"""SQL of an operator's own, which can only read: the database itself refuses everything else.

On SQLite the question is first compiled where the views are all that there is: what names anything else is
refused there, even a table of which no column is read.  Then the file is opened to be read, an authorizer
lets views be read and nothing beside them, values have a bounded size, and a clock ends what takes too long.
One long step of SQLite looks at no clock: who asks does so in a process that can be killed.  On PostgreSQL it
is one prepared statement, of whose parse tree the server says what it reads and calls, in a transaction that
can't write, ended by the server's clock and by ours.
"""

import asyncio
import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from cx_tui.db.engine import Database
from cx_tui.db.views import view_columns, view_names, view_statement, views_in
from cx_tui.errors import Refused
from cx_tui.services import postgresql_guard

SECONDS = 10.0
LONGEST_VALUE = 1_000_000
LOOK_EVERY = 10_000
"""So many steps of SQLite are between two looks at the clock."""
AT_ONCE = 1_000

Names = Sequence[str]
Started = Callable[[Names], None]
Row = Callable[[Sequence[Any]], None]
OWN_TABLES = {"sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema"}
"""What SQLite keeps of itself in every database."""
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}


async def ask(database: Database, text: str, seconds: float, started: Started, row: Row) -> None:
    """Ask one question, and hand its rows on as they come; Refused says what is wrong with it."""
    if not text.strip().rstrip(";"):
        raise Refused("there is no query; write one like: SELECT name, balance FROM v_customer")
    text = text.rstrip()
    if database.on_sqlite:
        await asyncio.to_thread(_ask_sqlite, database, text, seconds, started, row)
    else:
        await _ask_postgresql(database, text, seconds, started, row)


def distinct(names: Names) -> list[str]:
    """Names of columns, each once: a second "id" becomes "id_2"."""
    found: list[str] = []
    for name in names:
        called, number = name or "column", 1
        while called in found:
            number += 1
            called = f"{name or 'column'}_{number}"
        found.append(called)
    return found


def plain(value: Any) -> Any:
    """A value as JSON and CSV have it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _ask_sqlite(database: Database, text: str, seconds: float, started: Started, row: Row) -> None:
    end = time.monotonic() + seconds
    connection = sqlite3.connect(f"file:{database.url.database}?mode=ro", uri=True)
    try:
        _names_views_only(text)
        for view in views_in(text):
            connection.execute(view_statement(view, database.engine.dialect))
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        connection.execute("PRAGMA query_only = ON")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        connection.set_progress_handler(lambda: time.monotonic() > end, LOOK_EVERY)
        connection.set_authorizer(_Authorizer(tables))
        answer = connection.execute(text)
        if answer.description is None:
            raise Refused("that is no question; only SELECT is answered")
        started(distinct([column[0] for column in answer.description]))
        while rows := answer.fetchmany(AT_ONCE):
            for one in rows:
                row(list(map(plain, one)))
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _refused(str(error), time.monotonic() > end, seconds, text) from error
    finally:
        connection.close()


def _names_views_only(text: str) -> None:
    """Compile a question in a database that has the views, as empty tables, and nothing beside them.

    The authorizer of the real one can't say whether a table of which no column is read is counted by the
    question or joined by a view: SQLite merges the two before it asks.
    """
    with closing(sqlite3.connect(":memory:")) as nothing:
        for view in views_in(text):
            columns = ", ".join(f'"{name}"' for name in view_columns()[view])
            nothing.execute(f"CREATE TEMPORARY TABLE {view} ({columns})")
        nothing.set_authorizer(_may_be_named)
        nothing.execute(f"EXPLAIN {text}")


def _may_be_named(action: int, one: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_READ:
        return sqlite3.SQLITE_DENY if one in OWN_TABLES else sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY


class _Authorizer:
    """Lets questions be asked of views, and of tables only within them."""

    def __init__(self, tables: set[str]) -> None:
        self._tables = tables | OWN_TABLES

    def __call__(
        self, action: int, one: str | None, two: str | None, database: str | None, within: str | None
    ) -> int:
        if action == sqlite3.SQLITE_READ:
            # A view may join a table of which it reads no column.
            free = not two or one not in self._tables or (within or "") in view_names()
            return sqlite3.SQLITE_OK if free else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_FUNCTION and two == "load_extension":
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY


async def _ask_postgresql(database: Database, text: str, seconds: float, started: Started, row: Row) -> None:
    from asyncpg import PostgresError

    async with database.connected() as connection:
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        made = views_in(text)
        try:
            # Views of this connection alone are made first, also where it is set to read only.
            await driver.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
            for view in made:
                await driver.execute(view_statement(view, database.engine.dialect))
            await postgresql_guard.limit(driver)
            async with asyncio.timeout(seconds + 1):
                await postgresql_guard.check(driver, text, made)
                await _answer_postgresql(driver, text, seconds, started, row)
        except (PostgresError, TimeoutError) as error:
            late = isinstance(error, TimeoutError) or getattr(error, "sqlstate", "") == "57014"
            place = getattr(error, "position", None)
            raise _refused(str(error), late, seconds, text, int(place) - 1 if place else None) from error
        finally:
            # Its views and settings go with it.
            await connection.invalidate()


async def _answer_postgresql(driver: Any, text: str, seconds: float, started: Started, row: Row) -> None:
    async with driver.transaction(readonly=True):
        await driver.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
        statement = await driver.prepare(text)
        started(distinct([column.name for column in statement.get_attributes()]))
        async for one in statement.cursor(prefetch=AT_ONCE):
            values = list(map(plain, one.values()))
            if any(isinstance(value, str) and len(value) > LONGEST_VALUE for value in values):
                raise Refused(f"a value of the answer has more than {LONGEST_VALUE:,} characters")
            row(values)


def _refused(said: str, late: bool, seconds: float, text: str, place: int | None = None) -> Refused:
    """What is wrong with a question, in words, and where that stands, if it is known."""
    if late:
        return Refused(took_too_long(seconds))
    if "pseudo-type" in said:
        return Refused("a function that answers nothing can't be used here")
    if "not authorized" in said or "prohibited" in said:
        return Refused("only views can be read, and nothing can be changed: " + ", ".join(view_names()))
    if table := re.search(r"no such table: (\S+)|relation \"([^\"]+)\" does not exist", said):
        name = table[1] or table[2]
        near = get_close_matches(name, view_names(), 3)
        such = f", such as {' or '.join(near)}" if near else f": {', '.join(view_names())}"
        return Refused(f"{name} can't be read; only views can be read{such}")
    return Refused(f"{said}{_nearest(said)}{_standing(said, text, place)}")


def _standing(said: str, text: str, place: int | None) -> str:
    """Where it stands.  SQLite says a word of the question, which tells that if it is there once."""
    if place is None and (found := re.search(r'near "(.+?)"|no such (?:column|function): (\S+)', said)):
        word = re.escape(found[1] or found[2])
        there = list(re.finditer(rf"(?<!\w){word}(?!\w)", text))
        place = there[0].start() if len(there) == 1 else None
    if place is None:
        return ""
    before = text[:place]
    return f" (line {before.count(chr(10)) + 1}, column {place - before.rfind(chr(10))})"


def took_too_long(seconds: float) -> str:
    """What is said of what was ended by the clock."""
    return f"it took longer than {seconds:g} s and was ended; --limit-s allows more"


def _nearest(said: str) -> str:
    """What may have been meant by the name of a column that is not there."""
    found = re.search(r"no such column: (?:\w+\.)?(\w+)|column \"?(?:\w+\.)?(\w+)", said)
    columns = view_columns()
    every = sorted({*columns, *(one for of in columns.values() for one in of)})
    near = get_close_matches(found[1] or found[2], every, 3) if found else []
    return f"; is it {' or '.join(near)}?" if near else ""
