"""The figure of an alert at each minute of the last days, from the calls and the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

import polars as pl

from cx_tui.db import ledger, outlook
from cx_tui.db.engine import Database
from cx_tui.db.types import instant
from cx_tui.domain.calls.query import CallQuery
from cx_tui.domain.money.replaying import Replay, replayed
from cx_tui.domain.rating.money import MICROS
from cx_tui.domain.records.alert import SAMPLED, Alert, Area

if TYPE_CHECKING:
    from cx_tui.services.calls.calls import Calls

DAYS = 7
A_MINUTE = 60_000_000
"""In microseconds, as calls are kept."""
LONGEST_CALL = timedelta(days=1)
CPS_OVER = 5
THOUSANDTH = Decimal("0.001")

Values = list[Decimal | None]
Minutes = Mapping[int, int]
"""Sums by the minute, counted from the first one."""


async def replay(
    database: Database, calls: "Calls", alert: Alert, now: datetime | None = None, days: int = DAYS
) -> Replay:
    """What an alert would have done in the last days."""
    until = (now or datetime.now(UTC)).replace(second=0, microsecond=0)
    since = until - timedelta(days=days)
    count = days * 24 * 60 + 1
    query = CallQuery(alert.customer_id, since - LONGEST_CALL, until)
    frames = [_columns(frame, since) async for frame in calls.list(query).frames()]
    made = pl.concat(frames) if frames else pl.DataFrame(schema=COLUMNS)
    made = made.filter(~pl.col("simulated"))
    if alert.area is Area.BALANCE:
        values: Values = list(await _balances(database, alert.customer_id, made, since, count))
    elif alert.area in SAMPLED:
        values = _ratios(alert, made, count)
    else:
        values = _counts(alert.area, made, since, count)
    return replayed(alert, since, values)


COLUMNS = {
    "begins": pl.Int64, "ends": pl.Int64, "fifths": pl.Int64, "connected": pl.Int64, "talk_ms": pl.Int64,
    "rang": pl.Int64, "pdd_ms": pl.Int64, "charge": pl.Int64, "simulated": pl.Boolean,
}  # fmt: skip


def _columns(frame: pl.DataFrame, since: datetime) -> pl.DataFrame:
    """What of calls counts, with minutes from the first one on."""
    c, first = pl.col, instant(since)
    return frame.select(
        ((c("start") - first) // A_MINUTE).alias("begins"),
        ((c("ended") - first) // A_MINUTE).alias("ends"),
        ((c("start") - first) // (A_MINUTE // 60 * CPS_OVER)).alias("fifths"),
        c("answered").is_not_null().cast(pl.Int64).alias("connected"),
        c("talk_ms").cast(pl.Int64),
        c("ringing").is_not_null().cast(pl.Int64).alias("rang"),
        ((c("ringing") - c("start")) // 1000).fill_null(0).cast(pl.Int64).alias("pdd_ms"),
        c("charge").fill_null(0).cast(pl.Int64),
        c("simulated").cast(pl.Boolean),
    )


def _by(calls: pl.DataFrame, minute: str, value: str | None = None) -> Minutes:
    """Sums of a value, or how many calls there are, by the minute."""
    total = pl.len() if value is None else pl.col(value).sum()
    rows = calls.group_by(minute).agg(total.cast(pl.Int64).alias("total"))
    return dict(rows.iter_rows())


def _before(sums: Minutes, count: int) -> list[int]:
    """For each moment the sum of all minutes before it, those before the first one too."""
    early = sum(value for minute, value in sums.items() if minute < 0)
    return list(accumulate((sums.get(minute, 0) for minute in range(count - 1)), initial=early))


RATIOS: Mapping[Area, tuple[str, str, Decimal]] = {
    Area.ASR: ("connected", "", Decimal(100)),
    Area.ACD: ("talk_ms", "connected", THOUSANDTH),
    Area.PDD: ("pdd_ms", "rang", THOUSANDTH),
}
"""Of what a ratio is, of how many (none: of all calls), and times what."""


def _ratios(alert: Alert, calls: pl.DataFrame, count: int) -> Values:
    """ASR, ACD or PDD of the sample's minutes; none where there were too few calls to speak of."""
    above, below, factor = RATIOS[alert.area]
    attempts, over = _before(_by(calls, "begins"), count), _before(_by(calls, "begins", above), count)
    under = _before(_by(calls, "begins", below), count) if below else attempts
    found: Values = []
    for moment in range(count):
        begin = max(0, moment - alert.sample)
        made, whole = attempts[moment] - attempts[begin], under[moment] - under[begin]
        enough = made >= max(1, alert.minimum_calls) and whole
        part = over[moment] - over[begin]
        found.append((Decimal(part) * factor / whole).quantize(THOUSANDTH) if enough else None)
    return found


def _counts(area: Area, calls: pl.DataFrame, since: datetime, count: int) -> Values:
    """Channels in use, calls a second, or what was spent since midnight (UTC)."""
    if area is Area.CHANNELS:
        begun, ended = _before(_by(calls, "begins"), count), _before(_by(calls, "ends"), count)
        return [Decimal(up - down) for up, down in zip(begun, ended, strict=True)]
    if area is Area.CPS:
        fifths = _by(calls, "fifths")
        last = (fifths.get(moment * 60 // CPS_OVER - 1, 0) for moment in range(count))
        return [(Decimal(one) / CPS_OVER).quantize(THOUSANDTH) for one in last]
    spent = _before(_by(calls, "ends", "charge"), count)
    return [Decimal(spent[moment] - spent[begin]) / MICROS for moment, begin in _midnights(since, count)]


def _midnights(since: datetime, count: int) -> Iterator[tuple[int, int]]:
    """Each moment with that of the midnight before it, or the first one."""
    gone = since.hour * 60 + since.minute
    for moment in range(count):
        yield moment, max(0, moment - (moment + gone) % (24 * 60))


async def _balances(
    database: Database, of: int, calls: pl.DataFrame, since: datetime, count: int
) -> Iterable[Decimal]:
    """The balance at each moment, counted back from what it is now."""
    async with database.reading() as connection:
        balance = (await ledger.balance_of(connection, of)).balance
        entries: Sequence[tuple[datetime, Decimal]] = await outlook.entries_since(connection, of, since)
    moved: dict[int, Decimal] = defaultdict(Decimal)
    for minute, charge in _by(calls.filter(pl.col("ends") >= 0), "ends", "charge").items():
        moved[min(minute, count - 1)] -= Decimal(charge) / MICROS
    for at, amount in entries:
        moved[min((at - since) // timedelta(minutes=1), count - 1)] += amount
    # What moved in the last, unfinished minute is in the balance of now.
    balance -= moved.pop(count - 1, Decimal(0))
    found = [balance]
    for minute in range(count - 2, -1, -1):
        balance -= moved.get(minute, Decimal(0))
        found.append(balance)
    return reversed(found)
