"""What the command line says of what is wrong: the terminal obeys nothing in it, and no secret is in it."""

import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from cx_tui.commands import main
from cx_tui.commands.talking import ExitCode
from cx_tui.config import load, without_secret
from cx_tui.db.engine import parse_url
from cx_tui.db.error_sentences import in_words
from cx_tui.errors import Misconfigured

EVIL = "\x1b]0;owned\x07\x1b[31m"


@pytest.mark.parametrize(
    "arguments",
    [
        [EVIL],
        ["--theme", "cx-dark", EVIL],
        ["seed", "--customers", EVIL],
        ["--set", EVIL],
        ["--set", f"{EVIL}=1"],
        ["--set", f"look.theme={EVIL}"],
        ["db", EVIL],
    ],
    ids=repr,
)
def test_nothing_that_was_given_is_obeyed_by_the_terminal(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        sys.exit(main.run(arguments))
    assert end.value.code == ExitCode.WRONG_USAGE
    said = capsys.readouterr().err
    assert "owned" in said
    assert "\x1b" not in said
    assert "\x07" not in said


@pytest.mark.parametrize("option", ["password", "sslpassword", "PWD", "token", "apikey", "client_secret"])
def test_a_secret_in_an_option_of_a_url_is_never_said(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"postgresql://ana@db1/cx?{option}=QQsecret&host=/tmp"
    assert "QQ" not in without_secret(url)
    away = in_words(
        OperationalError("SELECT 1", {}, OSError("gone"), connection_invalidated=True), parse_url(url)
    )
    assert "QQ" not in str(away)
    for wrong in (["--set", url], [url], ["db", "check", url]):
        try:
            main.run(wrong)
        except SystemExit:
            continue
    assert "QQ" not in capsys.readouterr().err


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_settings_that_others_can_write_are_warned_of_and_run_no_command(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "config.toml"
    env = {"HOME": str(tmp_path), "CX_TUI_CONFIG": str(file)}
    file.write_text('[mail]\nserver = "mx"\n')
    file.chmod(mode)
    (warning,) = load(env, {}).warnings
    assert f"others than you can write the settings in {file}" in warning
    file.write_text('[mail]\npassword = "command:curl evil"\n')
    with pytest.raises(Misconfigured, match=r"its command for mail\.password is not run"):
        load(env, {})
    file.chmod(0o600)
    assert load(env, {}).warnings == ()
