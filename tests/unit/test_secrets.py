"""Secrets: where they may be, what is said when they can't be had, and that they are never shown."""

import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from cx_tui.config import describe, load
from cx_tui.config.secrets import read_secret
from cx_tui.errors import Misconfigured

KEY = "mail.password"


def complaint(source: str, env: Mapping[str, str] | None = None) -> str:
    with pytest.raises(Misconfigured) as caught:
        read_secret(KEY, source, env or {})
    return str(caught.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "smtp"
    path.write_bytes(b"p\xc3\xa4ss word\r\nsecond line\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)


def test_a_secret_is_the_first_line_of_a_file_of_ones_own(file: Path) -> None:
    assert read_secret(KEY, f"file:{file}", {}) == "päss word"
    file.chmod(0o400)
    assert read_secret(KEY, f"file:{file}", {}) == "päss word"


def test_a_secret_file_is_found_in_the_home(home: Path) -> None:
    home.mkdir(parents=True)
    (home / "smtp").write_text("s3cret")
    (home / "smtp").chmod(0o600)
    assert read_secret(KEY, "file:~/smtp", {}) == "s3cret"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_secret_file_that_others_can_read_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert complaint(f"file:{file}") == f"{KEY}: others than you can read {file}; run: chmod 600 {file}"


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert complaint(f"file:{tmp_path}/pipe") == f"{KEY}: {tmp_path}/pipe is not a file"
    assert complaint(f"file:{tmp_path}") == f"{KEY}: {tmp_path} can't be read: Is a directory"
    missing = complaint(f"file:{tmp_path}/none")
    assert missing == f"{KEY}: {tmp_path}/none can't be read: No such file or directory"


def test_a_secret_comes_from_an_environment_variable() -> None:
    assert read_secret(KEY, "env:SMTP", {"SMTP": "s3cret"}) == "s3cret"
    assert complaint("env:SMTP") == f"{KEY}: env:SMTP holds nothing"
    assert complaint("env:SMTP", {"SMTP": "a\udcff"}) == f"{KEY}: the secret is not UTF-8 text"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/nowhere/pass show smtp", "the command /nowhere/pass can't be run: No such file or directory"),
        ("sh -c 'echo s3cret; echo s3cret >&2; exit 3'", "the command sh failed with exit code 3"),
        ("true", "command:true holds nothing"),
        ("echo 'a", "a quote in the command is not closed"),
        ("printf '\\377'", "the secret is not UTF-8 text"),
    ],
)
def test_a_command_that_has_no_secret_gets_one_sentence(command: str, said: str) -> None:
    assert complaint(f"command:{command}") == f"{KEY}: {said}"


def test_a_secret_is_the_first_line_that_a_command_prints() -> None:
    assert read_secret(KEY, "command:printf 'a b\\nc\\n'", {}) == "a b"


def test_a_command_has_no_screen_and_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    with_screen = "command:sh -c 'true < /dev/tty && echo drawn || echo none'"
    assert read_secret(KEY, with_screen, {}) == "none"
    monkeypatch.setattr("cx_tui.config.secrets.PATIENCE", 0.05)
    assert complaint("command:sleep 60") == f"{KEY}: the command sleep did not end within 0 s"


def test_the_keyring_is_asked_by_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {("cx-tui", "smtp"): "s3cret"}
    ring = SimpleNamespace(get_password=lambda service, name: kept.get((service, name)))
    monkeypatch.setitem(sys.modules, "keyring", ring)
    assert read_secret(KEY, "keyring:smtp", {}) == "s3cret"
    assert complaint("keyring:sms") == f"{KEY}: keyring:sms holds nothing"
    del ring.get_password
    closed = "the system keyring can't be opened; is there one in this session?"
    assert complaint("keyring:smtp") == f"{KEY}: {closed}"


@pytest.mark.usefixtures("no_keyring")
def test_the_keyring_is_asked_by_its_command_without_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "secret-tool"
    tool.write_text('#!/bin/sh\necho "$*"\n')
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert read_secret(KEY, "keyring:smtp", {}) == "lookup service cx-tui username smtp"


@pytest.mark.parametrize("typed", ["QQs3cret", "file:QQ", "QQ:s3cret", "env:1QQ", "command: QQ", "keyring: "])
def test_a_secret_in_place_of_its_source_is_refused_and_not_shown(typed: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        load({"HOME": "/nowhere", "CX_TUI_MAIL_PASSWORD": typed}, {})
    assert str(caught.value) == (
        f"environment CX_TUI_MAIL_PASSWORD: {KEY} can't be used as it is; say where the secret is, "
        "not what it is: file:/path, env:NAME, command:words or keyring:name"
    )
    assert "QQ" not in "".join(traceback.format_exception(caught.value))


def test_info_shows_where_a_secret_is() -> None:
    loaded = load({"HOME": "/nowhere", "SMTP": "s3cret"}, {"mail.password": "env:SMTP"})
    rows = {row[0]: row[1] for row in describe(loaded, {"HOME": "/nowhere"})}
    assert rows[KEY] == "env:SMTP"
    assert "s3cret" not in f"{rows}{loaded}"


def test_nothing_of_a_secret_is_in_what_is_raised(file: Path) -> None:
    file.write_bytes(b"QQ\xff")
    with pytest.raises(Misconfigured) as caught:
        read_secret(KEY, f"file:{file}", {})
    assert "QQ" not in "".join(traceback.format_exception(caught.value))
