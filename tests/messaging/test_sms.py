"""SMS against a server that answers like Twilio's API, or does not."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import encode_basic_auth, web
from aiohttp.test_utils import TestServer

from cx_tui.errors import CxError, DeliveryFailed, NotFound, Unavailable
from cx_tui.messaging.accounts import SmsAccount
from cx_tui.messaging.outcome import Later, Outcome, Refused, Sent, Unknown
from cx_tui.messaging.sms import Sms
from cx_tui.messaging.twilio_words import STATES

ANA = "+447700900123"
NOW = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
TOKEN = "QQtoken"


class Twilio:
    """A stand-in: it keeps what it is sent, and answers as the test wants."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.posts: list[dict[str, str]] = []
        self.messages: dict[str, dict[str, Any]] = {}
        self.answer: tuple[int, Any, Mapping[str, str]] | None = None
        self.fault = ""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        self.asked.append(f"{request.method} {request.rel_url}")
        form = dict(await request.post()) if request.method == "POST" else {}
        if form:
            self.posts.append({name: str(value) for name, value in form.items()})
        if self.fault == "drop" and request.transport:
            request.transport.abort()
        if self.fault == "silent":
            await asyncio.Event().wait()
        if self.answer:
            status, content, headers = self.answer
            text = content if isinstance(content, str) else json.dumps(content)
            return web.Response(status=status, text=text, headers=headers)
        return web.json_response(self.content(request), status=201 if form else 200)

    def content(self, request: web.Request) -> dict[str, Any]:
        """What Twilio would say."""
        name = request.path.rpartition("/")[2].removesuffix(".json")
        if request.method == "POST":
            return self.keep(self.posts[-1]["To"], self.posts[-1]["Body"])
        if name in self.messages:
            return self.messages[name]
        if name == "Messages":
            return {
                "messages": [each for each in self.messages.values() if each["to"] == request.query["To"]]
            }
        return {"friendly_name": "Acme \x1b[2J", "status": "active"}

    def keep(self, to: str, body: str, created: datetime = NOW, **more: Any) -> dict[str, Any]:
        """One more message, as Twilio keeps it."""
        sid = f"SM{len(self.messages):032}"
        message = {"sid": sid, "status": "queued", "to": to, "body": body, "error_code": None, **more}
        self.messages[sid] = {**message, "date_created": format_datetime(created)}
        return self.messages[sid]


@asynccontextmanager
async def standing_in() -> AsyncIterator[tuple[Twilio, str]]:
    """A stand-in that is up, and its address."""
    twilio, app = Twilio(), web.Application()
    app.router.add_route("*", "/{path:.*}", twilio.serve)
    server = TestServer(app, shutdown_timeout=0)
    await server.start_server()
    try:
        yield twilio, str(server.make_url("")).rstrip("/")
    finally:
        await server.close()


@asynccontextmanager
async def texting(**more: Any) -> AsyncIterator[tuple[Twilio, Sms]]:
    """A stand-in, and what sends to it."""
    async with standing_in() as (twilio, url):
        account = {"account": "AC7", "token": TOKEN, "sender": "+15005550006", "base_url": url}
        sms = Sms(SmsAccount(**(account | more)))
        try:
            yield twilio, sms
        finally:
            await sms.close()


async def test_a_message_is_handed_over_once_with_its_text_and_sender() -> None:
    async with texting() as (twilio, sms):
        outcome = await sms.send(ANA, "Störung & Ende 😀")
    assert outcome == Sent("Twilio took it: queued", f"SM{0:032}")
    assert twilio.asked == ["POST /2010-04-01/Accounts/AC7/Messages.json"]
    assert twilio.posts == [{"To": ANA, "From": "+15005550006", "Body": "Störung & Ende 😀"}]


async def test_a_messaging_service_chooses_the_number_itself() -> None:
    async with texting(service="MG1") as (twilio, sms):
        await sms.send(ANA, "x")
    assert twilio.posts == [{"To": ANA, "MessagingServiceSid": "MG1", "Body": "x"}]


@pytest.mark.parametrize(
    ("to", "text"), [("07700900123", "x"), (ANA + "\n", "x"), (ANA, ""), (ANA, "x" * 1601)]
)
async def test_what_can_only_be_refused_is_not_sent(to: str, text: str) -> None:
    async with texting() as (twilio, sms):
        assert isinstance(await sms.send(to, text), Refused)
    assert twilio.asked == []


