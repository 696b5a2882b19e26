"""What the server answers, what it reserves, and what it refuses to read."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cx_tui.config.listening import Place
from cx_tui.decide.answering import Answering
from cx_tui.decide.asked import call_of, checked
from cx_tui.decide.digest import parts_of, proved
from cx_tui.decide.evapi import NetStrings, answered, keep_linked, netstring
from cx_tui.decide.for_kamailio import flat, host_of
from cx_tui.decide.journal import Journal
from cx_tui.decide.pressure import Pressure
from cx_tui.decide.reserving import RINGS, SETTLES, Reservations
from cx_tui.decide.server import Listening, serve
from cx_tui.domain.admission.facts import Account, SipUser
from cx_tui.domain.admission.world import World
from cx_tui.domain.money.free_minutes import Held
from cx_tui.errors import Invalid, Misconfigured
from tests.unit.telecoms import CLI, DIALLED, SOURCE, cents, customer, decided, world

QUESTION = {"source": SOURCE, "dialled": DIALLED, "cli": CLI}


@dataclass
class Memory:
    """A state that nothing follows."""

    world: World
    version: int = 7
    trouble: str = ""
    reloaded: int = 0
    age: float = 0.1

    def watch(self, customer_id: int) -> None:
        """Nobody looks at balances here."""


@dataclass
class Clock:
    """A clock that a test moves."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def answering(some: World | None = None, clock: Clock | None = None) -> Answering:
    return Answering(Memory(some or world()), Reservations(clock=clock or Clock()), "example.org")


def poor(amount: str) -> World:
    """A customer who has so much left; a minute costs 0.05."""
    return world(customer(account=Account(balance=cents(amount))))


def test_the_answer_is_that_of_simulate_and_a_trace_only_when_asked_for() -> None:
    server = answering()
    said = server.said(QUESTION)
    assert said == {**decided(world()).as_dict(), **said}
    assert "trace" not in said
    assert said["limits"][0] == {"place": "customer 1", "channels": 10, "cps": 0}
    assert len(server.said({**QUESTION, "trace": True})["trace"]) == 14


def test_calls_at_the_same_time_share_free_minutes() -> None:
    some = world(customer(account=Account(), free=(Held(9, 180, date(2020, 1, 1)),)))
    clock = Clock()
    server = answering(some, clock)
    seconds = [server.answer({**QUESTION, "call": f"{n}"}).seconds for n in range(4)]
    assert seconds == [90, 60, 30, 0]
    account = some.customers[1].account
    assert (account.reserved, account.free_reserved) == (0, 180)
    assert server.refused == {"credit": 1}
    clock.now += 20
    server.end({"call": "0"})
    assert account.free_reserved == 21 + 60 + 30, "what it can't have used is there again"
    server.end({"call": "1", "answered": False})
    clock.now += SETTLES
    server.reservations.expire()
    assert account.free_reserved == 30


def test_calls_at_the_same_time_share_what_is_left() -> None:
    some = poor("0.15")
    server = answering(some)
    seconds = [server.answer({**QUESTION, "call": f"{n}"}).seconds for n in range(10)]
    assert seconds == [90, 60, 30, 0, 0, 0, 0, 0, 0, 0]
    assert some.customers[1].account.reserved == cents("0.15")
    assert server.refused == {"credit": 7}


def test_the_same_question_twice_reserves_once() -> None:
    some = poor("0.15")
    server = answering(some)
    first = server.answer({**QUESTION, "call": "a"})
    assert server.answer({**QUESTION, "call": "a"}).seconds == first.seconds
    assert len(server.reservations) == 1


def test_a_call_that_never_came_up_gives_back_all_and_an_ended_one_what_it_did_not_use() -> None:
    clock, some = Clock(), poor("100")
    server, account = answering(some, clock), some.customers[1].account
    server.answer({**QUESTION, "call": "a"})
    assert account.reserved == cents("6"), "two hours"
    assert server.end({"call": "a", "answered": False})
    assert account.reserved == 0
    server.answer({**QUESTION, "call": "b"})
    clock.now += 119
    assert server.end({"call": "b", "answered": True})
    assert account.reserved == cents("0.10"), "until its record has changed the balance"
    assert server.end({"call": "b", "answered": True}), "an end that is told twice changes nothing"
    clock.now += SETTLES
    assert server.health()["calls"] == 0
    assert account.reserved == 0
    assert not server.end({"call": "b", "answered": True})


def test_an_end_that_is_never_told_frees_its_part_by_itself() -> None:
    clock, some = Clock(), poor("0.15")
    server = answering(some, clock)
    server.answer({**QUESTION, "call": "a"})
    clock.now += RINGS + 90 + SETTLES - 1
    server.reservations.expire()
    assert some.customers[1].account.reserved == cents("0.075")
    clock.now += 1
    server.reservations.expire()
    assert some.customers[1].account.reserved == 0


