"""How soon messages are queued, how many are sent in a second, and how long keys wait meanwhile.

The peer is postfix's smtp-source into the same smtp-sink, in turns with ours: `apt-get install postfix`.
"""

import asyncio
import gc
import shutil
import socket
import statistics
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cx_tui.config import load
from cx_tui.domain.outbox import Reach, State, Way
from cx_tui.services.seeding import seed
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.sending.recipients import Recipient
from cx_tui.services.session import Session, open_session
from tests.bench.figures import Figures, label
from tests.bench.test_changes import watched
from tests.conftest import Server, made, run
from tests.db.sessions import ANA

pytestmark = pytest.mark.bench

MESSAGES, PEERS_MESSAGES, TURNS = 10_000, 20_000, 3
SESSIONS = 4
CUSTOMERS = 10_000
LETTER = "We had an outage in Frankfurt and are sorry for it.\n\n" * 27
"""As plain text and as a page it makes 3 kB, as in the peer's letters."""


@pytest.fixture(params=["sqlite", "postgresql"])
def send_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of 10,000 customers and their contacts."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'send.db'}"
    else:
        server: Server = request.getfixturevalue("postgres")
        url = server.create(f"send_{time.time_ns()}")

    async def fill() -> None:
        await made(url)
        session = await open_session(url)
        await seed(session.database, CUSTOMERS, 1)
        await session.close()

    run(fill())
    return url


@pytest.fixture
def sink() -> Iterator[int]:
    """The port of a mail server that throws everything away as fast as can be."""
    if not shutil.which("smtp-sink"):
        pytest.skip("postfix's smtp-sink and smtp-source are not here: apt-get install postfix")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen(["smtp-sink", "-u", "nobody", f"127.0.0.1:{port}", "100"])
    while not is_up(port):
        assert process.poll() is None
    yield port
    process.kill()
    process.wait()


def is_up(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def peer(port: int) -> float:
    """Messages a second of postfix's own client."""
    command = ["smtp-source", "-d", "-s", str(SESSIONS), "-m", str(PEERS_MESSAGES), "-l", "3000"]
    began = time.perf_counter()
    subprocess.run([*command, f"127.0.0.1:{port}"], check=True)
    return PEERS_MESSAGES / (time.perf_counter() - began)


@asynccontextmanager
async def office_at(url: str, port: int = 0) -> AsyncIterator[Session]:
    settings = {
        "mail.server": "127.0.0.1", "mail.port": port, "mail.tls": "none", "mail.connections": SESSIONS,
        "mail.from_address": "noc@acme.example", "mail.per_connection": 0,
    }  # fmt: skip
    session = await open_session(url, who=ANA, settings=load({}, settings).settings)
    try:
        yield session
    finally:
        await session.close()


def as_after_the_start() -> None:
    """Leave what was loaded to itself, as the program does: collecting all of pytest takes 100 ms."""
    gc.collect()
    gc.freeze()


async def recipients(session: Session) -> list[Recipient]:
    found = await session.outbox.recipients(Way.EMAIL, range(1, CUSTOMERS + 1))
    return [one for one in found if one.reach is Reach.WILL][:MESSAGES]


@pytest.mark.parametrize("what", ["same body", "fields"])
def test_from_the_key_to_all_queued(send_url: str, figures: Figures, what: str) -> None:
    body = LETTER if what == "same body" else "Dear {{ contact.name }} of {{ customer.name }}\n" + LETTER

    async def measure() -> tuple[float, float, int]:
        async with office_at(send_url) as session, watched() as watch:
            as_after_the_start()
            steps: list[int] = []
            began = time.perf_counter()
            to = await recipients(session)
            job = await session.outbox.order(
                DraftMessage(Way.EMAIL, body, "Outage"), to, lambda done, of: steps.append(done)
            )
            took = time.perf_counter() - began
            assert await session.outbox.counts(job.id) == {State.QUEUED: MESSAGES}
            return took, watch.longest * 1000, len(steps)

    took, longest, steps = asyncio.run(measure())
    beside, most = f"progress said {steps} times", 3 if body is LETTER else 8
    figures.show(label(send_url, f"{MESSAGES:,} queued, {what}"), took, "s", most, beside)
    figures.show(label(send_url, "  no key is answered for"), longest, "ms", 30)
    figures.all_met()


@pytest.mark.parametrize("what", ["same body", "fields"])
def test_messages_a_second(send_url: str, sink: int, figures: Figures, what: str) -> None:
    body = LETTER if what == "same body" else "Dear {{ contact.name }} of {{ customer.name }}\n" + LETTER

    async def measure() -> tuple[list[float], list[float], float]:
        ours, theirs, longest = [], [], 0.0
        async with office_at(send_url, sink) as session:
            to = await recipients(session)
            await session.delivery.ready(Way.EMAIL)
            as_after_the_start()
            for _ in range(TURNS):
                theirs.append(await asyncio.to_thread(peer, sink))
                job = await session.outbox.order(DraftMessage(Way.EMAIL, body, "Outage"), to)
                async with watched() as watch:
                    began = time.perf_counter()
                    await session.delivery.run_way(Way.EMAIL, asyncio.Event())
                    ours.append(MESSAGES / (time.perf_counter() - began))
                assert await session.outbox.counts(job.id) == {State.SENT: MESSAGES}
                longest = max(longest, watch.longest * 1000)
        return ours, theirs, longest

    ours, theirs, longest = asyncio.run(measure())
    ratio = statistics.median(ours) / statistics.median(theirs)
    beside = f"{statistics.median(ours):,.0f}/s, smtp-source {statistics.median(theirs):,.0f}/s"
    # A body with fields is another letter for each: its peer would be, too.
    most = 1 / 0.15 if what == "same body" else None
    figures.show(label(send_url, f"{what}: smtp-source is faster"), 1 / ratio, "times", most, beside)
    figures.show(label(send_url, "  no key is answered for"), longest, "ms", 30)
    figures.all_met()
