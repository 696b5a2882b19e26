"""The columns of rows that were judged, and what is done with texts of all rows at once.

Beside `line`, `verdict`, `why`, `warning`, `id`, `version` and `changed` there are, for each field, the
stored value, the text for the log, and of customers that exist the text now.  Where a row says nothing
of a field, its text is null.
"""

from collections.abc import Sequence

import polars as pl

from cx_tui.domain.search import fold
from cx_tui.services.upload.order import Verdict, upload_fields

KEY, VERDICT, WHY, WARNING, ID, VERSION, CHANGED = (
    "key", "verdict", "why", "warning", "id", "version", "changed",
)  # fmt: skip


WHOSE, NTH, FIRST = "whose", "nth", "first"
"""Of records of other kinds: the number of the customer that one belongs to, how often it was spoken of in
the file until a row, and in which line first."""


def logged(name: str) -> str:
    """The column of what the log keeps of a field that names other records: their numbers."""
    return f"l_{name}"


def logged_now(name: str) -> str:
    """The same of the records that a field names now."""
    return f"m_{name}"


def stored(name: str) -> str:
    """The column of a field's stored values."""
    return f"s_{name}"


def text(name: str) -> str:
    """The column of a field's texts."""
    return f"t_{name}"


def now(name: str) -> str:
    """The column of the texts that a field has now."""
    return f"o_{name}"


def wrong(name: str) -> str:
    """The column that says what is wrong with a field; it is there if anything is."""
    return f"w_{name}"


def written(name: str) -> str:
    """Beside it, the column of a field's texts as they are written in the file."""
    return f"r_{name}"


def differs(name: str) -> pl.Expr:
    """Whether a row gives a field another value than it has."""
    return (pl.col(text(name)) != pl.col(now(name))).fill_null(False)


def folded(texts: pl.Series) -> pl.Series:
    """Texts as they are compared; those of plain letters all at once."""
    lower = texts.str.to_lowercase()
    odd = (texts.str.len_bytes() != texts.str.len_chars()).fill_null(False)
    if not odd.any():
        return lower
    places = odd.arg_true()
    return lower.scatter(places, [fold(text) for text in texts.gather(places)])


def keys_of(names: pl.Series) -> pl.Series:
    """Names as they are compared with other names, as `search.key_of` does."""
    keys = folded(names)
    spaced = keys.str.contains(r"\s\s|[^\S ]").fill_null(False)
    if not spaced.any():
        return keys
    places = spaced.arg_true()
    return keys.scatter(places, [" ".join(key.split()) for key in keys.gather(places)])


def joined(parts: Sequence[pl.Expr], separator: str) -> pl.Expr:
    """The parts that are there as one text; null if there is none."""
    if not parts:
        return pl.lit(None, dtype=pl.String)
    said = pl.concat_str(parts, separator=separator, ignore_nulls=True)
    return pl.when(said != "").then(said)


CHANGE = pl.Struct({"field": pl.String, "before": pl.String, "after": pl.String})
"""A field's label, its text now, and the text that a row gives it."""


def changes_of(rows: pl.DataFrame, record: str = "customer") -> pl.DataFrame:
    """For the lines of rows that are updates: a list of each `field` with its text `before` and `after`."""
    updates = rows.filter(pl.col(VERDICT) == Verdict.UPDATE.value)
    changed = [
        pl.when(differs(name)).then(
            pl.struct(
                pl.lit(field.label).alias("field"), pl.col(now(name)).alias("before"),
                pl.col(text(name)).alias("after"),
            )
        )
        for name, field in upload_fields(record).items()
        if len(updates)
        and {text(name), now(name)} <= set(updates.columns)
        and updates.select(differs(name).any()).item()
    ]  # fmt: skip
    if not changed:
        return pl.DataFrame(schema={"line": pl.Int64, "changes": pl.List(CHANGE)})
    return updates.select("line", pl.concat_list(changed).list.drop_nulls().alias("changes"))
