"""Which customers a file has spoken of already, and in which line first."""

from collections.abc import Collection

import polars as pl

from cx_tui.services.upload.judged import ID, KEY, WHY, differs, keys_of, now
from cx_tui.services.upload.sheet import LINE

FIRST, SIGN = "first", "sign"
NO_SIGNS = pl.DataFrame(schema={SIGN: pl.UInt64, FIRST: pl.Int64})


class Seen:
    """The customers of all parts until now, as hashes of 64 bits: eight bytes and a line for each."""

    def __init__(self) -> None:
        self._signs = NO_SIGNS

    def first_lines(self, rows: pl.DataFrame, fields: Collection[str]) -> pl.Series:
        """For each row that can be written, the first line of its customer; null for others."""
        signs = _signs(rows.filter(pl.col(WHY).is_null()), fields)
        earlier = self._signs.filter(pl.col(SIGN).is_in(signs[SIGN].implode()))
        doubtful = pl.col(SIGN).is_duplicated() | pl.col(SIGN).is_in(earlier[SIGN].implode())
        lines = signs.filter(doubtful)[LINE].unique()
        sure = signs.filter(~pl.col(LINE).is_in(lines.implode()))
        self._signs = pl.concat([self._signs, sure.select(SIGN, pl.col(LINE).alias(FIRST))])
        own = pl.select(pl.when(rows[WHY].is_null()).then(rows[LINE])).to_series()
        if lines.is_empty():
            return own
        firsts = self._one_by_one(signs.join(lines.to_frame(), on=LINE, how="semi").sort(LINE), earlier)
        found = rows.select(LINE).join(firsts, on=LINE, how="left", maintain_order="left")[FIRST]
        return pl.select(pl.coalesce(found, own)).to_series()

    def _one_by_one(self, signs: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
        """The first line of each of these rows: one that stands for another is not a first line itself."""
        known = dict(earlier.iter_rows())
        new: dict[int, int] = {}
        firsts = {}
        for line, of_line in signs.group_by(LINE, maintain_order=True).agg(SIGN).iter_rows():
            before = [known[sign] for sign in of_line if sign in known]
            firsts[line] = min(before, default=line)
            if not before:
                new |= dict.fromkeys(of_line, line)
                known |= dict.fromkeys(of_line, line)
        added = pl.DataFrame({SIGN: list(new), FIRST: list(new.values())}, schema=NO_SIGNS.schema)
        self._signs = pl.concat([self._signs, added])
        return pl.DataFrame(
            {LINE: list(firsts), FIRST: list(firsts.values())}, schema={LINE: pl.Int64, FIRST: pl.Int64}
        )


def _signs(rows: pl.DataFrame, fields: Collection[str]) -> pl.DataFrame:
    """What tells customers apart, for each row: its name, the name that it had, its number."""
    names = rows.select(LINE, pl.col(KEY).alias(SIGN)).drop_nulls()
    parts = [names]
    known = rows.filter(pl.col(ID).is_not_null())
    if len(known):
        parts.append(known.select(LINE, pl.format("\t{}", ID).alias(SIGN)))
        if "name" in fields:
            renamed = known.filter(differs("name"))
            was = keys_of(renamed[now("name")])
            parts.append(pl.DataFrame({LINE: renamed[LINE], SIGN: was}).filter(was != renamed[KEY]))
    return pl.concat(parts).with_columns(pl.col(SIGN).hash())
