"""The conversation: everything in printable lines, over the same services."""

import io
import os
import re
import subprocess
import sys

import pytest

from cx_tui.db.engine import Database
from cx_tui.domain.who import Who
from cx_tui.linear.conversation import Conversation
from cx_tui.linear.talk import Talk, chosen
from cx_tui.services.session import Session
from tests.conftest import made
from tests.faults.terminal import Terminal


@pytest.fixture
async def session(database: Database) -> Session:
    return Session(database, Who("ana", "this machine"))


async def said(session: Session, *answers: str, read_only: bool = False) -> str:
    """The whole transcript of a conversation with these answers."""
    tell = io.StringIO()
    talk = Talk(io.StringIO("".join(f"{answer}\n" for answer in answers)), tell)
    await Conversation(session, talk, place="acme", read_only=read_only).run()
    told = tell.getvalue()
    assert told.replace("\n", "").isprintable()
    assert told.isascii()
    return told


async def test_a_customer_is_made_found_shown_edited_and_asked_why(session: Session) -> None:
    made_one = await said(session, "new customer", "Acme", "moon", "EUR", "yes", "", "quit")
    assert "Currency. It is needed; empty gives up:" in made_one
    assert "Not right yet" in made_one, "moon is no currency"
    assert "Made Acme, customer 1." in made_one
    assert "Acme, customer 1. What now?" in await said(session, "1", "#1")
    assert "There is no customer with the number 99." in await said(session, "1", "#99")
    shown = await said(session, "1", "acm", "1", "show", "why")
    assert "Result 1 of 1: Acme, Pending Approval, balance 0.00 EUR, no calls up, 3 warnings" in shown
    assert "Warning 1 of 3, stops calls: no authentication set" in shown
    assert "Currency: EUR" in shown
    assert "No contacts." in shown
    assert "Refused: " in shown
    changed = await said(
        session, "1", "status:approval", "1", "edit",
        "channels", "many", "12", "status", "active", "", "no",
        "edit", "channels", "12", "", "yes",
    )  # fmt: skip
    assert "Not right yet" in changed, "many is not a number"
    assert "Channels: 0 becomes 12" in changed
    assert "Nothing was written." in changed
    assert "Saved." in changed
    customer = await session.records.get(1)
    assert (customer.channels, customer.status.label) == (12, "Pending Approval")


async def test_pages_have_twenty_results_and_say_which_of_how_many(session: Session) -> None:
    for number in range(23):
        await session.records.create({"name": f"Acme {number:02}", "currency": "EUR"})
    told = await said(session, "1", "acme", "24", "m", "21", "", "nobody", "")
    assert told.count("Result ") == 23
    assert "Result 20 of 23: Acme 19" in told
    assert "There is no result 24; there are 23." in told
    assert "Acme 20, customer 21. What now?" in told
    assert "No customers found." in told


async def test_many_fields_are_told_only_to_who_asks_and_those_that_fit_to_who_is_not_clear(
    session: Session,
) -> None:
    await session.records.create({"name": "Acme", "currency": "EUR"})
    told = await said(session, "find", "acme", "1", "edit", "e", "", "", "", "", "quit")
    assert re.search(r"Which field\? There are \d\d; type list to hear them\.", told)
    assert "Channels: 0" not in told
    assert re.search(r'"e" fits \d+:\n\d+: E', told)
    assert "Channels: 0" in await said(session, "find", "acme", "1", "edit", "list")


async def test_who_is_gone_while_changing_has_written_nothing_and_is_told_so(session: Session) -> None:
    await session.records.create({"name": "Acme", "currency": "EUR"})
    told = await said(session, "find", "acme", "1", "edit", "channels", "12", "")
    assert told.endswith("Nothing was written.\nLeft CX TUI.\n")
    assert (await session.records.get(1)).channels == 0


async def test_what_is_wrong_is_a_sentence_and_the_conversation_goes_on(session: Session) -> None:
    told = await said(session, "7", "find", "credit<many", "nobody", "", "2", "quit", read_only=True)
    assert '"7" is none of these. Type a number from 1 to 3.' in told
    assert "These conditions can't be understood" in told
    assert "No customers found." in told
    assert "Start without --read-only" in told
    assert told.endswith("Left CX TUI.\n")
    assert (await said(session)).endswith("Left CX TUI.\n"), "who typed is gone"


async def test_a_name_that_moves_cursors_is_only_read(session: Session) -> None:
    tell = io.StringIO()
    Talk(io.StringIO(), tell).say("Acme \x1b[2J\x07 \u202eevil")
    assert tell.getvalue() == "Acme \\x1b[2J\\x07 \\u202eevil\n"


def test_an_entry_is_chosen_by_number_name_or_beginning() -> None:
    entries = ["Name: Acme", "Notes: name", "Name of bank: x"]
    assert chosen("2", entries) == [1]
    assert chosen("name", entries) == [0]
    assert chosen("na", entries) == [0, 2]
    assert chosen("0", entries) == chosen("4", entries) == chosen("x", entries) == []


def test_it_works_through_a_pipe_and_on_a_terminal_that_only_prints(tmp_path: object) -> None:
    import asyncio

    url = f"sqlite:///{tmp_path}/cx.db"
    asyncio.run(made(url, 3))
    command = [sys.executable, "-m", "cx_tui", "--linear", "--db", url]
    done = subprocess.run(
        command,
        input="1\ncredit<1000000000\n\nquit\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert "Result 1 of " in done.stdout
    assert done.stdout.replace("\n", "").isprintable()
    assert done.stderr == ""
    dumb = ("/usr/bin/env", "TERM=dumb", *command[:3])
    terminal = Terminal("--db", url, env=dict(os.environ), program=dumb)
    terminal.shows("What do you want to do")
    terminal.press("quit\r")
    assert terminal.exit_code() == 0
    assert terminal.bytes.decode().replace("\r\n", "").isprintable()
    terminal.close()
