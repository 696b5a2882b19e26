"""The verdict of every row of a file of records other than customers."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from sqlalchemy.engine import Dialect

from cx_tui.db.tables import record_table
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.kinds import Secret
from cx_tui.domain.record import Record
from cx_tui.domain.records import record_named
from cx_tui.domain.sheet_fields import refers_to
from cx_tui.services.upload.columns import ColumnReader, NameReader
from cx_tui.services.upload.judged import CHANGED, FIRST, ID, KEY, NTH, logged, logged_now, now, text
from cx_tui.services.upload.judging import Judge, Reader
from cx_tui.services.upload.order import Order
from cx_tui.services.upload.record_keys import looked_at
from cx_tui.services.upload.sheet import LINE

PROBLEM = "problem"


class RecordJudge(Judge):
    """Judges rows that may be any kind of record but customers."""

    def __init__(self, order: Order, fields: Mapping[str, Field], dialect: Dialect) -> None:
        kind = record_named(order.record)
        self._kind: type[Record] = kind
        self._problems = Problems(kind)
        self.one = kind.declared.one
        self.same = f"the same {self.one} as in line {{}}"
        self.there_already = f"this {self.one} exists already"
        self.not_there = f"there is no such {self.one} to update"
        super().__init__(order, fields, dialect)

    def _made_readers(self, order: Order, dialect: Dialect) -> dict[str, Reader]:
        table = record_table(self._kind)
        return {
            name: NameReader() if refers_to(one) else ColumnReader(one, table, dialect, order.how.decimal)
            for name, one in self._fields.items()
        }

    def _key(self, rows: pl.DataFrame, columns: Mapping[str, pl.Series]) -> dict[str, pl.Series]:
        """It is found when it is known what a row names."""
        return {}

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The verdicts of rows that were read, with the records that they speak of."""
        return super().judge(rows.with_columns(self._problems.of(rows).alias(PROBLEM)))

    def _first_lines(self, rows: pl.DataFrame) -> pl.Series:
        again = pl.col(KEY).is_not_null() & pl.col(ID).is_null() & (pl.col(NTH) > 1)
        return rows.select(pl.when(again).then(FIRST).otherwise(LINE)).to_series()

    def _refusals(self, rows: pl.DataFrame) -> list[pl.Expr]:
        # What is there and not changed is nobody's fault now.
        written = pl.col(ID).is_null() | pl.col(CHANGED).is_not_null()
        return [*super()._refusals(rows), pl.when(written).then(pl.col(PROBLEM))]


class Problems:
    """What is wrong between the fields of rows; those that agree in what is looked at are asked once."""

    def __init__(self, kind: type[Record]) -> None:
        self._kind = kind
        names = sorted(looked_at(kind.declared.name))
        self._fields = {name: fields_of(kind)[name] for name in names}
        self._known: dict[tuple[str | None, ...], str | None] = {}

    def of(self, rows: pl.DataFrame) -> pl.Series:
        """Why each row can't be, if anything is wrong."""
        if not self._fields:
            return pl.repeat(None, len(rows), dtype=pl.String, eager=True)
        said = rows.select(LINE, *(_text(rows, name).alias(name) for name in self._fields)).drop(LINE)
        different = said.unique()
        sentences = [self._sentence(texts) for texts in different.iter_rows()]
        answers = different.with_columns(pl.Series(PROBLEM, sentences, dtype=pl.String))
        return said.join(answers, on=list(self._fields), how="left", nulls_equal=True, maintain_order="left")[
            PROBLEM
        ]

    def _sentence(self, texts: tuple[str | None, ...]) -> str | None:
        if texts not in self._known:
            self._known[texts] = self._judged(texts)
        return self._known[texts]

    def _judged(self, texts: tuple[str | None, ...]) -> str | None:
        values = {
            name: _value(field, said)
            for (name, field), said in zip(self._fields.items(), texts, strict=True)
            if said is not None
        }
        record: Any = self._kind
        problems = record(id=0, created_at=None, changed_at=None, **values).problems()
        labels = fields_of(self._kind)
        return "; ".join(f"{labels[name].label}: {why}" for name, why in problems.items()) or None


def _text(rows: pl.DataFrame, name: str) -> pl.Expr:
    """The text that a field will have: as the file says it, else as it is; null is what is usual."""
    names = (logged(name), text(name), logged_now(name), now(name))
    there = [one for one in names if one in rows.columns]
    # What is shown of a reference is its name; its number is what counts.
    if logged(name) in there:
        there.remove(text(name))
    if logged_now(name) in there:
        there.remove(now(name))
    return pl.coalesce(*there) if there else pl.lit(None, dtype=pl.String)


def _value(field: Field, said: str) -> Any:
    return said if isinstance(field.kind, Secret) else field.read(said)
