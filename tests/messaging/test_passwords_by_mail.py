"""A new password that is mailed: set and queued together, seen by its contact alone, and then taken out."""

from email import message_from_bytes, policy
from typing import Any

import pytest

from cx_tui.db.engine import Database
from cx_tui.domain.outbox import State, Template, Way
from cx_tui.domain.passwords import matches
from cx_tui.errors import Refused
from cx_tui.services.session import Session
from tests.db.sessions import add, add_contact
from tests.messaging.deliveries import mailing, sent, session_of, states
from tests.messaging.servers import Scripted, scripted


@pytest.fixture
def session(database: Database) -> Session:
    return session_of(database)


async def a_contact(session: Session, **values: Any) -> Any:
    one = await add(session, "Acme")
    return await add_contact(session, one.id, "Ana", **{"email": "ana@acme.example", **values})


def password_in(server: Scripted) -> str:
    """The password as the contact reads it: the same in the text and in its HTML."""
    letter: Any = message_from_bytes(server.letters[0].removesuffix(b".\r\n"), policy=policy.default)
    plain = letter.get_body(("plain",)).get_content()
    found = next(line.strip() for line in plain.splitlines() if line.startswith("    "))
    assert found in letter.get_body(("html",)).get_content()
    return str(found)


async def test_a_new_password_reaches_its_contact_and_lets_them_in(session: Session) -> None:
    contact = await a_contact(session)
    job = await session.outbox.mail_password(contact)
    async with scripted() as server, mailing(session.database, server.port) as post:
        assert str((await post.run_due())[Way.EMAIL]) == "1 sent"
    password = password_in(server)
    kept = await session.records_of["contact"].get(contact.id)
    assert matches(password, kept.password_hash)
    (one,) = await sent(session, job)
    assert password not in f"{one}", "it is taken out when it was sent"
    assert "********" in (one.body or "")


async def test_operators_do_not_see_it_while_it_waits(session: Session) -> None:
    job = await session.outbox.mail_password(await a_contact(session))
    (one,) = await sent(session, job)
    password = one.filled["password"]
    subject, body = one.subject or job.subject, one.body or ""
    assert password not in subject + body + job.body
    assert "Dear Ana" in body


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "554 5.7.1 spam"])
async def test_a_letter_that_is_refused_keeps_no_password_and_is_not_sent_again_without_it(
    session: Session, answer: str
) -> None:
    job = await session.outbox.mail_password(await a_contact(session))
    async with scripted(dot=[answer]) as server, mailing(session.database, server.port) as post:
        await post.run_due()
        (one,) = await sent(session, job)
        assert (one.state, one.filled["password"]) == (State.FAILED, "********")
        await session.outbox.send_again([one.id])
        await post.run_due()
    (one,) = await sent(session, job)
    assert one.answer == "the password was taken out when it was sent; make a new one and mail that"
    assert len(server.letters) == 1


async def test_it_goes_to_a_contact_who_has_opted_out_of_other_messages(session: Session) -> None:
    job = await session.outbox.mail_password(await a_contact(session, no_email=True))
    assert await states(session, job) == {State.QUEUED: 1}


async def test_without_an_address_nothing_is_changed(session: Session) -> None:
    contact = await a_contact(session, email=None)
    with pytest.raises(Refused, match="Ana has no e-mail address"):
        await session.outbox.mail_password(contact)
    assert (await session.records_of["contact"].get(contact.id)).password_hash == ""


async def test_a_template_of_ones_own_takes_the_place_of_the_programs(session: Session) -> None:
    contact = await a_contact(session)
    own = Template(
        name="Portal password", subject="Key for {{ customer.name }}", body="Only {{ password }}",
        changed_at=contact.created_at,
    )  # fmt: skip
    await session.outbox.keep_template(own)
    job = await session.outbox.mail_password(contact)
    assert job.subject == "Key for Acme"
    own.body = "Nothing here"
    await session.outbox.keep_template(own)
    with pytest.raises(Refused, match="has no"):
        await session.outbox.mail_password(await session.records_of["contact"].get(contact.id))
