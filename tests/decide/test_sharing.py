"""Several servers side by side: the same money is never given out twice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cx_tui.config.listening import Place
from cx_tui.decide.answering import Answer, Answering
from cx_tui.decide.reserving import Reservations
from cx_tui.decide.server import Listening, serve
from cx_tui.decide.sharing import Peer, Sharing, Wish
from cx_tui.domain.admission.facts import Account
from cx_tui.domain.money.free_minutes import Held
from tests.decide.test_answers import QUESTION, Clock, Memory
from tests.unit.telecoms import cents, customer, world


class Server:
    """One of two servers; each has a memory of its own, as two processes have."""

    def __init__(self, balance: str) -> None:
        self.clock = Clock()
        some = world(customer(account=Account(balance=cents(balance))))
        self.answering = Answering(Memory(some), Reservations(clock=self.clock), "example.org")
        self.account = some.customers[1].account
        self.ending = asyncio.Event()
        self.port = 0
        self.running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        ready = asyncio.Event()

        def say(what: str) -> None:
            if "listening" in what:
                self.port = int(what.rpartition(":")[2])
            if "ready" in what:
                ready.set()

        at = Listening(Place("127.0.0.1", self.port), token="open sesame")
        self.ending = asyncio.Event()
        self.running = asyncio.create_task(serve(self.answering, at, self.ending, say))
        await ready.wait()

    async def stop(self) -> None:
        self.ending.set()
        if self.running:
            await self.running

    async def ask(self, key: str, **words: Any) -> Answer:
        found = self.answering.ask({**QUESTION, "call": key, **words})
        return found if isinstance(found, Answer) else await found


@pytest.fixture
async def pair() -> AsyncIterator[tuple[Server, Server]]:
    """Two servers, the money of customer 1 with the second; there is 0.15, and a minute costs 0.05."""
    asking, keeping = Server("0.15"), Server("0.15")
    await keeping.start()
    peer = Peer("127.0.0.1", keeping.port, "open sesame")
    asking.answering.sharing = Sharing([peer, None][::-1])
    assert asking.answering.sharing.keeper(1) is peer
    linking = asyncio.create_task(peer.keep_linked(asking.ending))
    await linked(peer)
    yield asking, keeping
    asking.ending.set()
    await linking
    await keeping.stop()


async def linked(peer: Peer, *, here: bool = True) -> None:
    while peer.here is not here:  # noqa: ASYNC110  # a link tells nobody
        await asyncio.sleep(0.01)


async def test_two_servers_never_both_give_the_last_money(pair: tuple[Server, Server]) -> None:
    asking, keeping = pair
    answers = await asyncio.gather(
        *(server.ask(f"{place}-{n}") for n in range(10) for place, server in enumerate(pair))
    )
    seconds = [one.seconds for one in answers]
    assert sum(seconds) == 180, "three minutes are there, and three are given"
    assert keeping.account.reserved == cents("0.15")
    assert asking.account.reserved == 0
    refused = [one for one in answers if not one.seconds]
    assert {(one.decision.code, one.decision.gate) for one in refused} == {(402, "credit")}


async def test_two_servers_never_both_give_the_last_free_minutes(pair: tuple[Server, Server]) -> None:
    asking, keeping = pair
    for server in pair:
        world = server.answering.state.world
        world.put(replace(world.customers[1], free=(Held(9, 180, date(2020, 1, 1)),)))
        server.account.balance = 0
    answers = await asyncio.gather(
        *(server.ask(f"{place}-{n}") for n in range(4) for place, server in enumerate(pair))
    )
    assert sum(one.seconds for one in answers) == 180, "three minutes are there, and three are given"
    assert (keeping.account.free_reserved, asking.account.free_reserved) == (180, 0)


async def test_an_end_is_told_to_who_keeps_the_money(pair: tuple[Server, Server]) -> None:
    asking, keeping = pair
    assert (await asking.ask("a")).seconds == 90
    assert asking.answering.end({"call": "a", "answered": False})
    assert (await asking.ask("b")).seconds == 90, "questions and ends come in their order"
    assert len(keeping.answering.reservations) == 1


async def test_the_same_question_twice_takes_once(pair: tuple[Server, Server]) -> None:
    asking, keeping = pair
    assert (await asking.ask("a")).seconds == (await asking.ask("a")).seconds == 90
    assert keeping.account.reserved == cents("0.075")


async def test_while_one_is_away_the_other_gives_its_own_part_and_asks_again_later(
    pair: tuple[Server, Server],
) -> None:
    asking, keeping = pair
    (peer,) = asking.answering.sharing.peers
    await keeping.stop()
    await linked(peer, here=False)
    assert asking.answering.sharing.parts == 2
    assert [(await asking.ask(f"{n}")).seconds for n in range(3)] == [60, 30, 0]
    await keeping.start()
    await linked(peer)
    assert (await asking.ask("again")).decision.customer is not None
    assert len(keeping.answering.reservations) == 1


async def test_an_answer_that_comes_too_late_is_given_back(
    pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, keeping = pair
    monkeypatch.setattr("cx_tui.decide.sharing.PATIENCE", 0.0)
    assert (await asking.ask("a")).seconds == 90, "of its own"
    monkeypatch.undo()
    await asking.ask("b")
    assert set(keeping.answering.reservations.keys()) == {"b"}


@pytest.mark.parametrize("words", [None, {}, [], {"call": "a", "customer": 1, "tariff": {}, "rules": {}}])
def test_what_is_no_wish_is_refused(words: Any) -> None:
    with pytest.raises(ValueError, match="not a request of another server"):
        Wish.read(words)
