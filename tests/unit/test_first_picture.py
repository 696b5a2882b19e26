"""Which screen of the last run is shown."""

from pathlib import Path

import pytest

from cx_tui.app import first_picture

SIZE = (120, 40)


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "TERM": "xterm-256color"}


def kept(env: dict[str, str]) -> list[str]:
    return [file.read_text() for file in Path(env["HOME"], ".local/state/cx-tui/screens").iterdir()]


def test_each_command_terminal_and_size_has_its_own(env: dict[str, str]) -> None:
    first_picture.keep("one", SIZE, [], env)
    first_picture.keep("narrow", (80, 24), [], env)
    first_picture.keep("other database", SIZE, ["--db", "sqlite:///b.db"], env)
    first_picture.keep("other terminal", SIZE, [], {**env, "TERM": "screen"})
    assert sorted(kept(env)) == ["narrow", "one", "other database", "other terminal"]
    first_picture.keep("one again", SIZE, [], env)
    assert "one" not in kept(env)


def test_changed_settings_make_it_void(env: dict[str, str], tmp_path: Path) -> None:
    first_picture.keep("before", SIZE, [], env)
    config = tmp_path / ".config/cx-tui/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("look.ascii = 'on'")
    first_picture.keep("after", SIZE, [], env)
    assert len(kept(env)) == 2


def test_only_some_are_kept(env: dict[str, str]) -> None:
    for width in range(80, 80 + first_picture.KEPT + 3):
        first_picture.keep("", (width, 24), [], env)
    assert len(kept(env)) == first_picture.KEPT


def test_they_can_be_forgotten(env: dict[str, str]) -> None:
    first_picture.keep("one", SIZE, [], env)
    first_picture.forget(env)
    assert not kept(env)


def test_a_home_that_takes_no_files_disturbs_nothing(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".local").write_text("not a folder")
    first_picture.keep("one", SIZE, [], env)
    first_picture.show([], env)
