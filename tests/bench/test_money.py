"""How soon money is counted: balances of long ledgers, packages of a month, invoices with their PDFs.

CX_BENCH_MONEY says how many customers have packages, CX_BENCH_INVOICES how many get an invoice.
"""

import asyncio
import gc
import os
import resource
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import insert, select

from cx_tui.db import bulk_writing
from cx_tui.db.calls import storing
from cx_tui.db.calls.standing import lock
from cx_tui.db.engine import Database
from cx_tui.db.ledger_tables import ledger
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.calls.figures import Figures as Sums
from cx_tui.domain.money.entry import Kind
from cx_tui.domain.money.invoicing import period_of
from cx_tui.domain.records.package import Frequency
from cx_tui.services.money.printing import pdf_of
from cx_tui.services.money.printing_many import PrintingMany
from cx_tui.services.seeding import seed
from cx_tui.services.session import Session
from tests.bench.figures import Figures, label, p95
from tests.conftest import WORLD_NOW, opened, run

pytestmark = pytest.mark.bench

CUSTOMERS = int(os.environ.get("CX_BENCH_MONEY", "100000"))
INVOICES = int(os.environ.get("CX_BENCH_INVOICES", "1000"))
LINES = 1_000_000
JUNE, FIRST, AFTER = period_of("2026-06"), date(2026, 6, 1), date(2026, 7, 1)
NAMES = (
    "customer_id", "kind", "amount", "total", "currency", "source", "turn", "day", "at", "reason", "who",
)  # fmt: skip


@dataclass
class Waits:
    """For how long the loop did not get round at most, in seconds: how long a key would have waited."""

    by_the_clock: float = 0.0
    worked: float = 0.0
    """The same without the time that others had the processor."""

    def show(self, url: str, figures: Figures) -> None:
        """Print it with its target."""
        beside = f"{1000 * self.worked:.0f} ms of our own work; the load of the machine is {load():.0f}"
        what = label(url, "longest wait of a key meanwhile")
        figures.show(what, 1000 * self.by_the_clock, "ms", 50, beside)


class Measured(NamedTuple):
    """How long invoices took: some alone, in ms, and each of many, in seconds; the processor's time of it."""

    alone: list[float]
    each: float
    worked: float
    printed: float
    waits: Waits


def load() -> float:
    """How many want the processors."""
    return os.getloadavg()[0]


@contextmanager
def watched() -> Iterator[Waits]:
    """Watch how long keys would wait."""
    found = Waits()

    async def watch() -> None:
        while True:
            began, worked = time.perf_counter(), time.process_time()
            await asyncio.sleep(0.001)
            wait = time.perf_counter() - began - 0.001
            found.by_the_clock = max(found.by_the_clock, wait)
            found.worked = max(found.worked, min(wait, time.process_time() - worked))

    task = asyncio.ensure_future(watch())
    try:
        yield found
    finally:
        task.cancel()


async def ids_of(database: Database) -> list[int]:
    """All customers."""
    async with database.reading() as connection:
        return list((await connection.execute(select(customer.c.id).order_by(customer.c.id))).scalars())


