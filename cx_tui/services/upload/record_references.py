"""What columns mean that name other records: the owner, a rate card, carriers; by name or by number."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import polars as pl
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.record_names import Named, having_names, names_of
from cx_tui.db.tables import record_table
from cx_tui.domain.fields import Field
from cx_tui.domain.kinds import Reference, quote
from cx_tui.domain.records import record_named
from cx_tui.domain.sheet_fields import owner_column, refers_to
from cx_tui.services.upload.columns import ColumnReader
from cx_tui.services.upload.judged import logged, stored, text, written, wrong

BETWEEN = re.compile(r"[,;\n]+")
SHOWN = 5
MEANT = ("stored", "text", "logged", "wrong")


class References:
    """Finds the records that rows name; each different text is asked for once in an upload."""

    def __init__(
        self, connection: AsyncConnection, record: str, fields: Mapping[str, Field], dialect: Dialect
    ) -> None:
        self._connection = connection
        self._declared = record_named(record).declared
        self._owner = owner_column(self._declared)
        named = {name: field for name, field in fields.items() if refers_to(field)}
        self._columns = {
            name: _Column(record, field, dialect, of_owner=self._is_of_owner(name, field))
            for name, field in named.items()
        }
        self._meant: dict[str, dict[str, list[Named]]] = {}
        self._names: dict[str, dict[int, str]] = {}

    def _is_of_owner(self, name: str, field: Field) -> bool:
        """Whether both belong to the same customer."""
        other = record_named(refers_to(field)).declared
        return name != self._owner and self._declared.owner == other.owner == "customer"

    async def resolve(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the numbers of the records that they name, or why there is none."""
        for name, column in self._columns.items():
            rows = await self._resolve(rows, name, column)
        return rows

    async def _resolve(self, rows: pl.DataFrame, name: str, column: "_Column") -> pl.DataFrame:
        whose = pl.col(stored(self._owner)) if column.of_owner else pl.lit(None, dtype=pl.Int64)
        said = rows.select(pl.col(text(name)).alias("said"), whose.alias("whose"))
        different = said.filter(pl.col("said").is_not_null()).unique()
        words = {word for one in different["said"].unique() for word in column.words(one)}
        meant = await self._ask(column.other, words)
        found = [
            column.meaning(word, customer, meant, self._names[column.other])
            for word, customer in different.iter_rows()
        ]
        schema = {"stored": column.dtype, **dict.fromkeys(MEANT[1:], pl.String)}
        answers = pl.concat([different, pl.DataFrame(found, schema=schema, orient="row")], how="horizontal")
        joined = said.join(answers, on=["said", "whose"], how="left", nulls_equal=True, maintain_order="left")
        columns = {stored(name): "stored", text(name): "text", logged(name): "logged"}
        if joined["wrong"].null_count() < len(joined):
            columns |= {wrong(name): "wrong", written(name): "said"}
        return rows.with_columns(joined[there].alias(name) for name, there in columns.items())

    async def _ask(self, record: str, words: set[str]) -> Mapping[str, Sequence[Named]]:
        """The records that each word may mean, and the names of them."""
        known = self._meant.setdefault(record, {})
        names = self._names.setdefault(record, {})
        if new := [word for word in words if word not in known]:
            known |= await having_names(self._connection, record, new)
            ids = {one.id for word in new for one in known[word][:SHOWN]}
            names |= await names_of(self._connection, record, ids)
        return known


class _Column:
    """A column that names records of one kind."""

    def __init__(self, record: str, field: Field, dialect: Dialect, *, of_owner: bool) -> None:
        self.other = refers_to(field)
        self.of_owner = of_owner
        self._field = field
        self._record = record
        self._dialect = dialect
        self._one = isinstance(field.kind, Reference)
        self._called = record_named(self.other).declared

    @property
    def dtype(self) -> Any:
        """The type of what is stored."""
        return pl.Int64 if self._one else pl.String

    @cached_property
    def _stored(self) -> Callable[[Any], Any]:
        table = record_table(record_named(self._record))
        return ColumnReader(self._field, table, self._dialect).stored

    def words(self, said: str) -> list[str]:
        """The names in a cell."""
        return [said] if self._one else list(filter(None, map(str.strip, BETWEEN.split(said))))

    def meaning(
        self, said: str, whose: int | None, meant: Mapping[str, Sequence[Named]], names: Mapping[int, str]
    ) -> tuple[Any, ...]:
        """What a cell of a customer's row means: what is stored, shown and logged, and what is wrong."""
        ids = []
        for word in self.words(said):
            of_them = [one.id for one in meant[word] if not self.of_owner or one.whose == whose]
            if len(of_them) != 1:
                return None, None, None, self._wrong(word, of_them)
            ids.append(of_them[0])
        shown = ", ".join(names[one] for one in ids)
        value = ids[0] if self._one else self._stored(tuple(dict.fromkeys(ids)))
        return value, shown, ", ".join(f"#{one}" for one in ids), None

    def _wrong(self, word: str, ids: Sequence[int]) -> str:
        if ids:
            some = ", ".join(f"#{one}" for one in ids[:SHOWN])
            return f"{len(ids):,} {self._called.several} are called {quote(word)}; write a number: {some}"
        of = "the customer has no" if self.of_owner else "there is no"
        return f"{of} {self._called.one} {quote(word)}"
