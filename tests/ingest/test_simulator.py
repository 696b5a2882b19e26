"""The simulator: the same calls from the same seed, a believable day, and obedience."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cx_tui.domain.calls.call import Call, Release
from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.events import Answered, Ended, Event, Ringing, Snapshot, Started
from cx_tui.domain.currencies import decimals_of
from cx_tui.ingest.simulator import Caller, Population, Simulator, finished_calls
from cx_tui.ingest.simulator.course import CARRIERS, failing

NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)
TUESDAY, SUNDAY = date(2026, 6, 16), date(2026, 6, 14)
CURRENCIES = ("USD", "JPY", "KWD")


def people(count: int = 400, zone: str = "Europe/London", channels: int = 30) -> Population:
    return Population(
        (Caller(number, channels, CURRENCIES[number % 3], zone) for number in range(1, count + 1)), seed=3
    )


def of_a_day(count: int = 4000, day: date = TUESDAY, seed: int = 3, **more: object) -> list[Call]:
    given: dict[str, object] = {"population": people()} | more
    batches = finished_calls(day=day, count=count, seed=seed, **given)  # type: ignore[arg-type]
    return [call for batch in batches for call in batch]


def test_the_same_seed_makes_the_same_day_and_another_one_another() -> None:
    first = of_a_day(500)
    assert first == of_a_day(500)
    assert first != of_a_day(500, seed=4)
    assert len({one.source_key for one in first}) == len(first) == 500


def test_calls_come_in_the_order_of_their_begin_on_that_day() -> None:
    calls = of_a_day()
    moments = [one.invited_at for one in calls]
    assert moments == sorted(moments)
    assert {one.date() for one in moments} == {TUESDAY}


def test_the_busy_hours_are_those_of_the_customers_clocks() -> None:
    def in_the_morning(zone: str) -> float:
        calls = of_a_day(population=people(zone=zone))
        return sum(1 <= one.invited_at.hour < 7 for one in calls) / len(calls)

    assert in_the_morning("Asia/Tokyo") > 0.4
    assert in_the_morning("Europe/London") < 0.15


def test_a_sunday_is_quieter_than_a_tuesday() -> None:
    world = people()
    sunday = world.activity(datetime(2026, 6, 14, 9, tzinfo=UTC))
    assert sunday < 0.5 * world.activity(NOON.replace(hour=9))


def test_a_day_is_believable() -> None:
    calls = of_a_day(8000)
    connected = [one for one in calls if one.connected]
    codes = Counter(one.sip_code for one in calls)
    assert 0.3 < len(connected) / len(calls) < 0.6
    assert 60 < sum(one.talk_ms for one in connected) / len(connected) / 1000 < 260
    assert {200, 404, 480, 486, 487, 503} <= set(codes)
    assert all(one.ended_at >= (one.answered_at or one.invited_at) for one in calls)
    assert all(one.pdd_ms is not None and one.pdd_ms > 0 for one in connected)
    assert {one.release for one in calls if one.sip_code == 487} == {Release.CALLER}
    assert 0.005 < sum(bool(one.tries) for one in calls) / len(calls) < 0.2
    assert len({one.customer_id for one in calls}) > 300


def test_a_carrier_that_fails_is_passed_over_by_most_calls() -> None:
    slot = next(
        moment for n in range(10_000) if failing(moment := NOON + timedelta(minutes=10 * n), 3, CARRIERS)
    )
    (name, *_) = failing(slot, 3, CARRIERS)
    simulator = Simulator(people(channels=10_000), 200, seed=3, clock=lambda: slot)
    for _ in range(20):
        simulator.advance(slot, 0.25)
    calls = [call for call, _ in simulator._up.values()]
    over_it = [one for one in calls if any(t.carrier == name for t in one.tries) or one.carrier == name]
    refused = [one for one in over_it if one.tries and one.tries[0].carrier == name]
    assert len(refused) > 0.5 * len(over_it) > 0
    assert all([t.began_ms for t in one.tries] == sorted(t.began_ms for t in one.tries) for one in refused)


def test_charges_are_in_the_decimals_of_the_currency() -> None:
    charges = [one for one in of_a_day() if one.charge]
    assert {one.currency for one in charges} == set(CURRENCIES)
    for one in charges:
        assert one.charge == round(one.charge or Decimal(0), decimals_of(one.currency))
    assert all(not one.charge for one in of_a_day() if not one.connected)


def test_a_gate_refuses_and_no_carrier_sees_the_call() -> None:
    asked = []

    def admit(customer_id: int, dialled: str, cli: str, moment: datetime) -> str:
        asked.append((customer_id, dialled, cli, moment))
        return "credit" if customer_id % 2 else ""

    calls = of_a_day(500, admit=admit)
    refused = [one for one in calls if one.gate]
    assert {(one.customer_id or 0) % 2 for one in refused} == {1}
    assert {(one.sip_code, one.carrier, one.connected, one.charge) for one in refused} == {
        (402, "", False, Decimal(0))
    }
    assert asked == [(one.customer_id, one.dialled, one.cli_in, one.invited_at) for one in calls]


def test_what_is_not_over_yet_is_no_finished_call() -> None:
    calls = of_a_day(2000, until=NOON)
    assert calls
    assert max(one.ended_at for one in calls) <= NOON


def test_nobody_makes_no_calls() -> None:
    assert of_a_day(population=Population()) == []
    assert Simulator(Population(), 40, clock=lambda: NOON).advance(NOON, 1) == []


def lived(simulator: Simulator, seconds: int, now: datetime = NOON) -> list[Event]:
    """What happens in so many seconds."""
    return [
        event
        for second in range(seconds)
        for event in simulator.advance(now + timedelta(seconds=second), 1.0)
    ]


def simulated(rate: float = 20, **more: object) -> Simulator:
    given: dict[str, object] = {"population": people(), "clock": lambda: NOON} | more
    return Simulator(rate=rate, seed=5, **given)  # type: ignore[arg-type]


def test_live_calls_start_ring_are_answered_and_end_in_this_order() -> None:
    events = lived(simulated(), 600)
    by_call: dict[str, list[str]] = {}
    for one in events:
        key = one.call.source_key if isinstance(one, Ended) else getattr(one, "key", "")
        by_call.setdefault(key, []).append(type(one).__name__)
    orders = {tuple(one) for one in by_call.values()}
    whole = ("Started", "Ringing", "Answered", "Ended")
    parts = {whole[:n] for n in range(1, 4)} | {("Started", "Ringing", "Ended"), ("Started", "Ended")}
    assert whole in orders
    assert orders <= parts | {whole}


def test_events_come_at_their_moments() -> None:
    simulator = simulated()
    for second in range(300):
        now = NOON + timedelta(seconds=second)
        for one in simulator.advance(now, 1.0):
            if isinstance(one, Ringing | Answered):
                at = one.at
            else:
                assert isinstance(one, Started | Ended)
                at = one.invited_at if isinstance(one, Started) else one.call.ended_at
            assert now <= at <= now + timedelta(seconds=1)


def test_live_calls_are_the_same_from_the_same_seed() -> None:
    assert lived(simulated(), 60) == lived(simulated(), 60)


def test_no_customer_has_more_calls_than_channels() -> None:
    simulator = simulated(rate=200, population=people(20, channels=2))
    lived(simulator, 60)
    up = Counter(one.customer_id for one in simulator.snapshot(NOON + timedelta(hours=1)).calls)
    assert max(up.values()) == 2


def test_who_may_not_call_does_not_dial() -> None:
    simulator = simulated()
    soon = simulator.callers(NOON, 1.0)
    assert soon
    assert simulator.advance(NOON, 1.0, lambda _: False) == []
    assert simulator.live == 0


def test_a_snapshot_has_the_calls_that_are_up() -> None:
    simulator = simulated()
    lived(simulator, 60)
    snapshot = simulator.snapshot(NOON + timedelta(seconds=60))
    assert isinstance(snapshot, Snapshot)
    assert len(snapshot.calls) == simulator.live > 0


def test_all_calls_end_when_the_simulator_stops() -> None:
    simulator = simulated()
    started = {one.key for one in lived(simulator, 60) if isinstance(one, Started)}
    simulator = simulated()
    ended = {one.call.source_key for one in lived(simulator, 60) if isinstance(one, Ended)}
    moment = NOON + timedelta(seconds=60)
    last = [one.call for one in simulator.hang_up(moment) if isinstance(one, Ended)]
    assert started - ended == {one.source_key for one in last}
    assert simulator.live == 0
    assert {one.release for one in last} == {Release.SWITCH}
    for one in last:
        assert one.ended_at == moment
        assert one.talk_ms == (
            (moment - one.answered_at) // timedelta(milliseconds=1) if one.answered_at else 0
        )
        assert one.connected or one.sip_code == 487
    assert lived(simulator, 0) == []


def test_calls_that_were_up_before_go_on_and_end() -> None:
    simulator = simulated(rate=0)
    simulator.take_over(Caller(7, 30, "USD"), 3, NOON)
    assert simulator.live == 3
    events = lived(simulator, 4000)
    assert len([one for one in events if isinstance(one, Started)]) == 3
    assert len([one for one in events if isinstance(one, Ended)]) + simulator.live == 3


async def test_a_call_is_ended_by_an_operator_at_once() -> None:
    simulator = simulated()
    lived(simulator, 30)
    key = simulator.snapshot(NOON + timedelta(seconds=30)).calls[0].live_key
    assert await simulator.end(key) is Ending.ENDED
    assert await simulator.end(key) is Ending.NOT_THERE
    later = simulator.advance(NOON + timedelta(seconds=30), 3600)
    ends = [one.call for one in later if isinstance(one, Ended) and one.call.source_key == key]
    assert [one.release for one in ends] == [Release.OPERATOR]


async def test_it_speaks_like_any_other_source() -> None:
    simulator = simulated(rate=400)
    events = simulator.events()
    found = [await anext(events) for _ in range(20)]
    assert simulator.name == "simulator"
    assert {type(one) for one in found} & {Started, Snapshot}


@pytest.mark.parametrize(("currency", "decimals"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("XXX", 2)])
def test_decimals_are_those_of_the_currency(currency: str, decimals: int) -> None:
    assert decimals_of(currency) == decimals
