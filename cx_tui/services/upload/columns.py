"""A column of a file becomes a column of values: every text judged by its field's own parser.

What is written plainly is taken as it is; of the rest each different text is parsed once.  A value has
two forms here: the one that the table stores, and the text that the log keeps of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl
from sqlalchemy import Table
from sqlalchemy.engine import Dialect

from cx_tui.domain.fields import Field
from cx_tui.domain.kinds import BadValue, Flag, Integer, Money, Percent, quote
from cx_tui.domain.kinds.words import Text

POINT_FOR_COMMA = str.maketrans(".,", ",.")
MICRO = 1_000_000
PLACES = {Money: 2, Percent: 0}
"""The decimal places that an amount has at least when it is written."""


@dataclass(frozen=True)
class Values:
    """What a column says, for every row: the stored value, the text for the log, and what is wrong.

    Where nothing is said, all of them are null.
    """

    stored: pl.Series
    texts: pl.Series
    wrong: pl.Series


class ColumnReader:
    """Reads the columns of one field for one kind of database."""

    def __init__(self, field: Field, table: Table, dialect: Dialect, decimal: str = ".") -> None:
        self._field = field
        self._swapped = decimal == "," and isinstance(field.kind, Integer | Money | Percent)
        self._on_sqlite = dialect.name == "sqlite"
        kind = table.c[field.name].type.dialect_impl(dialect)
        self._bind: Callable[[Any], Any] = kind.bind_processor(dialect) or (lambda value: value)

    @cached_property
    def dtype(self) -> Any:
        """The type of what is stored."""
        numeric = isinstance(self._field.kind, Integer | Money | Percent | Flag)
        return pl.Int64 if numeric and self._on_sqlite else pl.String

    def stored(self, value: Any) -> Any:
        """A value as the table stores it."""
        bound = self._bind(value)
        if bound is None or self.dtype == pl.Int64:
            return None if bound is None else int(bound)
        if isinstance(bound, bool):
            return "t" if bound else "f"
        return f"{bound:f}" if isinstance(bound, Decimal) else str(bound)

    def read(self, raw: pl.Series) -> Values:
        """The values of a column."""
        if self._swapped:
            raw = raw.str.replace_many([".", ","], [",", "."])
        plain = self._plain(raw)
        odd = ~plain & (raw != "")
        if not odd.any():
            return self._as_written(_only(plain, raw))
        parsed = self._parsed(raw.filter(odd).unique())
        found = _only(odd, raw).to_frame().join(parsed, on=raw.name, how="left", maintain_order="left")
        if not plain.any():
            return Values(found["stored"], found["texts"], found["wrong"])
        written = self._as_written(_only(plain, raw))
        return Values(
            written.stored.zip_with(plain, found["stored"]),
            written.texts.zip_with(plain, found["texts"]),
            found["wrong"],
        )

    def _plain(self, texts: pl.Series) -> pl.Series:
        """Which texts are their own value."""
        kind = self._field.kind
        if not kind.plain_texts:
            return _repeat(False, texts, pl.Boolean)
        plain = texts.str.contains(f"^(?:{kind.plain_texts})$")
        match kind:
            case Text():
                return plain & (texts.str.len_bytes() <= kind.maximum)
            case Integer():
                number = texts.cast(pl.Int64, strict=False).fill_null(-(2**62))
                return plain & (number >= kind.minimum) & (number <= kind.maximum)
            case Money() | Percent():
                micros = _micros(_only(plain, texts)).fill_null(0)
                return plain & (micros >= int(kind.minimum * MICRO)) & (micros <= int(kind.maximum * MICRO))
        return plain

    def _as_written(self, texts: pl.Series) -> Values:
        """The values of texts that are written plainly; of null there is none."""
        nothing = _repeat(None, texts, pl.String)
        kind = self._field.kind
        if isinstance(kind, Integer):
            return Values(texts.cast(self.dtype), texts, nothing)
        if isinstance(kind, Money | Percent):
            stored = _micros(texts) if self._on_sqlite else texts
            return Values(stored, _trimmed(texts, PLACES[type(kind)]), nothing)
        return Values(texts if kind.plain_texts else _repeat(None, texts, self.dtype), texts, nothing)

    def _parsed(self, texts: pl.Series) -> pl.DataFrame:
        """Each text with what is stored, what the log keeps, what is wrong."""
        rows = [self._parse(text) for text in texts]
        schema = {"stored": self.dtype, "texts": pl.String, "wrong": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row").insert_column(0, texts)

    def _parse(self, text: str) -> Sequence[Any]:
        if not text.strip():
            return None, None, None
        try:
            value = self._field.parse(text)
        except BadValue as error:
            return None, None, self._as_written_there(str(error), text)
        return self.stored(value), self._field.write(value), None

    def _as_written_there(self, sentence: str, text: str) -> str:
        """What is wrong, with the number as it stands in the file."""
        if not self._swapped:
            return sentence
        return sentence.replace(quote(text), quote(text.translate(POINT_FOR_COMMA)))


class NameReader:
    """Takes the texts of a column as names; what they mean is asked of the database later."""

    dtype = pl.String

    def read(self, raw: pl.Series) -> Values:
        """The texts, null where nothing is said."""
        names = raw.str.strip_chars()
        said = pl.select(pl.when(names != "").then(names)).to_series()
        nothing = _repeat(None, raw, pl.String)
        return Values(nothing, said, nothing)


def _repeat(value: Any, like: pl.Series, dtype: Any) -> pl.Series:
    return pl.repeat(value, len(like), dtype=dtype, eager=True)


def _only(which: pl.Series, texts: pl.Series) -> pl.Series:
    """The texts that are wanted, null for the others."""
    return texts if which.all() else texts.zip_with(which, _repeat(None, texts, pl.String))


def _micros(texts: pl.Series) -> pl.Series:
    """Amounts in whole millionths; exact, as not more than six places come here."""
    return (texts.cast(pl.Decimal(24, 6)) * MICRO).cast(pl.Int64)


def _trimmed(texts: pl.Series, places: int) -> pl.Series:
    """Amounts as their field writes them: no idle zeros, but at least so many places."""
    done = texts.str.contains(rf"\.[0-9]{{{places}}}$" if places else r"^[^.]*$")
    if done.all():
        return texts
    whole = pl.col("given").str.extract(r"^(-?[0-9]+)")
    part = pl.col("given").str.extract(r"\.([0-9]+)$").fill_null("").str.strip_chars_end("0")
    part = part.str.pad_end(places, "0")
    joined = pl.when(part == "").then(whole).otherwise(pl.concat_str(whole, pl.lit("."), part))
    return texts.zip_with(done.fill_null(True), pl.DataFrame({"given": texts}).select(joined).to_series())
