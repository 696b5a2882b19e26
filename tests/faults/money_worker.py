"""A worker that can be killed: `money_worker.py URL` charges packages and makes invoices, all of them."""

import asyncio
import sys
from datetime import date

from cx_tui.db.engine import connect
from cx_tui.domain.money.invoicing import period_of
from cx_tui.domain.who import Who
from cx_tui.services.money import packages
from cx_tui.services.session import Session

JUNE, AFTER = period_of("2026-06"), date(2026, 7, 1)


async def work(url: str) -> None:
    """Do it all once."""
    # So that many are killed in between, and not all in their first transaction.
    packages.AT_ONCE = 10
    session = Session(connect(url), Who("worker"))
    try:
        await session.money.packages.run(AFTER)
        async for _ in session.money.invoices.make_all(JUNE, AFTER):
            pass
    finally:
        await session.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
