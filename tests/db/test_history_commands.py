"""`cx-tui log`, `outbox` and `delayed`: what screens show, for shells and programs."""

import json
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cx_tui.commands.main import make_parser, run
from cx_tui.domain.history import Act
from cx_tui.domain.outbox import Job, State, Way
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.log.log_screen import LogScreen
from cx_tui.screens.outbox.job import JobScreen
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.session import Session
from tests.conftest import made, opened
from tests.conftest import run as run_coroutine
from tests.db.sessions import ANA, add, add_contact

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database in which something was done, ordered and delayed."""
    url = f"sqlite:///{tmp_path / 'cx.db'}"
    monkeypatch.setenv("CX_TUI_DATABASE_URL", url)
    run_coroutine(made(url))

    async def fill() -> None:
        async with opened(url) as database:
            session = Session(database, ANA)
            acme = await add(session, "Acme")
            await add_contact(session, acme.id, "Joe", email="joe@acme.example")
            await add(session, "Bolt")
            await session.records.save(acme, {"channels": 30})
            people = await session.outbox.recipients(Way.EMAIL, [acme.id])
            await session.outbox.order(DraftMessage(Way.EMAIL, "Hello", "News"), people)
            later = datetime.now(UTC) + timedelta(hours=2)
            await session.delayed.order(await session.records.get(acme.id), {"channels": 60}, later)

    run_coroutine(fill())
    return url


def told(capsys: Capture, *arguments: str) -> list[dict[str, Any]]:
    """What a command says as JSON."""
    assert run([*arguments, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_log_is_read_whole_of_one_customer_and_by_its_filters(db: str, capsys: Capture) -> None:
    every = told(capsys, "log")
    assert [one["act"] for one in every[:2]] == ["send", "update"]
    assert told(capsys, "log", "bolt") == [one for one in every if "Bolt" in one["title"]]
    (changed,) = told(capsys, "log", "Acme", "--act", "change")
    assert changed["who"] == ANA.name
    assert told(capsys, "log", "--to", "1h") == []
    assert len(told(capsys, "log", "--from", "1h", "--limit", "2")) == 2
    (one,) = told(capsys, "log", "--operation", str(changed["id"]))
    assert (one["customer"], one["change"]) == ("Acme", "Channels 0 -> 30")
    assert one["after"] == {"channels": "30"}
    assert run(["log", "--act", "dance"]) == 2
    assert 'no kind of operation "dance"; there are create' in capsys.readouterr().err
    assert run(["log", "Initech"]) != 0


def test_jobs_messages_and_delayed_changes_are_listed(db: str, capsys: Capture) -> None:
    (job,) = told(capsys, "outbox")
    assert (job["subject"], job["messages"]) == ("News", {"queued": 1})
    (message,) = told(capsys, "outbox", "--job", str(job["id"]))
    assert (message["address"], message["state"]) == ("joe@acme.example", "queued")
    assert told(capsys, "outbox", "--job", str(job["id"]), "--state", "sent") == []
    assert told(capsys, "outbox", "--to", "joe@") == told(capsys, "outbox", "acme") == [message]
    (waits,) = told(capsys, "delayed")
    assert (waits["customer"], waits["change"], waits["state"]) == ("Acme", "Channels 30 -> 60", "waiting")
    assert told(capsys, "delayed", "Bolt") == []
    assert run(["delayed"]) == 0
    assert "Channels 30 -> 60" in capsys.readouterr().out


def test_a_screen_says_a_command_that_is_one() -> None:
    log = LogScreen(12)
    log.filters = type(log.filters)(text="-50 %", who="ana", act=Act.BULK_EDIT, when="2026-11-21")
    job = JobScreen(Job(id=3, key="", at=datetime.now(UTC), due_at=datetime.now(UTC), who="", origin="",
                        way=Way.SMS, subject="", body="x"), {})  # fmt: skip
    job.only = State.FAILED
    parsed = make_parser().parse_args(shlex.split(log.command())[1:])
    assert (parsed.customer, parsed.title, parsed.act) == ("#12", "-50 %", "bulk edit")
    assert parsed.first < parsed.until
    assert job.command() == "cx-tui outbox --job 3 --state failed"
    assert words_of("outbox", 7, *option("to", "o'neil")) == "cx-tui outbox '#7' --to 'o'\"'\"'neil'"
