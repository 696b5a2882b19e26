"""The tables, derived from the records."""

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex

from cx_tui.db.types import column_type
from cx_tui.domain.contact import Contact
from cx_tui.domain.counters import Counters
from cx_tui.domain.customer import Customer
from cx_tui.domain.fields import fields_of

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def columns_of(record: type) -> list[Column[Any]]:
    """The columns of a record: its fields, their kinds' types."""
    return [
        Column(name, column_type(field), primary_key=name == "id", nullable=field.optional)
        for name, field in fields_of(record).items()
        if name != "customer_id"
    ]


def _of_customer(**more: Any) -> Column[int]:
    return Column(
        "customer_id", Integer, ForeignKey("customer.id", ondelete="CASCADE"), nullable=False, **more
    )


KEPT = text("deleted_at IS NULL")

customer = Table(
    "customer",
    metadata,
    *columns_of(Customer),
    # What follows is derived from the record when it is written.
    Column("name_key", String(240, collation="C").with_variant(String(240), "sqlite"), nullable=False),
    Column("toml_broken", Boolean, nullable=False),
    Column("must_prove", Boolean, nullable=False),
    Column("document", Text, nullable=False),
)
"""Customers.  `name_key` is the folded name, `document` all that the search box finds; `must_prove`
says that a verification or a contract is required, so that those who are Pending are found among few."""

contact = Table("contact", metadata, *columns_of(Contact), _of_customer())

counters = Table(
    "counters", metadata, _of_customer(primary_key=True, autoincrement=False), *columns_of(Counters)
)

Index("uq_customer_name_key", customer.c.name_key, unique=True, sqlite_where=KEPT, postgresql_where=KEPT)
Index(
    "ix_customer_status",
    customer.c.status,
    customer.c.name_key,
    customer.c.id,
    sqlite_where=KEPT,
    postgresql_where=KEPT,
)
Index("ix_customer_external_id", customer.c.external_id)
MUST_PROVE = text("must_prove AND deleted_at IS NULL")
Index(
    "ix_customer_must_prove",
    customer.c.name_key,
    customer.c.id,
    customer.c.verify_email,
    customer.c.verify_mobile,
    sqlite_where=MUST_PROVE,
    postgresql_where=MUST_PROVE,
)
RESTRICTED = text("allowed_times IS NOT NULL")
Index("ix_customer_time_zone", customer.c.time_zone, sqlite_where=RESTRICTED, postgresql_where=RESTRICTED)
Index("ix_contact_customer_id", contact.c.customer_id)
Index("uq_contact_email", contact.c.email, unique=True, sqlite_where=KEPT, postgresql_where=KEPT)

INDEXED_COUNTERS = ("balance", "live", "cps", "last_call_at", "asr", "acd", "pdd")
"""Sorting by these is instant."""
for _name in INDEXED_COUNTERS:
    Index(f"ix_counters_{_name}", counters.c[_name].nulls_first(), counters.c.customer_id)


@compiles(CreateIndex, "sqlite")
def _nulls_are_first(create: CreateIndex, compiler: Any, **more: Any) -> str:
    """An empty figure is the smallest on both databases: SQLite's only way, said aloud to PostgreSQL."""
    return str(compiler.visit_create_index(create, **more)).replace(" NULLS FIRST", "")
