"""Recordings are found by the Call-ID in their names, and deleted when their time is over."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cx_tui.commands.main import run
from cx_tui.config import Settings
from cx_tui.config.settings import Switch
from cx_tui.db.engine import Database
from cx_tui.errors import NotFound
from cx_tui.services.audio.recordings import Recording
from cx_tui.services.seeding.sounds import tone
from cx_tui.services.session import Session
from tests.calls.made import NOON, a_call, put
from tests.conftest import opened
from tests.conftest import run as carry_out
from tests.db.sessions import ANA, add

PLACES = "/{year}-{month}-{day}/rec-*{call_id}*"


@pytest.fixture
async def session(database: Database, tmp_path: Path) -> Session:
    """What Ana can do, with calls of a customer."""
    session = Session(database, ANA, Settings(switch=Switch(recordings=f"{tmp_path}/calls{PLACES}")))
    await add(session, recording_days=30)
    return session


def folder(tmp_path: Path, at: datetime = NOON) -> Path:
    """Where calls of a day are recorded."""
    found = tmp_path / "calls" / f"{at:%Y-%m-%d}"
    found.mkdir(parents=True, exist_ok=True)
    return found


def names(found: "list[Recording] | tuple[Recording, ...]") -> list[str]:
    """The names of the files."""
    return [one.path.name for one in found]


async def test_recordings_of_a_call_have_its_id_in_their_names(session: Session, tmp_path: Path) -> None:
    here = folder(tmp_path)
    tone(here / "rec-a1@sw-in.wav", 2)
    tone(here / "rec-a1@sw-out.wav", 3)
    tone(here / "rec-b2@sw.wav", 1)
    (here / "rec-a1@sw.txt").write_text("no sound")
    tone(folder(tmp_path, NOON + timedelta(days=1)) / "rec-a1@sw.wav", 1)
    found = await session.recordings.of_call(a_call("a1@sw", talk=9))
    assert [(one.path.name, one.seconds) for one in found] == [
        ("rec-a1@sw-in.wav", 2),
        ("rec-a1@sw-out.wav", 3),
    ]
    assert names(list(await session.recordings.of_call(a_call("b2@sw+tag7", talk=9)))) == ["rec-b2@sw.wav"]


async def test_a_call_id_is_a_name_and_never_a_pattern_or_a_path(session: Session, tmp_path: Path) -> None:
    tone(folder(tmp_path) / "rec-a1.wav", 1)
    for key in ("*", "a?", "[a]1", "../a1", "", "/"):
        assert await session.recordings.of_call(a_call(key, talk=9)) == []


@pytest.mark.parametrize("place", ["{customer}/{call_id}/*", "*/{call_id}.wav", "{call_id}.wav"])
async def test_any_part_of_the_path_may_be_filled_in(database: Database, tmp_path: Path, place: str) -> None:
    path = tmp_path / place.replace("{customer}", "1").replace("{call_id}", "a[1]").replace("*", "x.wav", 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    tone(path, 1)
    session = Session(database, ANA, Settings(switch=Switch(recordings=f"{tmp_path}/{place}")))
    (one,) = await session.recordings.of_call(a_call("a[1]", talk=9))
    assert one.path == path
    assert await session.recordings.of_call(a_call("a1", talk=9)) == []


async def test_what_the_record_names_counts_only_among_the_recordings(
    session: Session, tmp_path: Path
) -> None:
    tone(folder(tmp_path) / "other.wav", 1)
    tone(tmp_path / "secret.wav", 1)
    inside = f"{NOON:%Y-%m-%d}/other.wav"
    for named in (inside, f"{tmp_path}/calls/{inside}"):
        found = await session.recordings.of_call(a_call("c3", talk=9, recording=named))
        assert names(list(found)) == ["other.wav"]
    for named in ("../secret.wav", f"{tmp_path}/secret.wav", "/etc/passwd"):
        assert await session.recordings.of_call(a_call("c3", talk=9, recording=named)) == []


async def test_those_of_a_customer_and_those_whose_time_is_over(session: Session, tmp_path: Path) -> None:
    await add(session, "Globex")
    now = datetime.now(UTC).replace(microsecond=0)
    for key, customer, days in (("new", 1, 2), ("old", 1, 31), ("theirs", 2, 31), ("none", 1, 40)):
        at = now - timedelta(days=days)
        await put(session.database, [a_call(key, customer=customer, at=at, talk=5)])
        if key != "none":
            tone(folder(tmp_path, at) / f"rec-{key}.wav", 1)
    recordings = session.recordings
    assert names(list(await recordings.of_customer(1))) == ["rec-new.wav", "rec-old.wav"]
    assert await recordings.retentions() == [(1, 30)]
    expired = await recordings.expired(1, 30, now)
    assert names(list(expired)) == ["rec-old.wav"]
    assert await recordings.delete(expired) == 1
    assert await recordings.delete(expired) == 0
    assert names(list(await recordings.of_customer(1))) == ["rec-new.wav"]


async def test_it_is_said_when_no_place_is_set(database: Database) -> None:
    session = Session(database, ANA)
    with pytest.raises(NotFound, match=r"switch\.recordings says it"):
        await session.recordings.of_call(a_call("a1", talk=9))


def test_the_command_deletes_only_what_it_is_told_to(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = datetime.now(UTC) - timedelta(days=40)

    async def prepare() -> None:
        async with opened(database_url) as database:
            await add(Session(database, ANA), recording_days=30)
            await put(database, [a_call("old", at=at, talk=5)])

    carry_out(prepare())
    tone(folder(tmp_path, at) / "rec-old.wav", 1)
    more = ["--db", database_url, "--set", f"switch.recordings={tmp_path}/calls{PLACES}"]
    file = folder(tmp_path, at) / "rec-old.wav"
    assert run(["recordings", "list", "Acme", "--json", *more]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(file)
    assert run(["recordings", "expire", *more]) == 0
    assert "1 recording would be deleted; --apply deletes them" in capsys.readouterr().out
    assert file.exists()
    assert run(["recordings", "expire", "--apply", *more]) == 0
    assert not file.exists()
