"""Ordering messages: who gets what, what is kept of it, and what an operator may still change."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from cx_tui.db import claims, outbox
from cx_tui.db.claims import Result
from cx_tui.db.engine import Database
from cx_tui.db.outbox_tables import job, message
from cx_tui.domain.history import Act
from cx_tui.domain.outbox import Message, Reach, State, Template, Way
from cx_tui.errors import Invalid, NotFound, Refused
from cx_tui.services.sending.draft_message import DraftMessage, check
from cx_tui.services.sending.opt_outs import OptOuts, token_of
from cx_tui.services.session import Session
from tests.db.sessions import ANA, add, add_contact, last, noted, scalar
from tests.messaging.deliveries import ordered, people, sent, session_of, states, strangers, write

NOW = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
MAIL = DraftMessage(Way.EMAIL, "Hello", "Outage")


@pytest.fixture
def session(database: Database) -> Session:
    return session_of(database)


async def taken(database: Database, token: str = "here:1:a", limit: int = 10) -> list[Message]:
    async with claims.claims(database, Way.EMAIL, token) as mine:
        return await mine.take(limit)


async def settled(database: Database, *results: Result, token: str = "here:1:a") -> bool:
    async with claims.claims(database, Way.EMAIL, token) as mine:
        return await mine.settle(results)


async def test_contacts_are_counted_by_whether_a_message_can_reach_them(session: Session) -> None:
    one = await add(session)
    await add_contact(session, one.id, "Ana", email="ana@acme.example")
    await add_contact(session, one.id, "Ben", mobile="+447700900123")
    await add_contact(session, one.id, "Cy", email="cy@acme.example", no_email=True)
    gone = await add_contact(session, one.id, "Di", email="di@acme.example")
    await session.records_of["contact"].delete(gone.id)
    mail = await session.outbox.recipients(Way.EMAIL, [one.id])
    sms = await session.outbox.recipients(Way.SMS, [one.id])
    assert [(each.name, each.reach) for each in mail] == [
        ("Ana", Reach.WILL), ("Ben", Reach.NO_ADDRESS), ("Cy", Reach.OPTED_OUT),
    ]  # fmt: skip
    assert [(each.address, each.reach) for each in sms if each.reach is Reach.WILL] == [
        ("+447700900123", Reach.WILL)
    ]


async def test_an_order_is_one_message_for_each_contact_who_can_be_reached(session: Session) -> None:
    one = await add(session)
    for name in ("ana", "ben"):
        await add_contact(session, one.id, name, email=f"{name}@acme.example")
    await add_contact(session, one.id, "Cy")
    steps: list[tuple[int, int]] = []
    recipients = await session.outbox.recipients(Way.EMAIL, [one.id])
    job = await session.outbox.order(MAIL, recipients, lambda done, of: steps.append((done, of)))
    kept = await sent(session, job)
    assert [each.address for each in kept] == ["ana@acme.example", "ben@acme.example"]
    assert {each.state for each in kept} == {State.QUEUED}
    assert {(each.subject, each.body) for each in kept} == {(None, None)}
    assert steps == [(2, 2)]


async def test_who_can_not_be_reached_any_more_when_it_is_ordered_gets_nothing(session: Session) -> None:
    acme, bolt = await add(session, "Acme"), await add(session, "Bolt")
    ana, ben, cy = [
        await add_contact(session, acme.id, name, email=f"{name}@acme.example")
        for name in ("ana", "ben", "cy")
    ]
    dan = await add_contact(session, acme.id, "dan", email="dan@acme.example")
    await add_contact(session, bolt.id, "eve", email="eve@bolt.example")
    chosen = await session.outbox.recipients(Way.EMAIL, [acme.id, bolt.id])
    contacts = session.records_of["contact"]
    await contacts.save(ana, {"no_email": True})
    await contacts.delete(ben.id)
    await contacts.save(cy, {"email": None})
    await contacts.save(dan, {"email": "daniel@acme.example"})
    await session.bulk.delete([bolt.id])
    job = await session.outbox.order(MAIL, chosen)
    assert [(each.name, each.address) for each in await sent(session, job)] == [
        ("dan", "daniel@acme.example")
    ]
    operation, changes = await last(session)
    assert operation.title == "E-mail to 1: Outage"
    assert [change.record_id for change in changes] == [acme.id]
    await contacts.save(await contacts.get(dan.id), {"no_email": True})
    before = await noted(session.database)
    with pytest.raises(Refused, match="none of them can be reached"):
        await session.outbox.order(MAIL, chosen)
    assert await noted(session.database) == before


async def test_what_waits_for_somebody_who_unsubscribes_or_goes_is_taken_back(session: Session) -> None:
    acme = await add(session, "Acme")
    ana, ben, _ = [
        await add_contact(session, acme.id, name, email=f"{name}@acme.example")
        for name in ("ana", "ben", "cy")
    ]
    job = await session.outbox.order(MAIL, await session.outbox.recipients(Way.EMAIL, [acme.id]))
    contacts = session.records_of["contact"]
    await contacts.save(ana, {"no_email": True})
    await contacts.delete(ben.id)
    kept = {each.name: (each.state, each.answer) for each in await sent(session, job)}
    assert kept == {
        "ana": (State.CANCELLED, "opted out, or no longer there"),
        "ben": (State.CANCELLED, "opted out, or no longer there"),
        "cy": (State.QUEUED, ""),
    }


async def test_e_mail_and_sms_are_opted_out_of_apart(session: Session) -> None:
    acme = await add(session, "Acme")
    ana = await add_contact(
        session, acme.id, "ana", email="ana@acme.example", mobile="+447700900123", no_sms=True
    )
    reach = {way: (await session.outbox.recipients(way, [acme.id]))[0].reach for way in Way}
    assert reach == {Way.EMAIL: Reach.WILL, Way.SMS: Reach.OPTED_OUT}
    job = await session.outbox.order(MAIL, await session.outbox.recipients(Way.EMAIL, [acme.id]))
    await session.records_of["contact"].save(ana, {"no_sms": False})
    assert await states(session, job) == {State.QUEUED: 1}
    await session.records_of["contact"].save(ana, {"no_email": True})
    assert await states(session, job) == {State.CANCELLED: 1}


async def test_a_service_notice_goes_to_those_who_have_opted_out_and_stays_when_they_do(
    session: Session,
) -> None:
    acme = await add(session, "Acme")
    ana = await add_contact(session, acme.id, "ana", email="ana@acme.example", no_email=True)
    ben = await add_contact(session, acme.id, "ben", email="ben@acme.example")
    chosen = await session.outbox.recipients(Way.EMAIL, [acme.id], service=True)
    assert [one.reach for one in chosen] == [Reach.WILL, Reach.WILL]
    job = await session.outbox.order(replace(MAIL, service=True), chosen)
    contacts = session.records_of["contact"]
    await contacts.save(ben, {"no_email": True})
    assert await states(session, job) == {State.QUEUED: 2}
    await contacts.delete(ana.id)
    assert await states(session, job) == {State.QUEUED: 1, State.CANCELLED: 1}


async def test_what_is_sent_again_does_not_go_to_who_has_opted_out_meanwhile(session: Session) -> None:
    job = await ordered(session, number=2)
    await write(session.database, state=State.FAILED)
    first, second = await sent(session, job)
    contacts = session.records_of["contact"]
    await contacts.save(await contacts.get(first.contact_id), {"no_email": True})
    assert await session.outbox.send_again([first.id, second.id]) == 1
    assert await states(session, job) == {State.CANCELLED: 1, State.QUEUED: 1}


async def test_a_number_that_two_contacts_have_gets_an_sms_once(session: Session) -> None:
    acme, bolt = await add(session, "Acme"), await add(session, "Bolt")
    for one in (acme, bolt):
        await add_contact(session, one.id, "Ana", mobile="+447700900123")
    chosen = await session.outbox.recipients(Way.SMS, [acme.id, bolt.id])
    assert [one.reach for one in chosen] == [Reach.WILL, Reach.SAME]
    apart = [(await session.outbox.recipients(Way.SMS, [one.id]))[0] for one in (acme, bolt)]
    assert (await session.outbox.order(DraftMessage(Way.SMS, "x"), apart)).messages == 1


async def test_a_customer_without_contacts_is_among_those_who_do_not_get_it(session: Session) -> None:
    acme = await add(session, "Acme")
    (nobody,) = await session.outbox.recipients(Way.EMAIL, [acme.id])
    assert (nobody.customer_id, nobody.reach) == (acme.id, Reach.NOBODY)


async def test_who_opted_out_is_listed_and_can_be_added_by_address_number_or_token(
    session: Session,
) -> None:
    job = await ordered(session, number=3)
    first, _, third = await sent(session, job)
    opt_outs = OptOuts(session.database, ANA)
    assert await opt_outs.listed() == []
    await opt_outs.add([Way.EMAIL], token_of(job.key, first.id))
    await opt_outs.add(list(Way), third.address)
    (phone,) = await opt_outs.add([Way.SMS], "+447700900001")
    assert phone.name == "Person 1"
    assert [(one.name, one.ways) for one in await opt_outs.listed()] == [
        ("Person 0", (Way.EMAIL,)), ("Person 1", (Way.SMS,)), ("Person 2", tuple(Way)),
    ]  # fmt: skip
    for nobody in ("x@y.example", "", token_of("guess", first.id), token_of(job.key, 10**12)):
        with pytest.raises(NotFound):
            await opt_outs.add([Way.EMAIL], nobody)
    assert (await last(session))[0].title == "contact Person 1: No SMS"


async def test_nobody_to_reach_is_refused_and_nothing_is_kept(session: Session) -> None:
    one = await add(session)
    await add_contact(session, one.id, "Cy", no_email=True, email="cy@acme.example")
    before = await noted(session.database)
    with pytest.raises(Refused, match="none of them can be reached"):
        await session.outbox.order(MAIL, await session.outbox.recipients(Way.EMAIL, [one.id]))
    assert await noted(session.database) == before


async def test_an_order_stands_in_the_log_and_in_that_of_each_customer(session: Session) -> None:
    await ordered(session, number=2)
    operation, changes = await last(session)
    assert (operation.act, operation.who, operation.records) == (Act.SEND, ANA.name, 2)
    assert operation.title == "E-mail to 2: Outage"
    assert [(change.record_id, change.after) for change in changes] == [
        (1, {"message": "Outage"}), (2, {"message": "Outage"}),
    ]  # fmt: skip


async def test_what_was_sent_can_not_be_undone(session: Session) -> None:
    job = await ordered(session)
    with pytest.raises(Refused, match="what was sent can't be called back"):
        await session.log.undo(job.operation_id or 0)


async def test_an_order_that_is_cancelled_on_its_way_leaves_nothing(session: Session) -> None:
    ids = await people(session, 1)
    before = await noted(session.database)
    many = await strangers(session.database, 1000, ids)
    ordering = asyncio.current_task()

    def stop(done: int, of: int) -> None:
        task.cancel()

    task = asyncio.ensure_future(session.outbox.order(MAIL, many, stop))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ordering is asyncio.current_task()
    assert await noted(session.database) == before
    for table in (job, message):
        assert await scalar(session.database, select(func.count()).select_from(table)) == 0


async def test_fields_are_filled_for_each_and_kept(session: Session) -> None:
    wanted = "Dear {{ contact.name }} of {{ customer.name }}"
    job = await ordered(session, number=2, body=wanted)
    kept = await sent(session, job)
    assert [each.body for each in kept] == [f"Dear Person {n} of Customer {n}" for n in range(2)]
    assert [each.subject for each in kept] == [None, None]
    assert kept[0].filled == {"contact.name": "Person 0", "customer.name": "Customer 0"}


async def test_a_preview_is_what_a_recipient_will_see(session: Session) -> None:
    (one, *_) = await session.outbox.recipients(Way.EMAIL, await people(session))
    wanted = DraftMessage(Way.EMAIL, "Dear {{ contact.name }}", "For {{ customer.name }}")
    assert await session.outbox.preview(wanted, one) == ("For Customer 0", "Dear Person 0")


@pytest.mark.parametrize(
    ("wanted", "part", "said"),
    [
        (
            DraftMessage(Way.EMAIL, "a\nb {{ customer.nam }}", "x"),
            "body",
            "line 2, column 3: there is no field",
        ),
        (DraftMessage(Way.EMAIL, "x", "{{ x"), "subject", "line 1, column 1: this {{ has no }}"),
        (DraftMessage(Way.EMAIL, "x", " "), "subject", "an e-mail needs a subject"),
        (DraftMessage(Way.EMAIL, " ", "x"), "body", "there is nothing to send yet"),
        (
            DraftMessage(Way.EMAIL, "x", "x" * 301),
            "subject",
            "the subject has 301 characters; 300 are the most",
        ),
        (DraftMessage(Way.SMS, "x" * 1601), "body", "the SMS has 1,601 characters; 1,600 are the most"),
        (DraftMessage(Way.SMS, "x", files=(("a", b""),)), "files", "an SMS can't carry files"),
        (DraftMessage(Way.EMAIL, "x", "x", (("a\nb", b""),)), "files", "the name of a file can't hold"),
        (DraftMessage(Way.EMAIL, "[a](https://x/{{customer.name}})", "x"), "body", "a field can't be part"),
    ],
)
async def test_what_can_not_be_sent_is_said_before_anything_is_kept(
    session: Session, wanted: DraftMessage, part: str, said: str
) -> None:
    recipients = await session.outbox.recipients(wanted.way, await people(session, 1))
    with pytest.raises(Invalid) as caught:
        await session.outbox.order(wanted, recipients)
    assert caught.value.problems[part].startswith(said)


async def test_an_sms_that_a_value_makes_too_long_is_refused(session: Session) -> None:
    one = await add(session, "Acme", public_notes="x" * 1700)
    await add_contact(session, one.id, "Ana", mobile="+447700900123")
    recipients = await session.outbox.recipients(Way.SMS, [one.id])
    wanted = DraftMessage(Way.SMS, "{{ customer.public_notes }}")
    for act in (session.outbox.order, session.outbox.rehearse):
        with pytest.raises(Invalid, match="the SMS to Ana has 1,700 characters"):
            await act(wanted, recipients)
    assert await session.outbox.rehearse(DraftMessage(Way.SMS, "€" * 100), recipients) == 2


async def test_a_test_message_goes_to_oneself_with_what_another_would_read(session: Session) -> None:
    (one, *_) = await session.outbox.recipients(Way.EMAIL, await people(session))
    wanted = DraftMessage(Way.EMAIL, "Dear {{ contact.name }}", "Hi", due_at=NOW + timedelta(days=9999))
    (kept,) = await sent(session, await session.outbox.order_test(wanted, "me@acme.example", one))
    assert (kept.address, kept.body, kept.name) == ("me@acme.example", "Dear Person 0", "Test by ana")
    assert kept.filled == {"contact.name": "Person 0"}
    assert kept.due_at < datetime.now(UTC)
    with pytest.raises(Invalid):
        await session.outbox.order_test(wanted, "me", one)


async def test_two_programs_never_take_the_same_message(session: Session) -> None:
    await ordered(session, number=3)
    first, second = await taken(session.database, "a:1:a", 2), await taken(session.database, "b:1:b", 2)
    assert [len(first), len(second)] == [2, 1]
    assert {one.id for one in first} & {one.id for one in second} == set()


async def test_what_is_not_due_is_not_taken(session: Session) -> None:
    job = await ordered(session, due_at=datetime.now(UTC) + timedelta(hours=1))
    assert await taken(session.database) == []
    assert (await states(session, job)) == {State.QUEUED: 3}


async def test_only_who_has_the_claim_says_what_came_of_it(session: Session) -> None:
    job = await ordered(session, number=1)
    (one,) = await taken(session.database)
    result = Result(one.id, State.SENT, "250 ok", NOW, sent_at=NOW, reference="42")
    assert not await settled(session.database, result, token="b:1:b")
    assert await states(session, job) == {State.SENDING: 1}
    assert await settled(session.database, result)
    (kept,) = await sent(session, job)
    assert (kept.state, kept.answer, kept.reference, kept.sent_at) == (State.SENT, "250 ok", "42", NOW)
    assert (kept.claim, kept.attempts, kept.due_at) == (None, 1, NOW)


async def test_what_was_not_begun_is_as_if_it_had_not_been_touched(session: Session) -> None:
    job = await ordered(session, number=1)
    (one,) = await taken(session.database)
    assert await settled(session.database, Result(one.id, State.QUEUED, "", one.due_at, not_begun=True))
    (kept,) = await sent(session, job)
    assert (kept.state, kept.attempts, kept.claim) == (State.QUEUED, 0, None)


async def test_what_waits_can_be_cancelled_and_queued_again(session: Session) -> None:
    job = await ordered(session)
    assert await session.outbox.cancel(job.id) == 3
    assert await taken(session.database) == []
    (first, *_) = await sent(session, job)
    assert (first.state, first.answer) == (State.CANCELLED, "cancelled by ana")
    assert await session.outbox.send_again([first.id]) == 1
    assert [one.id for one in await taken(session.database)] == [first.id]


@pytest.mark.parametrize(("came", "stands"), [(State.SENT, State.SENT), (State.DELAYED, State.CANCELLED)])
async def test_what_is_cancelled_on_its_way_may_arrive_but_is_not_tried_again(
    session: Session, came: State, stands: State
) -> None:
    job = await ordered(session, number=1)
    (one,) = await taken(session.database)
    assert await session.outbox.cancel(job.id) == 1
    assert await session.outbox.send_again([one.id]) == 0, "somebody is still at it"
    assert await settled(session.database, Result(one.id, came, "", NOW))
    assert await states(session, job) == {stands: 1}


async def test_failed_messages_of_a_job_are_queued_again_from_the_beginning(session: Session) -> None:
    job = await ordered(session, number=2)
    first, second = await taken(session.database)
    await settled(
        session.database, Result(first.id, State.FAILED, "550", NOW), Result(second.id, State.SENT, "", NOW)
    )
    assert await session.outbox.send_failed_again(job.id) == 1
    assert await states(session, job) == {State.QUEUED: 1, State.SENT: 1}
    assert (await sent(session, job))[0].attempts == 0


async def test_claims_of_a_program_that_is_gone_are_free_again(session: Session) -> None:
    mail, sms = await ordered(session, number=1), await session.outbox.order(
        DraftMessage(Way.SMS, "Hello"), await session.outbox.recipients(Way.SMS, [1])
    )  # fmt: skip
    await taken(session.database, "gone:1:a")
    async with claims.claims(session.database, Way.SMS, "gone:1:a") as theirs:
        await theirs.take(5)
    async with session.database.writing() as connection:
        assert await claims.recover(connection, {"gone:1:a"}, NOW) == 2
        assert await outbox.next_look(connection) == NOW
    (letter,), (text,) = await sent(session, mail), await sent(session, sms)
    assert letter.state is State.QUEUED
    assert letter.answer == f"{claims.GONE}; it is sent again"
    assert text.state is State.UNKNOWN
    assert text.answer == f"{claims.GONE}; it may have been sent"


async def test_a_pause_says_why_and_since_when_until_it_is_taken_back(session: Session) -> None:
    async with session.database.writing() as connection:
        await outbox.set_pause(connection, Way.EMAIL, "no server", NOW)
        await outbox.set_pause(connection, Way.EMAIL, "still none", NOW + timedelta(hours=1))
    assert await session.outbox.pauses() == {"email": (NOW, "still none")}
    await session.outbox.try_again(Way.EMAIL)
    assert await session.outbox.pauses() == {}


async def test_a_template_is_kept_under_its_name_until_it_is_dropped(session: Session) -> None:
    for body in ("Hello", "Hello again"):
        await session.outbox.keep_template(Template(name="Outage", body=body, changed_at=NOW))
    (kept,) = [one for one in await session.outbox.templates() if one.id]
    assert (kept.name, kept.body, kept.way) == ("Outage", "Hello again", Way.EMAIL)
    await session.outbox.drop_template("Outage")
    with pytest.raises(NotFound, match='there is no template "Outage"'):
        await session.outbox.drop_template("Outage")


async def test_referral_templates_ship_with_the_program_and_can_be_replaced_but_not_deleted(
    session: Session,
) -> None:
    shipped = await session.outbox.templates()
    assert [(one.way, one.referral) for one in shipped] == [(Way.EMAIL, True), (Way.SMS, True)]
    for one in shipped:
        check(DraftMessage(one.way, one.body, one.subject))
    with pytest.raises(Refused, match="comes with the program"):
        await session.outbox.drop_template(shipped[0].name)
    mine = Template(name=shipped[0].name, body="Mine", changed_at=NOW, referral=True)
    await session.outbox.keep_template(mine)
    assert (await session.outbox.templates())[0].body == "Mine"
    await session.outbox.drop_template(shipped[0].name)
    assert await session.outbox.templates() == shipped


async def test_messages_are_found_by_a_part_of_an_address_or_by_their_customer(session: Session) -> None:
    first = await ordered(session, number=2)
    second = await session.outbox.order(MAIL, await session.outbox.recipients(Way.EMAIL, [1]))
    found = await session.outbox.found("P0@ACME")
    assert [(one.address, job.id) for one, job in found] == [
        ("p0@acme.example", second.id), ("p0@acme.example", first.id),
    ]  # fmt: skip
    assert await session.outbox.found("p_@acme") == []
    assert [one.name for one, _ in await session.outbox.found("", customer_id=2)] == ["Person 1"]


async def test_jobs_are_listed_with_how_far_they_are(session: Session) -> None:
    first = await ordered(session, number=2)
    second = await session.outbox.order(MAIL, await strangers(session.database, 1))
    found = await session.outbox.jobs(10)
    assert [(one.id, counts) for one, counts in found] == [
        (second.id, {State.QUEUED: 1}), (first.id, {State.QUEUED: 2}),
    ]  # fmt: skip
    assert [one.id for one, _ in await session.outbox.jobs(10, before=second.id)] == [first.id]
