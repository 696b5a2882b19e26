"""A worker that can be killed: `money_worker.py URL PAUSE FOLDER` charges packages and makes invoices, all of
them, and prints these.

It says that it works as soon as it does, and rests for so many seconds at most behind each invoice.
"""

import asyncio
import random
import sys
from datetime import date
from pathlib import Path

from cx_tui.db.engine import connect
from cx_tui.domain.money.invoicing import period_of
from cx_tui.domain.who import Who
from cx_tui.services.money import making, packages, printing_many
from cx_tui.services.money.printing_many import PrintingMany
from cx_tui.services.session import Session

JUNE, AFTER = period_of("2026-06"), date(2026, 7, 1)


async def work(url: str, pause: float, folder: Path) -> None:
    """Do it all once."""
    # So that many are killed in between, and not all in their first transaction.
    packages.AT_ONCE = making.TOGETHER = printing_many.TOGETHER = 5
    session = Session(connect(url), Who("worker"))
    try:
        print("works", flush=True)
        await session.money.packages.run(AFTER)
        async with PrintingMany(session.money.invoices, folder) as printing:
            async for made in session.money.invoices.make_all(JUNE, AFTER):
                if made.invoice_id is not None:
                    await printing.add(made.invoice_id)
                    await asyncio.sleep(random.uniform(0, pause))
    finally:
        await session.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])))
