"""Ordering messages: who gets what, what is kept of it, and what an operator may still change."""

import asyncio
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
from cx_tui.services.office import Office
from cx_tui.services.wanted import Wanted
from tests.db.offices import ANA, add, add_contact, last, noted, scalar
from tests.messaging.posts import office_of, ordered, people, sent, states, strangers

NOW = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
MAIL = Wanted(Way.EMAIL, "Hello", "Outage")


@pytest.fixture
def office(database: Database) -> Office:
    return office_of(database)


async def taken(database: Database, token: str = "here:1:a", limit: int = 10) -> list[Message]:
    async with claims.claims(database, Way.EMAIL, token) as mine:
        return await mine.take(limit)


async def settled(database: Database, *results: Result, token: str = "here:1:a") -> bool:
    async with claims.claims(database, Way.EMAIL, token) as mine:
        return await mine.settle(results)


async def test_contacts_are_counted_by_whether_a_message_can_reach_them(office: Office) -> None:
    one = await add(office)
    await add_contact(office, one.id, "Ana", email="ana@acme.example")
    await add_contact(office, one.id, "Ben", mobile="+447700900123")
    await add_contact(office, one.id, "Cy", email="cy@acme.example", unsubscribed=True)
    gone = await add_contact(office, one.id, "Di", email="di@acme.example")
    await office.cards["contact"].delete(gone.id)
    mail = await office.outbox.recipients(Way.EMAIL, [one.id])
    sms = await office.outbox.recipients(Way.SMS, [one.id])
    assert [(each.name, each.reach) for each in mail] == [
        ("Ana", Reach.WILL), ("Ben", Reach.NO_ADDRESS), ("Cy", Reach.UNSUBSCRIBED),
    ]  # fmt: skip
    assert [(each.address, each.reach) for each in sms if each.reach is Reach.WILL] == [
        ("+447700900123", Reach.WILL)
    ]


async def test_an_order_is_one_message_for_each_contact_who_can_be_reached(office: Office) -> None:
    one = await add(office)
    for name in ("ana", "ben"):
        await add_contact(office, one.id, name, email=f"{name}@acme.example")
    await add_contact(office, one.id, "Cy")
    steps: list[tuple[int, int]] = []
    recipients = await office.outbox.recipients(Way.EMAIL, [one.id])
    job = await office.outbox.order(MAIL, recipients, lambda done, of: steps.append((done, of)))
    kept = await sent(office, job)
    assert [each.address for each in kept] == ["ana@acme.example", "ben@acme.example"]
    assert {each.state for each in kept} == {State.QUEUED}
    assert {(each.subject, each.body) for each in kept} == {(None, None)}
    assert steps == [(2, 2)]


async def test_who_can_not_be_reached_any_more_when_it_is_ordered_gets_nothing(office: Office) -> None:
    acme, bolt = await add(office, "Acme"), await add(office, "Bolt")
    ana, ben, cy = [
        await add_contact(office, acme.id, name, email=f"{name}@acme.example")
        for name in ("ana", "ben", "cy")
    ]
    dan = await add_contact(office, acme.id, "dan", email="dan@acme.example")
    await add_contact(office, bolt.id, "eve", email="eve@bolt.example")
    chosen = await office.outbox.recipients(Way.EMAIL, [acme.id, bolt.id])
    contacts = office.cards["contact"]
    await contacts.save(ana, {"unsubscribed": True})
    await contacts.delete(ben.id)
    await contacts.save(cy, {"email": None})
    await contacts.save(dan, {"email": "daniel@acme.example"})
    await office.together.delete([bolt.id])
    job = await office.outbox.order(MAIL, chosen)
    assert [(each.name, each.address) for each in await sent(office, job)] == [("dan", "daniel@acme.example")]
    operation, changes = await last(office)
    assert operation.title == "E-mail to 1: Outage"
    assert [change.record_id for change in changes] == [acme.id]
    await contacts.save(await contacts.get(dan.id), {"unsubscribed": True})
    before = await noted(office.database)
    with pytest.raises(Refused, match="nobody of them can be reached"):
        await office.outbox.order(MAIL, chosen)
    assert await noted(office.database) == before


