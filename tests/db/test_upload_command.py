"""`cx-tui upload` and `cx-tui export` as a shell and another program use them."""

import gzip
import io
import json
import os
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from cx_tui.commands.main import run
from cx_tui.services.upload.order import Verdict
from cx_tui.services.upload.verdicts import Verdicts
from tests.conftest import made
from tests.conftest import run as run_coroutine
from tests.db.uploads import file_of

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def db(tmp_path: Path) -> str:
    """The URL of an embedded database without customers."""
    url = f"sqlite:///{tmp_path / 'cx.db'}"
    run_coroutine(made(url))
    return url


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A file with a good row and a bad one."""
    return file_of(tmp_path / "mixed.csv", "Account,CPS,Currency code\nAcme,5,EUR\nBolt,1e3,EUR\n")


def events(capture: Capture) -> list[dict[str, Any]]:
    """What a program reads."""
    return [json.loads(line) for line in capture.readouterr().out.splitlines()]


def test_a_person_reads_what_is_rejected_and_what_it_came_to(db: str, mixed: Path, capsys: Capture) -> None:
    assert run(["upload", str(mixed), "--db", db, "--dry-run"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[:2] == [
        'line 3: error: Flow speed: "1e3" is in scientific notation; write all of its digits',
        "          1 would be created",
    ]
    assert said.err == "UTF-8, comma; Account → Name, CPS → Flow speed, Currency code → Currency\n"
    assert run(["upload", str(mixed), "--db", db]) == 1
    assert "operation 1 in the log" in capsys.readouterr().out
    assert run(["upload", str(mixed), "--db", db, "--map", "CPS="]) == 0
    said = capsys.readouterr()
    assert "1 created" in said.out
    assert "CPS → not used" in said.err


def test_a_program_reads_json_lines(db: str, mixed: Path, capsys: Capture) -> None:
    assert run(["upload", str(mixed), "--db", db, "--json"]) == 1
    said = events(capsys)
    assert said[0] == {
        "event": "file", "note": "UTF-8, comma", "header": ["Account", "CPS", "Currency code"], "lines": 3,
        "likely": [],
        "mapping": {"1": "name", "2": "flow_speed", "3": "currency"},
    }  # fmt: skip
    verdicts = [one for one in said if one["event"] == "verdict"]
    assert [(one["line"], one["verdict"], one["name"]) for one in verdicts] == [
        (2, "create", "Acme"),
        (3, "error", "Bolt"),
    ]
    assert said[-1]["event"] == "summary"
    assert said[-1]["counts"] == {"create": 1, "update": 0, "unchanged": 0, "duplicate": 0, "error": 1}
    assert {one["event"] for one in said} == {"file", "progress", "verdict", "summary"}


def test_verdicts_in_a_file_are_read_in_windows(db: str, tmp_path: Path, capsys: Capture) -> None:
    lines = "".join(f"C{n},{'EUR' if n % 3 else 'bad €'}\n" for n in range(100))
    path = file_of(tmp_path / "many.csv", f"Name,Currency\n{lines}")
    where = tmp_path / "verdicts"
    assert run(["upload", str(path), "--db", db, "--json", "--dry-run", "--verdicts", str(where)]) == 1
    assert "verdict" not in {one["event"] for one in events(capsys)}
    verdicts = Verdicts(where)
    assert len(verdicts) == 100
    assert [row["line"] for row in verdicts.rows(40, 3)] == [42, 43, 44]
    wrong = verdicts.places([Verdict.ERROR])
    assert list(wrong) == list(range(0, 100, 3))
    assert "there is no currency" in verdicts.rows(wrong[5], 1)[0]["why"]
    assert verdicts.rows(100, 5) == []


def test_a_mapping_is_remembered_and_said_columns_are_stronger(
    db: str, tmp_path: Path, capsys: Capture
) -> None:
    path = file_of(tmp_path / "odd.csv", "Who,Money\nAcme,EUR\n")
    assert run(["upload", str(path), "--db", db]) == 2
    assert "no column is mapped to Name; there are Who, Money;" in capsys.readouterr().err
    assert run(["upload", str(path), "--db", db, "--map", "Who=name", "--map", "2=currency"]) == 0
    assert run(["upload", str(path), "--db", db]) == 0


@pytest.mark.parametrize(
    ("more", "code", "why"),
    [
        (["--map", "Nix=name"], 2, 'there is no column "Nix"'),
        (["--map", "CPS=nix"], 2, 'there is no field "nix"'),
        (["--start-row", "0"], 2, "the first row is row 1"),
        (["--read-only"], 2, "an upload changes the database"),
        (["--encoding", "nix"], 2, 'there is no encoding "nix"'),
        (["--start-row", "99"], 1, "row 99 can't be the header"),
        (["--db", "postgresql://nobody@127.0.0.1:1/x"], 3, "is away"),
        (["--rejects", "/no/folder/x.csv"], 1, "can't be written"),
        (["--verdicts", "/no/folder/x"], 1, "can't be written"),
    ],
)
def test_what_is_wrong_is_said_with_its_exit_code(
    db: str, mixed: Path, capsys: Capture, more: list[str], code: int, why: str
) -> None:
    assert run(["upload", str(mixed), "--db", db, "--json", *more]) == code
    said = capsys.readouterr()
    assert why in said.err
    error = json.loads(said.out.splitlines()[-1])
    assert (error["event"], error["exit"]) == ("error", code)
    assert why in error["message"]


def test_every_command_makes_an_embedded_database_that_is_not_there_yet(
    tmp_path: Path, mixed: Path, body: Path, capsys: Capture
) -> None:
    send = ["send", "email", "--subject", "S", "--body", str(body)]
    for number, (command, code) in enumerate(
        (
            (["upload", str(mixed), "--dry-run"], 1),
            (["export", str(tmp_path / "out.csv")], 0),
            ([*send, "--dry-run"], 2),
            (["worker", "--once"], 0),
            (["db", "info"], 0),
            (["db", "check"], 0),
        )
    ):
        path = tmp_path / f"{number}.db"
        assert run([*command, "--db", f"sqlite:///{path}"]) == code, command
        assert "db upgrade" not in capsys.readouterr().err
        assert run(["db", "check", "--db", f"sqlite:///{path}"]) == 0


@pytest.fixture
def body(tmp_path: Path) -> Path:
    """The text of a message."""
    path = tmp_path / "body.md"
    path.write_text("Hello")
    return path


def test_a_file_that_is_not_there_is_wrong_usage(db: str, tmp_path: Path, capsys: Capture) -> None:
    assert run(["upload", str(tmp_path / "no.csv"), "--db", db]) == 2
    assert "there is no file" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--map", "x"], ["--delimiter", "ab"], ["--mode", "all"]])
def test_what_can_not_be_read_is_wrong_usage(mixed: Path, capsys: Capture, more: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(["upload", str(mixed), *more])
    assert left.value.code == 2


def test_the_first_rows_are_shown_as_they_are(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "show.csv"
    path.write_bytes("Title\nName;Währung\nA\x1b;EUR\n".encode("cp1252"))
    assert run(["upload", str(path), "--show", "3", "--start-row", "2"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1] == "  cp1252      Name;Währung"
    assert said == [
        "Windows-1252, semicolon (a guess: look at the texts)",
        *said[1:-3],
        "   1  Title",
        "   2  Name   Währung",
        "   3  A�     EUR",
    ]
    assert run(["upload", str(path), "--show", "3", "--start-row", "2", "--json"]) == 0
    (shown,) = events(capsys)
    assert (shown["event"], shown["encoding"], shown["known"], shown["delimiter"]) == (
        "show",
        "cp1252",
        False,
        ";",
    )
    assert (shown["rows"][1], shown["mapping"]) == (["Name", "Währung"], {"1": "name"})


def test_a_guessed_encoding_is_not_written_before_it_is_confirmed(
    db: str, tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes("Name;Currency\nGröße;EUR\n".encode("cp1252"))
    assert run(["upload", str(path), "--db", db]) == 2
    said = capsys.readouterr()
    assert "  cp1252      Größe;EUR" in said.err
    assert "Windows-1252 is only a guess: look at its texts, then say --encoding cp1252" in said.err
    assert run(["upload", str(path), "--db", db, "--dry-run"]) == 0
    assert run(["upload", str(path), "--db", db, "--encoding", "windows-1252"]) == 0
    assert "1 created" in capsys.readouterr().out


def test_a_file_comes_through_standard_input_or_a_pipe(
    db: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"Name,Currency\nAcme,EUR\n")))
    )
    assert run(["upload", "-", "--db", db]) == 0
    assert "1 created" in capsys.readouterr().out
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = Thread(target=pipe.write_text, args=("Name,Currency\nBolt,EUR\n",))
    writing.start()
    assert run(["upload", str(pipe), "--db", db]) == 0
    writing.join()
    assert "1 created" in capsys.readouterr().out


def test_what_is_said_of_a_file_is_kept_with_its_mapping(db: str, tmp_path: Path, capsys: Capture) -> None:
    path = file_of(
        tmp_path / "de.csv", "Firma;Stand;Limit;cur\nAcme;Aktiv;1.234,50;EUR\nBolt;aktiv;7,5;EUR\n"
    )
    said = [
        "--map",
        "Firma=name",
        "--map",
        "Stand=status",
        "--map",
        "Limit=debit_limit",
        "--decimal",
        "comma",
    ]
    assert run(["upload", str(path), "--db", db, *said, "--dry-run"]) == 1
    assert 'Status: there is no choice "Aktiv"' in capsys.readouterr().out
    meant = ["--value", "Status:Aktiv=Active", "--save-profile", "Our ERP"]
    assert run(["upload", str(path), "--db", db, *said, *meant]) == 0
    assert "2 created" in capsys.readouterr().out
    assert run(["upload", str(path), "--db", db]) == 0
    assert "2 unchanged" in capsys.readouterr().out
    other = file_of(tmp_path / "other.csv", "cur;Limit;Firma;Stand\nEUR;8,5;Bolt;Aktiv\n")
    assert run(["upload", str(other), "--db", db, "--profile", "Our ERP"]) == 0
    assert "1 updated" in capsys.readouterr().out
    assert run(["upload", str(other), "--db", db, "--profile", "nix"]) == 2
    assert 'there is no mapping "nix"; saved are: Our ERP' in capsys.readouterr().err


def test_a_file_without_a_header_is_mapped_by_number(db: str, tmp_path: Path, capsys: Capture) -> None:
    path = file_of(tmp_path / "bare.csv", "Acme,EUR\nBolt,1e5\n")
    rejects = tmp_path / "r.csv"
    said = ["--no-header", "--map", "1=name", "--map", "2=currency", "--rejects", str(rejects)]
    assert run(["upload", str(path), "--db", db, *said]) == 1
    assert "1 created" in capsys.readouterr().out
    assert rejects.read_text().startswith("Bolt,1e5,2,")


def test_numbers_with_a_decimal_comma_are_quoted_as_they_stand_there(
    db: str, tmp_path: Path, capsys: Capture
) -> None:
    path = file_of(tmp_path / "de.csv", "Name;Limit;Currency\nAcme;1.5;EUR\n")
    assert run(["upload", str(path), "--db", db, "--decimal", "comma", "--dry-run"]) == 1
    assert 'Debit limit: "1.5" is not a number' in capsys.readouterr().out


def test_a_verdict_says_of_each_field_what_it_is_and_what_it_will_be(
    db: str, tmp_path: Path, capsys: Capture
) -> None:
    run(
        [
            "upload",
            str(file_of(tmp_path / "a.csv", "Name,CPS,City,cur\nAcme,5,,EUR\nBolt,1,,EUR\n")),
            "--db",
            db,
        ]
    )
    path = file_of(tmp_path / "b.csv", "Name,CPS,City\nAcme,7,Bonn\nBolt,1,\n")
    capsys.readouterr()
    assert run(["upload", str(path), "--db", db, "--dry-run"]) == 0
    assert "line 2: update: Flow speed 5 -> 7, City (empty) -> Bonn\n" in capsys.readouterr().out
    assert run(["upload", str(path), "--db", db, "--json"]) == 0
    said = [one for one in events(capsys) if one["event"] == "verdict"]
    assert [one["changes"] for one in said] == [
        [
            {"field": "Flow speed", "before": "5", "after": "7"},
            {"field": "City", "before": "", "after": "Bonn"},
        ],
        None,
    ]


def test_a_finished_upload_is_summed_up_even_when_nothing_can_be_written(
    db: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(tmp_path / "a.csv", "Name,Currency\nAcme,EUR\n")
    with monkeypatch.context() as patched, open("/dev/full", "w") as full:
        patched.setattr("sys.stdout", full)
        assert run(["upload", str(path), "--db", db]) == 1
        with suppress(OSError):
            full.close()
    said = capsys.readouterr().err
    assert "1 customer was created, 0 changed: operation 1 in the log; but standard output can't" in said


def test_exports_go_round_on_the_command_line(db: str, mixed: Path, tmp_path: Path, capsys: Capture) -> None:
    run(["upload", str(mixed), "--db", db])
    out = tmp_path / "out.csv"
    assert run(["export", str(out), "--db", db, "--status", "pending approval", "--search", "acm"]) == 0
    assert "1 customer is in" in capsys.readouterr().err
    assert run(["upload", str(out), "--db", db]) == 0
    assert "1 unchanged" in capsys.readouterr().out
    assert run(["export", str(tmp_path / "t.xlsx"), "--template"]) == 0
    assert run(["upload", str(tmp_path / "t.xlsx"), "--db", db, "--dry-run"]) == 0
    for more, code, why in (
        (["--view", "mine"], 1, 'there is no view "mine"'),
        (["--status", "nix"], 2, 'there is no status "nix"'),
    ):
        assert run(["export", str(out), "--db", db, *more]) == code
        assert why in capsys.readouterr().err
