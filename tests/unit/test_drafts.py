"""Drafts: files for one operator, offered when the program that kept them has ended."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_tui.errors import CxError
from cx_tui.services.records.drafts import Draft, Drafts

NOW = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
DRAFT = Draft("customer", 5, None, "Acme", NOW, {"channels": "30"}, {"channels": "60"})
ENDED = replace(DRAFT, session="4711-ended")
KEEPER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from cx_tui.services.records.drafts import Draft, Drafts

now = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
draft = Draft("customer", 5, None, "Acme", now, {"channels": "30"}, {"channels": "60"})
Drafts(Path(sys.argv[1])).keep(draft)
print("kept", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the drafts, which is not there yet."""
    return tmp_path / "state"


def end(folder: Path, draft: Draft) -> Path:
    """Write a draft as a program left it that has ended."""
    folder.mkdir(exist_ok=True)
    path = folder / f"draft-{draft.key}.json"
    path.write_text(json.dumps({**asdict(draft), "at": draft.at.isoformat()}))
    return path


def test_a_draft_can_be_read_by_its_owner_alone(folder: Path) -> None:
    Drafts(folder).keep(DRAFT)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_one_draft_is_kept_of_each_form(folder: Path) -> None:
    drafts = Drafts(folder)
    drafts.keep(DRAFT)
    later = replace(DRAFT, typed={"channels": "90"})
    drafts.keep(later)
    drafts.keep(replace(DRAFT, record_id=6))
    drafts.keep(replace(DRAFT, record_id=None))
    drafts.keep(replace(DRAFT, record="contact", record_id=None, customer_id=5))
    drafts.keep(replace(DRAFT, record="contact", record_id=None, customer_id=6))
    assert len(list(folder.glob("draft-*.json"))) == 5
    assert drafts.of_form(DRAFT) == later
    assert drafts.of_form(replace(DRAFT, record_id=7)) is None


def test_a_dropped_draft_is_gone_and_can_be_dropped_again(folder: Path) -> None:
    drafts = Drafts(folder)
    drafts.keep(DRAFT)
    drafts.drop(DRAFT)
    drafts.drop(DRAFT)
    assert drafts.of_form(DRAFT) is None
    assert not list(folder.glob("*.json"))


def test_a_draft_of_this_program_is_not_offered(folder: Path) -> None:
    Drafts(folder).keep(DRAFT)
    assert Drafts(folder).left() == []


@pytest.mark.parametrize("ending", ["killed", "in order"])
def test_a_draft_of_another_program_is_offered_when_that_has_ended(folder: Path, ending: str) -> None:
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", KEEPER, str(folder)], **pipes) as keeper:
        assert keeper.stdout
        assert keeper.stdin
        assert keeper.stdout.readline() == b"kept\n"
        assert Drafts(folder).left() == []
        if ending == "killed":
            keeper.kill()
        keeper.stdin.close()
        keeper.wait()
    (left,) = Drafts(folder).left()
    assert replace(left, session=DRAFT.session) == DRAFT
    assert not list(folder.glob("*.lock"))


def test_the_newest_is_offered_first(folder: Path) -> None:
    older = replace(ENDED, record_id=6, at=NOW.replace(hour=1))
    end(folder, older)
    end(folder, ENDED)
    assert Drafts(folder).left() == [ENDED, older]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x1b[31mred\x00",
        "a\ud800b",
        "\u202e[bold]x[/]",
        "x" * 100_000,
        "👩\u200d👧",
        "one\r\ntwo",
        '"}]{',
    ],
    ids=["nothing", "control", "surrogate", "bidi", "long", "emoji", "lines", "json"],
)
def test_any_text_comes_back_as_it_was_typed(folder: Path, text: str) -> None:
    typed = replace(DRAFT, title=text, base={"toml": text}, typed={"toml": text})
    Drafts(folder).keep(typed)
    assert Drafts(folder).of_form(typed) == typed


def without(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda kept: {key: value for key, value in kept.items() if key != name}


def having(**values: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda kept: {**kept, **values}


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: None,
        lambda kept: [kept],
        lambda kept: {},
        without("typed"),
        without("at"),
        having(more=1),
        having(at="yesterday"),
        having(at="2026-06-16T11:40:00"),
        having(at=5),
        having(record=5),
        having(record_id="5"),
        having(record_id=True),
        having(customer_id=1.5),
        having(title=None),
        having(base=[]),
        having(typed="x"),
        having(typed={"channels": 60}),
        having(base={}),
        having(session=None),
        having(session="../../x"),
    ],
)
def test_a_file_that_is_no_draft_is_not_offered(
    folder: Path, damage: Callable[[dict[str, Any]], Any]
) -> None:
    path = end(folder, ENDED)
    path.write_text(json.dumps(damage(json.loads(path.read_text()))))
    assert Drafts(folder).left() == []


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"\x00" * 100, b"[" * 100_000, b'{"a": 1e999}'])
def test_a_file_that_is_not_json_is_not_offered(folder: Path, data: bytes) -> None:
    end(folder, ENDED).write_bytes(data)
    assert Drafts(folder).left() == []


def test_a_half_written_file_is_not_offered(folder: Path) -> None:
    path = end(folder, ENDED)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert Drafts(folder).left() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.recursive(st.none() | st.integers() | st.text(), lambda some: st.dictionaries(st.text(), some)))
def test_no_json_at_all_breaks_the_start(folder: Path, value: Any) -> None:
    path = end(folder, ENDED)
    kept = json.loads(path.read_text())
    for name in kept:
        path.write_text(json.dumps({**kept, name: value}))
        for left in Drafts(folder).left():
            assert isinstance(left.title, str)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_can_not_be_written_is_said(folder: Path) -> None:
    folder.mkdir(mode=0o500)
    with pytest.raises(CxError, match="can't be written"):
        Drafts(folder).keep(DRAFT)
    Drafts(folder).drop(DRAFT)
    assert Drafts(folder).left() == []


def test_a_file_where_the_folder_should_be_is_said(folder: Path) -> None:
    folder.write_text("no folder")
    with pytest.raises(CxError):
        Drafts(folder).keep(DRAFT)
    Drafts(folder).drop(DRAFT)
    assert Drafts(folder).of_form(DRAFT) is None
    assert Drafts(folder).left() == []
