"""E-mail against servers that work, refuse, hang up, fall silent or talk nonsense, at every stage."""

import asyncio
import email.policy
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiosmtplib import SMTPResponseException

from cx_tui.errors import CxError, DeliveryFailed, Unavailable
from cx_tui.messaging.accounts import MailServer
from cx_tui.messaging.compose import Letter, Mailbox, compose, compose_body
from cx_tui.messaging.mail import Mail
from cx_tui.messaging.outcome import Later, Outcome, Refused, Sent, Surplus, Unknown
from cx_tui.messaging.talk import Talk
from tests.messaging.servers import DROP, PEM, SILENT, USUAL, Inbox, Scripted, real, scripted

NOC = Mailbox("noc@acme.example", "Acme NOC")
BODY = compose_body("Dear Ana,\n.\n..and\nBérénice", "<p>.</p>")
DATE = datetime(2026, 6, 16, tzinfo=UTC)


def letter(to: str = "ana@acme.example", number: int = 1) -> Letter:
    return compose(
        BODY,
        sender=NOC,
        to=Mailbox(to, "Ana"),
        subject="Outage",
        message_id=f"<{number}@acme.example>",
        date=DATE,
    )


@asynccontextmanager
async def mail_to(
    port: int, *, host: str = "127.0.0.1", tls: str = "none", **more: Any
) -> AsyncIterator[Mail]:
    mail = Mail(MailServer(host=host, port=port, tls=tls, sender=NOC, **more))
    try:
        yield mail
    finally:
        await mail.close()


async def outcome_at(port: int, **more: Any) -> Outcome:
    async with mail_to(port, **more) as mail:
        return await mail.send(letter())


async def trouble_at(port: int, **more: Any) -> CxError:
    """What is raised for a letter: the same as for a test of the connection."""
    async with mail_to(port, **more) as mail:
        with pytest.raises(CxError) as tested:
            await mail.test_connection()
        with pytest.raises(type(tested.value)) as sent:
            await mail.send(letter())
        assert str(sent.value) == str(tested.value)
        assert str(sent.value).isprintable()
        return sent.value


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate of the tests is one of those that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))


