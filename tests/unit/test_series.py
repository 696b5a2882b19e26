"""Bars of the last hours, and calls in groups with percentiles."""

from datetime import UTC, datetime, timedelta

from cx_tui.calls.frames import frame_of_calls
from cx_tui.domain.calls.call import Call
from cx_tui.domain.kinds.series import HourlyBars, bars
from cx_tui.services.calls.breakdown import groups_of

NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)


def test_bars_are_as_high_as_their_share_and_missing_where_nothing_was() -> None:
    assert bars([0, None, 5, 10]) == "▁ ▅█"
    assert bars([50, 100], 100) == "▅█"
    assert bars([]) == ""
    assert HourlyBars().show((None, 1, None)) == " █"
    assert HourlyBars().show(None) == ""


def made(number: int, carrier: str, *, rings: float | None, simulated: bool = False) -> Call:
    """A call of a carrier that rang after so many seconds and was answered then, or never."""
    begun = NOON + timedelta(seconds=number // 2)
    rang = None if rings is None else begun + timedelta(seconds=rings)
    return Call(
        source="x", source_key=f"{number}", customer_id=1, invited_at=begun, ringing_at=rang,
        answered_at=rang,
        ended_at=begun + timedelta(seconds=90), talk_ms=60_000 if rang else 0, carrier=carrier,
        simulated=simulated,
    )  # fmt: skip


def test_groups_have_percentiles_and_the_peak_of_a_second() -> None:
    calls = [made(number, "alpha", rings=float(number)) for number in range(101)]
    calls += [made(500, "beta", rings=None), made(501, "beta", rings=1.0, simulated=True)]
    every, alpha, beta = groups_of([frame_of_calls(calls)], "carrier")
    assert (every.value, every.attempts, every.connected) == ("", 102, 101)
    assert (alpha.value, alpha.asr, alpha.acd, alpha.cps) == ("alpha", 100.0, 60.0, 2)
    assert alpha.pdd == (50.0, 90.0, 99.0)
    assert (beta.value, beta.attempts, beta.asr, beta.acd, beta.pdd) == ("beta", 1, 0.0, None, (None,) * 3)