def test_the_balance_of_a_customer_with_a_million_entries(database_url: str, figures: Figures) -> None:
    async def measured() -> list[float]:
        async with opened(database_url) as database:
            session = Session(database)
            of, other = [
                (await session.records.create({"name": name, "currency": "EUR"})).record.id
                for name in ("Acme", "Globex")
            ]
            amounts = [Decimal(place % 7 - 3) for place in range(LINES)]
            # The other's entries are newer than all of the customer's.
            for whose, some in ((of, amounts), (other, amounts[: LINES // 4])):
                rows = [
                    (
                        whose,
                        Kind.PACKAGE,
                        amount,
                        total,
                        "EUR",
                        f"package 1 {place}",
                        1,
                        FIRST,
                        WORLD_NOW,
                        "",
                        "",
                    )
                    for place, (amount, total) in enumerate(zip(some, accumulate(some), strict=True))
                ]
                async with bulk_writing.writing_much(database) as connection:
                    await bulk_writing.insert(connection, ledger, list(NAMES), rows)
                del rows
            await bulk_writing.settle(database)
            took = []
            for _ in range(100):
                began = time.perf_counter()
                found = await session.money.ledger.balance(of)
                took.append(1000 * (time.perf_counter() - began))
            assert found.booked == sum(amounts)
            return took

    took = run(measured())
    what = label(database_url, "balance, a million entries, 95 of 100")
    figures.show(what, p95(took), "ms", 5, f"median {statistics.median(took):.2f}")
    figures.all_met()


def test_the_packages_of_a_month(database_url: str, figures: Figures) -> None:
    async def measured() -> tuple[float, float, Waits]:
        async with opened(database_url) as database:
            await seed(database, CUSTOMERS, 7, now=WORLD_NOW)
            await sell(database, await ids_of(database))
            packages = Session(database).money.packages
            # As the program does at its start: what is there now is no garbage to look for.
            gc.collect()
            gc.freeze()
            with watched() as waits:
                began, worked = time.perf_counter(), time.process_time()
                ran = await packages.run(FIRST, keep=False)
                took, worked = time.perf_counter() - began, time.process_time() - worked
            assert ran.number == CUSTOMERS
            return took, worked, waits

    took, worked, waits = run(measured())
    what, most = label(database_url, f"packages of {CUSTOMERS:,} customers"), 30 * CUSTOMERS / 100_000
    figures.show(what, took, "s", most, f"{worked:.1f} s of our CPU")
    waits.show(database_url, figures)
    figures.all_met()


async def sell(database: Database, ids: list[int]) -> None:
    """Everybody has a monthly package from June on."""
    values = {"name": "Line", "retail": Decimal("2.50"), "frequency": Frequency.MONTHLY}
    package = (await Session(database).records_of["package"].create(values)).record
    now = datetime.now(UTC)
    kept = {"version": 1, "created_at": now, "changed_at": now, "package": package.id, "quantity": 2}
    more = {"starts": FIRST, "auto_decrement": True, "notes": ""}
    async with database.writing() as connection:
        rows = [{**kept, **more, "customer_id": of} for of in ids]
        await connection.execute(insert(table_named("customer-package")), rows)
        # Which the tests' server, unlike others, does not do by itself within a minute.
        await bulk_writing.count_rows_on(connection, [table_named("customer-package")])


def test_the_invoices_of_a_month(database_url: str, figures: Figures, tmp_path: Path) -> None:
    async def measured() -> Measured:
        async with opened(database_url) as database:
            await seed(database, INVOICES, 7, now=WORLD_NOW)
            ids = await ids_of(database)
            await sell(database, ids)
            await ring(database, ids)
            session = Session(database)
            await session.money.packages.run(FIRST)
            bills = session.money.invoices
            gc.collect()
            gc.freeze()
            alone = []
            for of in ids[: min(100, INVOICES // 10)]:
                began = time.perf_counter()
                made = await bills.make(of, JUNE, AFTER)
                pdf = pdf_of(await bills.document(made.number))
                alone.append(1000 * (time.perf_counter() - began))
                assert pdf.startswith(b"%PDF")
            rest = len(ids) - len(alone)
            began, worked, printed = time.perf_counter(), time.process_time(), of_children()
            with watched() as waits:
                async with PrintingMany(bills, tmp_path / "pdfs") as printing:
                    async for one in bills.make_all(JUNE, AFTER):
                        if one.invoice_id is not None:
                            await printing.add(one.invoice_id)
            took, worked = time.perf_counter() - began, time.process_time() - worked
            printed = of_children() - printed
            assert (printing.printed, len(list((tmp_path / "pdfs").iterdir()))) == (rest, rest)
            return Measured(alone, took / rest, worked / rest, printed / rest, waits)

    found = run(measured())
    figures.show(label(database_url, "one invoice, made and printed"), p95(found.alone), "ms", 300)
    figures.show(
        label(database_url, f"10,000 invoices with PDFs, from {INVOICES:,}"), found.each * 10_000, "s", 360,
        f"CPU: {found.worked * 10_000:.0f} s made, {found.printed * 10_000:.0f} s printed; "
        f"{found.each * INVOICES:.1f} s as measured",
    )  # fmt: skip
    found.waits.show(database_url, figures)
    figures.all_met()


def of_children() -> float:
    """What processes that have ended had of the processor, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def ring(database: Database, ids: list[int]) -> None:
    """Everybody made 2,000 calls in June, on each of its days."""
    for day in (FIRST + timedelta(days=number) for number in range(30)):
        sums = {
            (of, day): Sums(calls=67, attempts=67, connected=40, billed_seconds=9_000, charge=Decimal("7.35"))
            for of in ids
        }
        async with database.writing() as connection:
            standing = await lock(connection, ids)
            await storing.add_to_days(connection, sums)
            await storing.follow(connection, sums, standing, {})
