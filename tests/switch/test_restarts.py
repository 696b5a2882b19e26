"""Parts that end and come back while calls are made: every call is answered or refused, and none is lost."""

import asyncio
import signal
from collections import Counter
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from cx_tui.domain.calls.call import Release
from cx_tui.domain.records.customer import Status
from cx_tui.services.admission.following import Following
from tests.switch.conftest import Network
from tests.switch.parts import Process, Switch, until

CALLER = Path(str(files("cx_tui.decide.kamailio").joinpath("caller.xml")))
CALLS, A_SECOND = 1_000, 60


async def test_without_a_decision_server_calls_are_refused_at_once_and_come_back_with_it(
    network: Network,
) -> None:
    await network.decide.stop(signal.SIGKILL)
    await until(lambda: network.switch.rpc("pv.shvGet", "deciders") is not None, "Kamailio is there")
    loop = asyncio.get_running_loop()
    began = loop.time()
    refused = await network.call()
    assert refused.code in (500, 503), refused
    assert loop.time() - began < 3
    await network.decide.start()
    assert (await network.call()).code == 200


async def test_a_server_that_hangs_refuses_within_three_seconds(network: Network) -> None:
    network.decide.signal(signal.SIGSTOP)
    loop = asyncio.get_running_loop()
    began = loop.time()
    refused = await network.call()
    assert refused.code in (408, 500, 503), refused
    assert loop.time() - began < 3
    network.decide.signal(signal.SIGCONT)
    await until(lambda: network.decide.health()["well"], "it goes on")
    assert (await network.call()).code == 200, "an answer that came too late has done no harm"


async def test_known_addresses_pass_meanwhile_if_the_operator_wants_it(
    network: Network, tmp_path: Path
) -> None:
    state = Following(network.session.database)
    await state.load()
    switch = Switch(tmp_path / "passing", state.world)
    await switch.start()
    try:
        phone, stranger = await network.phone_at("127.0.0.21"), await network.phone_at("127.0.0.99")
        for one in (phone, stranger):
            one.switch = (switch.host, switch.port)
        assert (await phone.call("442079460000")).code == 200
        assert (await phone.call("442079460503")).code == 500
        assert [len(carrier.invites) for carrier in network.carriers] == [2, 1]
        assert (await stranger.call("442079460000")).code in (500, 503)
        phone.close()
        stranger.close()
    finally:
        await switch.stop()


async def test_calls_go_on_when_kamailio_has_been_started_anew(network: Network) -> None:
    before = network.decide.said().count("linked")
    await network.switch.stop(signal.SIGKILL)
    await network.switch.start()
    await until(lambda: network.decide.said().count("linked") > before, "linked again")
    assert (await network.call()).code == 200


async def test_a_saved_status_is_obeyed_within_a_second(network: Network) -> None:
    loop = asyncio.get_running_loop()
    customer = await network.session.records.get(1)
    await network.session.records.save(customer, {"status": Status.INACTIVE})
    saved = loop.time()
    while (await network.call(talk=0)).code != 403:
        assert loop.time() - saved < 5
    print(f"\n  change to obeyed: {loop.time() - saved:.2f} s", end="")


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_of_many_calls_none_is_lost_when_the_server_is_started_anew(network: Network) -> None:
    await network.save("customer", 1, channels=1_000, debit_limit=Decimal(1_000_000))
    (network.folder / "calls.csv").write_text("SEQUENTIAL\n442079460000;441632960000\n")
    screen = network.folder / "sipp.screen"
    callers = Process(
        network.folder / "sipp.log", "sipp", f"{network.switch.host}:{network.switch.port}", "-sf",
        str(CALLER), "-d", "300", "-i", "127.0.0.21", "-m", str(CALLS), "-r", str(A_SECOND), "-l", "500",
        "-inf", str(network.folder / "calls.csv"), "-nostdin", "-trace_err", "-error_file",
        str(network.folder / "sipp.errors"), "-trace_stat", "-stf", str(screen), "-fd", "1",
    )  # fmt: skip
    await callers.start()
    await until(lambda: len(network.carriers[0].invites) > CALLS / 4, "calls are made")
    await network.decide.stop(signal.SIGKILL)
    await asyncio.sleep(0.5)
    await network.decide.start()
    await until(callers.ended, "all calls are over", patience=90)
    header, *rows = screen.read_text().splitlines()
    last = dict(zip(header.split(";"), rows[-1].split(";"), strict=False))
    assert int(last["TotalCallCreated"]) == CALLS
    assert int(last["SuccessfulCall(C)"]) == CALLS, last
    records = await network.records(len(network.carriers[0].invites))
    counted = Counter(record.source_key for record in records)
    assert set(counted.values()) == {1}
    assert len(counted) > CALLS / 2, "most were answered"
    assert {record.customer_id for record in records} == {1}


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_server_that_was_killed_knows_the_hundred_calls_that_are_up(network: Network) -> None:
    await network.save("customer", 1, channels=200, debit_limit=Decimal(1_000_000))
    calling = [asyncio.create_task(network.call(talk=12)) for _ in range(100)]
    await until(lambda: network.switch.answered() == 100, "all are up")
    await asyncio.sleep(0.5)  # what is reserved is written down three times a second
    before = network.decide.health()["calls"]
    await network.decide.stop(signal.SIGKILL)
    await network.decide.start()
    assert network.decide.health()["calls"] == before == 100
    assert {one.code for one in await asyncio.gather(*calling)} == {200}
    await until(lambda: network.decide.health()["calls"] == 0, "all is free again", patience=30)
    assert len({one.source_key for one in await network.records(100)}) == 100


async def test_calls_that_are_up_stay_when_kamailio_is_started_anew(network: Network) -> None:
    await network.save("customer", 1, channels=2)
    calling = asyncio.create_task(network.call(talk=6))
    await until(lambda: network.switch.answered() == 1, "the call is up")
    before = network.decide.said().count("linked")
    await network.switch.stop()
    await network.switch.start()
    await until(lambda: network.decide.said().count("linked") > before, "linked again")
    assert network.switch.calls(1) == 1, "it is still counted"
    second = asyncio.create_task(network.call(talk=1))
    await until(lambda: network.switch.calls(1) == 2, "another call is up")
    assert (await network.call()).code == 503, "no channel is left"
    assert not (await calling).cut
    assert (await second).code == 200
    one, other, refused = sorted(await network.records(3), key=lambda each: -(each.talk_ms or 0))
    assert 5_500 < (one.talk_ms or 0) < 8_000, one
    assert (one.customer_id, one.carrier, one.release) == (1, "Northline", Release.CALLER), one
    assert other.release is Release.CALLER
    assert refused.gate == "channels"