async def test_what_waits_for_somebody_who_unsubscribes_or_goes_is_taken_back(office: Office) -> None:
    acme = await add(office, "Acme")
    ana, ben, _ = [
        await add_contact(office, acme.id, name, email=f"{name}@acme.example")
        for name in ("ana", "ben", "cy")
    ]
    job = await office.outbox.order(MAIL, await office.outbox.recipients(Way.EMAIL, [acme.id]))
    contacts = office.cards["contact"]
    await contacts.save(ana, {"unsubscribed": True})
    await contacts.delete(ben.id)
    kept = {each.name: (each.state, each.answer) for each in await sent(office, job)}
    assert kept == {
        "ana": (State.CANCELLED, "unsubscribed, or no longer there"),
        "ben": (State.CANCELLED, "unsubscribed, or no longer there"),
        "cy": (State.QUEUED, ""),
    }


async def test_nobody_to_reach_is_refused_and_nothing_is_kept(office: Office) -> None:
    one = await add(office)
    await add_contact(office, one.id, "Cy", unsubscribed=True, email="cy@acme.example")
    before = await noted(office.database)
    with pytest.raises(Refused, match="nobody of them can be reached"):
        await office.outbox.order(MAIL, await office.outbox.recipients(Way.EMAIL, [one.id]))
    assert await noted(office.database) == before


async def test_an_order_stands_in_the_log_and_in_that_of_each_customer(office: Office) -> None:
    await ordered(office, number=2)
    operation, changes = await last(office)
    assert (operation.act, operation.who, operation.records) == (Act.SEND, ANA.name, 2)
    assert operation.title == "E-mail to 2: Outage"
    assert [(change.record_id, change.after) for change in changes] == [
        (1, {"message": "Outage"}), (2, {"message": "Outage"}),
    ]  # fmt: skip


async def test_what_was_sent_can_not_be_undone(office: Office) -> None:
    job = await ordered(office)
    with pytest.raises(Refused, match="what was sent can't be called back"):
        await office.log.undo(job.operation_id or 0)


async def test_an_order_that_is_cancelled_on_its_way_leaves_nothing(office: Office) -> None:
    ids = await people(office, 1)
    before = await noted(office.database)
    many = await strangers(office.database, 1000, ids)
    ordering = asyncio.current_task()

    def stop(done: int, of: int) -> None:
        task.cancel()

    task = asyncio.ensure_future(office.outbox.order(MAIL, many, stop))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ordering is asyncio.current_task()
    assert await noted(office.database) == before
    for table in (job, message):
        assert await scalar(office.database, select(func.count()).select_from(table)) == 0


async def test_fields_are_filled_for_each_and_kept(office: Office) -> None:
    wanted = "Dear {{ contact.name }} of {{ customer.name }}"
    job = await ordered(office, number=2, body=wanted)
    kept = await sent(office, job)
    assert [each.body for each in kept] == [f"Dear Person {n} of Customer {n}" for n in range(2)]
    assert [each.subject for each in kept] == [None, None]
    assert kept[0].filled == {"contact.name": "Person 0", "customer.name": "Customer 0"}


async def test_a_preview_is_what_a_recipient_will_see(office: Office) -> None:
    (one, *_) = await office.outbox.recipients(Way.EMAIL, await people(office))
    wanted = Wanted(Way.EMAIL, "Dear {{ contact.name }}", "For {{ customer.name }}")
    assert await office.outbox.preview(wanted, one) == ("For Customer 0", "Dear Person 0")


