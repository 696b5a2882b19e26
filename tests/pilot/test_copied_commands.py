"""A screen that copies itself as a command: the command runs, and prints what the screen shows."""

import asyncio
import csv
import json
import shlex
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cx_tui.screens.admission.compare import CompareScreen
from cx_tui.screens.admission.number import NumberScreen
from cx_tui.screens.admission.why import WhyScreen
from cx_tui.screens.as_command import command_of
from cx_tui.screens.audio.recordings import RecordingsScreen
from cx_tui.screens.calls.breakdown import BreakdownScreen
from cx_tui.screens.calls.call_screen import CallScreen
from cx_tui.screens.exporting.export_screen import ExportScreen
from cx_tui.screens.record import RecordScreen
from cx_tui.screens.send import SendScreen
from cx_tui.screens.send.preview import PreviewScreen
from cx_tui.screens.send.recipients import RecipientsScreen
from cx_tui.screens.upload import UploadScreen
from cx_tui.screens.upload.plan import Plan
from cx_tui.services.upload.order import HowToRead, Mode
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


async def test_a_message_as_one_sees_it_is_copied_as_what_sends_it(cx: Driver, url: str) -> None:
    await cx.do("grid.mark_all", "customers.send")
    await cx.until(
        lambda: isinstance(cx.screen, SendScreen) and cx.screen.counting.people.done, "who gets it"
    )
    screen = cx.screen
    assert isinstance(screen, SendScreen)
    screen.form.set(screen.writing.sort.field("subject"), "Maintenance")
    screen.form.set(screen.writing.sort.field("body"), "Dear {{ contact.name }}")
    await cx.do("send.preview")
    await cx.until(lambda: isinstance(cx.screen, PreviewScreen), "the preview")
    _, found = await answer(url, copied(cx), "--json")
    (people,) = [one for one in found if one["event"] == "people"]
    assert people["contacts"]["will"] == len(screen.counting.people.reached) == 1
    await cx.press("escape")
    screen.form.set(screen.writing.sort.field("subject"), "")
    screen.form.set(screen.writing.sort.field("body"), "")


async def test_an_export_of_the_list_of_all_and_of_marked_customers(
    cx: Driver, url: str, tmp_path: Path
) -> None:
    async def written(choice: str) -> list[str]:
        screen = cx.screen
        assert isinstance(screen, ExportScreen)
        path = tmp_path / f"it's {choice}.csv"
        screen.picker.put(str(path))
        screen.choice = choice
        assert (await answer(url, copied(cx)))[0] == 0
        with path.open(newline="", encoding="utf-8-sig") as file:
            return [row["Name"] for row in csv.DictReader(file)]

    await cx.find("name:acme")
    await cx.press("enter")
    await cx.until(lambda: cx.grid.rows.total == 1, "one")
    await cx.do("grid.mark_all", "customers.export")
    await cx.until(lambda: isinstance(cx.screen, ExportScreen), "the export")
    for choice, names in (("marked", ["Acme"]), ("listed", ["Acme"]), ("all", ["Acme", "Globex"])):
        assert await written(choice) == names
    await cx.press("escape")
    await cx.do("grid.clear_marks")
    await cx.find("")
    await cx.press("enter")
    await cx.until(lambda: cx.grid.rows.total == 2, "both")
    await cx.do("grid.down", "grid.mark", "customers.export")
    await cx.until(lambda: isinstance(cx.screen, ExportScreen), "the export")
    assert await written("marked") == ["Globex"]
    await cx.press("escape")
    await cx.do("grid.mark_all", "customers.export")
    await cx.until(lambda: isinstance(cx.screen, ExportScreen), "the export")
    assert await written("marked") == ["Acme", "Globex"]


async def test_an_upload_is_copied_as_what_judges_its_rows(cx: Driver, url: str, tmp_path: Path) -> None:
    path = tmp_path / "some; of them.csv"
    path.write_text("title;Kanäle;nothing\nAcme;7;x\nNew;8;y\n", encoding="windows-1252")
    await cx.do("customers.upload")
    await cx.until(lambda: isinstance(cx.screen, UploadScreen), "the upload")
    screen = cx.screen
    assert isinstance(screen, UploadScreen)
    assert command_of(screen) is None
    screen.plan = replace(
        Plan(path, HowToRead(encoding="windows-1252", delimiter=";")),
        mapping={0: "name", 1: "channels"}, mode=Mode.UPDATE,
    )  # fmt: skip
    code, found = await answer(url, copied(cx), "--json")
    assert code == 1
    verdicts = next(one for one in found if one["event"] == "summary")
    assert (verdicts["counts"]["update"], verdicts["rejected"]) == (1, 1)
    screen.plan = None


async def test_recordings_of_a_customer_are_copied_as_their_list(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = f"{tmp_path}/{{call_id}}.wav"
    async with opened(url, switch_recordings=there) as cx:
        await cx.app.push_screen(RecordingsScreen(1, "Acme"))
        await cx.until(lambda: "no recordings" in cx.text(), "that there are none")
        monkeypatch.setenv("CX_TUI_SWITCH_RECORDINGS", there)
        assert await answer(url, copied(cx), "--json") == (0, [])
        cx.app.exit()
