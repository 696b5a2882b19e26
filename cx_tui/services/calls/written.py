"""Calls as other programs read them: objects for JSON, and files of CSV or Parquet, moments in UTC."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import polars as pl

from cx_tui.db.calls.columns import MOMENTS, NAMES
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.live import LiveCall
from cx_tui.errors import CxError, Misconfigured
from cx_tui.services.calls.listing import CallList
from cx_tui.services.calls.summaries import Summary
from cx_tui.services.upload.formulas import harmless

ENDINGS = (".csv", ".parquet")
FIRST = ("source", "source_key", "customer_id")


def plain(value: Any) -> Any:
    """A value as JSON has it: amounts as texts, as no digit may be lost."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.value if isinstance(value, Enum) else value


def _plain(value: Any, *without: str) -> dict[str, Any]:
    names = [one.name for one in fields(value) if one.name not in without]
    return {name: plain(getattr(value, name)) for name in names}


def call_object(call: Call) -> Mapping[str, Any]:
    """One call."""
    derived = {"connected": call.connected, "pdd_ms": call.pdd_ms, "ring_ms": call.ring_ms}
    return {**_plain(call, "tries"), **derived, "tries": [_plain(one) for one in call.tries]}


def live_object(call: LiveCall) -> Mapping[str, Any]:
    """One call that is up."""
    return {**_plain(call), "state": call.state.value}


def summary_object(one: Summary) -> Mapping[str, Any]:
    """One period; talk is in seconds."""
    sums = one.sums
    return {
        "period": plain(one.begins),
        "running": one.running,
        "attempts": sums.attempts,
        "connected": sums.connected,
        "refused": sums.refused,
        "unrated": sums.unrated,
        "asr": sums.asr,
        "acd": sums.acd,
        "pdd": sums.pdd,
        "talk": sums.talk_ms / 1000,
        "billed": sums.billed_seconds,
        "charge": plain(sums.charge),
        "cost": plain(sums.cost),
        "profit": plain(sums.profit),
        "profit_percent": sums.profit_percent,
        "currency": one.currency,
    }


def as_written(frame: pl.DataFrame) -> pl.DataFrame:
    """Calls of files with moments and exact amounts, under the names that calls' fields have."""
    c = pl.col
    moments = [c(name).cast(pl.Datetime("us", "UTC")).alias(field) for name, field in MOMENTS.items()]
    amounts = [c(name).cast(pl.Decimal(24, 6)) / 1_000_000 for name in ("charge", "cost")]
    exact = [one.cast(pl.Decimal(18, 6)) for one in amounts]
    apart = (*FIRST, *MOMENTS, "charge", "cost", "key")
    return frame.select(*FIRST, *moments, *exact, *(name for name in NAMES if name not in apart))


async def write_calls(calls: CallList, path: Path, only: Sequence[str] = ()) -> int:
    """Write all calls of a list, or these columns of them, into a file that appears when it is whole; says
    how many they are."""
    if path.suffix.lower() not in ENDINGS:
        raise Misconfigured(f"{path.name} must end with {' or '.join(ENDINGS)}")
    new = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    parts: list[Path] = []
    written = 0
    try:
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        async for frame in calls.frames():
            written += len(frame)
            parts.append(new.with_name(f"{new.name}.{len(parts)}"))
            whole = as_written(frame)
            wanted = whole.select(only) if only else whole
            _write_part(wanted, parts[-1], path.suffix.lower(), first=len(parts) == 1)
        _join(parts, new, path.suffix.lower())
        new.replace(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise CxError(f"{path} can't be written: {getattr(error, 'strerror', None) or error}") from error
    finally:
        for part in (new, *parts):
            with suppress(OSError):
                part.unlink()
    return written


def _write_part(frame: pl.DataFrame, part: Path, ending: str, *, first: bool) -> None:
    if ending == ".parquet":
        frame.write_parquet(part)
        return
    texts = frame.with_columns(harmless(pl.col(pl.String)))
    texts.write_csv(part, include_header=first, datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ")


def _join(parts: list[Path], new: Path, ending: str) -> None:
    if ending == ".parquet":
        if parts:
            pl.scan_parquet(parts).sink_parquet(new)
        return
    with new.open("wb") as whole:
        for part in parts:
            with part.open("rb") as source:
                while block := source.read(1 << 20):
                    whole.write(block)
