"""Calls on their way: carriers one after the other, records, live calls, and ending them."""

import asyncio
from datetime import UTC, datetime

from cx_tui.domain.calls.call import Release
from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.events import Answered, Started
from cx_tui.ingest.kamailio.adapter import Kamailio
from cx_tui.ingest.kamailio.live import LiveCalls
from cx_tui.ingest.kamailio.records import RecordTable
from cx_tui.ingest.kamailio.rpc import Rpc
from tests.conftest import opened
from tests.switch.conftest import Network
from tests.switch.parts import until


async def test_the_next_carrier_takes_what_the_first_can_not(network: Network) -> None:
    for number, tried in (("442079460503", 2), ("442079460486", 1), ("442079460404", 1)):
        before = [len(carrier.invites) for carrier in network.carriers]
        outcome = await network.call(number)
        # A 503 is the carrier's own trouble and stops there (RFC 3261, 16.7).
        assert outcome.code == {503: 500}.get(int(number[-3:]), int(number[-3:])), outcome
        after = [len(carrier.invites) for carrier in network.carriers]
        assert sum(after) - sum(before) == tried, number
    await network.save("carrier", 1, port=9)
    answered = await network.call()
    assert answered.code == 200, "a carrier that is away is passed over"
    assert len(network.carriers[1].invites) == 2


async def test_a_call_leaves_one_record_with_exact_times(network: Network) -> None:
    outcome = await network.call(talk=1.2)
    (record,) = await network.records(1)
    assert record.source_key == outcome.key
    assert (record.customer_id, record.dialled, record.number) == (1, "442079460000", "442079460000")
    assert (record.cli_in, record.carrier, record.sip_code) == ("441632960000", "Northline", 200)
    assert record.release.value == "caller"
    assert record.answered_at is not None
    assert record.invited_at <= record.answered_at
    assert 1.0 <= (record.talk_ms or 0) / 1000 <= 2.5


async def test_refused_cancelled_and_failed_calls_leave_one_record_each(network: Network) -> None:
    await network.call("4930123456")
    await network.call("442079460999", cancels=True)
    await network.call("442079460486")
    records = {record.dialled: record for record in await network.records(3)}
    refused, cancelled, busy = (records[one] for one in ("4930123456", "442079460999", "442079460486"))
    assert (refused.gate, refused.sip_code) == ("rate", 404)
    assert (cancelled.release.value, cancelled.answered_at) == ("caller", None)
    assert (busy.sip_code, busy.answered_at, busy.carrier) == (486, None, "Northline")


async def test_live_calls_are_seen_and_ended_by_json_rpc(network: Network) -> None:
    rpc = Rpc(f"http://127.0.0.1:{network.switch.rpc_port}/RPC")
    calling = asyncio.create_task(network.call(talk=20))
    await until(lambda: network.carriers[0].up, "the call is up")
    for _ in range(100):  # the switch hears of the answer a moment after the carrier gave it
        live = LiveCalls("switch", rpc)
        events = await live.look(datetime.now(UTC))
        if any(isinstance(event, Answered) for event in events):
            break
        await asyncio.sleep(0.05)
    (started,) = [event for event in events if isinstance(event, Started)]
    assert (started.customer_id, started.dialled, started.carrier) == (1, "442079460000", "Northline")
    assert [event for event in events if isinstance(event, Answered)]
    async with opened(network.switch.wanted.records_url) as database:
        adapter = Kamailio("switch", rpc=rpc, records=RecordTable("switch", database))
        assert await adapter.end(started.live_key) is Ending.ENDED
        outcome = await calling
        assert outcome.cut
        assert await adapter.end(started.live_key) is Ending.NOT_THERE
        await adapter.close()
    (record,) = await network.records(1)
    assert record.release is Release.UNKNOWN, "the switch does not know who; the program does"
    assert record.talk_ms
    await until(lambda: not network.carriers[0].up, "the other leg is down too")


async def test_what_was_reserved_is_free_when_a_call_is_over(network: Network) -> None:
    await network.call("442079460486")
    await network.call("442079460999", cancels=True)
    await until(lambda: network.decide.health()["calls"] == 0, "nothing is reserved")
    calling = asyncio.create_task(network.call(talk=1))
    await until(lambda: network.carriers[0].up, "the call is up")
    assert network.decide.health()["calls"] == 1
    await calling


async def test_a_call_that_is_cancelled_at_once_leaves_nothing_behind(network: Network) -> None:
    for _ in range(5):
        outcome = await network.call("442079460998", cancels=True, cancels_at=100)
        assert outcome.code == 487
    await until(lambda: network.switch.calls(1) == 0, "its channel is free")
    await until(lambda: network.decide.health()["calls"] == 0, "nothing is reserved")
