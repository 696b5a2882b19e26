"""How fast switches get their answers, how soon changes are obeyed, and what many customers take."""

import asyncio
import json
import os
import socket
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psutil
import pytest

from cx_tui.config.listening import Place
from cx_tui.db.engine import connect
from cx_tui.decide.answering import Answering
from cx_tui.decide.evapi import answered
from cx_tui.decide.reserving import Reservations
from cx_tui.decide.server import Listening, serve
from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.engine import decide
from cx_tui.domain.records.customer import Status
from cx_tui.services.admission.following import Following
from cx_tui.services.session import Session
from tests.bench.figures import Figures
from tests.bench.many_customers import many
from tests.conftest import made as make
from tests.conftest import opened
from tests.db.companies import company
from tests.db.sessions import ANA
from tests.switch.parts import Process, free_port, until

pytestmark = pytest.mark.bench

CUSTOMERS = int(os.environ.get("CX_BENCH_DECIDE", "20000"))
"""The bars are for 1,000,000."""
MADE = os.environ.get("CX_BENCH_DECIDE_DB", "")
"""A file of SQLite with so many customers, which is made when it is not there: a million take two minutes."""
RATES = int(os.environ.get("CX_BENCH_RATES", "100000"))
QUESTION = {"source": "192.0.2.7", "dialled": "442079460000", "cli": "441632960000"}


async def of_a_company(url: str) -> Following:
    """The memory of a server beside one company."""
    database = connect(url)
    await company(Session(database, ANA))
    state = Following(database)
    await state.load()
    return state


async def test_answers_in_one_thread(empty_url: str, figures: Figures) -> None:
    state = await of_a_company(empty_url)
    answering = Answering(state, Reservations())
    call = Call(dialled="442079460000", source="192.0.2.7", cli="441632960000", moment=datetime.now(UTC))
    strings = [json.dumps({**QUESTION, "i": f"{n}:1", "call": f"{n}@x"}).encode() for n in range(5_000)]
    state.world.customers[1].account.balance = 10**15
    alone, through = [], []
    for _ in range(3):
        began = time.thread_time()
        for _ in strings:
            decide(state.world, call)
        alone.append(time.thread_time() - began)
        began = time.thread_time()
        for string in strings:
            answered(answering, string)
        through.append(time.thread_time() - began)
    each = min(through) / len(strings) * 1e6
    figures.show(
        "one answer through evapi", each, "us", 1e6 / 15_000,
        f"{1e6 / each:,.0f} a second; the decision alone {min(alone) / len(strings) * 1e6:.1f} us",
    )  # fmt: skip
    await state._database.close()
    figures.all_met()


