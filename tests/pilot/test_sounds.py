"""Pages of sound: voicemail from a SIP user, recordings from the routes and from a call."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cx_tui.domain.records.customer import Status
from cx_tui.screens.audio.voicemail import VoicemailScreen
from cx_tui.screens.form import RecordForm
from cx_tui.services.seeding.sounds import tone
from tests.calls.made import a_call, put
from tests.db.companies import made
from tests.db.sessions import add
from tests.pilot.driver import Driver, opened
from tests.pilot.history import session_of


@pytest.fixture
async def cx(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Driver]:
    """The program at the card of a customer with a SIP user who has a message, and a recorded call."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'own.db')}"
    async with session_of(url) as session:
        await add(session, "Acme", status=Status.ACTIVE, recording_days=30)
        await made(session, "sip-user", customer_id=1, username="acme01", voicemail=True)
        at = datetime.now(UTC) - timedelta(hours=1)
        await put(session.database, [a_call("id1", at=at, talk=65, cli="4420", dialled="4930")])
    (tmp_path / "vm" / "acme01" / "INBOX").mkdir(parents=True)
    tone(tmp_path / "vm" / "acme01" / "INBOX" / "msg0000.wav", 7)
    (tmp_path / "calls").mkdir()
    tone(tmp_path / "calls" / "id1.wav", 65)
    settings: dict[str, Any] = {
        "switch.voicemail": f"{tmp_path}/vm/{{username}}",
        "switch.recordings": f"{tmp_path}/calls/{{call_id}}*",
    }
    async with opened(url, **settings) as driver:
        await driver.do("grid.choose")
        await driver.shows("There are no contacts here yet.")
        yield driver
        driver.app.exit()


async def test_a_message_is_shown_saved_and_deleted(cx: Driver, tmp_path: Path) -> None:
    await cx.press("2")
    await cx.shows("acme01")
    await cx.press("tab")
    await cx.do("sip_users.messages")
    await cx.shows("INBOX")
    await cx.shows("0:07")
    await cx.do("sounds.save")
    await cx.shows("Save it in which file?")
    await cx.press("end", "ctrl+u", *str(tmp_path / "saved.wav"), "enter")
    await cx.shows("only you can read it")
    assert (tmp_path / "saved.wav").exists()
    await cx.do("voicemail.delete")
    await cx.shows("can't be brought back")
    await cx.press("y")
    await cx.shows("There are no messages.")
    assert not list((tmp_path / "vm").rglob("*.wav"))
    await cx.do("voicemail.pin")
    await cx.until(lambda: isinstance(cx.screen, RecordForm), "the form of the user")
    await cx.press("escape")
    await cx.until(lambda: isinstance(cx.screen, VoicemailScreen), "the messages")


async def test_recordings_of_a_customer_and_of_a_call(cx: Driver, tmp_path: Path) -> None:
    await cx.press("3")
    await cx.shows("There are no ingress routes here yet.")
    await cx.do("routes.recordings")
    await cx.shows("1:05")
    await cx.shows("4930")
    await cx.do("sounds.back")
    await cx.press("5")
    await cx.shows("4930")
    await cx.do("grid.choose")
    await cx.shows("id1.wav")
    await cx.do("call.save_recording")
    await cx.shows("Save it in which file?")
    await cx.press("end", "ctrl+u", *str(tmp_path / "call.wav"), "enter")
    await cx.shows("only you can read it")
    assert (tmp_path / "call.wav").exists()
