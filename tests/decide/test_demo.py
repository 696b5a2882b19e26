"""The demo with a real switch where there is none."""

import shutil

import pytest

from cx_tui.commands.main import run
from cx_tui.commands.talking import ExitCode


def test_without_kamailio_and_sipp_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert run(["demo", "--switch"]) == ExitCode.WRONG_USAGE
    said = capsys.readouterr().err
    assert "kamailio and sipp are not installed" in said
    assert "apt-get install kamailio" in said


def test_it_has_a_database_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--switch", "--db", "sqlite:////tmp/customers.db"]) == ExitCode.WRONG_USAGE
    assert "leave --db out" in capsys.readouterr().err
