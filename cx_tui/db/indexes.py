"""The indexes of the tables, for migrations.

Apart from the tables, as only migrations ask for them: a condition said for PostgreSQL loads what
SQLAlchemy knows of it, which takes 35 ms of a start on SQLite.
"""

from typing import Any

from sqlalchemy import Index, MetaData, Table, TextClause
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex

from cx_tui.db import approval_tables, free_minutes_tables, invoice_tables, view_keys
from cx_tui.db.calls import tables as calls
from cx_tui.db.history_tables import WAITING, delayed
from cx_tui.db.outbox_tables import CLAIMED, LOOKED_AT, UNSENT, message, template
from cx_tui.db.tables import (
    DELETED,
    INDEXED_COUNTERS,
    KEPT,
    PENDING,
    RESTRICTED,
    contact,
    counters,
    customer,
    every_table,
    found_by,
    metadata,
)
from cx_tui.domain.fields import fields_of
from cx_tui.domain.record import Record
from cx_tui.domain.records import every_record
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Customer

ALSO_MIGRATED = (approval_tables, free_minutes_tables, invoice_tables, view_keys)
"""Modules whose tables belong to the schema, and which are imported here for that alone."""


def _where(condition: TextClause) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


Index("uq_customer_name_key", customer.c.name_key, unique=True, **_where(KEPT))
Index("ix_customer_status", customer.c.status, customer.c.name_key, customer.c.id, **_where(KEPT))
FILTERED = ("id", "status", "country", "currency", "portal", "channels", "deleted_at")
"""What customers are filtered and grouped by most: a question about these alone reads nothing else."""

Index("ix_customer_filtered", *(customer.c[name] for name in FILTERED), **_where(KEPT))
Index("ix_customer_pending", customer.c.name_key, customer.c.id, **_where(PENDING))
Index("ix_customer_deleted", customer.c.id, **_where(DELETED))
Index("ix_customer_time_zone", customer.c.time_zone, **_where(RESTRICTED))
Index("ix_found_by_external_id", found_by.c.external_id)
Index("uq_contact_email", contact.c.email, unique=True, **_where(KEPT))
Index("ix_delayed_due_at", delayed.c.due_at, **_where(WAITING))
Index("uq_template_name", template.c.name, unique=True)
Index("uq_message_job_id_contact_id", message.c.job_id, message.c.contact_id, unique=True)
Index("ix_message_due", message.c.way, message.c.due_at, message.c.id, **_where(UNSENT))
Index("ix_message_claim", message.c.claim, **_where(CLAIMED))
Index("ix_message_look_at", message.c.look_at, **_where(LOOKED_AT))
Index("ix_call_hours_hour", calls.call_hours.c.hour)
Index("ix_call_days_day", calls.call_days.c.day)
Index("ix_call_late_start", calls.call_late.c.start)
Index("ix_call_unknown_start", calls.call_unknown.c.start)
Index("ix_live_call_customer_id", calls.live_call.c.customer_id)
Index("ix_live_call_source", calls.live_call.c.source)
Index(
    "uq_call_file_place",
    *(calls.call_file.c[name] for name in ("first_day", "last_day", "generation", "first_customer")),
    unique=True,
)


def declared(dialect: str) -> MetaData:
    """The tables, with the indexes that they have in such a database."""
    found = MetaData(naming_convention=metadata.naming_convention)
    for table in every_table().tables.values():
        table.to_metadata(found)
    for record in every_record():
        if record not in (Customer, Contact):
            _unique(record, found.tables[record.declared.table])
    own = found.tables[counters.name].c
    for name in INDEXED_COUNTERS:
        # An index of SQLite's has the row's number at the end of each entry anyway.
        more = () if dialect == "sqlite" else (own.customer_id,)
        Index(f"ix_counters_{name}", own[name].nulls_first(), *more)
    return found


def _unique(record: type[Record], table: Table) -> None:
    """Indexes of what only one record may have, as long as it is not deleted."""
    names = [name for name, field in fields_of(record).items() if field.unique]
    for name in names:
        Index(f"uq_{table.name}_{name}", table.c[name], unique=True, **_where(KEPT))
    if together := record.declared.together:
        own = [table.c[name] for name in together]
        Index(f"uq_{table.name}_{'_'.join(together)}", *own, unique=True, **_where(KEPT))


@compiles(CreateIndex, "sqlite")
def _nulls_are_first(create: CreateIndex, compiler: Any, **more: Any) -> str:
    """An empty figure is the smallest on both databases: SQLite's only way, said aloud to PostgreSQL."""
    return str(compiler.visit_create_index(create, **more)).replace(" NULLS FIRST", "")
