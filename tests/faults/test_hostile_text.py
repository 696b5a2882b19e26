"""Text in the database that would command a terminal: on every screen it is shown, on none obeyed."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cx_tui.domain.outbox import Way
from cx_tui.domain.selection import Selection
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.session import open_session
from tests.conftest import run
from tests.faults.terminal import Terminal

COMMANDS = ("\x1b]0;PWN\x07", "\x1b]52;c;UFdO\x07", "\x1b[13;7H", "\x9b5A", "\u202e", "\u200b")
HOSTILE = "A" + "".join(COMMANDS) + "[red]x[/]"


async def something_done(url: str, customer: int) -> None:
    """A change, a delayed one, a message and a template, of which the texts are then replaced."""
    session = await open_session(url)
    try:
        record = await session.records.get(customer)
        await session.records.save(record, {"city": "Leeds"})
        record = await session.records.get(customer)
        await session.delayed.order(record, {"city": "York"}, datetime.now(UTC) + timedelta(days=1))
        ids = await session.bulk.chosen(Selection(frozenset((customer,))))
        people = [one for one in await session.outbox.recipients(Way.EMAIL, ids) if one.reach.value == "will"]
        await session.outbox.order(DraftMessage(Way.EMAIL, subject="Outage", body="UK1 is down"), people)
    finally:
        await session.close()


def poison(file: Path) -> None:
    """Put hostile text wherever the database holds text that somebody has typed."""
    with sqlite3.connect(file, isolation_level=None) as database:
        names = {"name": HOSTILE, "name_key": "a"}
        texts = "company street city region postcode website"
        texts += " external_id paypal_email public_notes private_notes"
        values = {
            **names,
            **dict.fromkeys(texts.split(), HOSTILE),
            "tags": json.dumps([HOSTILE]),
            "toml": HOSTILE,
        }
        put(database, "customer", values, "id = 1")
        for table in ("reseller", "users", "invoice_template", "domain"):
            put(database, table, {"name": HOSTILE}, f"id = (SELECT min(id) FROM {table})")
        one = "SELECT min(id) FROM"
        for column, table in (("reseller", "reseller"), ("account_manager", "users")):
            database.execute(f"UPDATE customer SET {column} = ({one} {table}) WHERE id = 1")
        contact = dict.fromkeys(
            ("name", "email", "phone", "mobile", "public_notes", "private_notes"), HOSTILE
        )
        put(database, "contact", contact, "id = (SELECT min(id) FROM contact WHERE customer_id = 1)")
        put(database, "operation", dict.fromkeys(("who", "origin", "title"), HOSTILE))
        put(
            database,
            "change",
            {"before": json.dumps({"city": HOSTILE}), "after": json.dumps({"city": HOSTILE})},
        )
        put(database, "delayed", {**dict.fromkeys(("who", "origin", "said"), HOSTILE), "state": "held"})
        put(database, "job", dict.fromkeys(("who", "origin", "subject", "body"), HOSTILE))
        message = dict.fromkeys(("name", "address", "subject", "body", "answer", "reference"), HOSTILE)
        put(database, "message", message)


def put(database: sqlite3.Connection, table: str, values: dict[str, str], which: str = "1") -> None:
    columns = ", ".join(f"{name} = ?" for name in values)
    changed = database.execute(f"UPDATE {table} SET {columns} WHERE {which}", tuple(values.values()))
    assert changed.rowcount > 0, table


@pytest.fixture
def terminal(home: Path, tmp_path: Path, world_of: Callable[[str], str]) -> Iterator[Terminal]:
    """The program on a database in which nothing can be trusted, the poisoned customer under the cursor."""
    file = tmp_path / "poisoned.db"
    shutil.copy(world_of("sqlite").removeprefix("sqlite:///"), file)
    run(something_done(f"sqlite:///{file}", 1))
    poison(file)
    left_out = ("CX_", "PYTEST", "TEXTUAL", "NO_COLOR", "LINES", "COLUMNS", "TMUX", "STY", "SSH")
    env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    started = Terminal("--db", f"sqlite:///{file}", env={**env, "LANG": "C.UTF-8"})
    started.shows(r"live \d\d:\d\d")
    yield started
    started.close()


ENTER, ESCAPE, CTRL_T = "\r", "\x1b", "\x14"
SCREENS = {
    "the list": ((), "▸  A␛"),
    "the sheet": (("i",), "Status +Active"),
    "the card": ((ENTER,), r"A␛(.|\n)*Contacts"),
    "the form": (("e",), "Name \\*.+x\\[/\\]"),
    "the log of the customer": (("z",), "Log of A␛"),
    "the log of all": (("Z",), r"Log   2 operations(.|\n)*Send +A␛"),
    "what an operation changed": (("Z", ENTER), r"Difference(.|\n)*u001b.0;PWN"),
    "the board": (("b",), "Held: A␛"),
    "the contacts": (("n",), r"A␛(.|\n)*Contacts"),
    "a contact": (("n", ENTER), "Phone +A␛"),
    "whom to send to": (("s", CTRL_T), r"Recipients(.|\n)*not valid +A␛"),
    "the outbox": (("m",), r"Outbox(.|\n)*E-mail +A␛"),
    "a job": (("m", ENTER), r"To +Address(.|\n)*A␛"),
}


def test_what_would_command_the_terminal_is_shown_instead_on_every_screen(terminal: Terminal) -> None:
    for keys, seen in SCREENS.values():
        for key in keys:
            terminal.press(key)
            terminal.rests()
        terminal.shows(seen)
        for _ in keys:
            terminal.press(ESCAPE)
            terminal.rests()
        terminal.shows(r"live \d\d:\d\d")
    for command in COMMANDS:
        assert command.encode() not in terminal.bytes