@pytest.mark.parametrize(
    ("status", "code", "message", "outcome"),
    [
        (
            400,
            21211,
            "Invalid 'To' Phone Number: +1\x1b[31m",
            Refused("this is not a phone number (HTTP 400: Invalid 'To' Phone Number: +1\\x1b[31m)"),
        ),
        (
            400,
            21610,
            "Attempt to send to unsubscribed recipient",
            Refused(
                "the recipient has asked for no more messages "
                "(HTTP 400: Attempt to send to unsubscribed recipient)"
            ),
        ),
        (400, 29999, "Something new", Refused("HTTP 400: Something new")),
        (429, 20429, "Too Many Requests", Later("HTTP 429: Too Many Requests", 7)),
        (400, 21611, "Queue", Later("too many messages wait for this sender (HTTP 400: Queue)", 7)),
        (500, 20500, "Oops", Unknown("HTTP 500: Oops; it may have been sent")),
        (503, None, None, Unknown("HTTP 503: this is not how Twilio answers; it may have been sent")),
    ],
)
async def test_an_error_is_an_outcome_in_words_and_nothing_is_sent_again(
    status: int, code: int | None, message: str | None, outcome: object
) -> None:
    async with texting() as (twilio, sms):
        twilio.answer = (status, {"code": code, "message": message}, {"Retry-After": "7"})
        assert await sms.send(ANA, "x") == outcome
    assert len(twilio.posts) == 1


async def test_an_error_of_one_number_stops_nothing_whatever_its_status() -> None:
    async with texting() as (twilio, sms):
        twilio.answer = (403, {"code": 21408, "message": "no"}, {})
        outcome = await sms.send(ANA, "x")
        assert isinstance(outcome, Refused)
        assert (outcome.kind, outcome.is_for_good, outcome.trouble) == ("21408", False, None)
        twilio.answer = (400, {"code": 21610, "message": "no"}, {})
        stopped = await sms.send(ANA, "x")
    assert isinstance(stopped, Refused)
    assert stopped.is_for_good


@pytest.mark.parametrize(
    ("status", "code", "kind"), [(500, 20500, Unknown), (429, 20429, Later), (400, 30001, Later)]
)
async def test_a_server_that_fails_or_is_full_is_left_alone_with_the_next_messages(
    status: int, code: int, kind: type[Outcome]
) -> None:
    async with texting() as (twilio, sms):
        twilio.answer = (status, {"code": code, "message": "x"}, {})
        outcome = await sms.send(ANA, "x")
    assert isinstance(outcome, kind)
    assert isinstance(outcome.trouble, Unavailable)


@pytest.mark.parametrize(
    ("status", "content", "said"),
    [
        (401, {"code": 20003, "message": "Authenticate"}, "the account or its token is wrong (HTTP 401: "),
        (404, {"code": 20404, "message": "Not found"}, "there is no such account (HTTP 404: "),
        (400, {"code": 21606, "message": "x"}, "sms.sender is not a number of the account that can send SMS"),
        (402, {"code": 20429, "message": "Pay"}, "HTTP 402: Pay"),
        (403, {"code": 20403, "message": "Forbidden"}, "HTTP 403: Forbidden"),
        (400, {"code": 21656, "message": "x"}, "the service does not take what this program sends (HTTP 400"),
        (400, {"code": 63038, "message": "x"}, "the account has sent as many messages as it may in a day"),
        (403, "<h1>Proxy</h1>", "HTTP 403: this is not how Twilio answers"),
        (302, "", "HTTP 302: this is not how Twilio answers"),
    ],
)
async def test_an_error_of_the_account_stops_all(status: int, content: object, said: str) -> None:
    async with texting() as (twilio, sms):
        twilio.answer = (status, content, {"Location": "/elsewhere"})
        for ask in (sms.send(ANA, "x"), sms.test_connection()):
            with pytest.raises(DeliveryFailed) as caught:
                await ask
            assert str(caught.value).startswith(said)
    assert len(twilio.asked) == 2


@pytest.mark.parametrize(("fault", "said"), [("drop", "hung up"), ("silent", "did not answer in time")])
async def test_without_an_answer_it_may_have_been_sent_and_is_not_sent_again(fault: str, said: str) -> None:
    async with texting(answers_within=0.3) as (twilio, sms):
        twilio.fault = fault
        outcome = await sms.send(ANA, "x")
    assert isinstance(outcome, Unknown)
    assert outcome.answer.endswith(f"{said}; the message may have been sent")
    assert len(twilio.posts) == 1


@pytest.mark.parametrize("content", ["", "nonsense", "[]", "{}", "9"])
async def test_an_answer_that_says_nothing_leaves_it_unknown(content: str) -> None:
    async with texting() as (twilio, sms):
        twilio.answer = (201, content, {})
        assert isinstance(await sms.send(ANA, "x"), Unknown)


async def trouble_of(base_url: str) -> CxError:
    sms = Sms(SmsAccount(account="AC7", token=TOKEN, sender="Acme", base_url=base_url))
    try:
        with pytest.raises(CxError) as caught:
            await sms.send(ANA, "x")
        return caught.value
    finally:
        await sms.close()