@pytest.fixture(params=["one by one", "at once"])
def both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that take one command after the other, and those that take several at once."""
    monkeypatch.setattr(Scripted, "at_once", request.param == "at once")


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
async def test_a_letter_arrives_as_it_was_written(tls: str) -> None:
    inbox = Inbox()
    async with real(inbox, tls=tls) as port, mail_to(port, host="localhost", tls=tls) as mail:
        outcome = await mail.send(letter())
        tested = await mail.test_connection()
    assert outcome == Sent("250 2.0.0 Ok: queued as 1", "<1@acme.example>")
    [envelope] = inbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("noc@acme.example", ["ana@acme.example"])
    content = envelope.content
    assert isinstance(content, bytes)
    assert content == letter().head + BODY
    arrived = email.message_from_bytes(content, policy=email.policy.default)
    part = arrived.get_body(("plain",))
    assert part is not None
    assert part.get_content() == "Dear Ana,\n.\n..and\nBérénice\n".replace("\n", "\r\n")
    how = "not encrypted" if tls == "none" else "encrypted with TLSv1.3"
    assert tested == f"localhost port {port} takes e-mail from noc@acme.example: {how}"


@pytest.mark.usefixtures("both_ways")
async def test_many_letters_use_few_connections() -> None:
    async with scripted() as server, mail_to(server.port, connections=3) as mail:
        outcomes = await asyncio.gather(*(mail.send(letter(number=n)) for n in range(30)))
    assert all(isinstance(outcome, Sent) for outcome in outcomes)
    assert (server.connections, len(server.letters)) == (3, 30)
    assert server.heard.count("QUIT") == 3


@pytest.mark.usefixtures("both_ways")
async def test_a_connection_carries_no_more_letters_than_it_may() -> None:
    async with scripted() as server, mail_to(server.port, connections=1, per_connection=2) as mail:
        for number in range(5):
            await mail.send(letter(number=number))
    assert (server.connections, len(server.letters)) == (3, 5)


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "dot"])
async def test_a_server_that_is_busy_gets_the_letter_later(stage: str) -> None:
    async with (
        scripted(**{stage: ["451 4.7.1 Greylisted,\ttry\x1b later"]}) as server,
        mail_to(server.port, connections=1) as mail,
    ):
        busy, then = await mail.send(letter()), await mail.send(letter())
    assert busy == Later("451 4.7.1 Greylisted, try\\x1b later")
    assert isinstance(then, Sent)
    assert server.connections == 1


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize("stage", ["RCPT", "DATA", "dot"])
async def test_a_refused_letter_does_not_stop_the_next_on_the_connection(stage: str) -> None:
    async with (
        scripted(**{stage: ["550-5.1.1 No such\r\n550 5.1.1 user"]}) as server,
        mail_to(server.port, connections=1) as mail,
    ):
        refused, then = await mail.send(letter()), await mail.send(letter())
    assert refused == Refused("550 5.1.1 No such 5.1.1 user")
    assert isinstance(then, Sent)
    assert server.connections == 1
    assert server.heard.count("RSET") == (stage != "dot")


@pytest.mark.usefixtures("both_ways")
async def test_a_letter_that_is_too_large_is_refused_and_a_sender_that_is_not_wanted_stops_all() -> None:
    async with scripted(MAIL=["552 5.3.4 too large"]) as server:
        assert await outcome_at(server.port) == Refused("552 5.3.4 too large")
    async with scripted(MAIL=["550 5.7.1 not yours"] * 2) as server:
        trouble = await trouble_at(server.port)
    assert isinstance(trouble, DeliveryFailed)
    assert str(trouble) == (
        f"127.0.0.1 port {server.port} takes no e-mail from noc@acme.example: 550 5.7.1 not yours"
    )


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize(
    "answer", ["530 5.7.0 log in first", "554 5.7.1 <ana@acme.example>: Relay access denied"]
)
async def test_a_server_that_passes_nothing_on_for_us_stops_all(answer: str) -> None:
    async with scripted(RCPT=[answer]) as server, mail_to(server.port) as mail:
        with pytest.raises(DeliveryFailed) as caught:
            await mail.send(letter())
    assert str(caught.value).endswith(f"takes no e-mail from noc@acme.example: {answer}")


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize(("stage", "kind"), [("RCPT", Later), ("DATA", Later), ("dot", Unknown)])
async def test_an_answer_against_the_protocol_ends_the_connection(stage: str, kind: type[Outcome]) -> None:
    async with scripted(**{stage: ["199 whatever"]}) as server, mail_to(server.port, connections=1) as mail:
        assert await mail.send(letter()) == kind("199 whatever")
        assert isinstance(await mail.send(letter()), Sent)
    assert server.connections == 2


async def test_a_server_that_takes_several_commands_at_once_gets_them_before_it_answers() -> None:
    class AnswersAtTheEnd(Gate):
        async def _answer(self, stage: str, writer: asyncio.StreamWriter) -> bool:
            if stage in ("MAIL", "RCPT"):
                self._said = USUAL[stage]
                return True
            if stage == "DATA":
                writer.write(f"{USUAL['MAIL']}\r\n{USUAL['RCPT']}\r\n".encode())
            return await super()._answer(stage, writer)

    async with AnswersAtTheEnd() as gate, mail_to(gate.port, connections=1) as mail:
        gate.at_once = True
        gate.opened.set()
        assert isinstance(await mail.send(letter()), Sent)


async def test_nothing_of_a_letter_leaves_before_the_gate_opens() -> None:
    opened = asyncio.get_running_loop().create_future()
    async with Gate() as gate, mail_to(gate.port, connections=1) as mail:
        sending = asyncio.ensure_future(mail.send(letter(), opened))
        await gate.asked.wait()
        assert gate.letters == []
        gate.opened.set()
        opened.set_result(None)
        assert isinstance(await sending, Sent)
    assert len(gate.letters) == 1


async def test_a_letter_whose_gate_stays_shut_is_not_sent_at_all() -> None:
    shut = asyncio.get_running_loop().create_future()
    shut.set_exception(OSError("the disk is full"))
    async with scripted() as server, mail_to(server.port, connections=1) as mail:
        with pytest.raises(OSError, match="the disk is full"):
            await mail.send(letter(), shut)
        assert isinstance(await mail.send(letter(number=2)), Sent)
    assert [b"<2@acme.example>" in each for each in server.letters] == [True]


async def test_a_server_that_wants_a_letter_to_nobody_gets_none() -> None:
    script = {"EHLO": [USUAL["EHLO at once"]] * 2, "RCPT": ["550 no such user"], "out of turn": ["354 go on"]}
    async with scripted(**script) as server, mail_to(server.port, connections=1) as mail:
        assert await mail.send(letter()) == Refused("550 no such user")
        assert isinstance(await mail.send(letter()), Sent)
    assert (server.connections, len(server.letters)) == (2, 1)


async def test_what_a_server_says_unasked_ends_the_connection() -> None:
    script = {"dot": ["250 ok\r\n421 4.4.2 idle for too long"]}
    async with scripted(**script) as server, mail_to(server.port, connections=1) as mail:
        assert await mail.send(letter()) == Sent("250 ok", "<1@acme.example>")
        assert isinstance(await mail.send(letter()), Sent)
    assert server.connections == 2


async def test_answers_in_pieces_are_understood_when_they_are_whole() -> None:
    answers = "250-first\r\n250-second\r\n250 last\r\n250 to\r\n354 go on\r\n"
    transport = FakeTransport()
    talk = Talk(transport)
    talk.command("MAIL", "RCPT", "DATA")
    for letter in answers.encode():
        talk.data_received(bytes([letter]))
    heard = [tuple(await talk.answer(1)) for _ in range(3)]
    assert heard == [(250, "first\nsecond\nlast"), (250, "to"), (354, "go on")]
    assert transport.written == b"MAIL\r\nRCPT\r\nDATA\r\n"


async def test_an_answer_without_an_end_is_not_kept_for_ever() -> None:
    talk = Talk(FakeTransport())
    talk.command("MAIL")
    for _ in range(2000):
        talk.data_received(b"250-and so on, and so on, and so on\r\n")
    with pytest.raises(SMTPResponseException, match="too long"):
        await talk.answer(1)


def test_a_command_can_not_hold_another() -> None:
    with pytest.raises(ValueError, match="one line"):
        Talk(FakeTransport()).command("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>")


async def test_a_real_server_refuses_one_recipient_of_three() -> None:
    inbox = Inbox({"no@acme.example": "550 no such user", "full@acme.example": "452 mailbox full"})
    async with real(inbox) as port, mail_to(port, host="localhost", connections=1) as mail:
        names = ["no@acme.example", "full@acme.example", "ana@acme.example"]
        outcomes = [await mail.send(letter(to)) for to in names]
    assert outcomes[:2] == [Refused("550 no such user"), Later("452 mailbox full")]
    assert [envelope.rcpt_tos for envelope in inbox.envelopes] == [["ana@acme.example"]]


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (DROP, "hung up"),
        (SILENT, "did not answer in time"),
        ("garbage", "answered nonsense (Malformed SMTP response line: garbage)"),
        ("421 4.3.2 shutting down", "421 4.3.2 shutting down"),
    ],
)
async def test_before_the_letter_itself_nothing_was_sent(stage: str, fault: str, said: str) -> None:
    async with (
        scripted(**{stage: [fault]}) as server,
        mail_to(server.port, connections=1, answers_within=0.3) as mail,
    ):
        outcome, then = await mail.send(letter()), await mail.send(letter())
    assert isinstance(outcome, Later)
    assert outcome.answer.endswith(said)
    assert isinstance(then, Sent)
    assert (server.connections, len(server.letters)) == (2, 1)


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (DROP, "hung up"),
        (SILENT, "did not answer in time"),
        ("garbage", "answered nonsense (Malformed SMTP response line: garbage)"),
    ],
)
async def test_after_the_letter_itself_it_may_have_arrived(fault: str, said: str) -> None:
    async with (
        scripted(dot=[fault]) as server,
        mail_to(server.port, connections=1, takes_within=0.3) as mail,
    ):
        outcome, then = await mail.send(letter()), await mail.send(letter())
    assert isinstance(outcome, Unknown)
    assert outcome.answer.endswith(said + " after the whole message; it may have arrived")
    assert isinstance(then, Sent)
    assert server.connections == 2


@pytest.mark.parametrize(
    ("stage", "fault", "said"),
    [
        ("greeting", DROP, "hung up before anything was said"),
        ("greeting", SILENT, "does not answer; is a firewall between?"),
        ("greeting", "554 go away", "takes no connections now: 554 go away"),
        ("greeting", "421 too many", "takes no connections now: 421 too many"),
        ("greeting", "SSH-2.0-OpenSSH_9.2", "does not talk like a mail server: Malformed SMTP response"),
        ("EHLO", DROP, "hung up"),
        ("EHLO", SILENT, "did not answer in time"),
        ("EHLO", "garbage", "does not talk like a mail server: Malformed SMTP response line: garbage"),
    ],
)
async def test_a_server_that_is_away_is_no_matter_of_the_letter(stage: str, fault: str, said: str) -> None:
    async with scripted(**{stage: [fault] * 2}) as server:
        trouble = await trouble_at(server.port, answers_within=0.3)
    assert isinstance(trouble, Unavailable)
    assert str(trouble).startswith(f"127.0.0.1 port {server.port} {said}")


async def test_a_server_that_refuses_to_greet_back_is_away() -> None:
    async with scripted(EHLO=["550 not you"] * 2, HELO=["550 not you"] * 2) as server:
        trouble = await trouble_at(server.port)
    assert isinstance(trouble, Unavailable)
    assert str(trouble).endswith("does not want to talk to this host: 550 not you")


async def test_nothing_listens_on_a_closed_port_and_the_sentence_says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        trouble = await trouble_at(port)
    assert isinstance(trouble, Unavailable)
    listens = f"nothing listens on 127.0.0.1 port {port}; is the port right, is the server up?"
    assert str(trouble) == listens


async def test_a_name_that_is_none_is_said_to_be_none() -> None:
    trouble = await trouble_at(25, host="mail..example")
    assert str(trouble) == "there is no host mail..example; is its name right?"


async def test_a_certificate_that_is_not_trusted_stops_all() -> None:
    for tls in ("implicit", "starttls"):
        async with real(Inbox(), tls=tls) as port:
            trouble = await trouble_at(port, host="localhost", tls=tls)
        assert isinstance(trouble, DeliveryFailed)
        assert (
            str(trouble) == f"the certificate of localhost port {port} is not valid: self-signed certificate"
        )


@pytest.mark.usefixtures("trusted")
async def test_a_certificate_of_another_name_stops_all() -> None:
    async with real(Inbox(), tls="implicit") as port:
        trouble = await trouble_at(port, host="127.0.0.1", tls="implicit")
    assert isinstance(trouble, DeliveryFailed)
    assert "IP address mismatch, certificate is not valid for '127.0.0.1'" in str(trouble)


async def test_without_starttls_nothing_is_sent_in_the_clear() -> None:
    async with scripted() as server:
        trouble = await trouble_at(server.port, tls="starttls", user="noc", password="s3cret")
    assert isinstance(trouble, DeliveryFailed)
    assert "does not offer STARTTLS, so nothing is sent" in str(trouble)
    assert set(server.heard) <= {"EHLO", "QUIT"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [("454 TLS not available", "can't encrypt now: 454 TLS not available"), (DROP, "hung up")],
)
async def test_tls_that_fails_is_said(answer: str, said: str) -> None:
    async with (
        scripted(EHLO=["250-x\r\n250 STARTTLS"] * 2, STARTTLS=[answer] * 2) as server,
        mail_to(server.port, tls="starttls", answers_within=1) as mail,
    ):
        with pytest.raises(Unavailable, match=said):
            await mail.send(letter())
    assert "MAIL" not in server.heard


async def test_tls_to_a_port_that_begins_without_it_is_said() -> None:
    async with scripted() as server, mail_to(server.port, tls="implicit") as mail:
        with pytest.raises(DeliveryFailed, match=r"does not speak TLS as expected .*; is the port right\?"):
            await mail.send(letter())


@pytest.mark.usefixtures("trusted")
async def test_the_password_lets_in_and_a_wrong_one_stops_all() -> None:
    inbox = Inbox()
    async with real(inbox, tls="starttls", login=True) as port:
        right = {"host": "localhost", "tls": "starttls", "user": "noc", "password": "s3crét"}
        async with mail_to(port, **right) as mail:
            assert isinstance(await mail.send(letter()), Sent)
            assert (await mail.test_connection()).endswith("encrypted with TLSv1.3, logged in as noc")
        trouble = await trouble_at(port, **(right | {"password": "QQwrong"}))
    assert isinstance(trouble, DeliveryFailed)
    assert str(trouble).startswith(f"localhost port {port} does not let noc in: 535 5.7.8")


@pytest.mark.parametrize(
    ("answer", "kind"), [("535 no", DeliveryFailed), ("454 later", Unavailable), (DROP, Unavailable)]
)
async def test_a_password_is_tried_once(answer: str, kind: type[CxError]) -> None:
    async with scripted(AUTH=[answer] * 9) as server, mail_to(server.port, user="noc", password="x") as mail:
        with pytest.raises(kind):
            await mail.send(letter())
    assert server.heard.count("AUTH") == 1


async def test_a_server_without_a_login_that_is_known_here_is_said() -> None:
    async with scripted(EHLO=["250-x\r\n250 AUTH GSSAPI"] * 2) as server:
        trouble = await trouble_at(server.port, user="noc", password="x")
    assert str(trouble).endswith("offers no login that is known here (it offers gssapi)")


async def test_no_password_is_in_a_log_or_an_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with scripted(AUTH=["535 no"] * 2) as server:
        account = MailServer(
            host="127.0.0.1", port=server.port, tls="none", sender=NOC, user="noc", password="QQ7"
        )
        trouble = await trouble_at(server.port, user="noc", password="QQ7")
    assert "QQ7" not in f"{caplog.text} {account!r} {trouble!r} {trouble.__cause__!r}"


async def test_an_address_in_other_letters_needs_a_server_for_it() -> None:
    inbox, ana = Inbox(), "añá@acme.example"
    async with real(inbox) as port, mail_to(port, host="localhost") as mail:
        assert isinstance(await mail.send(letter(ana)), Sent)
    assert inbox.envelopes[0].rcpt_tos == [ana]
    assert inbox.envelopes[0].smtp_utf8
    async with scripted() as server, mail_to(server.port) as mail:
        outcome = await mail.send(letter(ana))
    assert isinstance(outcome, Refused)
    assert outcome.answer.endswith("takes no address with such letters (no SMTPUTF8)")
    assert server.letters == []


@pytest.mark.usefixtures("both_ways")
async def test_a_connection_that_was_idle_is_looked_at_before_it_is_used() -> None:
    async with (
        scripted(NOOP=[DROP]) as server,
        mail_to(server.port, connections=1, trusted_for=0) as mail,
    ):
        outcomes = [await mail.send(letter()) for _ in range(3)]
    assert [type(outcome) for outcome in outcomes] == [Sent] * 3
    assert (server.connections, server.heard.count("NOOP")) == (2, 2)


@pytest.mark.usefixtures("both_ways")
async def test_one_connection_more_than_the_server_likes_is_only_waited_with() -> None:
    async with Gate() as gate, mail_to(gate.port, connections=2) as mail:
        first = asyncio.ensure_future(mail.send(letter(number=1)))
        await gate.reached.wait()
        gate.script["greeting"] = ["421 too many connections"]
        second = await mail.send(letter(number=2))
        gate.opened.set()
        assert isinstance(await first, Sent)
    assert isinstance(second, Surplus)
    assert second.answer.endswith("takes no connections now: 421 too many connections")
    assert mail.at_once == 1


async def test_of_connections_that_begin_together_the_surplus_ones_are_closed() -> None:
    async with (
        scripted(greeting=["220 scripted", *["421 4.7.0 too many connections"] * 3]) as server,
        mail_to(server.port, connections=4) as mail,
    ):
        outcomes = await asyncio.gather(*(mail.send(letter(number=n)) for n in range(4)))
        assert sorted(type(each).__name__ for each in outcomes) == ["Sent", *["Surplus"] * 3]
        assert isinstance(await mail.send(letter(number=5)), Sent)
    assert (server.connections, mail.at_once) == (4, 1)


async def test_a_server_that_is_away_is_asked_once_by_all_that_begin_together() -> None:
    async with scripted(greeting=["421 closed"] * 4) as server, mail_to(server.port, connections=4) as mail:
        found = await asyncio.gather(*(mail.send(letter()) for _ in range(4)), return_exceptions=True)
    assert {type(each) for each in found} == {Unavailable}
    assert server.connections == 1


@pytest.mark.usefixtures("both_ways")
async def test_a_send_that_is_cancelled_leaves_no_connection_in_the_middle_of_something() -> None:
    async with Gate() as gate, mail_to(gate.port, connections=1) as mail:
        first = asyncio.ensure_future(mail.send(letter(number=1)))
        await gate.reached.wait()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        gate.opened.set()
        assert isinstance(await mail.send(letter(number=2)), Sent)
    assert gate.connections == 2


class FakeTransport(asyncio.Transport):
    """Keeps what was written."""

    written = b""
    closed = False

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        pass

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def write(self, data: Any) -> None:
        self.written += data


class Gate(Scripted):
    """A server that holds the first letter until it may go on."""

    def __init__(self) -> None:
        super().__init__({})
        self.asked, self.reached, self.opened = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def _answer(self, stage: str, writer: asyncio.StreamWriter) -> bool:
        if stage == "DATA":
            self.asked.set()
        if stage == "dot":
            self.reached.set()
            await self.opened.wait()
        return await super()._answer(stage, writer)

    async def __aenter__(self) -> "Gate":
        self._server = await asyncio.start_server(self.serve, "127.0.0.1")
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()


@pytest.mark.usefixtures("both_ways")
async def test_a_mailbox_that_is_called_relay_and_is_not_known_stops_nothing() -> None:
    unknown = "550 5.1.1 <relay@acme.example>: Recipient address rejected: User unknown"
    async with scripted(RCPT=[unknown]) as server, mail_to(server.port, connections=1) as mail:
        refused, then = await mail.send(letter("relay@acme.example")), await mail.send(letter())
    assert refused == Refused(unknown)
    assert isinstance(refused, Refused)
    assert (refused.kind, refused.is_for_good) == ("RCPT 550 5.1.1", True)
    assert isinstance(then, Sent)


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize(
    "answer",
    [
        "553 5.7.1 <noc@acme.example>: Sender address rejected: not owned by user noc",
        "504 5.5.2 <box>: Helo command rejected: need fully-qualified hostname",
        "554 5.7.1 <ana@acme.example>: Relay access denied",
    ],
)
async def test_a_refusal_that_would_meet_everybody_stops_all_and_a_test_finds_it(answer: str) -> None:
    async with scripted(RCPT=[answer] * 2) as server:
        trouble = await trouble_at(server.port)
    assert isinstance(trouble, DeliveryFailed)
    assert str(trouble).endswith(f"takes no e-mail from noc@acme.example: {answer}")


async def test_a_sender_that_is_not_taken_for_now_pauses_all() -> None:
    answer = "450 4.1.8 <noc@acme.example>: Sender address rejected: Domain not found"
    async with scripted(RCPT=[answer]) as server, mail_to(server.port) as mail:
        with pytest.raises(Unavailable, match=r"does not take our e-mail now: 450 4\.1\.8"):
            await mail.send(letter())


async def test_a_test_of_the_connection_goes_as_far_as_a_recipient_and_says_what_would_happen() -> None:
    async with scripted(RCPT=["550 5.1.1 no such user"]) as server, mail_to(server.port) as mail:
        said = await mail.test_connection()
    assert server.heard == ["EHLO", "MAIL", "RCPT", "QUIT"]
    assert said.endswith(
        "not encrypted; a letter to noc@acme.example itself would not be taken now: 550 5.1.1 no such user"
    )
    assert server.letters == []


async def test_we_call_ourselves_as_the_settings_say_and_bounces_go_where_they_say() -> None:
    inbox = Inbox()
    more = {"ehlo": "cx.acme.example", "returns_to": "bounces@acme.example"}
    async with real(inbox) as port, mail_to(port, host="localhost", **more) as mail:
        await mail.send(replace(letter(), sender="bounces@acme.example"))
    assert inbox.envelopes[0].mail_from == "bounces@acme.example"
    assert inbox.names == ["cx.acme.example"]
