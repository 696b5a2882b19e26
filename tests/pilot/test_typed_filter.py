"""Conditions in the search box narrow a list; what can't be understood leaves the list as it is."""

import asyncio
import csv
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from textual.widgets import Input

from cx_tui.screens.exporting.export_screen import ExportScreen
from cx_tui.services.lists import listing
from cx_tui.services.lists.listing import Listing
from tests.db.sessions import add
from tests.pilot.driver import opened
from tests.pilot.history import session_of


async def test_conditions_narrow_the_list_and_a_wrong_one_is_said_on_enter(
    sqlite_template: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'own.db')}"
    async with session_of(url) as session:
        await add(session, "Acme", debit_limit=Decimal(5))
        await add(session, "Globex", debit_limit=Decimal(500))
    async with opened(url) as cx:
        await cx.do("customers.search")
        cx.customers.search.value = "debit-limit>100"
        await cx.until(lambda: cx.customers.grid.rows.total == 1, "one customer")
        assert cx.customers.query_now.where == "debit_limit>100"
        assert [row.cell("name").text for row in cx.customers.grid.rows.visible] == ["Globex"]
        cx.customers.search.value = "debit-limit>100 colour:red"
        await cx.press("enter")
        await cx.says('The filter is not applied: there is no column "colour"')
        assert cx.customers.grid.rows.total == 1
        cx.customers.search.value = ""
        await cx.until(lambda: cx.customers.grid.rows.total == 2, "both customers")
        cx.app.exit()


async def test_rows_that_conditions_find_come_first_and_are_counted_beside_them(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SPARSE", 3)
    may_count, cancelled = asyncio.Event(), []
    counted = Listing._counted

    async def when_it_may(self: Listing) -> int:
        try:
            await may_count.wait()
        except asyncio.CancelledError:
            cancelled.append(self.query.where)
            raise
        return await counted(self)

    async with opened(own_url) as cx:
        every = cx.grid.rows.total
        monkeypatch.setattr(Listing, "_counted", when_it_may)
        await cx.find("status:active")
        await cx.until(lambda: "3+ found" in cx.header(), "rows that are not counted")
        await cx.until(lambda: len(cx.customers.grid.rows.visible) == 4, "the first rows")
        first = [row.key for row in cx.customers.grid.rows.visible]
        await cx.find("status:active channels>0")
        await cx.until(lambda: cancelled == ["status:active"], "that the next letter ends counting")
        await cx.find("status:active")
        await cx.until(lambda: cx.customers.finding.shown == cx.customers.query_now, "the rows")
        await cx.press("enter")
        # All that there are, and nothing that says how many that is.
        await cx.do("grid.mark_all")
        await cx.shows("all marked")
        await cx.do("grid.down", "grid.mark")
        await cx.shows("all but 1 marked")
        await cx.do("customers.export")
        await cx.until(lambda: isinstance(cx.screen, ExportScreen), "the export")
        await cx.shows("the customers marked in the list")
        path = Path(own_url.removeprefix("sqlite:///")).with_name("all.csv")
        cx.screen.query_one(Input).value = str(path)
        await cx.press("enter")
        await cx.until(path.exists, "the file")
        with path.open(newline="") as file:
            written = len(list(csv.DictReader(file)))
        await cx.until(lambda: cx.screen is cx.customers, "the list")
        may_count.set()
        await cx.find("status:active channels>=0")
        await cx.press("enter")
        await cx.until(lambda: " found" in cx.header() and "+" not in cx.header(), "the count")
        assert 3 < cx.grid.rows.total < every
        assert written == cx.grid.rows.total - 1
        assert [row.key for row in cx.customers.grid.rows.visible][:4] == first
        cx.app.exit()
