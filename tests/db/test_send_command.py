"""`cx-tui send` and `cx-tui worker --once` as a shell and another program use them."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cx_tui.commands.main import run
from cx_tui.domain.history import LogQuery
from cx_tui.domain.outbox import Template, Way
from cx_tui.messaging.catcher import SIMPLE, Catcher
from cx_tui.services.session import Session, open_session
from tests.conftest import made, opened
from tests.conftest import run as run_coroutine
from tests.db.sessions import add, add_contact

Capture = pytest.CaptureFixture[str]
GOOD = "Dear {{ contact.name }} of {{ customer.name }}"


@pytest.fixture
def db(tmp_path: Path) -> str:
    """The URL of an embedded database with two customers."""
    url = f"sqlite:///{tmp_path / 'cx.db'}"
    run_coroutine(made(url))

    async def fill() -> None:
        async with opened(url) as database:
            session = Session(database)
            for name, mail in (("Acme", "ana@acme.example"), ("Bolt", None)):
                one = await add(session, name)
                await add_contact(session, one.id, f"{name} NOC", email=mail, mobile="+447700900123")

    run_coroutine(fill())
    return url


@contextmanager
def catching() -> Iterator[tuple[Catcher, list[str]]]:
    """A mail server beside the command, and the settings that name it."""
    catcher, loop = Catcher(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(catcher.start(), loop).result(10)
    try:
        yield catcher, server_at(catcher.port)
    finally:
        asyncio.run_coroutine_threadsafe(catcher.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def server_at(port: int) -> list[str]:
    settings = {
        "mail.server": "127.0.0.1", "mail.port": port, "mail.tls": "none",
        "mail.from_address": "noc@acme.example",
    }  # fmt: skip
    return [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]


def body(folder: Path, text: str = GOOD) -> list[str]:
    (folder / "body.md").write_text(text)
    return ["--subject", "Outage", "--body", str(folder / "body.md")]


def lines(capture: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capture.readouterr().out.splitlines()]


def test_a_message_goes_to_the_contacts_that_the_list_would_show(
    db: str, tmp_path: Path, capsys: Capture
) -> None:
    with catching() as (catcher, server):
        assert run(["send", "email", "--search", "acme", "--db", db, *body(tmp_path), *server]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "1 customer; 1 contact will get it by E-mail",
        "others: 0 no address, 0 not valid, 0 opted out, 0 same as another",
        "1 message is stored as job 1",
        "1 sent",
    ]
    assert said.err == ""
    (letter,) = catcher.last
    assert (letter.recipients, letter.subject) == (("ana@acme.example",), "Outage")
    assert b"Dear Acme NOC of Acme" in letter.content


def test_a_dry_run_says_all_that_is_wrong_and_sends_nothing(db: str, tmp_path: Path, capsys: Capture) -> None:
    wrong = body(tmp_path, "Hello {{ contact.nam }}\nand {{ x.y }}")
    assert run(["send", "email", "--db", db, *wrong, "--dry-run"]) == 2
    assert capsys.readouterr().out.splitlines() == [
        'wrong: body: line 1, column 7: there is no field "contact.nam"; did you mean {{ contact.name }}?',
        'wrong: body: line 2, column 5: there is no field "x.y"',
        "2 customers; 1 contact will get it by E-mail",
        "others: 1 no address, 0 not valid, 0 opted out, 0 same as another",
        "wrong: settings: no e-mail can be sent without mail.server; set it in the settings file",
    ]
    with catching() as (catcher, server):
        assert run(["send", "email", "--db", db, *body(tmp_path), *server, "--dry-run"]) == 0
        assert "ok: 127.0.0.1 port" in capsys.readouterr().out
        assert catcher.count == 0
    assert jobs(db) == 0


def test_a_message_to_a_view_is_for_those_that_it_found_when_it_was_ordered(
    db: str, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "v.toml").write_text('[[view]]\nname = "wide"\nfilter = "channels=0"\n')
    assert run(["view", "import", str(tmp_path / "v.toml"), "--db", db]) == 0
    capsys.readouterr()
    to_view = ["send", "email", "--view", "wide", "--db", db, *body(tmp_path), "--at", "2h", "--json"]
    assert run([*to_view, *server_at(9)]) == 0
    assert next(one["messages"] for one in lines(capsys) if one["event"] == "ordered") == 1

    async def change() -> None:
        async with opened(db) as database:
            session = Session(database)
            await session.records.save(await session.records.get(1), {"channels": 5})
            new = await add(session, "Cordia")
            await add_contact(session, new.id, "Cordia NOC", email="noc@cordia.example")
            ((job, _),) = await session.outbox.jobs(9)
            assert [one.address for one in await session.outbox.messages(job.id, 9)] == ["ana@acme.example"]

    run_coroutine(change())


def test_files_go_with_each_message(db: str, tmp_path: Path, capsys: Capture) -> None:
    for name in ("rates.csv", "map.txt"):
        (tmp_path / name).write_text(name * 200)
    files = ["--attach", str(tmp_path / "rates.csv"), "--attach", str(tmp_path / "map.txt")]
    with catching() as (catcher, server):
        command = ["send", "email", "--all", "--db", db, *body(tmp_path), *files, *server]
        assert run([*command, "--dry-run"]) == 0
        assert "ok: rates.csv 1.8 kB and map.txt 1.4 kB with each message" in capsys.readouterr().out
        assert run(command) == 0
    (letter,) = catcher.last
    for part in (b'filename="rates.csv"', b'filename="map.txt"'):
        assert part in letter.content


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no.pdf", 'there is no file "{folder}/no.pdf"'),
        ("", '"{folder}" is no file but a folder'),
        ("large.bin", "they are 30 MB together; mail servers take 25 MB at most"),
    ],
)
def test_a_file_that_can_not_go_with_it_is_said_and_nothing_is_sent(
    db: str, tmp_path: Path, capsys: Capture, name: str, said: str
) -> None:
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(30_000_000)
    command = ["send", "email", "--all", "--db", db, *body(tmp_path), "--attach", str(tmp_path / name)]
    assert run(command) == 2
    assert said.format(folder=tmp_path) in capsys.readouterr().err
    assert jobs(db) == 0


def test_an_sms_carries_no_files(db: str, tmp_path: Path, capsys: Capture) -> None:
    command = ["send", "sms", "--all", "--db", db, "--body", str(tmp_path / "body.md"), "--dry-run"]
    body(tmp_path)
    assert run([*command, "--attach", str(tmp_path / "body.md")]) != 0
    assert "wrong: files: an SMS can't carry files" in capsys.readouterr().out


def jobs(url: str) -> int:
    async def count() -> int:
        session = await open_session(url)
        try:
            return len(await session.outbox.jobs(9))
        finally:
            await session.close()

    return run_coroutine(count())


def test_a_program_reads_json_lines(db: str, tmp_path: Path, capsys: Capture) -> None:
    with catching() as (_, server):
        assert run(["send", "email", "--all", "--json", "--db", db, *body(tmp_path), *server]) == 0
    said = lines(capsys)
    assert {one["event"] for one in said} == {"people", "progress", "ordered", "summary"}
    contacts = {"will": 1, "none": 1, "invalid": 0, "opted_out": 0, "same": 0, "nobody": 0}
    assert said[0] == {
        "event": "people", "way": "email", "customers": 2, "contacts": contacts, "segments": 0,
    }  # fmt: skip
    assert said[-1] == {"event": "summary", "states": {"sent": 1}, "stopped": ""}


def test_a_server_that_is_away_leaves_the_messages_queued_and_the_worker_sends_them(
    db: str, tmp_path: Path, capsys: Capture, unused_tcp_port: int
) -> None:
    away = server_at(unused_tcp_port)
    assert run(["send", "email", "--all", "--db", db, *body(tmp_path), *away]) == 1
    *_, counted, stopped = capsys.readouterr().out.splitlines()
    assert counted == "1 queued"
    assert stopped.startswith("stopped: nothing listens on 127.0.0.1")
    with catching() as (catcher, server):
        assert run(["worker", "--once", "--db", db, *server]) == 0
        assert catcher.count == 1
    assert "E-mail: 1 sent" in capsys.readouterr().err


def test_an_sms_is_measured_in_segments(db: str, tmp_path: Path, capsys: Capture) -> None:
    wanted = ["send", "sms", "--db", db, *body(tmp_path, "€" * 100), "--dry-run"]
    assert run(wanted) == 2
    assert "2 SMS segments in all" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--body", "BODY"],
            "this would go to everybody; choose with --search, --where, --status or --view, or say --all",
        ),
        (["--all", "--body", "/nowhere/x"], "/nowhere/x can't be read: No such file or directory"),
        (["--status", "Sleeping", "--body", "BODY"], 'there is no status "Sleeping"; choose one of All, '),
        (["--all", "--body", "BODY", "--read-only"], "sending is written down; without --read-only"),
        (["--all", "--body", "BODY"], "no e-mail can be sent without mail.server"),
        (["--all", "--body", "BINARY"], "is not UTF-8 text"),
    ],
)
def test_wrong_usage_is_said_and_nothing_is_kept(
    db: str, tmp_path: Path, capsys: Capture, arguments: list[str], said: str
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    files = {"BODY": body(tmp_path)[-1], "BINARY": str(tmp_path / "binary")}
    given = [files.get(each, each) for each in arguments]
    assert run(["send", "email", "--subject", "x", "--db", db, *given]) == 2
    assert said in capsys.readouterr().err
    assert jobs(db) == 0


def test_a_database_that_is_away_is_exit_code_3(tmp_path: Path, capsys: Capture) -> None:
    away = "postgresql://ana@127.0.0.1:1/cx"
    assert run(["send", "email", "--all", "--db", away, *body(tmp_path), *server_at(1)]) == 3
    assert "cx-tui: the database" in capsys.readouterr().err


def test_a_secret_is_in_no_output_and_in_no_log(
    db: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", "QQsecret")
    login = ["--set", "mail.user=noc", "--set", "mail.password=env:CANARY"]
    with catching() as (_, server):
        for command in (["--dry-run"], ["--all"], ["--all", "--json"]):
            run(["send", "email", "--db", db, *body(tmp_path), *server, *login, *command])
        run(["info", "--db", db, *server, *login])
    said = capsys.readouterr()
    assert "mail.password" in said.out
    assert "offers no login that is known here" in said.out
    assert "QQ" not in said.out + said.err + run_coroutine(everything(db))
    assert (
        run(["send", "email", "--all", "--db", db, *body(tmp_path), "--set", "mail.password=QQsecret"]) == 2
    )
    assert "QQ" not in capsys.readouterr().err


async def everything(url: str) -> str:
    """All that a database keeps of what was done and sent."""
    session = await open_session(url)
    try:
        log = await session.log.operations(LogQuery(), 99)
        return f"{log} {await session.outbox.jobs(99)} {await session.outbox.pauses()}"
    finally:
        await session.close()


def test_a_stored_text_is_sent_by_its_name_and_the_programs_own_for_a_referral(
    db: str, tmp_path: Path, capsys: Capture
) -> None:
    async def keep() -> None:
        session = await open_session(db)
        mine = Template(name="Hello", way=Way.EMAIL, subject="Hi", body=GOOD, changed_at=datetime.now(UTC))
        await session.outbox.keep_template(mine)
        await session.close()

    run_coroutine(keep())
    with catching() as (catcher, server):
        assert run(["send", "email", "--all", "--db", db, "--template", "hello", *server]) == 0
        assert run(["send", "email", "--all", "--db", db, "--referral", *server]) == 0
    assert [letter.subject for letter in catcher.last] == ["Hi", "Recommend us to a partner"]
    assert run(["send", "email", "--all", "--db", db, "--template", "Nope", *server]) == 1
    said = 'there is no template "Nope" for E-mail; there are: Hello, Referral'
    assert said in capsys.readouterr().err


def test_a_test_goes_to_its_address_alone(db: str, tmp_path: Path, capsys: Capture) -> None:
    with catching() as (catcher, server):
        assert run(["send", "email", "--db", db, *body(tmp_path), "--test", "me@acme.example", *server]) == 0
    (letter,) = catcher.last
    assert letter.recipients == ("me@acme.example",)
    assert b"Dear Acme NOC of Acme" in letter.content


def test_what_is_sent_later_is_stored_and_waits(db: str, tmp_path: Path, capsys: Capture) -> None:
    with catching() as (catcher, server):
        command = ["send", "email", "--all", "--db", db, *body(tmp_path), *server]
        assert run([*command, "--at", "2h"]) == 0
        assert capsys.readouterr().out.splitlines()[-1] == "1 queued"
        assert catcher.count == 0
        assert run([*command, "--at", "yesterday"]) == 2
    assert '--at: "yesterday" is neither a delay nor a moment' in capsys.readouterr().err


def test_texts_that_would_be_empty_are_refused_unless_they_are_wanted(
    db: str, tmp_path: Path, capsys: Capture
) -> None:
    with catching() as (catcher, server):
        command = ["send", "email", "--all", "--db", db, *body(tmp_path, "{{ contact.type }}"), *server]
        said = "body: it would be empty for 1 of them; --allow-empty sends it anyway"
        assert run([*command, "--dry-run"]) == 1
        assert f"wrong: {said}" in capsys.readouterr().out
        assert run(command) == 1
        assert said in capsys.readouterr().err
        assert jobs(db) == 0
        assert run([*command, "--allow-empty"]) == 0
        assert catcher.count == 1


def test_files_that_are_too_large_for_the_server_are_refused_before_they_are_queued(
    db: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SIMPLE, "EHLO", "250-catcher\r\n250 SIZE 100000")
    (tmp_path / "large.bin").write_bytes(b"x" * 90_000)
    with catching() as (_, server):
        attached = ["--attach", str(tmp_path / "large.bin")]
        assert run(["send", "email", "--all", "--db", db, *body(tmp_path), *attached, *server]) == 1
    said = "with its files it has 124 kB, and the mail server takes 100 kB at most"
    assert said in capsys.readouterr().err
    assert jobs(db) == 0


def test_those_who_opted_out_are_added_by_address_and_listed(db: str, capsys: Capture) -> None:
    assert run(["opt-outs", "--db", db]) == 0
    assert capsys.readouterr().out == "customer_id,customer,contact,email,mobile,opted_out_of\n"
    assert run(["opt-outs", "--db", db, "--add", "ana@acme.example", "--add", "x@y.example"]) == 1
    said = capsys.readouterr()
    assert "1,Acme,Acme NOC,ana@acme.example,+447700900123,email" in said.out
    assert 'no contact has the address, number or token "x@y.example"' in said.err
    assert run(["opt-outs", "--db", db, "--json"]) == 0
    (one,) = lines(capsys)
    assert (one["contact"], one["opted_out_of"]) == ("Acme NOC", ["email"])


def test_a_service_notice_goes_to_those_who_opted_out(db: str, tmp_path: Path) -> None:
    run(["opt-outs", "--db", db, "--add", "ana@acme.example"])
    with catching() as (catcher, server):
        command = ["send", "email", "--all", "--db", db, *body(tmp_path), *server]
        assert run(command) == 1
        assert run([*command, "--service"]) == 0
        assert catcher.count == 1
