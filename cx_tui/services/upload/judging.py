"""The verdict of every row: what it would do, or why it can't be done, before anything is written."""

from collections.abc import Mapping
from typing import Protocol

import polars as pl
from sqlalchemy.engine import Dialect

from cx_tui.db.tables import customer
from cx_tui.domain.fields import Field
from cx_tui.domain.kinds import Day, Moment
from cx_tui.domain.sheet_fields import refers_to
from cx_tui.services.upload.columns import ColumnReader, NameReader, Values
from cx_tui.services.upload.doubts import doubts_of
from cx_tui.services.upload.formulas import restored
from cx_tui.services.upload.guessing import folded_word
from cx_tui.services.upload.judged import (
    CHANGED,
    ID,
    KEY,
    VERDICT,
    VERSION,
    WARNING,
    WHY,
    differs,
    joined,
    keys_of,
    now,
    stored,
    text,
    written,
    wrong,
)
from cx_tui.services.upload.order import Mode, Order, Verdict, upload_fields
from cx_tui.services.upload.seen import Seen
from cx_tui.services.upload.sheet import FLAW, LINE, broken, dated, doubtful, texts_of

DATE = "the spreadsheet made a date or time of it ({}); make the column text there and write it again"


class Reader(Protocol):
    """Reads the texts of a column."""

    def read(self, raw: pl.Series) -> Values:
        """The values of a column."""