async def test_a_server_that_is_not_there_is_no_matter_of_the_message(unused_tcp_port: int) -> None:
    trouble = await trouble_of(f"http://127.0.0.1:{unused_tcp_port}")
    assert isinstance(trouble, Unavailable)
    assert str(trouble).startswith(f"nothing listens on 127.0.0.1 port {unused_tcp_port}")
    assert "is its name right?" in str(await trouble_of("https://api..example"))


async def test_tls_where_there_is_none_is_said() -> None:
    async with standing_in() as (_, url):
        trouble = await trouble_of(url.replace("http:", "https:"))
    assert isinstance(trouble, DeliveryFailed)
    assert "does not speak TLS as expected" in str(trouble)


@pytest.mark.parametrize("status", STATES)
async def test_a_message_is_followed_to_its_end(status: str) -> None:
    ends = {"delivered", "read", "undelivered", "failed", "canceled"}
    async with texting() as (twilio, sms):
        message = twilio.keep(ANA, "x", status=status)
        found = await sms.look_up(message["sid"])
    assert (found.state, found.is_over) == (STATES[status], status in ends)
    assert found.answer == status


async def test_why_a_message_did_not_arrive_is_said_in_words() -> None:
    async with texting() as (twilio, sms):
        known = twilio.keep(ANA, "x", status="undelivered", error_code=30005)
        other = twilio.keep(ANA, "x", status="failed", error_code=39999, error_message="New\x1b")
        new = twilio.keep(ANA, "x", status="teleporting")
        found = [await sms.look_up(each["sid"]) for each in (known, other, new)]
    answers = ["error 30005: this number is not in use", "error 39999: New\\x1b", "teleporting"]
    assert [each.answer for each in found] == answers
    assert not found[2].is_over


async def test_a_message_that_twilio_does_not_have_is_not_found_and_trouble_is_told_apart() -> None:
    async with texting() as (twilio, sms):
        twilio.answer = (404, {"code": 20404, "message": "x"}, {})
        with pytest.raises(NotFound, match="Twilio has no message SM1"):
            await sms.look_up("SM1")
        twilio.answer = (503, "", {})
        with pytest.raises(Unavailable):
            await sms.look_up("SM1")
        twilio.answer, twilio.fault = None, "drop"
        with pytest.raises(Unavailable):
            await sms.find(ANA, NOW)


async def test_what_was_sent_to_a_number_since_a_moment_is_found() -> None:
    async with texting() as (twilio, sms):
        twilio.keep(ANA, "before", NOW - timedelta(minutes=2))
        twilio.keep(ANA, "by another clock", NOW - timedelta(seconds=30))
        twilio.keep(ANA, "mine", NOW)
        twilio.keep("+447700900999", "theirs", NOW)
        found = await sms.find(ANA, NOW)
    assert [each.text for each in found] == ["by another clock", "mine"]
    assert found[1].created_at == NOW
    assert found[1].to == ANA
    assert found[1].delivery.state == "queued"


async def test_an_account_that_works_is_said_and_one_that_is_suspended_too() -> None:
    async with texting() as (twilio, sms):
        assert await sms.test_connection() == 'Twilio knows the account "Acme \\x1b[2J", which is active'
        twilio.answer = (200, {"friendly_name": "Acme", "status": "suspended"}, {})
        with pytest.raises(DeliveryFailed, match='the Twilio account "Acme" is suspended, not active'):
            await sms.test_connection()


async def test_neither_token_nor_text_is_in_a_log_or_an_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with texting() as (twilio, sms):
        await sms.send(ANA, "QQtext")
        twilio.answer = (401, {"code": 20003, "message": "Authenticate"}, {})
        with pytest.raises(DeliveryFailed) as caught:
            await sms.send(ANA, "QQtext")
    logged = [record for record in caplog.records if not record.name.startswith("aiohttp.access")]
    account = SmsAccount(account="AC7", token=TOKEN)
    assert "QQ" not in f"{logged} {account!r} {caught.value!r} {caught.value.__cause__!r}"


async def test_the_token_is_shown_to_the_server_alone() -> None:
    seen: list[str] = []

    async def serve(request: web.Request) -> web.Response:
        seen.append(request.headers["Authorization"])
        return web.json_response({"sid": "SM1"}, status=201)

    app = web.Application()
    app.router.add_route("*", "/prefix/{path:.*}", serve)
    server = TestServer(app)
    await server.start_server()
    sms = Sms(SmsAccount(account="AC7", token="té", sender="Acme", base_url=str(server.make_url("/prefix"))))
    try:
        assert isinstance(await sms.send(ANA, "x"), Sent)
    finally:
        await sms.close()
        await server.close()
    assert seen == [encode_basic_auth("AC7", "té")]
