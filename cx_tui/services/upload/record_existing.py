"""The records that the rows of a file speak of, with the values that they have now."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Select, String, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among, among_texts
from cx_tui.db.engine import ask
from cx_tui.db.record_names import names_of
from cx_tui.db.tables import customer_column, record_table
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.kinds import Reference, Secret
from cx_tui.domain.records import record_named
from cx_tui.domain.sheet_fields import kept_in, owner_column, refers_to, sheet_fields
from cx_tui.services.upload.judged import (
    FIRST,
    ID,
    KEY,
    NTH,
    VERSION,
    WHOSE,
    logged,
    logged_now,
    now,
    stored,
    text,
    wrong,
)
from cx_tui.services.upload.record_keys import Key, keys_of, looked_at
from cx_tui.services.upload.record_references import References
from cx_tui.services.upload.sheet import FLAW, LINE

HIDDEN = "kept"
"""Instead of a secret, of which nothing but that it is there is known."""


class RecordExisting:
    """Finds the records of rows as they were before the upload."""

    def __init__(self, connection: AsyncConnection, record: str, fields: Mapping[str, Field]) -> None:
        kind = record_named(record)
        self._connection = connection
        self._record = record
        self._table = record_table(kind)
        self._declared = kind.declared
        self._owner = owner_column(self._declared)
        self._fields = fields
        self._references = References(connection, record, fields, connection.dialect)
        self._keys = [self._used(key) for key in keys_of(record)]
        every = sheet_fields(record)
        names = (*fields, *(name for key in self._keys for name in key))
        self._wanted: dict[str, Field] = {name: every[name] for name in names}
        own = fields_of(kind)
        self._wanted |= {name: own[name] for name in looked_at(record) if name not in self._wanted}
        self._seen = pl.DataFrame(schema={"sign": pl.UInt64, "times": pl.UInt32, "earliest": pl.Int64})

    def _used(self, key: Key) -> Key:
        """What is not one record's alone is only compared where the file has it."""
        alone = self._declared.together or len(key) == 1
        return key if alone else tuple(name for name in key if name in self._fields)

    async def find(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with what they name, and with the records that they speak of."""
        rows = await self._references.resolve(rows)
        rows = rows.with_columns(self._whose(rows).alias(WHOSE), _key_of(self._keys, self._parts(rows)))
        rows = rows.with_columns(pl.when(self._is_right(rows)).then(KEY).alias(KEY))
        rows = await asyncio.to_thread(self._numbered, rows)
        found = [await self._like(rows, place, key) for place, key in enumerate(self._keys)]
        there = [frame for frame in found if len(frame)]
        if not there:
            return rows.with_columns(pl.lit(None, dtype=pl.Int64).alias(ID))
        return rows.join(pl.concat(there), on=[KEY, NTH], how="left", maintain_order="left")

    def _whose(self, rows: pl.DataFrame) -> pl.Expr:
        """The customer that a row's record belongs to; 0 is nobody's."""
        of_customer = self._declared.owner == "customer" and stored(self._owner) in rows.columns
        return pl.col(stored(self._owner)).fill_null(0) if of_customer else pl.lit(0, dtype=pl.Int64)

    def _is_right(self, rows: pl.DataFrame) -> pl.Expr:
        """Whether all that a row says can be read."""
        wrongs = [pl.col(wrong(name)).is_null() for name in self._fields if wrong(name) in rows.columns]
        return pl.all_horizontal(pl.col(FLAW).is_null(), *wrongs)

    def _parts(self, rows: pl.DataFrame) -> dict[str, pl.Expr]:
        """The texts by which rows are compared; null where something is required and missing."""
        found = {}
        for key in self._keys:
            for name in key:
                of = logged(name) if logged(name) in rows.columns else text(name)
                said = pl.col(of) if of in rows.columns else pl.lit(None, dtype=pl.String)
                field = self._wanted[name]
                alone = field.unique or field.required
                found[name] = said if alone else said.fill_null(field.write(field.empty()))
        return found

    def _numbered(self, rows: pl.DataFrame) -> pl.DataFrame:
        """How often each record was spoken of in the file until a row, and in which line first."""
        sign = pl.when(pl.col(KEY).is_not_null()).then(pl.col(KEY).hash()).alias("sign")
        signs = rows.select(sign, LINE)
        before = signs.join(self._seen, on="sign", how="left", maintain_order="left")
        here = pl.int_range(1, pl.len() + 1).over("sign")
        own = before.select(
            (here + pl.col("times").fill_null(0)).cast(pl.Int64).alias(NTH),
            pl.coalesce("earliest", pl.col(LINE).first().over("sign")).alias(FIRST),
        )
        new = signs.drop_nulls().group_by("sign")
        new_ones = new.agg(pl.len().cast(pl.UInt32).alias("times"), pl.col(LINE).first().alias("earliest"))
        self._seen = pl.concat([self._seen, new_ones])
        if before["times"].null_count() < len(before):
            self._seen = self._seen.group_by("sign").agg(pl.col("times").sum(), pl.col("earliest").min())
        return rows.with_columns(own)

    async def _like(self, rows: pl.DataFrame, place: int, key: Key) -> pl.DataFrame:
        """The records that have the values of rows whose key is at this place."""
        these = rows.filter(pl.col(KEY).str.starts_with(f"{place}\t"))
        conditions = list(self._conditions(these, key)) if len(these) else []
        if not conditions:
            return pl.DataFrame()
        own = self._table.c
        columns = [own[kept_in(self._record, name)].label(name) for name in self._wanted]
        order = [own.position, own.id] if self._declared.ordered else [own.id]
        question: Select[Any] = select(own.id, own.version, customer_column(self._table), *columns)
        question = question.where(own.deleted_at.is_(None), and_(*conditions)).order_by(*order)
        found: Sequence[Any] = await ask(self._connection, question)
        return await self._frame(found, place, key) if found else pl.DataFrame()

    def _conditions(self, rows: pl.DataFrame, key: Key) -> Iterator[ColumnElement[bool]]:
        """What narrows the records down by indexes; the key says it exactly afterwards."""
        texts = False
        for name in key:
            column = self._table.c[kept_in(self._record, name)]
            if stored(name) not in rows.columns:
                continue
            values = rows[stored(name)].drop_nulls().unique().to_list()
            if isinstance(self._wanted[name].kind, Reference) and name == self._owner:
                yield among(self._connection, column, values)
            elif isinstance(column.type, String) and not texts and rows[stored(name)].null_count() == 0:
                texts = True
                yield among_texts(self._connection, column, values)

    async def _frame(self, found: Sequence[Any], place: int, key: Key) -> pl.DataFrame:
        """The records as a frame: who they are, and the texts of their fields now."""
        columns = list(zip(*found, strict=True))
        frame = {ID: pl.Series(columns[0], dtype=pl.Int64), VERSION: pl.Series(columns[1], dtype=pl.Int64)}
        for (name, field), values in zip(self._wanted.items(), columns[3:], strict=True):
            if other := refers_to(field):
                each = [(one,) if isinstance(one, int) else one or () for one in values]
                names = await names_of(self._connection, other, {one for several in each for one in several})
                shown = [", ".join(names[one] for one in several) for several in each]
                frame[now(name)] = pl.Series(shown, dtype=pl.String)
                frame[logged_now(name)] = pl.Series(await _texts(field, values), dtype=pl.String)
            else:
                frame[now(name)] = pl.Series(await _texts(field, values), dtype=pl.String)
        made = pl.DataFrame(frame)
        named = {name for name in key if refers_to(self._wanted[name])}
        parts = {name: pl.col(logged_now(name) if name in named else now(name)) for name in key}
        made = made.with_columns(_joined(place, key, parts).alias(KEY))
        return made.with_columns(pl.int_range(1, pl.len() + 1).over(KEY).cast(pl.Int64).alias(NTH))

    async def last_places(self, owners: Sequence[int]) -> dict[int, int]:
        """The last place among the records of each of these owners."""
        own = self._table.c[self._declared.owner_id]
        last = select(own, func.max(self._table.c.position)).where(among(self._connection, own, owners))
        found: Sequence[Any] = await ask(self._connection, last.group_by(own))
        return {owner: place or 0 for owner, place in found}


async def _texts(field: Field, values: Sequence[Any]) -> list[str]:
    if isinstance(field.kind, Secret):
        return [HIDDEN if value else "" for value in values]
    return await asyncio.to_thread(field.write_each, values)


def _key_of(keys: Sequence[Key], parts: Mapping[str, pl.Expr]) -> pl.Expr:
    """The first key of which a row has all parts."""
    return pl.coalesce(_joined(place, key, parts) for place, key in enumerate(keys)).alias(KEY)


def _joined(place: int, key: Key, parts: Mapping[str, pl.Expr]) -> pl.Expr:
    return pl.concat_str([pl.lit(str(place)), *(parts[name] for name in key)], separator="\t")
