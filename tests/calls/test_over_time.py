"""Calls over time by carrier and SIP code, and percentiles of PDD, are those of a slow recount."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from math import ceil
from pathlib import Path

import pytest

from cx_tui.calls.places import Files
from cx_tui.calls.sealing import Sealing
from cx_tui.db.engine import Database
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.figures import Figures, day_of
from cx_tui.domain.calls.query import CallQuery
from cx_tui.services.calls.calls import Calls
from cx_tui.services.calls.over_time import BY, Course, courses_of
from cx_tui.services.calls.summaries import Period, begin_of
from tests.calls.made import many, priced, put, some_customers


def rings(place: int, call: Call) -> Call:
    """The call with a ringing time of its own; every seventh never rang."""
    rang = None if place % 7 == 0 else call.invited_at + timedelta(milliseconds=place % 97 * 120)
    return replace(call, ringing_at=rang)


CALLS = [rings(place, call) for place, call in enumerate(map(priced, many(400, days=4)))]
DAYS = sorted({day_of(call.invited_at) for call in CALLS})


@pytest.fixture
async def calls(database: Database, tmp_path: Path) -> Calls:
    """Calls of five days, of which the first two are sealed."""
    await some_customers(database)
    await put(database, CALLS, 200)
    place = str(tmp_path / "calls")
    for day in DAYS[:2]:
        await Sealing(database, Files(place)).seal(day)
    return Calls(database, place)


async def found(calls: Calls, period: Period, by: str, customer_id: int | None = None) -> list[Course]:
    unit = "hour" if period is Period.HOUR else "day"
    groups = await calls.list(CallQuery(customer_id)).group([unit, *([by] if by else []), "pdd_tenths"])
    return courses_of(groups, period, by)


@pytest.mark.parametrize("by", ["", *BY])
async def test_each_period_has_its_sums_and_percentiles(calls: Calls, by: str) -> None:
    for period in Period:
        wanted: dict[tuple[str, object], list[Call]] = defaultdict(list)
        for call in CALLS:
            at = begin_of(period, call.invited_at)
            wanted["", at].append(call)
            if by:
                wanted[str(getattr(call, by) or "none"), at].append(call)
        courses = await found(calls, period, by)
        assert courses[0].value == ""
        told = {(one.value, at): moment for one in courses for at, moment in one.moments.items()}
        assert told.keys() == wanted.keys()
        for place, moment in told.items():
            sums = Figures()
            for call in wanted[place]:
                sums.count(call)
            assert moment.sums == sums
            assert moment.pdd == percentiles(wanted[place])
        attempts = [one.attempts for one in courses[1:]]
        assert attempts == sorted(attempts, reverse=True)


def percentiles(calls: list[Call]) -> tuple[float | None, ...]:
    """The seconds within which 50, 90 and 99 percent of the calls rang, one by one, to a tenth."""
    ms = sorted((call.ringing_at - call.invited_at) // timedelta(milliseconds=1)
                for call in calls if call.ringing_at)  # fmt: skip
    if not ms:
        return (None, None, None)
    return tuple((ms[ceil(len(ms) * one / 100) - 1] + 50) // 100 / 10 for one in (50, 90, 99))


async def test_of_one_customer_only_its_own_calls_are_told(calls: Calls) -> None:
    (every, *_) = await found(calls, Period.MONTH, "carrier", 3)
    assert every.attempts == sum(call.customer_id == 3 for call in CALLS)
