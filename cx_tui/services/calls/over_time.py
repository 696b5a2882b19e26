"""Calls over time by their carrier or answer, with the spread of PDD: what the sums of hours do not know.

It groups the calls themselves, in a process of its own.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from cx_tui.calls.frames import C, figures_of
from cx_tui.db.calls.reading import PDD
from cx_tui.db.types import moment_of
from cx_tui.domain.calls.figures import NAMES, Figures
from cx_tui.domain.calls.query import CallQuery
from cx_tui.services.calls.breakdown import PERCENTILES
from cx_tui.services.calls.child import in_child
from cx_tui.services.calls.summaries import Period, begin_of

if TYPE_CHECKING:
    from cx_tui.services.calls.calls import Calls

BY = ("carrier", "sip_code")
"""By what calls can be told apart over time."""


@dataclass(frozen=True)
class Moment:
    """What was counted in one period."""

    sums: Figures
    pdd: tuple[float | None, ...]
    """Seconds to ringing: half of the calls took no longer, nine of ten, 99 of a hundred."""


@dataclass(frozen=True)
class Course:
    """The calls that have one carrier or answer, by when their period began; of all calls when it is none."""

    value: str
    moments: Mapping[datetime, Moment] = field(default_factory=dict)

    @property
    def attempts(self) -> int:
        """How many calls there were in all."""
        return sum(one.sums.attempts for one in self.moments.values())


async def over_time(calls: "Calls", query: CallQuery, period: Period, by: str = "") -> list[Course]:
    """All calls of a query over time, and then those of each value, the most frequent first."""
    calls.list(query)  # Refused, if these may not be seen
    return await in_child(_over_time, calls.database_url, calls.place, query, period, by)


def _over_time(url: str, place: str, query: CallQuery, period: Period, by: str) -> list[Course]:
    from cx_tui.db.engine import connect
    from cx_tui.services.calls.calls import Calls

    unit = "hour" if period is Period.HOUR else "day"

    async def work() -> pl.DataFrame:
        database = connect(url, read_only=True)
        try:
            return await Calls(database, place).list(query).group([unit, *([by] if by else []), PDD])
        finally:
            await database.close()

    found = asyncio.run(work())
    return courses_of(found, period, by) if len(found) else []


def courses_of(groups: pl.DataFrame, period: Period, by: str) -> list[Course]:
    """The courses of what was grouped by the hour or the day, a column, and tenths of a second to ringing."""
    groups = groups.filter(C.attempts > 0)
    at = C("hour" if period is Period.HOUR else "day")
    known = {start: begin_of(period, moment_of(start)) for start in groups.select(at.unique()).to_series()}
    groups = groups.with_columns(at.replace_strict(known, return_dtype=pl.Datetime("us", "UTC")).alias("at"))
    found = [Course("", _moments(groups, []).get("", {}))]
    if by:
        groups = groups.with_columns(C(by).cast(pl.String).replace("", None).fill_null("none"))
        found += [Course(value, moments) for value, moments in _moments(groups, [by]).items()]
    return [found[0], *sorted(found[1:], key=lambda one: (-one.attempts, one.value))]


def _moments(groups: pl.DataFrame, by: Sequence[str]) -> dict[str, dict[datetime, Moment]]:
    """The periods of each value; "" where nothing is told apart."""
    keys = ["at", *by]
    whole = groups.group_by(keys).agg(C(NAMES).sum())
    rang = groups.filter(C(PDD).is_not_null()).group_by(*keys, PDD).agg(C.pdd_calls.sum()).sort(PDD)
    rang = rang.with_columns(until=C.pdd_calls.cum_sum().over(keys), total=C.pdd_calls.sum().over(keys))
    reached = [C(PDD).filter(C.until * 100 >= C.total * one).min().alias(f"{one}") for one in PERCENTILES]
    found: dict[str, dict[datetime, Moment]] = {}
    for row in whole.join(rang.group_by(keys).agg(reached), on=keys, how="left").iter_rows(named=True):
        pdd = tuple(None if row[f"{one}"] is None else row[f"{one}"] / 10 for one in PERCENTILES)
        found.setdefault(row[by[0]] if by else "", {})[row["at"]] = Moment(figures_of(row), pdd)
    return found
