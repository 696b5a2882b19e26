"""Delivery: messages of the outbox against servers that take them, refuse them, hang up or are not there."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from aiohttp.web import HTTPServiceUnavailable
from sqlalchemy import update

from cx_tui.db import claims, outbox
from cx_tui.db.engine import Database
from cx_tui.db.outbox_tables import job as job_table
from cx_tui.domain.history import LogQuery
from cx_tui.domain.outbox import Reach, State, Way
from cx_tui.domain.who import NOBODY
from cx_tui.errors import DeliveryFailed, Misconfigured, Unavailable
from cx_tui.messaging.stand_in import StandIn
from cx_tui.services.sending import heartbeat, pauses, runs, sender
from cx_tui.services.sending.delivery import Delivery
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.sending.heartbeat import Alive
from cx_tui.services.sending.opt_outs import OptOuts
from cx_tui.services.session import Session
from tests.messaging.deliveries import (
    mailing,
    ordered,
    people,
    posting,
    sent,
    session_of,
    states,
    texting,
    write,
)
from tests.messaging.servers import DROP, Scripted, scripted
from tests.patience import patient

HERE = Path(__file__).parent
PAST = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def session(database: Database) -> Session:
    return session_of(database)


def letters(server: Scripted) -> list[Any]:
    return [message_from_bytes(one, policy=policy.default) for one in server.letters]


@asynccontextmanager
async def standing_in(told: Callable[[str, str], None] = lambda to, text: None) -> AsyncIterator[StandIn]:
    twilio = StandIn(told)
    await twilio.start()
    try:
        yield twilio
    finally:
        await twilio.close()


async def test_each_contact_gets_one_letter_and_sees_no_other(session: Session) -> None:
    job = await ordered(session)
    async with scripted() as server, mailing(session.database, server.port) as post:
        tally = (await post.run_due())[Way.EMAIL]
    assert str(tally) == "3 sent"
    assert sorted(one["To"] for one in letters(server)) == [
        f"Person {n} <p{n}@acme.example>" for n in range(3)
    ]
    assert server.heard.count("RCPT") == 3
    for one in await sent(session, job):
        assert (one.state, one.attempts, one.answer) == (State.SENT, 1, "250 queued as 42")
        assert one.reference == f"<{job.key}.{one.id}@acme.example>"


async def test_a_letter_has_what_was_ordered_in_it(session: Session) -> None:
    await ordered(session, number=1, body="**Dear** {{ contact.name }}", files=(("rates.csv", b"1;2"),))
    async with scripted() as server, mailing(session.database, server.port) as post:
        await post.run_due()
    (letter,) = letters(server)
    assert letter["Subject"] == "Outage"
    assert letter["List-Unsubscribe"] == "<https://acme.example/u>"
    assert letter.get_body(("plain",)).get_content().strip() == "**Dear** Person 0"
    assert "<strong>Dear</strong> Person 0" in letter.get_body(("html",)).get_content()
    (file,) = letter.iter_attachments()
    assert (file.get_filename(), file.get_payload(decode=True)) == ("rates.csv", b"1;2")


async def test_a_name_with_markup_in_it_is_text_in_the_page(session: Session) -> None:
    ids = await people(session, 1)
    (one,) = await session.records_of["contact"].of_owner(ids[0])
    await session.records_of["contact"].save(one, {"name": "*Ana* <b> [x](https://evil.example)"})
    recipients = await session.outbox.recipients(Way.EMAIL, ids)
    await session.outbox.order(DraftMessage(Way.EMAIL, "Dear {{ contact.name }}", "x"), recipients)
    async with scripted() as server, mailing(session.database, server.port) as post:
        await post.run_due()
    (letter,) = letters(server)
    html = letter.get_body(("html",)).get_content()
    assert "Dear *Ana* &lt;b&gt; [x](https://evil.example)" in html


async def test_a_busy_server_gets_the_same_letter_again_later(session: Session) -> None:
    job = await ordered(session, number=1)
    script = {"RCPT": ["451 try later"], "dot": [DROP]}
    async with scripted(**script) as server, mailing(session.database, server.port) as post:
        for attempt in range(1, 4):
            await post.run_due()
            (one,) = await sent(session, job)
            assert one.attempts == attempt
            wait = one.due_at - datetime.now(UTC)
            if attempt < 3:
                assert one.state is State.DELAYED
                assert 0 <= (sender.FIRST_WAIT * 2 ** (attempt - 1) - wait).total_seconds() < 30
            assert (await post.run_due())[Way.EMAIL].states == {}, "it is not due yet"
            await write(session.database, due_at=PAST)
    assert one.state is State.SENT
    first, second = letters(server)
    assert first["Message-ID"] == second["Message-ID"] == one.reference


async def test_a_refused_letter_is_given_up_and_the_others_are_not(session: Session) -> None:
    job = await ordered(session)
    async with (
        scripted(RCPT=["550 no such user"]) as server,
        mailing(session.database, server.port, mail__connections=1) as post,
    ):
        await post.run_due()
    assert await states(session, job) == {State.FAILED: 1, State.SENT: 2}
    assert (await sent(session, job))[0].answer == "550 no such user"


async def test_a_letter_is_given_up_after_very_many_attempts(session: Session) -> None:
    job = await ordered(session, number=1)
    await write(session.database, attempts=sender.MOST_ATTEMPTS - 1)
    async with scripted(RCPT=["451 later"]) as server, mailing(session.database, server.port) as post:
        await post.run_due()
    (one,) = await sent(session, job)
    assert (one.state, one.answer) == (State.FAILED, "given up after 20 attempts: 451 later")


async def test_what_is_to_be_sent_later_waits_for_its_time(session: Session) -> None:
    job = await ordered(session, due_at=datetime.now(UTC) + timedelta(hours=1))
    async with scripted() as server, mailing(session.database, server.port) as post:
        await post.run_due()
        assert server.letters == []
        await write(session.database, due_at=PAST)
        await post.run_due()
    assert await states(session, job) == {State.SENT: 3}


async def test_a_server_that_is_away_pauses_all_and_is_tried_again_by_itself(
    session: Session, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await ordered(session)
    async with mailing(session.database, unused_tcp_port) as post:
        tally = (await post.run_due())[Way.EMAIL]
        assert isinstance(tally.trouble, Unavailable)
        ((_, said),) = (await session.outbox.pauses()).values()
        assert said == str(tally.trouble)
        kept = await sent(session, job)
        assert {(one.state, one.attempts, one.claim) for one in kept} == {(State.QUEUED, 0, None)}
        assert (await post.run_due())[Way.EMAIL].trouble is None, "it is left alone for a while"
        monkeypatch.setattr(pauses, "monotonic", lambda: 1e12)
        assert (await post.run_due())[Way.EMAIL].trouble


def test_a_server_is_left_alone_longer_each_time_and_for_long_when_it_refuses_us() -> None:
    patience, waits = pauses.Patience(), []
    for _ in range(9):
        patience.begin(Unavailable("x"))
        waits.append(patience.wait)
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    patience.begin(DeliveryFailed("x"))
    assert patience.wait == 3600
    assert not patience.is_over(paused=True)
    assert patience.is_over(paused=False)
    patience.end()
    assert patience.is_over(paused=True)


async def test_a_server_that_refuses_us_is_paused_until_somebody_says_try_again(session: Session) -> None:
    job = await ordered(session)
    async with (
        scripted(MAIL=["550 not from you"]) as server,
        mailing(session.database, server.port, mail__connections=1) as post,
    ):
        tally = (await post.run_due())[Way.EMAIL]
        assert isinstance(tally.trouble, DeliveryFailed)
        assert "takes no e-mail from noc@acme.example" in (await session.outbox.pauses())["email"][1]
        assert (await post.run_due())[Way.EMAIL].states == {}
        await session.outbox.try_again(Way.EMAIL)
        assert str((await post.run_due())[Way.EMAIL]) == "2 sent"
    assert await states(session, job) == {State.SENT: 2, State.DELAYED: 1}
    assert await session.outbox.pauses() == {}


async def test_the_first_success_ends_a_pause_that_another_program_began(session: Session) -> None:
    await ordered(session, number=1)
    async with session.database.writing() as connection:
        await outbox.set_pause(connection, Way.EMAIL, "nothing listens", PAST)
    async with scripted() as server, mailing(session.database, server.port) as post:
        await post.run_due()
    assert await session.outbox.pauses() == {}


async def test_without_a_server_the_pause_says_so_unless_another_program_may_have_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ordered(session, number=1)
    async with posting(session.database) as post:
        tally = (await post.run_due())[Way.EMAIL]
        assert isinstance(tally.trouble, Misconfigured)
        assert await session.outbox.pauses() == {}
        monkeypatch.setattr(runs, "NOBODY_AFTER", timedelta(0))
        await post.run_due()
        said = "no e-mail can be sent without mail.server; set it in the settings file"
        assert (await session.outbox.pauses())["email"][1] == said


async def test_what_was_claimed_and_not_begun_is_given_back_at_the_end(session: Session) -> None:
    job, ending = await ordered(session, number=5), asyncio.Event()
    async with scripted() as server, mailing(session.database, server.port, mail__connections=1) as post:
        taking = server._answer

        async def answer(stage: str, writer: asyncio.StreamWriter) -> bool:
            if len(server.letters) == 2:
                ending.set()
            return await taking(stage, writer)

        server._answer = answer  # type: ignore[method-assign]
        await post.run_way(Way.EMAIL, ending)
    assert await states(session, job) == {State.SENT: 2, State.QUEUED: 3}
    kept = await sent(session, job)
    assert {(one.attempts, one.claim) for one in kept if one.state is State.QUEUED} == {(0, None)}


async def test_a_program_that_sends_again_and_again_leaves_nothing_behind(session: Session) -> None:
    async with scripted() as server, mailing(session.database, server.port) as post:
        for _ in range(2):
            await session.outbox.order(
                DraftMessage(Way.EMAIL, "x", "x"),
                await session.outbox.recipients(Way.EMAIL, await people_of(session)),
            )
            await post.run_due()
    async with session.database.reading() as connection:
        assert await claims.workers(connection) == {}
        assert await claims.claimants(connection) == set()


async def people_of(session: Session) -> list[int]:
    known = await session.outbox.recipients(Way.EMAIL, [1])
    return [one.customer_id for one in known if one.reach is Reach.WILL] or await people(session, 1)


async def test_claims_of_a_program_of_this_machine_that_does_not_run_are_taken_over_at_once(
    session: Session,
) -> None:
    job = await ordered(session, number=2)
    await claimed_by(session.database, f"{heartbeat.here()}:{2**22 + 1}:a")
    async with scripted() as server, mailing(session.database, server.port) as post:
        await post.run_due()
    assert await states(session, job) == {State.SENT: 2}


async def test_claims_of_a_program_elsewhere_are_left_until_it_was_silent_for_long(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ordered(session, number=1)
    await claimed_by(session.database, "elsewhere:1:a")
    watcher = Alive(session.database)
    assert await watcher.take_over() == 0
    now = monotonic() + heartbeat.LOST_AFTER + 1
    monkeypatch.setattr(heartbeat, "monotonic", lambda: now)
    async with session.database.writing() as connection:
        await claims.seen(connection, "elsewhere:1:a", datetime.now(UTC))
    assert await watcher.take_over() == 0, "it gave a sign of life"
    now += heartbeat.LOST_AFTER + 1
    assert await watcher.take_over() == 1


async def claimed_by(database: Database, token: str) -> None:
    async with database.writing() as connection:
        await claims.seen(connection, token, datetime.now(UTC))
    async with claims.claims(database, Way.EMAIL, token) as theirs:
        await theirs.take(10)


async def test_who_was_held_for_gone_stops_before_its_next_message(session: Session) -> None:
    job = await ordered(session, number=3)
    async with scripted() as server, mailing(session.database, server.port, mail__connections=1) as post:
        taking = server._answer

        async def answer(stage: str, writer: asyncio.StreamWriter) -> bool:
            if stage == "dot" and len(server.letters) == 1:
                async with session.database.writing() as connection:
                    await claims.recover(connection, await claims.claimants(connection), PAST)
            return await taking(stage, writer)

        server._answer = answer  # type: ignore[method-assign]
        await post.run_way(Way.EMAIL, asyncio.Event())
        assert len(server.letters) == 1
        assert await states(session, job) == {State.QUEUED: 3}
        await post.run_due()
    first, again, *_ = letters(server)
    assert (len(server.letters), first["Message-ID"]) == (4, again["Message-ID"])


async def test_sms_are_sent_and_followed_to_their_end(session: Session) -> None:
    job = await ordered(session, Way.SMS, body="Hello {{ contact.name }}")
    async with standing_in() as twilio, texting(session.database, twilio.url) as post:
        await post.run_due()
        assert [one.delivery for one in await sent(session, job)] == ["", "", ""]
        await write(session.database, look_at=PAST)
        assert await post.trace_due() == 3
        assert await post.trace_due() == 0
    assert sorted(one["body"] for one in twilio.messages.values()) == [f"Hello Person {n}" for n in range(3)]
    assert {(one.delivery, one.look_at) for one in await sent(session, job)} == {("delivered", None)}


async def test_an_sms_is_asked_for_later_each_time_and_not_for_ever(session: Session) -> None:
    job = await ordered(session, Way.SMS, number=1)
    async with standing_in() as twilio, texting(session.database, twilio.url) as post:
        await post.run_due()
        (one,) = twilio.messages.values()
        one["status"] = "sent"
        for age, wait in ((timedelta(), 10), (timedelta(hours=1), 1800), (timedelta(days=2), 6 * 3600)):
            await write(session.database, look_at=PAST, sent_at=datetime.now(UTC) - age)
            await post.trace_due()
            (kept,) = await sent(session, job)
            assert kept.look_at
            assert abs((kept.look_at - datetime.now(UTC)).total_seconds() - wait) < 5
        await write(session.database, look_at=PAST, sent_at=datetime.now(UTC) - timedelta(days=4))
        await post.trace_due()
    assert (await sent(session, job))[0].look_at is None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("arrived", [True, False])
async def test_an_sms_without_an_answer_is_held_until_it_was_looked_up(
    session: Session, arrived: bool
) -> None:
    def fail(to: str, text: str) -> None:
        if not arrived:
            twilio.messages.clear()
        raise ValueError("the server breaks after it has taken the message")

    job = await ordered(session, Way.SMS, number=1)
    async with standing_in(fail) as twilio, texting(session.database, twilio.url) as post:
        await post.run_due()
        (one,) = await sent(session, job)
        assert one.state is State.UNKNOWN
        assert "it may have been sent" in one.answer
        assert (await post.run_due())[Way.SMS].states == {}
        await write(session.database, look_at=PAST)
        await post.trace_due()
        (one,) = await sent(session, job)
        if arrived:
            assert (one.state, one.reference) == (State.SENT, next(iter(twilio.messages)))
            return
        assert one.state is State.UNKNOWN, "Twilio may show it a little later"
        await write(session.database, look_at=PAST, claimed_at=datetime.now(UTC) - timedelta(minutes=6))
        await post.trace_due()
    (one,) = await sent(session, job)
    assert one.answer.endswith("Twilio does not have it, so it can be sent again")
    assert one.look_at is None


async def test_no_more_messages_are_sent_in_a_second_than_the_settings_say(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(sender, "monotonic", lambda: 100.0)
    pace = sender.Pace(4)
    monkeypatch.setattr("cx_tui.services.sending.sender.asyncio.sleep", wait)
    for _ in range(4):
        await pace.turn()
    assert waited == [0, 0.25, 0.5, 0.75]
    await sender.Pace(0).turn()
    assert len(waited) == 4


async def test_a_connection_can_be_tested_and_says_what_is_wrong(session: Session) -> None:
    async with scripted() as server, mailing(session.database, server.port) as post:
        assert "takes e-mail from noc@acme.example" in await post.test_connection(Way.EMAIL)
        with pytest.raises(Misconfigured, match=r"sms\.account"):
            await post.test_connection(Way.SMS)
    async with standing_in() as twilio, texting(session.database, twilio.url) as post:
        assert "which is active" in await post.test_connection(Way.SMS)


async def test_secrets_are_in_no_log_and_in_no_table(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await ordered(session, number=1)
    login = {"mail__user": "noc", "mail__password": "env:CANARY_MAIL"}
    async with (
        scripted(AUTH=["535 wrong"]) as server,
        mailing(session.database, server.port, **login) as post,
    ):
        tally = (await post.run_due())[Way.EMAIL]
        assert isinstance(tally.trouble, DeliveryFailed)
    recipients = await session.outbox.recipients(Way.SMS, [1])
    await session.outbox.order(DraftMessage(Way.SMS, "x"), recipients)
    async with standing_in() as twilio, texting(session.database, twilio.url) as post:
        await post.run_due()
    kept = f"{await session.outbox.jobs(9)} {await session.outbox.pauses()} {await sent_all(session)}"
    assert "QQ" not in kept + caplog.text


async def sent_all(session: Session) -> list[object]:
    return [await sent(session, job) for job, _ in await session.outbox.jobs(9)]


async def test_an_open_program_sends_by_itself_and_ends_in_order(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cx_tui.services.session.DUE_EVERY", 0.01)
    job, all_sent = await ordered(session, number=3), asyncio.Event()
    async with scripted() as server, mailing(session.database, server.port) as post:
        session.delivery = post
        saying = server._answer

        async def answer(stage: str, writer: asyncio.StreamWriter) -> bool:
            if stage == "dot" and len(server.letters) == 3:
                all_sent.set()
            return await saying(stage, writer)

        server._answer = answer  # type: ignore[method-assign]
        session.start_working()
        await asyncio.wait_for(all_sent.wait(), patient(20))
        await session.close()
    assert len(server.letters) == 3
    assert await states(session, job) == {State.SENT: 3}


async def test_a_post_is_ready_when_its_settings_name_a_server(database: Database) -> None:
    async with posting(database) as post:
        assert isinstance(post, Delivery)
        for way in Way:
            with pytest.raises(Misconfigured):
                await post.ready(way)


async def test_a_job_whose_messages_are_refused_for_one_reason_in_a_row_stops_and_asks(
    session: Session,
) -> None:
    job = await ordered(session, number=9)
    no_more = ["550 5.7.1 we do not like this"] * 9
    async with (
        scripted(RCPT=no_more) as server,
        mailing(session.database, server.port, mail__connections=1, mail__stop_after=3) as post,
    ):
        await post.run_due()
        assert await states(session, job) == {State.FAILED: 3, State.HELD: 6}
        why = "stopped after 3 refusals in a row, the last: 550 5.7.1 we do not like this; "
        assert (await session.outbox.held([job.id]))[job.id].startswith(why)
        assert (await post.run_due())[Way.EMAIL].states == {}
        kept = await sent(session, job)
        assert {(one.attempts, one.claim) for one in kept if one.state is State.HELD} == {(0, None)}
        server.script.clear()
        await session.outbox.send_again([one.id for one in kept])
        assert str((await post.run_due())[Way.EMAIL]) == "9 sent"
    assert await session.outbox.held([job.id]) == {}


async def test_refusals_of_different_kinds_or_between_successes_stop_nothing(session: Session) -> None:
    answers = ["550 5.1.1 no", "550 5.2.1 no", "550 5.1.1 no", "550 5.1.1 no", "250 ok", "550 5.1.1 no"]
    job = await ordered(session, number=7)
    async with (
        scripted(RCPT=answers) as server,
        mailing(session.database, server.port, mail__connections=1, mail__stop_after=3) as post,
    ):
        await post.run_due()
    assert await states(session, job) == {State.FAILED: 5, State.SENT: 2}


async def test_the_brake_stops_one_job_and_not_the_other(session: Session) -> None:
    first = await ordered(session, number=4)
    second = await session.outbox.order(
        DraftMessage(Way.EMAIL, "x", "x"), await session.outbox.recipients(Way.EMAIL, [1, 2])
    )
    async with (
        scripted(RCPT=["550 5.7.1 no"] * 2) as server,
        mailing(session.database, server.port, mail__connections=1, mail__stop_after=2) as post,
    ):
        await post.run_due()
    assert await states(session, first) == {State.FAILED: 2, State.HELD: 2}
    assert await states(session, second) == {State.SENT: 2}


async def test_what_is_held_can_be_cancelled(session: Session) -> None:
    job = await ordered(session, number=2)
    await write(session.database, state=State.HELD)
    assert await session.outbox.cancel(job.id) == 2
    assert await states(session, job) == {State.CANCELLED: 2}


async def test_the_date_of_a_letter_is_the_moment_of_sending(session: Session) -> None:
    job = await ordered(session, number=1)
    long_ago = datetime(2026, 1, 5, tzinfo=UTC)
    async with session.database.writing() as connection:
        await connection.execute(update(job_table).where(job_table.c.id == job.id).values(at=long_ago))
    async with scripted() as server, mailing(session.database, server.port) as post:
        await post.run_due()
    (letter,) = letters(server)
    assert abs(datetime.now(UTC) - letter["Date"].datetime) < timedelta(minutes=1)


async def test_an_sms_whose_filled_text_is_empty_is_not_sent_as_its_template(session: Session) -> None:
    job = await ordered(session, Way.SMS, number=2, body="{{ contact.public_notes }}")
    await write(session.database, state=State.QUEUED, answer="")
    async with standing_in() as twilio, texting(session.database, twilio.url) as post:
        await post.run_due()
    assert twilio.messages == {}
    kept = await sent(session, job)
    said = "the text is empty for this contact, so nothing was sent"
    assert {(one.state, one.answer) for one in kept} == {(State.FAILED, said)}


async def test_a_connection_too_many_puts_its_message_back_untouched(session: Session) -> None:
    job = await ordered(session, number=6)
    greetings = ["220 scripted", *["421 4.7.0 too many connections"] * 5]
    async with (
        scripted(greeting=greetings) as server,
        mailing(session.database, server.port, mail__connections=4) as post,
    ):
        assert str((await post.run_due())[Way.EMAIL]) == "6 sent"
    assert server.connections <= 4
    assert await session.outbox.pauses() == {}
    assert {(one.state, one.attempts) for one in await sent(session, job)} == {(State.SENT, 1)}


async def test_a_failing_twilio_gets_one_message_and_not_all_of_them(session: Session) -> None:
    job = await ordered(session, Way.SMS, number=9)

    def fail(to: str, text: str) -> None:
        raise HTTPServiceUnavailable

    async with standing_in(fail) as twilio, texting(session.database, twilio.url) as post:
        tally = (await post.run_due())[Way.SMS]
    assert isinstance(tally.trouble, Unavailable)
    found = await states(session, job)
    assert found[State.UNKNOWN] <= 4
    assert found[State.QUEUED] >= 5


async def test_a_mailbox_that_is_gone_opts_its_contact_out_of_e_mail_alone(session: Session) -> None:
    await ordered(session, number=2)
    later = await session.outbox.order(
        DraftMessage(Way.EMAIL, "x", "x", due_at=datetime.now(UTC) + timedelta(hours=1)),
        await session.outbox.recipients(Way.EMAIL, [1, 2]),
    )
    answers = ["550 5.1.1 no such user", "550 5.2.2 mailbox full"]
    async with (
        scripted(RCPT=answers) as server,
        mailing(session.database, server.port, mail__connections=1) as post,
    ):
        await post.run_due()
    (out,) = await OptOuts(session.database, NOBODY).listed()
    assert (out.name, out.ways) == ("Person 0", (Way.EMAIL,))
    assert await states(session, later) == {State.CANCELLED: 1, State.QUEUED: 1}
    (operation, *_) = await session.log.operations(LogQuery(), 1)
    assert (operation.who, operation.origin) == ("the mail server", "550 5.1.1 no such user")


async def test_a_refused_test_to_oneself_opts_nobody_out(session: Session) -> None:
    (like,) = await session.outbox.recipients(Way.EMAIL, await people(session, 1))
    await session.outbox.order_test(DraftMessage(Way.EMAIL, "x", "x"), "me@acme.example", like)
    async with (
        scripted(RCPT=["550 5.1.1 no"]) as server,
        mailing(session.database, server.port) as post,
    ):
        await post.run_due()
    assert await OptOuts(session.database, NOBODY).listed() == []


async def test_each_letter_has_a_link_of_its_own_to_unsubscribe_with_one_click(session: Session) -> None:
    job = await ordered(session, number=2)
    link = "https://acme.example/u?t={{ token }}&e={{ contact.email }}"
    async with (
        scripted() as server,
        mailing(session.database, server.port, mail__unsubscribe=link, mail__connections=1) as post,
    ):
        await post.run_due()
    first, second = await sent(session, job)
    assert [letter["List-Unsubscribe"] for letter in letters(server)] == [
        f"<https://acme.example/u?t={job.key}.{one.id}&e=p{place}%40acme.example>"
        for place, one in enumerate((first, second))
    ]
    assert {letter["List-Unsubscribe-Post"] for letter in letters(server)} == {"List-Unsubscribe=One-Click"}


async def test_letters_are_signed_when_there_is_a_key(session: Session, tmp_path: Path) -> None:
    dkim = pytest.importorskip("dkim", reason="dkimpy is not installed")
    key = tmp_path / "dkim.pem"
    key.write_text((HERE / "dkim.pem").read_text())
    key.chmod(0o600)
    await ordered(session, number=1)
    more = {"mail__dkim_key": f"file:{key}", "mail__dkim_selector": "s1", "mail__list_id": "l.acme.example"}
    async with scripted() as server, mailing(session.database, server.port, **more) as post:
        await post.run_due()
    content = server.letters[0].removesuffix(b".\r\n")
    public = f"v=DKIM1; k=rsa; p={(HERE / 'dkim_public.txt').read_text().strip()}".encode()
    asked: list[bytes] = []

    def answer(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return public

    assert dkim.verify(content, dnsfunc=answer)
    assert asked == [b"s1._domainkey.acme.example."]
    assert not dkim.verify(content.replace(b"Outage", b"0utage"), dnsfunc=answer)
    assert b"list-unsubscribe" in content.partition(b"\r\nFrom")[0]
