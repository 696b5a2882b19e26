"""What the log keeps of uploaded rows: the texts of their fields as JSON, of all rows at once."""

from collections.abc import Mapping

import polars as pl

ESCAPED = r'["\\\x00-\x1f]'


def json_of(texts: Mapping[str, pl.Series]) -> pl.Series:
    """For every row an object of the texts that are there."""
    frame = pl.DataFrame(texts)
    pairs = [
        pl.when(pl.col(name).is_not_null()).then(pl.concat_str(pl.lit(f'"{name}":'), _quoted(texts[name])))
        for name in texts
    ]
    inner = pl.concat_str(pairs, separator=",", ignore_nulls=True)
    return frame.select(pl.concat_str(pl.lit("{"), inner, pl.lit("}"))).to_series()


def _quoted(texts: pl.Series) -> pl.Expr:
    one = pl.col(texts.name)
    if not texts.str.contains(ESCAPED).any():
        return pl.concat_str(pl.lit('"'), one, pl.lit('"'))
    # polars writes a text in JSON only within an object.
    return pl.struct(one.alias("")).struct.json_encode().str.strip_prefix('{"":').str.strip_suffix("}")
