"""What is declared of the records as views: `v_customer`, `v_contact` ... with names beside numbers, amounts
as decimals, no deleted ones and no secrets.

They are made for the connection that asks, of what is declared now: so no migration has to take them away
and make them again when it changes a table.
"""

import re
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, select, type_coerce
from sqlalchemy.engine import Dialect

from cx_tui.db.customer_expressions import names_referred
from cx_tui.db.record_lists import columns_of
from cx_tui.db.tables import counters, customer
from cx_tui.db.types import Money
from cx_tui.domain.columns import OWNER, name_of
from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import Secret
from cx_tui.domain.records import PLACES, record_named
from cx_tui.domain.records.customer import Customer

PREFIX = "v_"
PRIVATE = "view"
"""Saved views may be private: no view of SQL shows them."""
MICROS = 1_000_000.0


def view_names() -> dict[str, str]:
    """The views, and the kind of record that each of them shows."""
    return {f"{PREFIX}{name.replace('-', '_')}": name for name in PLACES if name != PRIVATE}


def view_columns() -> dict[str, list[str]]:
    """The columns of each view."""
    found = {}
    for view, record in view_names().items():
        question = _customers(None) if record == "customer" else _records(record, None)
        found[view] = [column.name for column in question.selected_columns]
    return found


def views_in(text: str) -> list[str]:
    """The views that a query names."""
    words = set(re.findall(rf"\b{PREFIX}\w+", text.lower()))
    return [name for name in view_names() if name in words]


def view_statement(name: str, dialect: Dialect) -> str:
    """What makes a view for the connection that it is said to."""
    record = view_names()[name]
    question = _customers(dialect) if record == "customer" else _records(record, dialect)
    compiled = question.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return f"CREATE TEMPORARY VIEW {name} AS {compiled}"


def _customers(dialect: Dialect | None) -> Select[Any]:
    own: dict[str, ColumnElement[Any]] = {
        name: customer.c[name] for name in fields_of(Customer) if name != "deleted_at"
    }
    own |= {name_of(name): column for name, column in names_referred().items()}
    counted = {column.name: column for column in counters.c if column.name not in ("customer_id", *own)}
    columns = [_plain(column, dialect).label(name) for name, column in {**own, **counted}.items()]
    both = customer.join(counters, counters.c.customer_id == customer.c.id)
    return select(*columns).select_from(both).where(customer.c.deleted_at.is_(None))


def _records(record: str, dialect: Dialect | None) -> Select[Any]:
    what = columns_of(record)
    fields = fields_of(record_named(record))
    declared = record_named(record).declared
    columns: dict[str, ColumnElement[Any]] = {}
    for name, column in what.by_name.items():
        if name == "deleted_at" or (name in fields and isinstance(fields[name].kind, Secret)):
            continue
        if name == name_of(declared.owner_id):
            continue  # the same as the owner
        called = declared.owner.replace("-", "_") if name == OWNER else name
        columns.setdefault(called, _plain(column, dialect))
    named = [column.label(name) for name, column in columns.items()]
    return select(*named).select_from(what.source(what.by_name)).where(what.table.c.deleted_at.is_(None))


def _plain(column: ColumnElement[Any], dialect: Dialect | None) -> ColumnElement[Any]:
    """A column as a person reads it: SQLite keeps amounts in millionths."""
    if dialect and dialect.name == "sqlite" and isinstance(column.type, Money):
        found: ColumnElement[Any] = type_coerce(column, BigInteger) / MICROS
        return found
    return column
