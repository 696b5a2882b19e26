"""What a switch counts: channels, calls a second, credit; exact also when calls come at once."""

import asyncio
from collections import Counter
from decimal import Decimal

import pytest

from tests.switch.conftest import Network
from tests.switch.parts import until
from tests.switch.sip import Message, Outcome


async def burst(network: Network, calls: int, talk: float = 1.0) -> list[Outcome]:
    """Calls that begin together."""
    return await asyncio.gather(*(network.call(talk=talk) for _ in range(calls)))


async def test_of_five_calls_at_once_on_two_channels_two_are_answered(network: Network) -> None:
    await network.save("customer", 1, channels=2)
    outcomes = await burst(network, 5)
    assert Counter(one.code for one in outcomes) == {200: 2, 503: 3}
    assert {one.reason.partition(":")[0] for one in outcomes if one.code == 503} == {'X.CX;text="channels'}
    await until(lambda: network.switch.calls(1) == 0, "the channels are free again")
    assert (await network.call()).code == 200


async def test_an_address_and_a_route_have_channels_of_their_own(network: Network) -> None:
    for kind, values in (("ip", {"channels": 1}), ("route", {"channels": 2})):
        await network.save(kind, 1, **values)
        outcomes = await burst(network, 4, talk=0.5)
        assert Counter(one.code for one in outcomes)[200] == values["channels"], kind
        await network.save(kind, 1, channels=0)
        await until(lambda: network.switch.calls(1) == 0, "the channels are free again")


async def test_of_twenty_calls_in_a_second_as_many_begin_as_may(network: Network) -> None:
    await network.save("customer", 1, channels=100, flow_speed=5)
    outcomes = await burst(network, 20, talk=0.1)
    counted = Counter(one.code for one in outcomes)
    # The burst may lie across the border of two seconds.
    assert 5 <= counted[200] <= 10, counted
    assert {one.reason.partition(":")[0] for one in outcomes if one.code == 503} == {'X.CX;text="cps'}


async def test_a_carrier_that_is_full_is_passed_over(network: Network) -> None:
    await network.save("carrier", 1, channels=1)
    outcomes = await burst(network, 3)
    assert [one.code for one in outcomes] == [200, 200, 200]
    assert [len(carrier.invites) for carrier in network.carriers] == [1, 2]


async def test_of_ten_calls_at_once_with_credit_for_three_minutes_no_more_is_given_out(
    network: Network,
) -> None:
    await network.save("customer", 1, channels=100, debit_limit=Decimal("0.06"))
    outcomes = await burst(network, 10, talk=0.3)
    counted = Counter(one.code for one in outcomes)
    assert counted == {200: 3, 402: 7}, outcomes


async def test_what_comes_twice_is_one_call(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    send = network.phone.send

    def twice(message: Message) -> None:
        send(message)
        send(message)

    monkeypatch.setattr(network.phone, "send", twice)
    outcomes = [await network.call(talk=0.2) for _ in range(5)]
    assert [one.code for one in outcomes] == [200] * 5
    assert len(network.carriers[0].invites) == 5
    assert len({one.source_key for one in await network.records(5)}) == 5
    await until(lambda: network.decide.health()["calls"] == 0, "nothing is reserved", patience=30)


async def test_the_switch_cuts_a_call_when_its_credit_ends(network: Network) -> None:
    # A minute costs 0.02, and the rate is by the second: 3 s.
    await network.save("customer", 1, debit_limit=Decimal("0.001"))
    outcome = await network.call(talk=12)
    assert (outcome.code, outcome.cut) == (200, True)
    assert 2 <= outcome.talked <= 6, outcome
    (record,) = await network.records(1)
    assert 2 <= (record.talk_ms or 0) / 1000 <= 6
    assert record.release.value == "switch"
    # Two BYEs of the switch: what was reserved is free when the record has changed the balance.
    await until(lambda: network.decide.health()["calls"] == 0, "nothing is reserved", patience=30)


async def test_an_invite_within_a_call_does_not_give_it_its_time_anew(network: Network) -> None:
    await network.save("customer", 1, debit_limit=Decimal("0.001"))
    loop = asyncio.get_running_loop()
    began = loop.time()
    outcome = await network.call(talk=12, again_at=2.0)
    assert (outcome.code, outcome.cut) == (200, True)
    assert loop.time() - began < 6, "its three seconds, and no more"
