"""Columns of texts as moments (microseconds since 1970, UTC) and lengths (milliseconds)."""

import polars as pl

from cx_tui.ingest.mapping import From

NEVER = ("", "0", "0.000000", "0.0", "0000-00-00 00:00:00", "1970-01-01 00:00:00")
"""What switches write when something never was."""

A_SECOND = 1_000_000
US = {"s": A_SECOND, "ms": 1000, "us": 1}
MS = {"s": 1000.0, "ms": 1.0, "us": 0.001, "min": 60_000.0}
CLOCK = "%Y-%m-%d %H:%M:%S"
OFFSET = r"(Z|[+-]\d{2}(?::?\d{2})?)$"


def given(texts: pl.Series) -> pl.Series:
    """Whether something stands there."""
    if texts.dtype == pl.String:
        return ~texts.is_in(NEVER) & texts.is_not_null()
    return texts.is_not_null() & ((texts != 0) if texts.dtype.is_numeric() else True)


def moments(column: pl.Series, one: From) -> pl.Series:
    """Microseconds since 1970; none where nothing stands, or what can't be read."""
    if column.dtype.is_temporal():
        return _placed(column.cast(pl.Datetime("us", getattr(column.dtype, "time_zone", None))), one.zone)
    if not one.on_a_clock:
        return _since_1970(column, US[one.form])
    texts = column.cast(pl.String)
    if one.form:
        return _placed(texts.str.to_datetime(one.form, strict=False, time_unit="us"), one.zone)
    return _clock(texts, one.zone)


def lengths(column: pl.Series, one: From) -> pl.Series:
    """Milliseconds; none where nothing stands, or what can't be read."""
    if one.form == "clock":
        found = column.str.extract_groups(r"^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$").struct.fields
        parts = column.str.extract_groups(r"^(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$")
        hours, minutes, seconds = (parts.struct.field(name).cast(pl.Float64) for name in found)
        number = (hours.fill_null(0) * 3600 + minutes * 60 + seconds) * 1000
    else:
        number = column.cast(pl.Float64, strict=False) * MS[one.form]
    return number.round().cast(pl.Int64, strict=False)


def has_offsets(texts: pl.Series) -> bool:
    """Whether the times in a column say themselves how far they are from UTC."""
    if texts.dtype != pl.String:
        return bool(getattr(texts.dtype, "time_zone", None))
    said = texts.filter(given(texts))
    return bool(said.len()) and bool((said.str.contains(OFFSET) & (said.str.len_chars() > 19)).all())


def _since_1970(column: pl.Series, factor: int) -> pl.Series:
    if column.dtype == pl.String:
        column = column.cast(pl.Float64 if factor == A_SECOND else pl.Int64, strict=False)
    found = (column * factor).round() if column.dtype.is_float() else column.cast(pl.Int64) * factor
    found = found.cast(pl.Int64, strict=False)
    return found.set(found == 0, None)


def _clock(texts: pl.Series, zone: str) -> pl.Series:
    longest = texts.str.len_bytes().max()
    plain = texts.str.replace("T", " ", literal=True)
    if not isinstance(longest, int) or longest <= 19:
        return _placed(plain.str.to_datetime(CLOCK, strict=False, time_unit="us"), zone)
    base = plain.str.slice(0, 19).str.to_datetime(CLOCK, strict=False, time_unit="us")
    rest = texts.str.slice(19)
    digits = rest.str.extract(r"^[.,](\d{1,9})").fill_null("")
    fraction = digits.str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64).fill_null(0)
    offset = rest.str.extract(OFFSET)
    # What is left over must be nothing, or it was no such time.
    base = base.set(~rest.str.contains(r"^([.,]\d{1,9})? ?(Z|[+-]\d{2}(:?\d{2})?)?$"), None)
    return base.dt.timestamp("us").zip_with(offset.is_not_null(), _placed(base, zone)) + (
        fraction - _seconds_off(offset) * A_SECOND
    )


def _seconds_off(offset: pl.Series) -> pl.Series:
    sign = offset.str.starts_with("-").fill_null(False).cast(pl.Int64) * -2 + 1
    digits = offset.str.replace_all(r"[^0-9]", "").fill_null("")
    hours = digits.str.slice(0, 2).cast(pl.Int64, strict=False).fill_null(0)
    minutes = digits.str.slice(2, 2).cast(pl.Int64, strict=False).fill_null(0)
    return sign * (hours * 3600 + minutes * 60)


def _placed(times: pl.Series, zone: str) -> pl.Series:
    """A clock's times as instants.  One that comes twice, when summer ends, is taken as the first; one that
    the clock leaps over is none."""
    aware = getattr(times.dtype, "time_zone", None)
    if aware is None and zone and zone != "UTC":
        times = times.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    elif aware is None and not zone:
        return pl.Series(times.name, [None] * times.len(), pl.Int64)
    return (
        times.dt.convert_time_zone("UTC").dt.timestamp("us")
        if times.dtype != pl.Datetime("us")
        else (times.dt.timestamp("us"))
    )