def _answers(other: socket.socket, asked: bytes, times: int, ends: bytes, at_once: int) -> None:
    """Be a switch: ask so many at once, and the next when all have their answers."""
    with other:
        for _ in range(times // at_once):
            other.sendall(asked * at_once)
            seen = b""
            while seen.count(ends) < at_once:  # an answer has this once
                more = other.recv(1 << 20)
                assert more, "the server hung up"
                seen += more


async def test_answers_over_sockets(empty_url: str, figures: Figures) -> None:
    """All that the server does for an answer, in its one thread; the switches are other threads."""
    state = await of_a_company(empty_url)
    state.world.customers[1].account.balance = 10**15
    ending, said = asyncio.Event(), list[str]()
    with socket.create_server(("127.0.0.1", 0)) as kamailio:
        at = Listening(Place("127.0.0.1", 0), (Place("127.0.0.1", kamailio.getsockname()[1]),))
        serving = asyncio.create_task(serve(Answering(state, Reservations()), at, ending, said.append))
        while not any("linked" in one for one in said):  # noqa: ASYNC110  # it says it once
            await asyncio.sleep(0)
        port = int(next(one for one in said if "listening" in one).rpartition(":")[2])
        link, _ = kamailio.accept()
        body = json.dumps(QUESTION).encode()
        http = b"POST /admit HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        one = json.dumps({**QUESTION, "i": "7:1", "call": "a@x", "t": str(time.time())}).encode()
        several = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
        for name, most, rounds in (
            ("over HTTP", 8_000, [(other, http, 500, b"HTTP/1.1 200", 1) for other in several]),
            ("through evapi", 15_000, [(link, b"%d:%s," % (len(one), one), 10_000, b'"i": "7:1"', 20)]),
        ):
            asking = [asyncio.to_thread(_answers, *each) for each in rounds]
            began = time.thread_time()
            await asyncio.gather(*asking)
            each = (time.thread_time() - began) / sum(times for _, _, times, _, _ in rounds) * 1e6
            figures.show(
                f"one answer {name}, with its sockets", each, "us", 1e6 / most, f"{1e6 / each:,.0f} a second"
            )
    ending.set()
    await serving
    await state._database.close()
    figures.all_met()


def _ready(server: Process) -> bool:
    return "ready" in server.said()


async def test_start_and_memory(tmp_path: Path, figures: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command itself, as an operator starts it: first from the database, then from its snapshot."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path, entries = Path(MADE) if MADE else tmp_path / "many.db", 2 * CUSTOMERS
    if not path.exists():
        await many(path, CUSTOMERS, entries)
    for what, most in (("start from the database", None), ("start from the snapshot", 5.0)):
        log = tmp_path / f"{what}.log"
        server = Process(
            log, sys.executable, "-m", "cx_tui", "decide", "--db", f"sqlite:///{path}", "--listen",
            f"127.0.0.1:{free_port()}",
        )  # fmt: skip
        began = time.perf_counter()
        await server.start()
        await until(partial(_ready, server), "ready", server.said, patience=1_800)
        took = time.perf_counter() - began
        rss = psutil.Process(server.number).memory_info().rss
        figures.show(what, took, "s", most, f"{CUSTOMERS:,} customers, {entries:,} addresses and users")
        figures.show("its memory", rss / 1e9, "GB", 1.5)
        await server.stop(patience=600)
        print("\n  " + server.said().strip().replace("\n", "\n  "), end="")
    figures.all_met()


async def test_no_answer_waits_while_a_large_card_is_read(tmp_path: Path, figures: Figures) -> None:
    path = tmp_path / "rates.db"
    await make(f"sqlite:///{path}")
    state = await of_a_company(f"sqlite:///{path}")
    answering = Answering(state, Reservations())
    state.world.customers[1].account.balance = 10**15
    (card,) = [one.id for one in state.world.cards.values() if one.name == "Retail"]
    with closing(sqlite3.connect(path)) as database:
        names = [row[1] for row in database.execute("PRAGMA table_info(rate)")]
        made = {"id": "1000 + n", "prefix": "printf('9%07d', n)"}
        values = ", ".join(made.get(name, name) for name in names)
        database.execute(
            f"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {RATES})"
            f" INSERT INTO rate SELECT {values} FROM rate CROSS JOIN numbers WHERE rate.rate_card_id = {card}"
        )
        database.commit()
    session = Session(state._database, ANA)
    cards = session.records_of["rate-card"]
    await cards.save(await cards.get(card), {"name": "Retail now"})
    string = json.dumps({**QUESTION, "i": "1:1", "call": "a"}).encode()
    waits: list[float] = []
    looking = asyncio.create_task(state.look())
    began = time.perf_counter()
    while not looking.done():
        asked = time.perf_counter()
        await asyncio.sleep(0)
        answered(answering, string)
        waits.append(time.perf_counter() - asked)
    await looking
    assert len(state.world.cards[card]) > RATES
    beside = f"{RATES:,} rates in {time.perf_counter() - began:.1f} s, {len(waits):,} answers"
    figures.show("an answer while a card is read, the longest", max(waits) * 1000, "ms", 50, beside)
    figures.show("the same, 99 of 100", sorted(waits)[int(len(waits) * 0.99)] * 1000, "ms")
    await state._database.close()
    figures.all_met()


async def test_a_saved_status_is_obeyed(tmp_path: Path, figures: Figures) -> None:
    url = f"sqlite:///{tmp_path / 'some.db'}"
    await make(url, 2_000)
    async with opened(url) as database:
        session = Session(database, ANA)
        state = Following(database)
        await state.load()
        began = time.perf_counter()
        await state.look()
        figures.show("a look that finds nothing", (time.perf_counter() - began) * 1000, "ms")
        ending = asyncio.Event()
        following = asyncio.create_task(state.follow(ending, 0.3))
        waits = []
        for status in (Status.INACTIVE, Status.ACTIVE) * 5:
            one = await session.records.get(1)
            if one.status is status:
                continue
            await session.records.save(one, {"status": status})
            saved = time.perf_counter()
            while state.world.customers[1].status is not status:  # noqa: ASYNC110  # it tells nobody
                await asyncio.sleep(0.005)
            waits.append(time.perf_counter() - saved)
        figures.show("a saved status until it is obeyed, the longest", max(waits), "s", 1)
        ending.set()
        await following
    figures.all_met()