@pytest.mark.parametrize(
    ("wanted", "part", "said"),
    [
        (Wanted(Way.EMAIL, "a\nb {{ customer.nam }}", "x"), "body", "line 2, column 3: there is no field"),
        (Wanted(Way.EMAIL, "x", "{{ x"), "subject", "line 1, column 1: this {{ has no }}"),
        (Wanted(Way.EMAIL, "x", " "), "subject", "an e-mail needs a subject"),
        (Wanted(Way.EMAIL, " ", "x"), "body", "there is nothing to send yet"),
        (Wanted(Way.EMAIL, "x", "x" * 301), "subject", "the subject has 301 characters; 300 are the most"),
        (Wanted(Way.SMS, "x" * 1601), "body", "the SMS has 1,601 characters; 1,600 are the most"),
        (Wanted(Way.SMS, "x", files=(("a", b""),)), "files", "an SMS can't carry files"),
        (Wanted(Way.EMAIL, "x", "x", (("a\nb", b""),)), "files", "the name of a file can't hold"),
        (Wanted(Way.EMAIL, "[a](https://x/{{customer.name}})", "x"), "body", "a field can't be part"),
    ],
)
async def test_what_can_not_be_sent_is_said_before_anything_is_kept(
    office: Office, wanted: Wanted, part: str, said: str
) -> None:
    recipients = await office.outbox.recipients(wanted.way, await people(office, 1))
    with pytest.raises(Invalid) as caught:
        await office.outbox.order(wanted, recipients)
    assert caught.value.problems[part].startswith(said)


async def test_an_sms_that_a_value_makes_too_long_is_refused(office: Office) -> None:
    one = await add(office, "Acme", public_notes="x" * 1700)
    await add_contact(office, one.id, "Ana", mobile="+447700900123")
    recipients = await office.outbox.recipients(Way.SMS, [one.id])
    wanted = Wanted(Way.SMS, "{{ customer.public_notes }}")
    for act in (office.outbox.order, office.outbox.rehearse):
        with pytest.raises(Invalid, match="the SMS to Ana has 1,700 characters"):
            await act(wanted, recipients)
    assert await office.outbox.rehearse(Wanted(Way.SMS, "€" * 100), recipients) == 2


async def test_a_test_message_goes_to_oneself_with_what_another_would_read(office: Office) -> None:
    (one, *_) = await office.outbox.recipients(Way.EMAIL, await people(office))
    wanted = Wanted(Way.EMAIL, "Dear {{ contact.name }}", "Hi", due_at=NOW + timedelta(days=9999))
    (kept,) = await sent(office, await office.outbox.order_test(wanted, "me@acme.example", one))
    assert (kept.address, kept.body, kept.name) == ("me@acme.example", "Dear Person 0", "Test by ana")
    assert kept.filled == {"contact.name": "Person 0"}
    assert kept.due_at < datetime.now(UTC)
    with pytest.raises(Invalid):
        await office.outbox.order_test(wanted, "me", one)


async def test_two_programs_never_take_the_same_message(office: Office) -> None:
    await ordered(office, number=3)
    first, second = await taken(office.database, "a:1:a", 2), await taken(office.database, "b:1:b", 2)
    assert [len(first), len(second)] == [2, 1]
    assert {one.id for one in first} & {one.id for one in second} == set()


async def test_what_is_not_due_is_not_taken(office: Office) -> None:
    job = await ordered(office, due_at=datetime.now(UTC) + timedelta(hours=1))
    assert await taken(office.database) == []
    assert (await states(office, job)) == {State.QUEUED: 3}


async def test_only_who_has_the_claim_says_what_came_of_it(office: Office) -> None:
    job = await ordered(office, number=1)
    (one,) = await taken(office.database)
    result = Result(one.id, State.SENT, "250 ok", NOW, sent_at=NOW, reference="42")
    assert not await settled(office.database, result, token="b:1:b")
    assert await states(office, job) == {State.SENDING: 1}
    assert await settled(office.database, result)
    (kept,) = await sent(office, job)
    assert (kept.state, kept.answer, kept.reference, kept.sent_at) == (State.SENT, "250 ok", "42", NOW)
    assert (kept.claim, kept.attempts, kept.due_at) == (None, 1, NOW)


async def test_what_was_not_begun_is_as_if_it_had_not_been_touched(office: Office) -> None:
    job = await ordered(office, number=1)
    (one,) = await taken(office.database)
    assert await settled(office.database, Result(one.id, State.QUEUED, "", one.due_at, not_begun=True))
    (kept,) = await sent(office, job)
    assert (kept.state, kept.attempts, kept.claim) == (State.QUEUED, 0, None)


