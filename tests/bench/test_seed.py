"""Making a million customers."""

from pathlib import Path

import pytest

from tests.bench.conftest import CUSTOMERS, seed
from tests.bench.figures import Figures

pytestmark = pytest.mark.bench


def test_seeding_a_million_customers_takes_little_time_and_memory(tmp_path: Path, figures: Figures) -> None:
    path = tmp_path / "customers.db"
    seeded = seed(f"sqlite:///{path}")
    size = path.stat().st_size / 2**20
    path.unlink()
    beside = f"{CUSTOMERS:,} customers, {size:,.0f} MB"
    figures.show("seed on SQLite", seeded.seconds, "s", 90 * CUSTOMERS / 1e6, beside)
    figures.show("seed on SQLite, most memory", seeded.peak_mb, "MB", 400)
    figures.all_met()
