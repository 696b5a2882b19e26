"""The tables, derived from the records; their indexes are in `indexes`."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    literal,
    text,
)

from cx_tui.db.types import Utc, column_type
from cx_tui.domain.counters import Counters
from cx_tui.domain.declared import Declared
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.kinds import Reference
from cx_tui.domain.record import Record
from cx_tui.domain.records import PLACES, record_named
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.search import LONGEST_FOLD

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def columns_of(
    record: type, without: Collection[str] = ("customer_id",), *, refers: bool = True
) -> list[Column[Any]]:
    """The columns of a record: its fields, their kinds' types; with keys of what they refer to."""
    return [
        Column(
            name,
            column_type(field),
            *(_refers_to(field) if refers else ()),
            primary_key=name == "id",
            nullable=field.optional,
        )
        for name, field in fields_of(record).items()
        if name not in without
    ]


def _refers_to(field: Field) -> list[ForeignKey]:
    """The key of a record that a field names."""
    kind = field.kind
    return (
        [ForeignKey(f"{record_named(kind.record).declared.table}.id")] if isinstance(kind, Reference) else []
    )


def of_customer(**more: Any) -> Column[int]:
    """The customer that a row belongs to."""
    return Column(
        "customer_id", Integer, ForeignKey("customer.id", ondelete="CASCADE"), nullable=False, **more
    )


KEPT = text("deleted_at IS NULL")

NOBODYS = 0
"""Instead of a customer's number, where a record belongs to none."""

LONGEST_NAME_KEY = LONGEST_FOLD * 120
# SQLite takes a text of any length; its column still says what it said in the first revision.
NAME_KEY = String(LONGEST_NAME_KEY, collation="C").with_variant(String(240), "sqlite")

customer = Table(
    Customer.declared.table,
    metadata,
    *columns_of(Customer, refers=False),
    # What follows is derived from the record when it is written.
    Column("name_key", NAME_KEY, nullable=False),
    Column("toml_broken", Boolean, nullable=False),
    Column("pending", Boolean, nullable=False, default=False),
)
"""Customers.  `name_key` is the folded name; `pending` is kept by `kept_warnings`: a verification or a
contract that is required is missing.  What they refer to has no foreign key: records are never taken out of
their tables, what is used is not deleted (`services.records.used`), and checking four keys for each of a
million customers would double the time of an upload."""

found_by = Table(
    "found_by",
    metadata,
    of_customer(primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("external_id", String(64), nullable=False, server_default=""),
)
"""All that the search box finds a customer by, and what an upload does.  Apart from the customer, as a
customer is changed often, and PostgreSQL would write the index entries of all this anew each time."""


def record_table(record: type[Record], into: MetaData = metadata) -> Table:
    """The table of a kind of record: its fields, and the owner that it belongs to."""
    declared = record.declared
    if declared.table in into.tables:
        return into.tables[declared.table]
    table = Table(declared.table, into, *columns_of(record, (declared.owner_id,)), *_owned(declared))
    if declared.owner:
        place = [table.c.position] if declared.ordered else []
        Index(f"ix_{table.name}_{declared.owner_id}", table.c[declared.owner_id], *place)
    for name in declared.looked_up:
        Index(f"ix_{table.name}_{name}", table.c[name])
    for name, field in fields_of(record).items():
        if isinstance(field.kind, Reference) and name != declared.owner_id:
            table_named(field.kind.record)
            Index(f"ix_{table.name}_{name}", table.c[name])
    return table


def _owned(declared: Declared) -> list[Column[int]]:
    """The column that says to whom a record belongs."""
    if declared.owner == "customer":
        return [of_customer()]
    if not declared.owner:
        return []
    owner = record_table(record_named(declared.owner)).name
    key = ForeignKey(f"{owner}.id", ondelete="CASCADE")
    return [Column(declared.owner_id, Integer, key, nullable=False)]


def customer_column(table: Table) -> ColumnElement[int]:
    """The number of the customer that a row belongs to, or is; 0 when it is nobody's."""
    if table is customer:
        return table.c.id
    return table.c.customer_id if "customer_id" in table.c else literal(NOBODYS)


def table_named(name: str) -> Table:
    """The table of the kind of record that has a name."""
    return record_table(record_named(name))


def every_table() -> MetaData:
    """All tables, those of records that nobody has asked for yet, too."""
    for name in PLACES:
        table_named(name)
    return metadata


contact = record_table(Contact)

counters = Table(
    "counters",
    metadata,
    of_customer(primary_key=True, autoincrement=False),
    *columns_of(Counters),
    Column("warnings", Integer, nullable=False, server_default="0"),
)
"""Counters.  `warnings` is kept by `kept_warnings`: how many of the rules hold."""

BESIDE = ("found_by", "counters")
"""Every customer has one row in each of them, written by whoever writes the customer."""

kept_at = Table(
    "kept_at",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("moment", Utc),
)
"""The quarter of an hour for which numbers are kept that also follow the clock; none if never."""

# Who reads and writes says these conditions as the indexes do, so that they are found in them.
PENDING = text("pending AND deleted_at IS NULL")
DELETED = text("deleted_at IS NOT NULL")
RESTRICTED = text("allowed_times IS NOT NULL")

INDEXED_COUNTERS = ("balance", "live", "cps", "last_call_at", "asr", "acd", "pdd", "warnings")
"""Sorting by these is instant."""
