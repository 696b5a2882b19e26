"""The database of the records does not answer for a while: calls that end meanwhile are read from files."""

import asyncio
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tests.switch.conftest import Network
from tests.switch.parts import OverTcp, until

pytestmark = pytest.mark.parametrize("kind", ["postgresql"])


async def calls(network: Network, number: int) -> list[str]:
    """So many calls at the same time, each of a second; their keys."""
    made = await asyncio.gather(*(network.call(talk=1) for _ in range(number)))
    assert {one.code for one in made} == {200}
    return [one.key for one in made]


def in_files(network: Network) -> int:
    """How many records are in the spare files."""
    return sum(file.read_text().count("\n") for file in Path(network.switch.wanted.spare).iterdir())


async def test_no_record_is_lost_while_their_database_is_away(network: Network, way: OverTcp) -> None:
    await network.save("customer", 1, channels=200, debit_limit=Decimal(1_000_000))
    keys = await calls(network, 10)
    assert in_files(network) == 0
    up = [asyncio.create_task(network.call(talk=2)) for _ in range(10)]
    await asyncio.sleep(0.5)
    await way.close()
    keys += [one.key for one in await asyncio.gather(*up)]
    keys += await calls(network, 20)
    assert (await network.call("4930123456")).code == 404, "a refused call has a record too"
    assert in_files(network) == 31
    await way.open()
    keys += await calls(network, 10)
    records = await network.records(len(keys) + 1)
    assert Counter(one.source_key for one in records if not one.gate) == Counter(keys)
    assert {one.customer_id for one in records} == {1}
    answered = [one for one in records if not one.gate]
    assert all(0.8 < (one.talk_ms or 0) / 1000 < 4 for one in answered)
    assert {one.carrier for one in answered} == {"Northline"}


async def test_a_switch_that_starts_while_their_database_is_away_loses_none(
    network: Network, way: OverTcp
) -> None:
    await network.save("customer", 1, channels=200, debit_limit=Decimal(1_000_000))
    await network.switch.stop()
    await way.close()
    before = network.decide.said().count("linked")
    await network.switch.start()
    await until(lambda: network.decide.said().count("linked") > before, "linked again")
    keys = await calls(network, 5)
    assert in_files(network) == 5
    await way.open()
    keys += await calls(network, 5)
    records = await network.records(10)
    assert Counter(one.source_key for one in records) == Counter(keys)
