"""The times of mapped rows: those that they give, those that follow, and what contradicts itself."""

import polars as pl

from cx_tui.ingest.files.columns import A_SECOND, given, lengths, moments
from cx_tui.ingest.mapping import LENGTHS, MOMENTS, Mapping

SLACK = A_SECOND
"""Whole seconds and exact ones stand side by side: what is within a second is no contradiction."""


def with_times(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """The five times and the talk of each row: those that it gives, and those that follow."""
    fields, height = mapping.fields, frame.height
    none = pl.Series([None] * height, dtype=pl.Int64)
    made = {
        name: (moments if name in MOMENTS else lengths)(frame[fields[name].column], fields[name]).alias(name)
        if name in fields
        else none.alias(name)
        for name in (*MOMENTS, *LENGTHS)
    }
    code = frame[fields["sip_code"].column].cast(pl.String) if "sip_code" in fields else none.cast(pl.String)
    table = pl.DataFrame(list(made.values())).with_columns(code.str.starts_with("2").alias("well"))
    table = table.rename({name: f"given_{name}" for name in (*MOMENTS, *LENGTHS)})
    return (
        table.with_columns(_replied()).with_columns(_talked()).with_columns(_ended()).with_columns(_length())
    )


def _of(name: str) -> pl.Expr:
    return pl.col(f"given_{name}")


def _replied() -> list[pl.Expr]:
    """The last reply is the answer when it is good, and the end when not."""
    well = pl.col("well").fill_null(False)
    return [
        _of("invited").alias("invited"),
        pl.coalesce(_of("answered"), pl.when(well).then(_of("replied"))).alias("answer"),
        pl.coalesce(_of("ended"), pl.when(~well).then(_of("replied"))).alias("end"),
        pl.coalesce(_of("ringing"), _of("invited") + _of("pdd") * 1000).alias("ringing"),
        (_of("talk") > 0).fill_null(False).alias("spoken"),
    ]


def _talked() -> pl.Expr:
    """When it was answered: as given, or so long before the end, or after the ringing."""
    talk = _of("talk").fill_null(0) * 1000
    waited = (_of("pdd").fill_null(0) + _of("ring").fill_null(0)) * 1000
    total = _of("invited") + _of("total") * 1000
    found = pl.coalesce(pl.col("end") - talk, total - talk, _of("invited") + waited)
    answered = pl.col("spoken") | (pl.col("well").fill_null(False) & _of("talk").is_not_null())
    return pl.coalesce(pl.col("answer"), pl.when(answered).then(found)).alias("answered")


def _ended() -> pl.Expr:
    talked = pl.col("answered") + _of("talk") * 1000
    total = _of("invited") + _of("total") * 1000
    waited = _of("invited") + (_of("pdd").fill_null(0) + _of("ring").fill_null(0)) * 1000
    known = pl.coalesce(pl.col("end"), talked, total, waited)
    return pl.max_horizontal(known, _of("invited"), pl.col("ringing"), pl.col("answered")).alias("ended")


def _length() -> pl.Expr:
    """Exact times are better than rounded seconds; where both are rounded, the switch's own count is."""
    between = (pl.col("ended") - pl.col("answered")) // 1000
    exact = (pl.col("answer") % A_SECOND != 0) | (pl.col("end") % A_SECOND != 0)
    rounded = (_of("talk") % 1000 == 0) & exact.fill_null(False)
    talk = pl.when(_of("talk").is_null() | rounded).then(between).otherwise(_of("talk"))
    return pl.when(pl.col("answered").is_null()).then(0).otherwise(talk).alias("talk")


def first_wrong(frame: pl.DataFrame, typed: pl.DataFrame, mapping: Mapping) -> pl.Series:
    """The sentence for each row that can't be a call."""
    doubts: list[tuple[pl.Series, pl.Expr]] = []

    def wrong(where: pl.Series, *words: str | pl.Expr) -> None:
        if where.any():
            parts = [one if isinstance(one, pl.Expr) else pl.lit(one) for one in words]
            doubts.append((where, pl.concat_str(parts, ignore_nulls=True)))

    for column in mapping.key[:1]:
        texts = frame[column].cast(pl.String)
        wrong(texts.is_null() | (texts == ""), f"has no {column}, which is its key")
    for name, one in mapping.fields.items():
        if name in MOMENTS:
            there, said = given(frame[one.column]), pl.col(one.column).cast(pl.String)
            wrong(
                there & typed[f"given_{name}"].is_null(),
                f'{one.column} is "',
                said,
                f'", {_wanted(one.form)}',
            )
        elif name in LENGTHS:
            found, said = typed[f"given_{name}"], pl.col(one.column).cast(pl.String)
            wrong(
                given(frame[one.column]) & found.is_null(),
                f'{one.column} is "',
                said,
                '", which is no length',
            )
            wrong((found < 0).fill_null(False), f"{one.column} is ", said, ", but no length is below 0")
    invited, ended = typed["invited"], typed["ended"]
    wrong(invited.is_null(), f"has no begin: {mapping.fields['invited'].column} is empty")
    wrong((typed["end"] < invited - SLACK).fill_null(False), "ends before it begins")
    wrong(
        (typed["answered"] < invited - SLACK).fill_null(False),
        "is answered before it begins; is the zone right?",
    )
    too_long = typed["talk"] * 1000 > ended - invited + 2 * SLACK
    wrong(too_long.fill_null(False), "talks longer than it lasts; are the units right?")
    if not doubts:
        return pl.Series("wrong", [None] * frame.height, dtype=pl.String)
    first: pl.Expr = pl.lit(None, dtype=pl.String)
    marked = frame
    for number, (where, sentence) in enumerate(reversed(doubts)):
        marked = marked.with_columns(where.alias(f"\x00doubt{number}"))
        first = pl.when(pl.col(f"\x00doubt{number}")).then(sentence).otherwise(first)
    return marked.select(first.alias("wrong")).to_series()


def _wanted(form: str) -> str:
    if form in ("s", "ms", "us"):
        return "which is not a number since 1970"
    return f"which is not a date and time like {form or '2026-11-30 18:05:09'} on that clock"
