"""How soon changes are made: of one customer, of very many, and back; on copies of both databases."""

import asyncio
import gc
import random
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import pytest
from sqlalchemy import select, update

from cx_tui.db import bulk_writing
from cx_tui.db.history_tables import delayed
from cx_tui.db.tables import customer
from cx_tui.domain.history import DelayedState
from cx_tui.domain.records.customer import Status
from cx_tui.domain.selection import Selection
from cx_tui.domain.who import Who
from cx_tui.services.session import Session, open_session
from tests.bench.conftest import CUSTOMERS
from tests.bench.figures import Figures, label, p95

pytestmark = pytest.mark.bench

T = TypeVar("T")
SAVES = 60
EDITED = CUSTOMERS // 10
DUE = min(20_000, CUSTOMERS)
EDITS: dict[str, dict[str, Any]] = {
    "channels": {"channels": 4321},
    "status": {"status": Status.PENALTY},
    "channels and status": {"channels": 1234, "status": Status.INACTIVE},
    "portal areas": {"portal_areas": {"CDR": "hide"}},
}


@pytest.fixture
def ask(copy_url: str) -> Callable[[Callable[[Session], Awaitable[Any]]], Any]:
    """Runs something in an session of the copy."""

    def run_in_office(work: Callable[[Session], Awaitable[T]]) -> T:
        async def working() -> T:
            session = await open_session(copy_url, who=Who("bench"))
            try:
                await session.customers.sweep()
                return await work(session)
            finally:
                await session.close()

        return asyncio.run(working())

    return run_in_office


class Took(NamedTuple):
    """What an act on very many took."""

    seconds: float
    cpu: float
    """Of this process, which on SQLite is all; what others had of the machine is not in it."""
    longest: float


class Watch:
    """The longest time for which the loop did not get round."""

    longest = 0.0

    async def run(self) -> None:
        """Watch until it is cancelled."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, time.perf_counter() - began - 0.001)


@asynccontextmanager
async def watched() -> AsyncIterator[Watch]:
    """Watches the loop meanwhile; what was loaded before is no garbage, as in the program."""
    gc.collect()
    gc.freeze()
    watch = Watch()
    task = asyncio.create_task(watch.run())
    try:
        yield watch
    finally:
        task.cancel()


async def chosen(session: Session) -> Any:
    """Every tenth customer, so that as many pages as can be are touched."""
    return await session.bulk.chosen(Selection(frozenset(range(1, CUSTOMERS + 1, 10))))


def test_save_of_one_customer(copy_url: str, ask: Any, figures: Figures) -> None:
    async def measure(session: Session) -> dict[str, list[float]]:
        dice = random.Random(1)
        times: dict[str, list[float]] = {"channels": [], "name, tags and proofs": [], "contact": []}
        for turn in range(SAVES):
            for what, took in times.items():
                one = await session.records.get(dice.randrange(1, CUSTOMERS))
                values: dict[str, Any] = {"channels": one.channels + 1}
                if what.startswith("name"):
                    values = {
                        "name": f"{one.name} {turn}",
                        "tags": (*one.tags, "zz"),
                        "verify_email": turn % 2 > 0,
                    }
                began = time.perf_counter()
                if what == "contact":
                    await session.records_of["contact"].create(
                        {"customer_id": one.id, "name": f"Person {turn}"}
                    )
                else:
                    await session.records.save(one, values)
                took.append((time.perf_counter() - began) * 1000)
        return times

    for what, times in ask(measure).items():
        beside = f"median {statistics.median(times):.1f}, worst {max(times):.0f}"
        figures.show(label(copy_url, f"save {what}, p95"), p95(times), "ms", 80, beside)
    figures.all_met()


@pytest.mark.parametrize("what", EDITS)
def test_bulk_edit_and_its_undo(copy_url: str, ask: Any, figures: Figures, what: str) -> None:
    async def timed(work: Awaitable[T]) -> tuple[T, Took]:
        async with watched() as watch:
            began, cpu = time.perf_counter(), time.process_time()
            done = await work
            return done, Took(time.perf_counter() - began, time.process_time() - cpu, watch.longest * 1000)

    async def bare(session: Session) -> None:
        async with session.database.writing() as connection:
            these = update(customer).where(customer.c.id % 10 == 1)
            await connection.execute(these.values(EDITS[what]))

    async def measure(session: Session) -> tuple[int, Took, Took, Took]:
        ids = await chosen(session)
        done, editing = await timed(session.bulk.edit(ids, EDITS[what]))
        undone, undoing = await timed(session.log.undo(done.operation_id))
        assert (undone.records, undone.refused) == (done.changed, 0)
        _, peer = await timed(bare(session))
        return done.changed, editing, undoing, peer

    changed, editing, undoing, peer = ask(measure)
    beside = f"{changed:,} of {CUSTOMERS:,} changed"
    for name, took, most in (("bulk edit, " + what, editing, 5), ("  its undo", undoing, 8)):
        cpu = f"{beside}; {took.cpu:.1f} s of processor"
        figures.show(label(copy_url, name), took.seconds, "s", most * EDITED / 1e5, cpu)
        figures.show(label(copy_url, "  no key is answered for"), took.longest, "ms", 50)
    without = "one statement, without log, undo, progress and cancel"
    figures.show(label(copy_url, "  a bare UPDATE of them"), peer.seconds, "s", beside=without)
    figures.all_met()


def test_bulk_edit_is_cancelled_soon(copy_url: str, ask: Any, figures: Figures) -> None:
    async def measure(session: Session) -> tuple[float, float]:
        ids = await chosen(session)
        half = asyncio.Event()

        def progress(done: int, of: int) -> None:
            if done > of / 2:
                half.set()

        task = asyncio.create_task(session.bulk.edit(ids, {"channels": 999}, progress))
        await half.wait()
        began = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        ended = time.perf_counter() - began
        one = await session.records.get(ids[0])
        await session.records.save(one, {"channels": one.channels + 1})
        return ended, time.perf_counter() - began

    ended, saved = ask(measure)
    figures.show(label(copy_url, "bulk edit, from cancel to its end"), ended, "s", 1)
    figures.show(label(copy_url, "  and to the next save"), saved, "s", 1)
    figures.all_met()


def test_changes_that_are_due(copy_url: str, ask: Any, figures: Figures) -> None:
    async def measure(session: Session) -> tuple[float, float]:
        past = datetime.now(UTC) - timedelta(hours=1)
        async with session.database.writing() as connection:
            columns = [
                "customer_id",
                "due_at",
                "created_at",
                "who",
                "origin",
                "base",
                "wanted",
                "state",
                "said",
            ]
            those = customer.c.id.in_(range(1, CUSTOMERS + 1, CUSTOMERS // DUE))
            found = await connection.execute(select(customer.c.id, customer.c.region).where(those))
            rows = [
                (row.id, past, past, "ana", "", {"region": row.region}, {"region": f"{row.id}"},
                 DelayedState.WAITING, "")
                for row in found
            ]  # fmt: skip
            await bulk_writing.insert(connection, delayed, columns, rows)
        async with watched() as watch:
            began = time.perf_counter()
            assert await session.delayed.run_due() == DUE
            return time.perf_counter() - began, watch.longest * 1000

    took, longest = ask(measure)
    figures.show(
        label(copy_url, f"{DUE:,} due changes, one worker"), took, "s", beside=f"{DUE / took:,.0f} a second"
    )
    figures.show(label(copy_url, "  no key is answered for"), longest, "ms", 50)
    figures.all_met()
