"""SQL over calls: hot days and sealed ones are one view, joined with those of the database."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cx_tui.db.engine import Database
from cx_tui.domain.calls.figures import day_of
from cx_tui.errors import Refused
from cx_tui.services.calls.calls import Calls
from cx_tui.services.calls.sql import ask_of_calls
from tests.calls.made import NOON, a_call, put, some_customers


@pytest.fixture
async def calls(database: Database, tmp_path: Path) -> Calls:
    """Three calls of a sealed day, and one of the day after, which is hot."""
    await some_customers(database)
    calls = Calls(database, f"{tmp_path}/calls")
    of_day = [a_call(str(number), customer=number, talk=60 * number) for number in (1, 2, 3)]
    await put(database, [*of_day, a_call("later", customer=1, at=NOON + timedelta(days=1), sip_code=503)])
    assert await calls.sealing.seal(day_of(NOON))
    return calls


async def asked(calls: Calls, text: str) -> list[tuple[Any, ...]]:
    """The rows."""
    names: list[str] = []
    rows: list[Sequence[Any]] = []
    await ask_of_calls(calls.sealing.database, calls, text, names.extend, rows.append)
    assert names
    return [tuple(row) for row in rows]


async def test_sealed_and_hot_days_are_one_view_with_plain_moments_and_amounts(calls: Calls) -> None:
    assert await asked(calls, "SELECT COUNT(*) AS n FROM v_call") == [(4,)]
    by_day = "SELECT CAST(start AS DATE) AS day, SUM(charge) AS charge FROM v_call GROUP BY day ORDER BY day;"
    first, second = await asked(calls, by_day)
    assert (first[0], second[0]) == (str(day_of(NOON)), str(day_of(NOON + timedelta(days=1))))
    assert first[1] == pytest.approx(0.3)


async def test_other_views_are_joined(calls: Calls) -> None:
    text = (
        "SELECT c.id, COUNT(*) AS n FROM v_call AS a JOIN v_customer AS c ON c.id = a.customer_id "
        "GROUP BY c.id ORDER BY c.id"
    )
    assert await asked(calls, text) == [(1, 2), (2, 1), (3, 1)]


@pytest.mark.parametrize(
    "text",
    ["SELECT * FROM read_csv('/etc/passwd'), v_call", "DROP TABLE v_call", "SELECT nam FROM v_call",
     "DELETE FROM v_call", "SELECT * FROM \"read_csv\"('/etc/passwd') -- v_call"],
)  # fmt: skip
async def test_files_are_not_read_and_nothing_is_changed(calls: Calls, text: str) -> None:
    with pytest.raises(Refused):
        await asked(calls, text)
