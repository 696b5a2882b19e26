"""Conditions in the search box narrow a list; what can't be understood leaves the list as it is."""

import shutil
from decimal import Decimal
from pathlib import Path

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
