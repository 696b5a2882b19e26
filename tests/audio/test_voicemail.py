"""Voicemail messages are read as switches write them, saved, and deleted with all of their files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cx_tui.config import Settings
from cx_tui.config.patterns import VOICEMAIL
from cx_tui.config.settings import Switch
from cx_tui.db.engine import Database
from cx_tui.domain.records.sip_user import SipUser
from cx_tui.errors import NotFound, Refused
from cx_tui.services.audio.voicemail import Message
from cx_tui.services.seeding.sounds import tone
from cx_tui.services.session import Session
from tests.db.companies import made
from tests.db.sessions import ANA, add, last

SAID = """[message]
origmailbox=acme01
callerid="Ana Novak" <447700900123>
origtime=1781611200
duration=7
"""


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    """Where a switch keeps the messages of acme01."""
    own = tmp_path / "spool" / "acme01"
    for name in ("INBOX", "Old"):
        (own / name).mkdir(parents=True)
    return own


@pytest.fixture
async def session(database: Database, spool: Path) -> Session:
    """What Ana can do at a customer with a SIP user."""
    settings = Settings(switch=Switch(voicemail=f"{spool.parent}/{{username}}"))
    session = Session(database, ANA, settings)
    await add(session)
    await made(session, "sip-user", customer_id=1, username="acme01")
    return session


async def user(session: Session) -> SipUser:
    """The SIP user."""
    (found,) = await session.records_of["sip-user"].of_owner(1)
    assert isinstance(found, SipUser)
    return found


async def messages(session: Session) -> list[Message]:
    """The messages of the user."""
    return list(await session.voicemail.messages(await user(session)))


async def test_asterisk_says_who_called_and_when(session: Session, spool: Path) -> None:
    tone(spool / "INBOX" / "msg0000.wav", 2)
    (spool / "INBOX" / "msg0000.WAV").write_bytes(b"RIFF of GSM")
    (spool / "INBOX" / "msg0000.txt").write_text(SAID)
    tone(spool / "Old" / "msg0000.wav", 3)
    (spool / "Old" / "msg0001.gsm").write_bytes(bytes(16_500))
    tone(spool / "unavail.wav", 1)
    (spool / "INBOX" / "msg0009.txt").write_text("a text without a sound")
    found = {(one.folder, one.path.name): one for one in await messages(session)}
    assert set(found) == {("INBOX", "msg0000.wav"), ("Old", "msg0000.wav"), ("Old", "msg0001.gsm")}
    first = found["INBOX", "msg0000.wav"]
    assert (first.caller, first.seconds) == ("447700900123 Ana Novak", 7)
    assert first.at == datetime(2026, 6, 16, 12, tzinfo=UTC)
    assert found["Old", "msg0000.wav"].seconds == 3
    assert (found["Old", "msg0001.gsm"].seconds, found["Old", "msg0001.gsm"].caller) == (10, "")


async def test_freeswitch_writes_only_the_sound(session: Session, spool: Path) -> None:
    tone(spool / "msg_6f8c.wav", 4)
    (one,) = await messages(session)
    assert (one.folder, one.caller, one.seconds) == ("", "", 4)
    assert abs((datetime.now(UTC) - one.at).total_seconds()) < 60


@pytest.mark.parametrize(
    "said", ["", "no section", "[message]\ncallerid=%(x)s\norigtime=soon\nduration=\xff"]
)
async def test_what_stands_beside_may_be_anything(session: Session, spool: Path, said: str) -> None:
    tone(spool / "INBOX" / "msg0000.wav", 1)
    (spool / "INBOX" / "msg0000.txt").write_bytes(said.encode("latin-1"))
    (one,) = await messages(session)
    assert one.seconds == 1


async def test_a_saved_message_is_its_owners_alone_and_what_was_there_is_replaced_in_one_step(
    session: Session, spool: Path, tmp_path: Path
) -> None:
    tone(spool / "INBOX" / "msg0000.wav", 1)
    (one,) = await messages(session)
    target = tmp_path / "saved.wav"
    await session.voicemail.save(one, target)
    assert target.read_bytes() == one.path.read_bytes()
    assert target.stat().st_mode & 0o777 == 0o600
    target.write_text("another")
    target.chmod(0o644)
    await session.voicemail.save(one, target)
    assert target.read_bytes() == one.path.read_bytes()
    assert target.stat().st_mode & 0o777 == 0o600


async def test_a_deleted_message_is_gone_with_all_of_its_files_and_in_the_log(
    session: Session, spool: Path
) -> None:
    for place in range(2):
        tone(spool / "INBOX" / f"msg000{place}.wav", 1)
        (spool / "INBOX" / f"msg000{place}.txt").write_text(SAID)
    (spool / "INBOX" / "msg0000.gsm").write_bytes(b"x")
    first = next(one for one in await messages(session) if one.path.stem == "msg0000")
    await session.voicemail.delete(await user(session), first)
    assert sorted(one.name for one in (spool / "INBOX").iterdir()) == ["msg0001.txt", "msg0001.wav"]
    operation, changes = await last(session)
    assert operation.title == (
        "Delete the voicemail message of acme01 of 2026-06-16 12:00 UTC from 447700900123 Ana Novak"
    )
    assert [(one.record, one.customer_id) for one in changes] == [("sip-user", 1)]
    with pytest.raises(Refused, match="can't be brought back"):
        await session.log.undo(operation.id)
    with pytest.raises(NotFound, match="not there any more"):
        await session.voicemail.delete(await user(session), first)
    assert (await last(session))[0].id == operation.id


async def test_no_name_leads_out_of_the_folder(session: Session, spool: Path) -> None:
    tone(spool / "INBOX" / "msg0000.wav", 1)
    (spool.parent / "other").mkdir()
    (spool.parent / "other" / "INBOX").symlink_to(spool / "INBOX")
    found = await user(session)
    for name in ("..", "*", "acme0?", "../spool/acme01", "other"):
        found.username = name
        assert await session.voicemail.messages(found) == []


async def test_it_is_said_when_no_folder_is_set(database: Database) -> None:
    session = Session(database, ANA)
    await add(session)
    await made(session, "sip-user", customer_id=1, username="acme01")
    with pytest.raises(NotFound, match=r"switch\.voicemail says it"):
        await messages(session)


@pytest.mark.parametrize("text", ["/var/spool", "spool/{username}", "/{user}", "/a/../{username}"])
def test_the_setting_is_a_whole_path_with_the_name_of_the_user(text: str) -> None:
    with pytest.raises(ValueError, match=r"give a whole path with \{username\}"):
        VOICEMAIL.check(text)


def test_the_setting_may_be_empty_or_have_the_realm() -> None:
    assert VOICEMAIL.check("") == ""
    assert VOICEMAIL.check("/var/vm/{realm}/{username}") == "/var/vm/{realm}/{username}"
