"""What asking costs a caller: the time until it rings, beside the same switch that asks nobody."""

from decimal import Decimal
from statistics import median

import pytest

from cx_tui.services.admission.following import Following
from tests.bench.figures import Figures, p95
from tests.switch.conftest import Network, algorithm, kind, network, records_url, unheard, way
from tests.switch.parts import MISSING, WHY_NOT, Switch

pytestmark = [pytest.mark.bench, pytest.mark.skipif(bool(MISSING), reason=WHY_NOT)]
CALLS = 300

__all__ = ["algorithm", "kind", "network", "records_url", "unheard", "way"]


async def test_asking_adds_little_to_the_time_until_it_rings(network: Network, figures: Figures) -> None:
    await network.save("customer", 1, channels=1_000, debit_limit=Decimal(1_000_000))
    state = Following(network.session.database)
    await state.load()
    alone = Switch(network.folder / "alone", state.world)
    await alone.start()
    phone = await network.phone_at("127.0.0.21")
    phone.switch = (alone.host, alone.port)
    asked, unasked = list[float](), list[float]()
    try:
        for _ in range(CALLS):
            for one, waits in ((network.phone, asked), (phone, unasked)):
                outcome = await one.call("442079460000", talk=0)
                assert outcome.code == 200, outcome
                waits.append(outcome.rang * 1000)
    finally:
        await alone.stop()
    beside = f"{CALLS} calls each way; {median(asked):.2f} and {median(unasked):.2f} ms"
    figures.show("asking, until it rings: the median", median(asked) - median(unasked), "ms", 1, beside)
    beside = f"{p95(asked):.2f} and {p95(unasked):.2f} ms"
    figures.show("the same, 95 of 100", p95(asked) - p95(unasked), "ms", 3, beside)
    figures.all_met()
