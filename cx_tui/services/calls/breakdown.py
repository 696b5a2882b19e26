"""Calls by their carrier, answer or ending: what the sums of hours do not know, such as how PDD is spread.

It reads the calls themselves, in a process of its own.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from cx_tui.calls.frames import C
from cx_tui.domain.calls.query import CallQuery
from cx_tui.services.calls.child import in_child

if TYPE_CHECKING:
    from cx_tui.services.calls.calls import Calls

BY = ("carrier", "sip_code", "release", "gate")
"""By what calls can be broken down."""

PERCENTILES = (50, 90, 99)
NEEDED = ("start", "ringing", "answered", "talk_ms", "simulated")


@dataclass(frozen=True)
class Group:
    """The calls that have one carrier, answer or ending; of all when it is none."""

    value: str
    attempts: int
    connected: int
    talk_ms: int
    pdd: tuple[float | None, ...]
    """Seconds to ringing: half of the calls took no longer, nine of ten, 99 of a hundred."""
    cps: int
    """The most calls begun in one second."""

    @property
    def asr(self) -> float | None:
        """Calls connected, in percent."""
        return 100 * self.connected / self.attempts if self.attempts else None

    @property
    def acd(self) -> float | None:
        """Seconds of talk of an answered call."""
        return self.talk_ms / 1000 / self.connected if self.connected else None


async def break_down(calls: "Calls", query: CallQuery, by: str) -> list[Group]:
    """All calls of a query, and then those of each value, the most frequent first."""
    calls.list(query)  # Refused, if these may not be seen
    return await in_child(_break_down, calls.database_url, calls.place, query, by)


def _break_down(url: str, place: str, query: CallQuery, by: str) -> list[Group]:
    from cx_tui.db.engine import connect
    from cx_tui.services.calls.calls import Calls

    async def work() -> list[Group]:
        database = connect(url, read_only=True)
        try:
            found = Calls(database, place).list(query)
            frames = [frame.select(*NEEDED, by) async for frame in found.frames()]
        finally:
            await database.close()
        return groups_of(frames, by)

    return asyncio.run(work())


def groups_of(frames: Sequence[pl.DataFrame], by: str) -> list[Group]:
    """The groups of calls that are in these frames; simulated ones are none."""
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return []
    calls = pl.concat(frames).filter(~C.simulated)
    if by == "gate":
        calls = calls.filter(C.gate != "")
    calls = calls.with_columns(
        pdd=((C.ringing - C.start) / 1_000_000).clip(lower_bound=0), second=C.start // 1_000_000
    )
    of_all = calls.select(_figures())
    of_each = calls.group_by(by).agg(_figures()).sort("attempts", by, descending=[True, False])
    rows = [*of_all.iter_rows(named=True), *of_each.iter_rows(named=True)]
    return [_group(row, by) for row in rows if row["attempts"]]


def _figures() -> list[pl.Expr]:
    return [
        pl.len().alias("attempts"),
        C.answered.is_not_null().sum().alias("connected"),
        C.talk_ms.sum().alias("talk_ms"),
        *(C.pdd.quantile(one / 100).alias(f"pdd_{one}") for one in PERCENTILES),
        C.second.value_counts().struct.field("count").max().alias("cps"),
    ]


def _group(row: dict[str, Any], by: str) -> Group:
    value = "" if by not in row else "none" if row[by] in (None, "") else str(row[by])
    return Group(
        value, row["attempts"], row["connected"], row["talk_ms"],
        tuple(row[f"pdd_{one}"] for one in PERCENTILES), row["cps"] or 0,
    )  # fmt: skip