async def test_what_waits_can_be_cancelled_and_queued_again(office: Office) -> None:
    job = await ordered(office)
    assert await office.outbox.cancel(job.id) == 3
    assert await taken(office.database) == []
    (first, *_) = await sent(office, job)
    assert (first.state, first.answer) == (State.CANCELLED, "cancelled by ana")
    assert await office.outbox.send_again([first.id]) == 1
    assert [one.id for one in await taken(office.database)] == [first.id]


@pytest.mark.parametrize(("came", "stands"), [(State.SENT, State.SENT), (State.DELAYED, State.CANCELLED)])
async def test_what_is_cancelled_on_its_way_may_arrive_but_is_not_tried_again(
    office: Office, came: State, stands: State
) -> None:
    job = await ordered(office, number=1)
    (one,) = await taken(office.database)
    assert await office.outbox.cancel(job.id) == 1
    assert await office.outbox.send_again([one.id]) == 0, "somebody is still at it"
    assert await settled(office.database, Result(one.id, came, "", NOW))
    assert await states(office, job) == {stands: 1}


async def test_failed_messages_of_a_job_are_queued_again_from_the_beginning(office: Office) -> None:
    job = await ordered(office, number=2)
    first, second = await taken(office.database)
    await settled(
        office.database, Result(first.id, State.FAILED, "550", NOW), Result(second.id, State.SENT, "", NOW)
    )
    assert await office.outbox.send_failed_again(job.id) == 1
    assert await states(office, job) == {State.QUEUED: 1, State.SENT: 1}
    assert (await sent(office, job))[0].attempts == 0


async def test_claims_of_a_program_that_is_gone_are_free_again(office: Office) -> None:
    mail, sms = await ordered(office, number=1), await office.outbox.order(
        Wanted(Way.SMS, "Hello"), await office.outbox.recipients(Way.SMS, [1])
    )  # fmt: skip
    await taken(office.database, "gone:1:a")
    async with claims.claims(office.database, Way.SMS, "gone:1:a") as theirs:
        await theirs.take(5)
    async with office.database.writing() as connection:
        assert await claims.recover(connection, {"gone:1:a"}, NOW) == 2
        assert await outbox.next_look(connection) == NOW
    (letter,), (text,) = await sent(office, mail), await sent(office, sms)
    assert letter.state is State.QUEUED
    assert letter.answer == f"{claims.GONE}; it is sent again"
    assert text.state is State.UNKNOWN
    assert text.answer == f"{claims.GONE}; it may have been sent"


async def test_a_pause_says_why_and_since_when_until_it_is_taken_back(office: Office) -> None:
    async with office.database.writing() as connection:
        await outbox.set_pause(connection, Way.EMAIL, "no server", NOW)
        await outbox.set_pause(connection, Way.EMAIL, "still none", NOW + timedelta(hours=1))
    assert await office.outbox.pauses() == {"email": (NOW, "still none")}
    await office.outbox.try_again(Way.EMAIL)
    assert await office.outbox.pauses() == {}


async def test_a_template_is_kept_under_its_name_until_it_is_dropped(office: Office) -> None:
    for body in ("Hello", "Hello again"):
        await office.outbox.keep_template(Template(name="Outage", body=body, changed_at=NOW))
    (kept,) = await office.outbox.templates()
    assert (kept.name, kept.body, kept.way) == ("Outage", "Hello again", Way.EMAIL)
    await office.outbox.drop_template("Outage")
    with pytest.raises(NotFound, match='there is no template "Outage"'):
        await office.outbox.drop_template("Outage")


async def test_jobs_are_listed_with_how_far_they_are(office: Office) -> None:
    first = await ordered(office, number=2)
    second = await office.outbox.order(MAIL, await strangers(office.database, 1))
    found = await office.outbox.jobs(10)
    assert [(one.id, counts) for one, counts in found] == [
        (second.id, {State.QUEUED: 1}), (first.id, {State.QUEUED: 2}),
    ]  # fmt: skip
    assert [one.id for one, _ in await office.outbox.jobs(10, before=second.id)] == [first.id]