class Judge:
    """Judges the rows of one upload, part by part in the order of the file."""

    one = "customer"
    same = "the same customer as in line {}"
    there_already = "a customer with this name or external id exists already"
    not_there = "there is no such customer to update"

    def __init__(self, order: Order, fields: Mapping[str, Field], dialect: Dialect) -> None:
        self._given = order.given
        self._mode = order.mode
        self._values = order.values
        self._places = {name: place for place, name in order.mapping.items()}
        self._fields = fields
        self._readers: dict[str, Reader] = self._made_readers(order, dialect)
        self._seen = Seen()
        every = upload_fields(order.record)
        self._required = {name: field for name, field in every.items() if field.required}

    def _made_readers(self, order: Order, dialect: Dialect) -> dict[str, Reader]:
        decimal = order.how.decimal
        return {
            name: NameReader() if refers_to(one) else ColumnReader(one, customer, dialect, decimal)
            for name, one in self._fields.items()
        }

    def read(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The values of rows, and what is wrong with them by themselves."""
        columns: dict[str, pl.Series] = {LINE: rows[LINE], FLAW: rows[FLAW]}
        for name, reader in self._readers.items():
            raw = self._meant(name, self._raw(name, rows))
            values = reader.read(raw)
            why = self._odd(name, rows, values.wrong)
            columns |= {stored(name): values.stored, text(name): values.texts}
            if why.null_count() < len(rows):
                columns |= {wrong(name): why, written(name): raw}
        warnings = self._warnings(rows, columns)
        return pl.DataFrame({**columns, **self._key(rows, columns), WARNING: warnings})

    def _key(self, rows: pl.DataFrame, columns: Mapping[str, pl.Series]) -> dict[str, pl.Series]:
        """What a row's customer is looked for by."""
        return {KEY: keys_of(columns[text("name")] if "name" in self._fields else _no_texts(rows))}

    def _raw(self, name: str, rows: pl.DataFrame) -> pl.Series:
        """The texts of a column as they are in the file; of a field without one what was said of all."""
        if name not in self._places:
            return pl.repeat(self._given[name], len(rows), dtype=pl.String, eager=True)
        return restored(texts_of(rows, self._places[name]))

    def _meant(self, name: str, texts: pl.Series) -> pl.Series:
        """The texts of a column as the operator says that they are meant."""
        said = self._values.get(name)
        if not said:
            return texts
        meant = {folded_word(word): value for word, value in said.items()}
        words = texts.unique()
        changed = {word: meant[folded_word(word)] for word in words if folded_word(word) in meant}
        return texts.replace(changed) if changed else texts

    def _odd(self, name: str, rows: pl.DataFrame, wrong: pl.Series) -> pl.Series:
        """What is wrong with the cells of a column, also as cells of a spreadsheet."""
        place = self._places.get(name, -1)
        if dated(place) in rows.columns and not isinstance(self._fields[name].kind, Day | Moment):
            wrong = pl.select(pl.coalesce(pl.format(DATE, rows[dated(place)]), wrong)).to_series()
        if broken(place) in rows.columns:
            wrong = pl.select(pl.coalesce(rows[broken(place)], wrong)).to_series()
        return wrong

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The verdicts of rows that were read, with the customers whom they speak of."""
        there = pl.col(ID).is_not_null()
        rows = rows.with_columns(self._changed(rows).alias(CHANGED))
        rows = rows.with_columns(pl.coalesce(self._wrong(rows), *self._refusals(rows)).alias(WHY))
        rows = rows.with_columns(self._first_lines(rows).alias("first"))
        doubled = pl.col("first") < pl.col(LINE)
        return rows.with_columns(
            pl.when(doubled)
            .then(pl.format(self.same, "first"))
            .otherwise(WHY)
            .alias(WHY),
            pl.when(doubled).then(pl.lit(Verdict.DUPLICATE.value))
            .when(pl.col(WHY).is_not_null()).then(pl.lit(Verdict.ERROR.value))
            .when(~there).then(pl.lit(Verdict.CREATE.value))
            .when(pl.col(CHANGED).is_null()).then(pl.lit(Verdict.UNCHANGED.value))
            .otherwise(pl.lit(Verdict.UPDATE.value))
            .alias(VERDICT),
        ).drop("first")  # fmt: skip

    def _first_lines(self, rows: pl.DataFrame) -> pl.Series:
        """In which line the file spoke first of each row's customer."""
        return self._seen.first_lines(rows, self._fields)

    def _wrong(self, rows: pl.DataFrame) -> pl.Expr:
        """What is wrong with a row by itself.  What can't be read as a row says nothing of its cells, and
        what a customer has already may be said again."""
        said: list[pl.Expr] = [pl.col(FLAW)]
        for name, field in self._fields.items():
            if wrong(name) in rows.columns:
                other = pl.lit(True)
                if self._is_known(rows):
                    other = pl.col(written(name)).ne_missing(pl.col(now(name)))
                counts = pl.col(FLAW).is_null() & other
                said.append(
                    pl.when(counts).then(pl.format("{}: {}", pl.lit(field.label), pl.col(wrong(name))))
                )
        return joined(said, "; ")

    def _is_known(self, rows: pl.DataFrame) -> bool:
        return VERSION in rows.columns

    def _changed(self, rows: pl.DataFrame) -> pl.Expr:
        """The labels of the fields that a row changes."""
        if not self._is_known(rows):
            return joined([], ", ")
        labels = [pl.when(differs(name)).then(pl.lit(field.label)) for name, field in self._fields.items()]
        return joined(labels, ", ")

    def _refusals(self, rows: pl.DataFrame) -> list[pl.Expr]:
        """Why a row that is right by itself can't be done, whichever comes first."""
        there = pl.col(ID).is_not_null()
        refusals: list[pl.Expr] = [
            pl.when(~there).then(joined([self._missing(name) for name in self._required], "; ")),
        ]
        if self._mode is Mode.CREATE:
            refusals.insert(0, pl.when(there).then(pl.lit(self.there_already)))
        if self._mode is Mode.UPDATE:
            refusals.insert(0, pl.when(~there).then(pl.lit(self.not_there)))
        if self._is_known(rows):
            refusals += [self._fixed(name) for name, field in self._fields.items() if field.fixed]
        return refusals

    def _missing(self, name: str) -> pl.Expr:
        required = pl.lit(f"{self._required[name].label} is required for a new {self.one}")
        return pl.when(pl.col(text(name)).is_null()).then(required) if name in self._fields else required

    def _fixed(self, name: str) -> pl.Expr:
        said = f"{self._fields[name].label}: it is {{}} and can't be changed; write that, or leave it empty"
        return pl.when(differs(name)).then(pl.format(said, pl.col(now(name))))

    def _warnings(self, rows: pl.DataFrame, read: Mapping[str, pl.Series]) -> pl.Series:
        """What a spreadsheet may have done to the cells of rows that are not wrong anyway."""
        found = []
        for name, place in self._places.items():
            if name in self._fields and doubtful(place) in rows.columns:
                found.append(pl.format(f"{self._fields[name].label}: {{}}", rows[doubtful(place)]))
        for name, field in self._fields.items():
            if name not in self._places:
                continue
            texts = texts_of(rows, self._places[name])
            for doubt in doubts_of(field):
                where = doubt.where(texts)
                if wrong(name) in read:
                    where &= read[wrong(name)].is_null()
                if where.any():
                    said = f"{field.label}: {doubt.sentence}"
                    found.append(pl.when(where).then(pl.lit(said)))
        if not found:
            return _no_texts(rows)
        return pl.select(joined(found, "; ")).to_series()


def _no_texts(rows: pl.DataFrame) -> pl.Series:
    return pl.repeat(None, len(rows), dtype=pl.String, eager=True)
