"""Calls that an operator ends before they are answered, and calls whose caller never confirms the answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from cx_tui.domain.calls.call import Release
from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.events import Snapshot, Started
from cx_tui.ingest.kamailio.adapter import Kamailio
from cx_tui.ingest.kamailio.live import LiveCalls
from cx_tui.ingest.kamailio.records import RecordTable
from cx_tui.ingest.kamailio.rpc import Rpc
from cx_tui.services.admission.following import Following
from tests.conftest import opened
from tests.switch.callers import Callers
from tests.switch.conftest import Network
from tests.switch.parts import Switch, until

UNHEARD = Path(__file__).with_name("unheard.xml")
LISTENING = Path(__file__).with_name("listening.xml")
CALLS, MANY = 5, 40


@asynccontextmanager
async def source(switch: Switch) -> AsyncIterator[Kamailio]:
    """The switch as the program knows it."""
    rpc = Rpc(f"http://{switch.host}:{switch.rpc_port}/RPC")
    async with opened(switch.wanted.records_url) as database:
        adapter = Kamailio("switch", rpc=rpc, records=RecordTable("switch", database))
        yield adapter
        await adapter.close()


async def live(switch: Switch) -> list[Started]:
    """The calls that are up."""
    rpc = Rpc(f"http://{switch.host}:{switch.rpc_port}/RPC")
    *_, last = await LiveCalls("switch", rpc).look(datetime.now(UTC))
    await rpc.close()
    assert isinstance(last, Snapshot)
    return list(last.calls)


@pytest.mark.parametrize("ends", ["999", "998"], ids=["rings", "is silent"])
async def test_a_call_that_nobody_has_answered_is_cancelled(network: Network, ends: str) -> None:
    await network.save("customer", 1, channels=50)
    north = network.carriers[0]
    callers = Callers(network, CALLS, number=f"442079460{ends}")
    await callers.start()
    await until(lambda: len({one.one("Call-ID") for one in north.invites}) == CALLS, "the carrier has all")
    await until(lambda: network.switch.calls(1) == CALLS, "all are counted")
    up = await live(network.switch)
    async with source(network.switch) as adapter:
        endings = await asyncio.gather(*(adapter.end(one.live_key) for one in up))
        assert endings == [Ending.ENDED] * CALLS
        assert await adapter.end(up[0].live_key) is Ending.NOT_THERE
    await until(callers.ended, "the callers hear it")
    assert callers.well() == CALLS, callers.counted()
    if ends == "999":
        assert north.cancelled == {one.key for one in up}
    records = await network.records(CALLS)
    assert {one.source_key for one in records} == {one.key for one in up}
    assert {(one.release, one.sip_code) for one in records} == {(Release.OPERATOR, 487)}
    assert {(one.answered_at, one.talk_ms) for one in records} == {(None, 0)}
    await until(lambda: network.switch.calls(1) == 0, "the channels are free")
    await until(lambda: network.decide.health()["calls"] == 0, "nothing is reserved")
    stats = network.switch.rpc("tm.stats")
    assert stats["created"] == stats["freed"] + stats["current"]
    assert "still linked" not in network.switch.said(), "each transaction is given back once"


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_both_sides_of_every_call_that_is_ended_are_down(network: Network) -> None:
    await network.save("customer", 1, channels=50, debit_limit=Decimal(1_000_000))
    callers = Callers(network, MANY, scenario=LISTENING)
    await callers.start()
    await until(lambda: network.switch.answered() == MANY, "all are up")
    # On one core, whoever hears a BYE answers before the switch goes on.
    callers.keep_to_one_core()
    network.switch.keep_to_one_core()
    up = await live(network.switch)
    async with source(network.switch) as adapter:
        endings = await asyncio.gather(*(adapter.end(one.live_key) for one in up))
    assert endings == [Ending.ENDED] * MANY
    await until(callers.ended, "the callers hear it")
    await until(lambda: not network.carriers[0].up, "the carrier has none any more")
    records = await network.records(MANY)
    assert {one.release for one in records} == {Release.UNKNOWN}, "the program knows who, not the switch"


async def test_a_call_that_was_let_pass_is_cancelled_too(network: Network, tmp_path: Path) -> None:
    state = Following(network.session.database)
    await state.load()
    switch = Switch(tmp_path / "passing", state.world)
    await switch.start()
    try:
        phone = await network.phone_at("127.0.0.21")
        phone.switch = (switch.host, switch.port)
        calling = asyncio.create_task(phone.call("442079460999"))
        await until(lambda: network.carriers[0].invites, "it rings")
        (up,) = await live(switch)
        async with source(switch) as adapter:
            assert await adapter.end(up.live_key) is Ending.ENDED
        assert (await calling).code == 487
    finally:
        await switch.stop()


@pytest.fixture
def unheard() -> int:
    """So that no test waits for half a minute."""
    return 2


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_call_whose_caller_never_confirms_the_answer_is_cut_and_has_one_record(
    network: Network, unheard: int
) -> None:
    await network.save("customer", 1, channels=50)
    callers = Callers(network, CALLS, scenario=UNHEARD)
    await callers.start()
    await until(lambda: network.switch.calls(1) == CALLS, "all are up")
    await until(callers.ended, "each has its BYE")
    assert callers.well() == CALLS, callers.counted()
    await until(lambda: not network.carriers[0].up, "the other legs are down too")
    records = await network.settled_records()
    assert len({one.source_key for one in records}) == len(records) == CALLS
    for one in records:
        assert one.answered_at is not None
        assert one.talk_ms is not None
        assert abs(one.talk_ms / 1000 - (one.ended_at - one.answered_at).total_seconds()) < 0.1
        assert unheard - 0.5 < one.talk_ms / 1000 < unheard + 2.5, "from the answer, without the ringing"
    assert {(one.release, one.sip_code) for one in records} == {(Release.TIMEOUT, 200)}
    await until(lambda: network.switch.calls(1) == 0, "the channels are free")
    await until(lambda: network.decide.health()["calls"] == 0, "nothing is reserved", patience=60)


async def test_a_call_whose_answer_was_confirmed_lasts_longer(network: Network, unheard: int) -> None:
    outcome = await network.call(talk=unheard + 3)
    assert not outcome.cut
    (record,) = await network.records(1)
    assert record.release is Release.CALLER
    assert unheard + 2.5 < (record.talk_ms or 0) / 1000 < unheard + 4
