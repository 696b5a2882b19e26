"""The rules of a kind of record, asked of the rows of a file: each row has its own verdict."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.records import repository_of
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.kinds import Secret
from cx_tui.domain.records import record_named
from cx_tui.domain.sheet_fields import kept_in, sheet_fields
from cx_tui.services.records.rules import RULES, Wish, refused, sentence_of
from cx_tui.services.upload.judged import ID, VERDICT, WHY, logged, now, text
from cx_tui.services.upload.order import Verdict

PLACE = "row"
WRITTEN = (Verdict.CREATE.value, Verdict.UPDATE.value)


async def ruled(connection: AsyncConnection, record: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, of which those that would be written and are against a rule are wrong."""
    if record not in RULES:
        return rows
    placed = rows.with_row_index(PLACE)
    asked = placed.filter(pl.col(VERDICT).is_in(WRITTEN))
    if asked.is_empty():
        return rows
    kind = record_named(record)
    ids = asked[ID].drop_nulls().to_list() if ID in asked.columns else []
    before = await repository_of(kind).some(connection, ids) if ids else {}
    wishes = await asyncio.to_thread(lambda: list(_wishes(record, asked, before)))
    why = await refused(connection, record, wishes)
    if not why:
        return rows
    labels = {name: field.label for name, field in fields_of(kind).items()}
    places = asked[PLACE].to_list()
    said = pl.DataFrame(
        {PLACE: [places[one] for one in why], "rule": [sentence_of(one, labels) for one in why.values()]},
        schema={PLACE: asked.schema[PLACE], "rule": pl.String},
    )
    judged = placed.join(said, on=PLACE, how="left", maintain_order="left")
    against = pl.col("rule").is_not_null()
    return judged.with_columns(
        pl.coalesce("rule", WHY).alias(WHY),
        pl.when(against).then(pl.lit(Verdict.ERROR.value)).otherwise(VERDICT).alias(VERDICT),
    ).drop(PLACE, "rule")


def _wishes(record: str, rows: pl.DataFrame, before: dict[int, Any]) -> Iterator[Wish]:
    """The records that rows would make, beside those that are there."""
    kind: Any = record_named(record)
    moment = datetime.now(UTC)
    fields = {
        name: (kept_in(record, name), field)
        for name, field in _in_file(record, rows).items()
        if not isinstance(field.kind, Secret)
    }
    for row in rows.iter_rows(named=True):
        values = {}
        for name, (kept, field) in fields.items():
            said = row[logged(name) if logged(name) in row else text(name)]
            if said is not None and said != row.get(now(name)):
                values[kept] = field.read(said)
        was = before.get(row.get(ID) or 0)
        if was is not None:
            yield Wish(replace(was, **values), was)
        else:
            yield Wish(kind(id=0, created_at=moment, changed_at=moment, **values), None)


def _in_file(record: str, rows: pl.DataFrame) -> dict[str, Field]:
    """The fields of which rows may say something."""
    return {name: field for name, field in sheet_fields(record).items() if text(name) in rows.columns}
