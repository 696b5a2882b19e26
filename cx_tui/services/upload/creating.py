"""New customers as the rows of their tables: what they are, what they are found by, what the log keeps."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy.engine import Dialect

from cx_tui.db import log_blocks
from cx_tui.db.frame_copy import Ready, ready
from cx_tui.db.log_blocks import Block
from cx_tui.db.tables import customer
from cx_tui.domain.fields import Field, fields_of, names_where
from cx_tui.domain.history import Act
from cx_tui.domain.kinds import Tags
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.sheet_fields import refers_to
from cx_tui.services.upload.columns import ColumnReader
from cx_tui.services.upload.judged import ID, KEY, folded, logged, stored
from cx_tui.services.upload.judged import text as text_of
from cx_tui.services.upload.order import upload_fields

Constants = Mapping[str, Any]


def constants_of(dialect: Dialect, moment: datetime) -> dict[str, Any]:
    """What a new customer has where the file says nothing, as it is stored."""
    usual = {
        name: ColumnReader(field, customer, dialect).stored(field.empty())
        for name, field in upload_fields().items()
    }
    if dialect.name == "sqlite":
        now = moment.replace(tzinfo=None).isoformat(" ", "microseconds")
    else:
        now = moment.isoformat()
    kept = {"version": 1, "created_at": now, "changed_at": now, "deleted_at": None}
    return {**usual, **kept, "toml_broken": False, "pending": False}


class Creating:
    """Makes the rows of new customers ready for the database."""

    def __init__(
        self, fields: Mapping[str, Field], dialect: Dialect, constants: Constants, operation_id: int
    ) -> None:
        self._fields = fields
        self._operation_id = operation_id
        self._on_sqlite = dialect.name == "sqlite"
        self._usual = constants
        self._constants = {
            "customer": {name: value for name, value in constants.items() if name not in fields},
            "found_by": {},
        }
        self._frozen: set[str] = set()

    def constants(self, table: str) -> Constants:
        """What all rows of a table share."""
        return self._constants[table]

    def leave_out(self, table: str, names: Collection[str]) -> None:
        """These columns get their constants from the database."""
        every = self._constants[table]
        self._constants[table] = {name: value for name, value in every.items() if name not in names}

    def freeze(self, table: str) -> None:
        """The table was emptied in this transaction."""
        self._frozen.add(table)

    def rows(self, new: pl.DataFrame) -> list[Ready]:
        """The rows of new customers, in the order in which they are written."""
        customers = new.select(ID, *map(self._value, self._fields), pl.col(KEY).alias("name_key"))
        given = ["external_id"] if "external_id" in self._fields else []
        found_by = customers.select(pl.col(ID).alias("customer_id"), documents(new).alias("document"), *given)
        frames = {"customer": customers, "found_by": found_by}
        return [self._ready(table, frame) for table, frame in frames.items()]

    def blocks(self, new: pl.DataFrame) -> list[Block]:
        """What the log keeps of them, each block of customers whose numbers follow each other."""
        # Of what a customer refers to the log keeps the number.
        kept = {name: logged(name) if refers_to(one) else text_of(name) for name, one in self._fields.items()}
        texts = {name: pl.col(column) for name, column in kept.items()}
        return blocks_of(new, texts, self._operation_id)

    def _ready(self, table: str, frame: pl.DataFrame) -> Ready:
        freeze = table in self._frozen
        return ready(self._on_sqlite, table, frame, self._constants[table], freeze=freeze)

    def _value(self, name: str) -> pl.Expr:
        given = pl.col(stored(name))
        usual = self._usual[name]
        if usual is None:
            return given.alias(name)
        empty = pl.col(text_of(name)).is_null()
        return pl.when(empty).then(pl.lit(usual)).otherwise(given).alias(name)


def documents(new: pl.DataFrame) -> pl.Series:
    """What new customers are found by: as `search.document` says it, of those who have no contacts yet."""
    parts: list[pl.Expr] = []
    for name in names_where(Customer, "found_by"):
        if text_of(name) not in new.columns:
            continue
        part = pl.col(text_of(name))
        if isinstance(fields_of(Customer)[name].kind, Tags):
            part = part.str.replace_all(", ", " ", literal=True)
        said = pl.any_horizontal(pl.lit(False), *((part == other).fill_null(False) for other in parts))
        parts.append(pl.when(~said, part != "").then(part))
    return folded(new.select(pl.concat_str(parts, separator="\n", ignore_nulls=True)).to_series())


def blocks_of(
    new: pl.DataFrame, texts: Mapping[str, pl.Expr], operation_id: int, record: str = "customer"
) -> list[Block]:
    """What the log keeps of new records of these texts, block by block: numbers that follow each other."""
    apart = (pl.col(ID) - pl.int_range(pl.len())).alias("apart")
    part = (pl.int_range(pl.len()) // log_blocks.SIZE).alias("part")
    given = pl.struct(list(texts)).struct.json_encode().cast(pl.Binary)
    found = new.group_by(apart, part, maintain_order=True).agg(
        pl.col(ID).first().alias("first"),
        pl.col(ID).last().alias("last"),
        *(text.alias(name) for name, text in texts.items()),
    )
    return [
        Block(operation_id, first, last, Act.CREATE, log_blocks.packed(got), record=record)
        for first, last, got in found.select("first", "last", given.alias("given")).iter_rows()
    ]
