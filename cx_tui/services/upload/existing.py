"""The customers that the rows of a file speak of, with the values that they have now."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import polars as pl
from sqlalchemy import Column, ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among, among_texts
from cx_tui.db.record_names import names_of
from cx_tui.db.tables import customer, found_by
from cx_tui.domain.fields import Field
from cx_tui.domain.sheet_fields import refers_to
from cx_tui.services.upload.judged import ID, KEY, VERSION, logged_now, now, text
from cx_tui.services.upload.record_references import References

BY = "by"


class Existing:
    """Who was there before the upload.

    They are looked up on a connection of its own, as new customers are written meanwhile; nothing but what
    the rows refer to is looked up when there is nobody yet.
    """

    def __init__(
        self, connection: AsyncConnection, fields: Mapping[str, Field], *, anybody: bool = True
    ) -> None:
        self._connection = connection
        self._fields = fields
        self._anybody = anybody
        self._references = References(connection, "customer", fields, connection.dialect)

    async def find(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the number of the customer who has the row's name, else its external id, and with
        its version and the texts of its fields now."""
        rows = await self._references.resolve(rows)
        if not self._anybody:
            return rows.with_columns(pl.lit(None, dtype=pl.Int64).alias(ID))
        these = among_texts(self._connection, customer.c.name_key, _distinct(rows[KEY]))
        found = await self._where(self._connection, these, customer.c.name_key)
        rows = rows.join(found, left_on=KEY, right_on=BY, how="left", maintain_order="left")
        if text("external_id") not in rows.columns:
            return rows
        return await self._by_external_id(self._connection, rows)

    async def _by_external_id(self, connection: AsyncConnection, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows whose name nobody has may be of a customer that has their external id, if one alone has it."""
        given = text("external_id")
        unnamed = pl.col(ID).is_null()
        wanted = among_texts(connection, found_by.c.external_id, _distinct(rows.filter(unnamed)[given]))
        # Asked apart: PostgreSQL would rather read both tables than look so many up in two indexes.
        ids = (await connection.execute(select(found_by.c.customer_id).where(wanted))).scalars().all()
        if not ids:
            return rows
        these = among(connection, customer.c.id, ids)
        found = await self._where(connection, these, customer.c.external_id)
        found = found.filter(pl.col(BY).is_unique())
        names = [name for name in found.columns if name != BY]
        joined = rows.join(found, left_on=given, right_on=BY, how="left", maintain_order="left", suffix="_2")
        filled = [
            pl.when(unnamed).then(pl.col(f"{name}_2")).otherwise(pl.col(name)).alias(name) for name in names
        ]
        return joined.with_columns(filled).drop([f"{name}_2" for name in names])

    async def _where(
        self, connection: AsyncConnection, these: ColumnElement[bool], by: Column[Any]
    ) -> pl.DataFrame:
        """The customers of whom this holds, and what they were looked for by."""
        own = customer.c
        question = select(by.label(BY), own.id, own.version, *(own[name] for name in self._fields))
        rows = (await connection.execute(question.where(own.deleted_at.is_(None), these))).all()
        names = {}
        for place, (name, field) in enumerate(self._fields.items(), 3):
            if other := refers_to(field):
                ids = {row[place] for row in rows if row[place] is not None}
                names[name] = await names_of(connection, other, ids)
        return await asyncio.to_thread(self._frame, rows, names)

    def _frame(self, rows: Collection[Any], names: Mapping[str, Mapping[int, str]]) -> pl.DataFrame:
        columns = list(zip(*rows, strict=True)) or [()] * (3 + len(self._fields))
        frame = {
            BY: pl.Series(columns[0], dtype=pl.String),
            ID: pl.Series(columns[1], dtype=pl.Int64),
            VERSION: pl.Series(columns[2], dtype=pl.Int64),
        }
        for (name, field), values in zip(self._fields.items(), columns[3:], strict=True):
            texts = pl.Series(field.write_each(values), dtype=pl.String)
            if name in names:
                frame[logged_now(name)] = texts
                texts = pl.Series([names[name].get(one, "") for one in values], dtype=pl.String)
            frame[now(name)] = texts
        return pl.DataFrame(frame)


def _distinct(texts: pl.Series) -> list[str]:
    found: list[str] = texts.drop_nulls().unique().to_list()
    return found
