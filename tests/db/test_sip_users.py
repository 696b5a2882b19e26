"""SIP users and number blocks: what holds between records, on both databases."""

import asyncio

import pytest

from cx_tui.db.engine import Database, connect
from cx_tui.domain.fields import fields_of
from cx_tui.domain.records.sip_user import SipUser
from cx_tui.domain.sip_passwords import digests
from cx_tui.errors import Invalid, Refused
from cx_tui.services.records.as_written import USUAL_REALM
from cx_tui.services.session import Session
from tests.db.record_uploads import sent
from tests.db.sessions import ANA, add

PASSWORD = "a-Long-secret-7"


@pytest.fixture
def session(database: Database) -> Session:
    return Session(database, ANA)


async def test_a_password_is_kept_as_digests_only(session: Session) -> None:
    acme = await add(session, "Acme", channels=10)
    users = session.records_of["sip-user"]
    typed = fields_of(SipUser)["password"].parse(PASSWORD)
    made = (await users.create({"customer_id": acme.id, "username": "acme01", "password": typed})).record
    assert (await users.get(made.id)).password == digests("acme01", USUAL_REALM, PASSWORD)
    with pytest.raises(Invalid, match="set a new one"):
        await users.save(made, {"username": "acme02"})


async def test_a_user_name_is_unique_over_all_customers(session: Session) -> None:
    acme, bolt = await add(session, "Acme", channels=10), await add(session, "Bolt", channels=10)
    users = session.records_of["sip-user"]
    await users.create({"customer_id": acme.id, "username": "same"})
    with pytest.raises(Invalid, match="Duplicate user detected"):
        await users.create({"customer_id": bolt.id, "username": "same"})


async def test_the_channels_of_all_users_fit_those_of_the_customer(session: Session) -> None:
    acme = await add(session, "Acme", channels=10)
    users = session.records_of["sip-user"]
    first = (await users.create({"customer_id": acme.id, "username": "u1", "channels": 6})).record
    with pytest.raises(Invalid, match="No channel capacity available for the account"):
        await users.create({"customer_id": acme.id, "username": "u2", "channels": 5})
    await users.create({"customer_id": acme.id, "username": "u2", "channels": 4})
    await users.save(first, {"channels": 5})


async def test_neither_a_file_nor_a_bulk_edit_is_a_way_round_the_channels_or_the_blocks(
    session: Session,
) -> None:
    acme = await add(session, "Acme", channels=10)
    users = session.records_of["sip-user"]
    ids = [
        (await users.create({"customer_id": acme.id, "username": f"u{one}", "channels": 4})).record.id
        for one in (1, 2)
    ]
    bulk = session.bulk_of(SipUser)
    with pytest.raises(Refused, match="No channel capacity available"):
        await bulk.edit(ids, {"channels": 6})
    await bulk.edit(ids, {"channels": 3})
    done = await sent(session, "sip-user", "Customer,Username,Channels\nAcme,u3,3\nAcme,u4,2\nAcme,u5,1\n")
    assert done.verdicts == ["create", "error", "create"]
    assert "other SIP users have 9; 1 are left" in done.why(3)
    await session.records_of["number-range"].create({"name": "Numbers", "first": 1000, "size": 1000})
    await session.assign_number_block(acme.id)
    done = await sent(session, "sip-user", "Customer,Username\nAcme,u6\nAcme,1500\n")
    assert done.verdicts == ["error", "create"]


async def test_blocks_follow_each_other_and_users_are_named_from_them(session: Session) -> None:
    acme = await add(session, "Acme", channels=10)
    with pytest.raises(Refused, match="no number range is set"):
        await session.assign_number_block(acme.id)
    await session.records_of["number-range"].create({"name": "Numbers", "first": 1000, "size": 1000})
    assert (await session.assign_number_block(acme.id)).block.first == 1000
    given = await session.assign_number_block(acme.id)
    assert (given.block.first, given.block.last, given.had_before) == (2000, 2999, False)
    users = session.records_of["sip-user"]
    with pytest.raises(Invalid, match="1000 to 1999, 2000 to 2999"):
        await users.create({"customer_id": acme.id, "username": "acme"})
    await users.create({"customer_id": acme.id, "username": "2001"})


async def test_a_released_block_is_given_again_only_when_there_is_no_other(session: Session) -> None:
    acme = await add(session, "Acme")
    values = {"name": "Numbers", "first": 1000, "size": 1000, "last": 3999}
    await session.records_of["number-range"].create(values)
    first = (await session.assign_number_block(acme.id)).block
    await session.records_of["number-block"].delete(first.id)
    assert [(await session.assign_number_block(acme.id)).block.first for _ in range(2)] == [2000, 3000]
    again = await session.assign_number_block(acme.id)
    assert (again.block.first, again.had_before) == (1000, True)
    with pytest.raises(Refused, match="no block is free"):
        await session.assign_number_block(acme.id)


async def test_nobody_gets_a_block_that_another_gets_at_the_same_moment(
    session: Session, database_url: str
) -> None:
    acme = await add(session, "Acme")
    await session.records_of["number-range"].create({"name": "Numbers", "first": 1000, "size": 10})
    others = [connect(database_url) for _ in range(8)]
    try:
        given = await asyncio.gather(
            *(Session(one, ANA).assign_number_block(acme.id) for one in others for _ in range(3))
        )
    finally:
        for one in others:
            await one.close()
    assert sorted(one.block.first for one in given) == list(range(1000, 1240, 10))
