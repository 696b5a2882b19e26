"""Whatever happens, in whatever order: a balance is the sum of its ledger, and of what happened."""

import pytest

from cx_tui.db.engine import Database
from tests.money.histories import History


@pytest.mark.parametrize("seed", range(3))
async def test_after_a_random_history_all_of_it_adds_up(database: Database, seed: int) -> None:
    history = History(database, seed)
    await history.begin()
    for _ in range(3):
        await history.go_on(14)
        await history.holds()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
async def test_after_a_long_history_all_of_it_adds_up(database: Database, seed: int) -> None:
    history = History(database, seed)
    await history.begin()
    for _ in range(10):
        await history.go_on(30)
        await history.holds()
