"""An invoice of a million calls: made with lines by destination, and the file of its calls.

CX_BENCH_INVOICE_CALLS says how many calls are on it.
"""

import os
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from cx_tui.db.calls.storing import store
from cx_tui.domain.calls.call import Call
from cx_tui.domain.money.invoicing import period_of
from cx_tui.domain.records.company import LinesBy
from cx_tui.services.money.by_destination import write_calls_of
from cx_tui.services.money.printing import pdf_of
from cx_tui.services.session import Session
from tests.bench.figures import Figures, label
from tests.bench.test_money import Waits, watched
from tests.calls.made import NOON, a_call, priced
from tests.conftest import opened, run
from tests.db.sessions import ANA, add

pytestmark = pytest.mark.bench

CALLS = int(os.environ.get("CX_BENCH_INVOICE_CALLS", "1000000"))
DAYS, DESTINATIONS, AT_ONCE = 30, 200, 5_000
FIRST = NOON.replace(day=1, hour=0)


class Found(NamedTuple):
    """How long it took, in seconds, and how long keys would have waited."""

    made: float
    printed: float
    written: float
    waits: Waits


def to_destinations(call: Call) -> Call:
    """A price, and one of many destinations."""
    return replace(priced(call), destination=f"Destination {int(call.dialled) % DESTINATIONS}")


def test_an_invoice_of_a_million_calls(database_url: str, figures: Figures, tmp_path: Path) -> None:
    async def measured() -> Found:
        async with opened(database_url) as database:
            session = Session(database, ANA, env={"XDG_DATA_HOME": str(tmp_path)})
            by = {"name": "By destination", "lines_by": LinesBy.DESTINATION}
            await session.records_of["invoice-template"].create(by)
            of = (await add(session)).id
            each = CALLS // DAYS
            for day in range(DAYS):
                begins = FIRST + timedelta(days=day)
                for first in range(0, each, AT_ONCE):
                    some = [
                        a_call(f"{day} {one}", customer=of, at=begins + timedelta(seconds=one % 86_400),
                               talk=60 + one % 60, dialled=f"44{one:08}")
                        for one in range(first, min(first + AT_ONCE, each))
                    ]  # fmt: skip
                    async with database.writing() as connection:
                        await store(connection, some, to_destinations)
                await session.calls.sealing.seal(begins.date())
            with watched() as waits:
                began = time.perf_counter()
                made = await session.money.invoices.make(of, period_of("2026-06"), date(2026, 7, 1))
                took = time.perf_counter() - began
                document = await session.money.invoices.document(made.number)
                began = time.perf_counter()
                file = tmp_path / "calls.csv"
                assert await write_calls_of(session.calls, document.invoice, file) == each * DAYS
                written = time.perf_counter() - began
            assert sum(line.calls for line in document.lines) == each * DAYS
            began = time.perf_counter()
            pdf_of(document)
            return Found(took, time.perf_counter() - began, written, waits)

    found, what = run(measured()), f"an invoice of {CALLS:,} calls"
    figures.show(label(database_url, what), found.made, "s", None, f"{DESTINATIONS} lines")
    figures.show(label(database_url, "its PDF"), found.printed, "s")
    figures.show(label(database_url, "the file of its calls"), found.written, "s")
    found.waits.show(database_url, figures)
    figures.all_met()
