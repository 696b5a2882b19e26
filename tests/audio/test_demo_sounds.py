"""A demo's switch has recorded something, in a folder that goes with it."""

from datetime import UTC, datetime, timedelta

import pytest

from cx_tui.config import Settings
from cx_tui.db.engine import Database
from cx_tui.services.seeding import sounds
from cx_tui.services.session import Session
from tests.calls.made import a_call, put
from tests.db.companies import made
from tests.db.sessions import ANA, add


async def test_users_with_voicemail_have_messages_and_calls_are_recorded(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sounds, "LATER", 0)
    demo = sounds.DemoSounds(Settings())
    session = Session(database, ANA, demo.settings)
    await add(session)
    with_mail = await made(session, "sip-user", customer_id=1, username="u1", voicemail=True)
    without = await made(session, "sip-user", customer_id=1, username="u2")
    call = a_call("c1", at=datetime.now(UTC) - timedelta(hours=1), talk=3)
    await put(session.database, [call])
    await demo.fill(session)
    users = session.records_of["sip-user"]
    messages = await session.voicemail.messages(await users.get(with_mail))
    assert messages
    assert all(one.seconds and one.caller and one.size > 16_000 for one in messages)
    assert await session.voicemail.messages(await users.get(without)) == []
    (recording,) = await session.recordings.of_call(call)
    assert recording.seconds == 3
    await demo.close()
    assert not recording.path.exists()