@pytest.mark.parametrize(
    "words",
    [
        [],
        "x",
        {"dialed": "44"},
        {"dialled": 44},
        {"channels": True},
        {"dialled": "4" * 2000},
        {"trace": "yes"},
    ],
)
def test_what_is_no_question_is_refused_with_a_sentence(words: Any) -> None:
    with pytest.raises(Invalid, match=r"[a-z]{3}"):
        checked(words)


@pytest.mark.parametrize("words", [{}, {"dialled": "44", "direction": "up"}, {"dialled": "44", "at": "noon"}])
def test_a_question_has_a_number_a_direction_and_a_time_that_can_be_read(words: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        call_of(words)


def user(password: str = "secret") -> SipUser:
    whole = f"alice:example.org:{password}".encode()
    kept = hashlib.md5(whole, usedforsecurity=False).digest() + hashlib.sha256(whole).digest()
    return SipUser(7, 1, "alice", realm="example.org", digests=kept)


def proof(password: str = "secret", algorithm: str = "MD5", response: str = "") -> str:
    make = hashlib.sha256 if algorithm == "SHA-256" else hashlib.md5
    secret = make(f"alice:example.org:{password}".encode()).hexdigest()
    what = make(b"INVITE:sip:1@x").hexdigest()
    response = response or make(f"{secret}:n,1:00000001:c:auth:{what}".encode()).hexdigest()
    return (
        f'Digest username="alice", realm="example.org", nonce="n,1", uri="sip:1@x", algorithm={algorithm}, '
        f'qop=auth, nc=00000001, cnonce="c", response="{response}"'
    )


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_who_knows_the_password_proves_itself(algorithm: str) -> None:
    assert proved(user(), parts_of(proof(algorithm=algorithm)), "INVITE")
    assert not proved(user(), parts_of(proof("other", algorithm)), "INVITE")
    assert not proved(user(), parts_of(proof(algorithm=algorithm)), "REGISTER")
    assert not proved(
        user(), parts_of(proof(algorithm=algorithm).replace("qop=auth", "qop=auth-int")), "INVITE"
    )
    assert not proved(SipUser(7, 1, "alice"), parts_of(proof(algorithm=algorithm)), "INVITE")


@pytest.mark.parametrize(
    "header", ["", "Basic YWxpY2U=", "Digest", 'Digest username="alice', "Digest \u00e9=1"]
)
def test_what_is_no_digest_proves_nothing(header: str) -> None:
    assert not proved(user(), parts_of(header), "INVITE")


def test_a_wrong_digest_is_nobodys_call_and_reserves_nothing() -> None:
    server = answering(world(customer(sip_users=(user(),))))
    asked = {"source": "198.51.100.1", "dialled": DIALLED, "cli": CLI, "call": "a"}
    assert flat(server.answer(asked))["code"] == 407
    assert flat(server.answer(asked))["realm"] == "example.org"
    right = flat(server.answer({**asked, "digest": proof()}))
    assert (right["code"], right["auth"], len(right["ha1"])) == (0, "sip-user:7", 32)
    server.end({"call": "a", "answered": False})
    for digest in (proof("other"), proof(response="0" * 32), "Digest x"):
        wrong = flat(server.answer({**asked, "digest": digest, "source": SOURCE}))
        assert (wrong["code"], wrong["ha1"]) == (403, "")
    assert len(server.reservations) == 0


def test_carriers_are_written_as_places_of_sip() -> None:
    assert [host_of(one) for one in ("192.0.2.1", "192.0.2.0/24", "2001:db8::1", "sip.x.example")] == [
        "192.0.2.1", "", "[2001:db8::1]", "sip.x.example",
    ]  # fmt: skip


def test_netstrings_come_in_pieces_and_together() -> None:
    whole = netstring({"i": "1:2", **QUESTION}) * 3
    for size in (1, 7, len(whole)):
        strings, found = NetStrings(), []
        for place in range(0, len(whole), size):
            found += strings.feed(whole[place : place + size])
        assert [json.loads(one)["i"] for one in found] == ["1:2"] * 3
    for wrong in (b"x:", b"999999999:", b"3:abcd", b"123456789"):
        with pytest.raises(ValueError, match="netstring"):
            NetStrings().feed(wrong)


@pytest.mark.parametrize("string", [b"{", b"[]", b'{"i":"1:1"}', b'{"i":"1:1","dialled":5}', b"\xff"])
def test_a_question_of_kamailio_that_can_not_be_read_is_refused_and_harms_nothing(string: bytes) -> None:
    said = answered(answering(), string)
    assert isinstance(said, bytes)
    assert said == b"" or json.loads(said.partition(b":")[2][:-1])["code"] == 400


async def test_kamailio_is_linked_again_when_it_comes_back() -> None:
    server, ending, said = answering(), asyncio.Event(), list[str]()
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def kamailio(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(netstring({"i": "5:6", **QUESTION}))
        await reader.readuntil(b",")
        await heard.put(await reader.readuntil(b"}"))
        writer.close()

    listening = await asyncio.start_server(kamailio, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    linking = asyncio.create_task(keep_linked("127.0.0.1", port, server, ending, said.append))
    for _ in range(2):
        answer = await heard.get()
        assert b'"customer": "1"' in answer or b'"code": 0' in answer, answer
    ending.set()
    await linking
    listening.close()
    assert sum("linked" in one for one in said) >= 2


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A server with a token."""
    ending, said = asyncio.Event(), list[str]()
    at = Listening(Place("127.0.0.1", 0), token="open sesame")
    ready = asyncio.Event()

    def say(what: str) -> None:
        said.append(what)
        if "ready" in what:
            ready.set()

    serving = asyncio.create_task(serve(answering(), at, ending, say))
    await ready.wait()
    yield said[0].partition("listening on ")[2]
    ending.set()
    await serving


async def test_http_answers_who_has_the_token(address: str) -> None:
    token = {"Authorization": "Bearer open sesame"}
    async with aiohttp.ClientSession() as client:
        async with client.post(f"{address}/admit", json=QUESTION) as answer:
            assert answer.status == 401
        async with client.post(f"{address}/admit", json={**QUESTION, "call": "a"}, headers=token) as answer:
            assert (answer.status, (await answer.json())["admitted"]) == (200, True)
        async with client.post(f"{address}/admit", data=b"{", headers=token) as answer:
            assert (answer.status, "error" in await answer.json()) == (400, True)
        async with client.post(f"{address}/end", json={"call": "a"}, headers=token) as answer:
            assert await answer.json() == {"known": True}
        async with client.get(f"{address}/metrics", headers=token) as answer:
            assert "cx_decide_admitted_total 1" in (await answer.text()).splitlines()
        async with client.get(f"{address}/health") as answer:
            said = await answer.json()
            assert (answer.status, said["customers"], said["version"]) == (200, 1, 7)
        async with client.get(f"{address}/openapi.json") as answer:
            assert "/admit" in (await answer.json())["paths"]


def test_beyond_this_machine_a_token_and_a_certificate_are_needed() -> None:
    with pytest.raises(Misconfigured, match="token"):
        Listening(Place.of("0.0.0.0:5190", "--listen")).check()  # it is refused
    with pytest.raises(Misconfigured, match="nobody"):
        Listening(None).check()
    with pytest.raises(Misconfigured, match="5190"):
        Place.of("localhost", "--listen")


def test_a_server_that_was_killed_knows_again_what_is_reserved(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "decide.calls"
    first = answering(poor("0.15"), clock)
    journal = Journal(path, first.reservations, clock)
    assert journal.open(first.state.world.customers) == 0
    for key in ("a", "b", "c"):
        first.answer({**QUESTION, "call": key})
    journal.keep()
    first.end({"call": "b", "answered": False})
    journal.keep()
    path.write_text(path.read_text() + '["d", {"call')
    some = poor("0.15")
    second = answering(some, clock)
    again = Journal(path, second.reservations, clock)
    assert again.open(some.customers) == 2
    assert some.customers[1].account.reserved == cents("0.10")
    assert second.answer({**QUESTION, "call": "e"}).seconds == 60, "what b gave back"
    assert second.answer({**QUESTION, "call": "f"}).seconds == 0
    again.close()
    clock.now += RINGS + 90 + SETTLES
    third = answering(poor("0.15"), clock)
    assert Journal(path, third.reservations, clock).open(third.state.world.customers) == 0, "over by now"


def test_a_server_that_was_killed_knows_again_which_free_minutes_are_reserved(tmp_path: Path) -> None:
    def flat() -> World:
        return world(customer(account=Account(), free=(Held(9, 180, date(2020, 1, 1)),)))

    clock, path, some = Clock(), tmp_path / "decide.calls", flat()
    first = answering(clock=clock, some=some)
    journal = Journal(path, first.reservations, clock)
    journal.open(some.customers)
    first.answer({**QUESTION, "call": "a"})
    journal.close()
    again = flat()
    second = answering(again, clock)
    assert Journal(path, second.reservations, clock).open(again.customers) == 1
    assert again.customers[1].account.free_reserved == 90
    assert second.answer({**QUESTION, "call": "b"}).seconds == 60


def test_questions_that_have_waited_too_long_are_refused_without_a_decision() -> None:
    clock, server = Clock(), answering()
    pressure = Pressure(clock)

    def code(written: float) -> int:
        question = {**QUESTION, "i": "1:1", "t": f"{written:.6f}"}
        said = answered(server, json.dumps(question).encode(), pressure)
        assert isinstance(said, bytes)
        return int(json.loads(said.partition(b":")[2][:-1])["code"])

    # The clock of the switch is two seconds ahead: that is no waiting.
    assert code(clock.now + 2.0) == 0
    assert code(clock.now + 1.1) == 0
    assert code(clock.now + 0.9) == 503
    clock.now += 40
    assert code(clock.now + 2.0) == 0
    # It is set back by an hour: it was not a queue.
    assert code(clock.now - 3_600) == 0
    assert code(clock.now - 3_602) == 503
    assert server.shed == 2
