"""Workers that charge packages and make invoices are killed at any moment: each is there once, no gap."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from select import select as select_ready

import pytest
from sqlalchemy import insert, select, update

from cx_tui.db import soundness
from cx_tui.db.calls import storing
from cx_tui.db.calls.standing import lock
from cx_tui.db.engine import Database
from cx_tui.db.ledger_tables import ledger
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.calls.figures import Figures
from cx_tui.domain.money.entry import Kind
from cx_tui.domain.money.invoicing import period_of
from cx_tui.domain.records.package import Frequency
from cx_tui.services.money.printing_many import PrintingMany
from cx_tui.services.seeding import seed
from cx_tui.services.session import Session
from tests.conftest import WORLD_NOW, opened, run
from tests.patience import patient

WORKERS = 4
JUNE, CALLED = date(2026, 6, 1), date(2026, 6, 16)


class Worker:
    """One that runs, and is begun anew when it was killed."""

    def __init__(self, url: str, pause: float, folder: Path) -> None:
        self._command = [sys.executable, "-m", "tests.faults.money_worker", url, str(pause), str(folder)]
        self.begin()

    def begin(self) -> None:
        """Start it."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE)
        self._works = False

    @property
    def works(self) -> bool:
        """Whether it has begun to work: a death before that says nothing."""
        out = self._process.stdout
        if not self._works and out and select_ready([out], [], [], 0)[0]:
            self._works = bool(out.readline())
        return self._works and self._process.poll() is None

    @property
    def code(self) -> int | None:
        """How it has ended; None as long as it runs."""
        return self._process.poll()

    @property
    def children(self) -> list[int]:
        """The processes that it began, in whichever thread."""
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        return [int(one) for task in tasks for one in task.read_text().split()]

    def kill(self) -> None:
        """End it as a machine does that loses its power."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


@contextmanager
def workers(url: str, pause: float, folder: Path, count: int = WORKERS) -> Iterator[list[Worker]]:
    """Workers that are gone at the end."""
    running = [Worker(url, pause, folder) for _ in range(count)]
    try:
        yield running
    finally:
        for one in running:
            one.kill()


async def fill(database: Database, customers: int) -> list[int]:
    """Everybody has a package of two periods, and a day of calls."""
    await seed(database, customers, 7, now=WORLD_NOW)
    values = {"name": "Line", "retail": Decimal("2.50"), "frequency": Frequency.MONTHLY}
    package = (await Session(database).records_of["package"].create(values)).record
    now = datetime.now(UTC)
    async with database.writing() as connection:
        ids = list((await connection.execute(select(customer.c.id).order_by(customer.c.id))).scalars())
        kept = {"version": 1, "created_at": now, "changed_at": now, "package": package.id, "quantity": 2}
        more = {"starts": JUNE, "auto_decrement": True, "notes": ""}
        rows = [{**kept, **more, "customer_id": of} for of in ids]
        await connection.execute(insert(table_named("customer-package")), rows)
        # What the DIDs of that world cost would be charged, too.
        await connection.execute(update(table_named("did")).values(retail=0))
        sums = {(of, CALLED): Figures(calls=3, attempts=3, connected=2, charge=Decimal("1.25")) for of in ids}
        standing = await lock(connection, ids)
        await storing.add_to_days(connection, sums)
        await storing.follow(connection, sums, standing, {})
    return ids


@pytest.mark.parametrize(
    ("customers", "kills", "pause"),
    [(24, 4, 0.3), pytest.param(400, 50, 0.3, marks=pytest.mark.slow)],
)
async def test_each_charge_and_number_is_there_once_whoever_is_killed(
    database_url: str, customers: int, kills: int, pause: float, tmp_path: Path
) -> None:
    lot = random.Random(1)
    async with opened(database_url) as database:
        ids = await fill(database, customers)
        killed, began = 0, time.monotonic()
        with workers(database_url, pause, tmp_path / "pdfs") as running:
            while any(one.code is None for one in running):
                assert time.monotonic() - began < patient(60 + kills)
                assert {one.code for one in running} <= {None, 0}
                await asyncio.sleep(lot.uniform(0.02, 0.5))
                at_work = [one for one in running if one.works]
                if at_work and killed < kills:
                    one, killed = lot.choice(at_work), killed + 1
                    one.kill()
                    one.begin()
        print(f"{customers} customers, {killed} kills, {time.monotonic() - began:.1f} s", end=" ")
        assert killed == kills, "the work was over before"
        await check(database, ids)
        await check_printed(database, tmp_path / "pdfs", ids)


async def check_printed(database: Database, folder: Path, ids: list[int]) -> None:
    """Those whose worker was killed before they were printed are printed afterwards; all are whole."""
    bills = Session(database).money.invoices
    made = await bills.of_period(period_of("2026-06"))
    async with PrintingMany(bills, folder, again=False) as printing:
        for one in made:
            await printing.add(one)
    files = in_folder(folder)
    assert sorted(files) == [f"INV-{place:06}.pdf" for place in range(1, len(ids) + 1)]
    assert all(text.startswith(b"%PDF") and text.endswith(b"%%EOF\n") for text in files.values())


def in_folder(folder: Path) -> dict[str, bytes]:
    """The PDFs of a folder."""
    return {one.name: one.read_bytes() for one in folder.glob("*.pdf")}


def test_what_prints_for_a_worker_may_end_before_it_and_ends_with_it(
    database_url: str, tmp_path: Path
) -> None:
    async def begun() -> list[int]:
        async with opened(database_url) as database:
            return await fill(database, 40)

    async def ended(ids: list[int]) -> None:
        async with opened(database_url) as database:
            async for _ in Session(database).money.invoices.make_all(period_of("2026-06"), date(2026, 7, 1)):
                pass
            await check_printed(database, tmp_path, ids)

    ids = run(begun())
    with workers(database_url, 0.3, tmp_path, count=1) as (one,):

        def printing() -> set[int]:
            return {pid for pid in one.children if b"spawn_main" in command_of(pid)}

        until(printing)
        first = printing()
        for pid in first:
            os.kill(pid, signal.SIGKILL)
        until(lambda: printing() - first and len(in_folder(tmp_path)) >= 10)
        left = printing()
        one.kill()
        until(lambda: not any(b"spawn_main" in command_of(pid) for pid in left))
    run(ended(ids))


def until(reached: Callable[[], object]) -> None:
    """Wait for it, but not for ever."""
    end = time.monotonic() + patient(60)
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.05)


def command_of(pid: int) -> bytes:
    """The command line of a process; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


async def check(database: Database, ids: list[int]) -> None:
    """Two charges and one invoice of everybody, numbers without a gap, and all of it adds up."""
    assert await soundness.ledger_differences(database) == []
    async with database.reading() as connection:
        own, bill = ledger.c, table_named("invoice").c
        charged = await connection.execute(select(own.customer_id).where(own.kind == Kind.PACKAGE))
        assert Counter(charged.scalars()) == dict.fromkeys(ids, 2)
        rows = (await connection.execute(select(bill.customer_id, bill.number, bill.net))).all()
    assert sorted(row.customer_id for row in rows) == ids
    assert sorted(row.number for row in rows) == [f"INV-{place:06}" for place in range(1, len(ids) + 1)]
    # Some currencies have no decimals.
    assert {row.net for row in rows} <= {Decimal("6.25"), Decimal(6)}
