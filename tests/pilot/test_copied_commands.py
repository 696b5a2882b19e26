"""A screen that copies itself as a command: the command runs, and prints what the screen shows."""

import asyncio
import json
import shlex
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cx_tui.screens.admission.compare import CompareScreen
from cx_tui.screens.admission.number import NumberScreen
from cx_tui.screens.admission.why import WhyScreen
from cx_tui.screens.as_command import command_of
from cx_tui.screens.calls.breakdown import BreakdownScreen
from cx_tui.screens.calls.call_screen import CallScreen
from cx_tui.screens.record import RecordScreen
from cx_tui.screens.send import SendScreen
from cx_tui.screens.send.recipients import RecipientsScreen
from tests.db.sessions import add, add_contact
from tests.pilot.driver import Driver, opened
from tests.pilot.history import session_of
from tests.pilot.test_call_screens import AN_HOUR, CALLS, NOW
from widgets.grid import Grid


@pytest.fixture
async def url(sqlite_template: Path, tmp_path: Path) -> str:
    """Two customers, one with calls and contacts."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'own.db')}"
    async with session_of(url) as session:
        acme = await add(session, "Acme")
        await add(session, "Globex")
        await add_contact(session, acme.id, "Joe", email="joe@acme.example")
        await add_contact(session, acme.id, "Eve")
        await session.calls.ingest().store(CALLS)
    return url


@pytest.fixture
async def cx(url: str) -> AsyncIterator[Driver]:
    """The program."""
    async with opened(url) as driver:
        yield driver
        driver.app.exit()


async def answer(url: str, command: str, *more: str) -> tuple[int, list[Any]]:
    """What a copied command prints, in a process of its own: its exit code and its objects."""
    words = shlex.split(command)
    assert words[0] == "cx-tui"
    arguments = [*words[1:], *more, "--db", url]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cx_tui", *arguments, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return process.returncode or 0, [json.loads(line) for line in said.decode().splitlines()]


def copied(cx: Driver) -> str:
    """The command of the screen."""
    said = command_of(cx.app.screen)
    assert said
    return said


def column(cx: Driver, name: str) -> list[str]:
    """A column of the list on the screen."""
    return [row.cell(name).text for row in cx.screen.query_one(Grid).rows.visible]


async def test_gates_of_one_and_of_several_customers(cx: Driver, url: str) -> None:
    await cx.app.push_screen(WhyScreen([1]))
    await cx.until(lambda: len(column(cx, "gate")) > 5, "the gates")
    code, found = await answer(url, copied(cx), "--json")
    assert code in (0, 1)
    assert [one["gate"] for one in found] == column(cx, "gate")
    await cx.press("escape")
    await cx.app.push_screen(WhyScreen([1, 2]))
    await cx.until(lambda: len(column(cx, "name")) == 2, "both")
    _, found = await answer(url, copied(cx), "--json")
    assert [(one["customer"], ", ".join(one["stopped_by"]) or "nothing") for one in found] == list(
        zip(column(cx, "name"), column(cx, "gates"), strict=True)
    )


async def test_a_number_is_followed(cx: Driver, url: str) -> None:
    await cx.app.push_screen(NumberScreen(1, "Acme", "442012345678"))
    await cx.until(lambda: len(column(cx, "step")) > 1, "the steps")
    code, found = await answer(url, copied(cx), "--json")
    assert code == 0
    assert [one["step"] for one in found] == column(cx, "step")
    assert [one["sentence"] for one in found] == column(cx, "sentence")


async def test_a_call_is_compared_and_shown(cx: Driver, url: str) -> None:
    call = CALLS[0]
    await cx.app.push_screen(CallScreen(call))
    code, (found,) = await answer(url, copied(cx))
    assert (code, found["source_key"], found["dialled"]) == (0, call.source_key, call.dialled)
    await cx.app.push_screen(CompareScreen(call))
    await cx.until(lambda: cx.screen.query_one("#gates", Grid).rows.source is not None or cx.text(), "both")
    await cx.do("compare.all")
    await cx.until(lambda: len(column(cx, "gate")) > 5, "all gates")
    code, rows = await answer(url, copied(cx), "--json")
    assert code in (0, 1)
    assert [one["gate"] for one in rows] == column(cx, "gate")
    assert all(one["now"]["sentence"] in text for one, text in zip(rows, column(cx, "now"), strict=True))


async def test_calls_in_groups(cx: Driver, url: str) -> None:
    await cx.app.push_screen(BreakdownScreen(None, NOW - 3 * AN_HOUR, "today"))
    await cx.until(lambda: len(column(cx, "value")) > 1, "the groups")
    code, found = await answer(url, copied(cx), "--json")
    assert code == 0
    assert [one["carrier"] for one in found] == column(cx, "value")
    assert [f"{one['attempts']:,}" for one in found] == column(cx, "attempts")


async def test_the_sheet_of_a_customer(cx: Driver, url: str) -> None:
    await cx.do("customers.sheet")
    await cx.until(lambda: isinstance(cx.screen, RecordScreen), "the sheet")
    code, (found,) = await answer(url, copied(cx))
    assert (code, found["name"]) == (0, "Acme")


async def test_a_message_and_who_gets_it(cx: Driver, url: str) -> None:
    await cx.do("grid.mark_all", "customers.send")
    await cx.until(
        lambda: isinstance(cx.screen, SendScreen) and cx.screen.counting.people.done, "who gets it"
    )
    screen = cx.screen
    assert isinstance(screen, SendScreen)
    reached = len(screen.counting.people.reached)
    await cx.do("send.recipients")
    await cx.until(lambda: isinstance(cx.screen, RecipientsScreen) and len(column(cx, "reach")) == 3)
    code, found = await answer(url, copied(cx), "--json")
    assert code == 0
    assert [one["address"] for one in found] == column(cx, "address")
    await cx.press("escape")
    # Nothing is written yet: the command says who would get it.
    assert "--who" in copied(cx)
    screen.form.set(screen.writing.sort.field("subject"), "It's -dash")
    screen.form.set(screen.writing.sort.field("body"), "Dear {{ contact.name }},\n\nmaintenance at 8.")
    _, found = await answer(url, copied(cx), "--json")
    (people,) = [one for one in found if one["event"] == "people"]
    assert (people["customers"], people["contacts"]["will"]) == (2, reached)
    assert not [one for one in found if one["event"] == "wrong" and one["part"] in ("subject", "body")]
    screen.form.set(screen.writing.sort.field("subject"), "")
    screen.form.set(screen.writing.sort.field("body"), "")
