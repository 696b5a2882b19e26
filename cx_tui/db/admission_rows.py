"""What decisions need of the records, as rows: of some customers or all, and what they refer to."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among
from cx_tui.db.engine import ask
from cx_tui.db.tables import counters, customer, table_named

Rows = Sequence[Row[Any]]

CUSTOMER = (
    "id", "name", "status", "channels", "flow_speed", "debit_limit", "daily_limit", "currency",
    "verify_email", "verify_mobile", "approved_clis_only", "asserted_id", "time_zone", "allowed_times",
    "invoice_schedule", "invoice_template", "toml_broken",
)  # fmt: skip
COUNTED = ("balance", "day", "day_spend", "emails_verified", "mobiles_verified", "acd")

OF_CUSTOMERS: Mapping[str, tuple[str, ...]] = {
    "ip": (
        "id", "address", "direction", "channels", "flow_speed", "enabled", "dial_pattern", "tech_prefix",
        "cli_prefix", "strip_digits", "cli_authentication",
    ),
    "sip-user": ("id", "username", "password", "channels", "flow_speed", "enabled", "allowed_ips"),
    "rewrite": ("id", "ip", "sip_user", "parameter", "match", "current", "new", "enabled", "position"),
    "route": (
        "id", "rate_card", "tech_prefix", "dial_string", "prefix_set", "enabled", "lock_carriers",
        "exclude_carriers", "allow_loss", "channels", "flow_speed", "spike_buffer", "max_duration",
        "redial_count", "redial_period", "block_types", "position",
    ),
    "cli-rule": (
        "id", "cli", "paid_match", "rewrite_cli", "rewrite_paid", "forced", "direction", "dialled", "use_did",
        "position",
    ),
    "did": (
        "id", "number", "enabled", "destination", "destination_type", "customer_card", "carrier", "channels",
        "flow_speed", "max_duration",
    ),
}  # fmt: skip
"""The kinds of record that belong to customers, and the fields of each that decide."""


async def customers(connection: AsyncConnection, ids: Sequence[int] | None) -> Rows:
    """Customers with their counters, in the order of their numbers."""
    what = [customer.c[name] for name in CUSTOMER] + [counters.c[name] for name in COUNTED]
    asked = select(*what).join(counters, counters.c.customer_id == customer.c.id)
    kept = customer.c.deleted_at.is_(None) & _of(connection, customer.c.id, ids)
    return await ask(connection, asked.where(kept).order_by(customer.c.id))


async def of_customers(
    connection: AsyncConnection, record: str, ids: Sequence[int] | None
) -> dict[int, list[Row[Any]]]:
    """The records of a kind by their customers, in the order in which they count."""
    own, names = table_named(record).c, OF_CUSTOMERS[record]
    asked = select(own.customer_id, *(own[name] for name in names))
    asked = asked.where(own.deleted_at.is_(None), _of(connection, own.customer_id, ids))
    place = [own.position] if "position" in names else []
    return await _by_customer(connection, asked.order_by(own.customer_id, *place, own.id))


async def currencies(connection: AsyncConnection, ids: Sequence[int] | None) -> dict[int, str]:
    """What customers pay in."""
    asked = select(customer.c.id, customer.c.currency).where(_of(connection, customer.c.id, ids))
    return {row.id: row.currency for row in await connection.execute(asked)}


async def contracts(connection: AsyncConnection, ids: Sequence[int] | None) -> dict[int, list[Row[Any]]]:
    """The contracts of customers, with their names."""
    own, definition = table_named("customer-contract").c, table_named("contract")
    asked = select(own.customer_id, own.id, definition.c.name, own.grace_date, own.required, own.signed_at)
    asked = asked.join(definition, definition.c.id == own.contract)
    asked = asked.where(own.deleted_at.is_(None), _of(connection, own.customer_id, ids))
    return await _by_customer(connection, asked.order_by(own.customer_id, own.id))


async def sharers(connection: AsyncConnection, ids: Sequence[int]) -> list[int]:
    """Whoever has an address that one of these customers has."""
    mine, theirs = table_named("ip").alias("mine"), table_named("ip").alias("theirs")
    same = (theirs.c.address == mine.c.address) & (theirs.c.customer_id != mine.c.customer_id)
    asked = select(theirs.c.customer_id).join(mine, same).distinct()
    kept = (
        mine.c.deleted_at.is_(None),
        theirs.c.deleted_at.is_(None),
        _of(connection, mine.c.customer_id, ids),
    )
    return [row[0] for row in await ask(connection, asked.where(*kept))]


async def setup(connection: AsyncConnection, record: str, ids: Collection[int] | None = None) -> Rows:
    """Records that customers refer to: those of some numbers, or all."""
    table = table_named(record)
    which = true() if ids is None else table.c.id.in_(ids)
    return await ask(connection, select(*table.c).where(table.c.deleted_at.is_(None), which))


async def supply(connection: AsyncConnection, cards: Collection[int] | None) -> Rows:
    """Which carrier cards serve these customer cards, or all."""
    own = table_named("supply").c
    which = true() if cards is None else own.rate_card_id.in_(cards)
    return await ask(connection, select(*own).where(own.deleted_at.is_(None), own.enabled, which))


async def rates(
    connection: AsyncConnection, cards: Collection[int] | None, prefixes: Collection[str] | None
) -> Rows:
    """The rates of these cards, or of all: those of some prefixes, or all."""
    own = table_named("rate").c
    which: ColumnElement[bool] = true() if cards is None else own.rate_card_id.in_(cards)
    if prefixes is not None:
        which = which & own.prefix.in_(prefixes)
    return await ask(connection, select(*own).where(own.deleted_at.is_(None), which))


async def rates_from(connection: AsyncConnection, card: int, prefix: str, limit: int) -> Rows:
    """Some rates of a card in the order of their prefixes, from this prefix on."""
    own = table_named("rate").c
    asked = select(*own).where(own.rate_card_id == card, own.prefix >= prefix, own.deleted_at.is_(None))
    return await ask(connection, asked.order_by(own.prefix).limit(limit))


async def any_rate(connection: AsyncConnection, card: int) -> Rows:
    """One rate of a card, if it has any."""
    own = table_named("rate").c
    asked = select(*own).where(own.rate_card_id == card, own.deleted_at.is_(None))
    return await ask(connection, asked.limit(1))


async def _by_customer(connection: AsyncConnection, asked: Select[Any]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in await ask(connection, asked):
        found[row[0]].append(row)
    return found


def _of(connection: AsyncConnection, column: Any, ids: Sequence[int] | None) -> ColumnElement[bool]:
    return true() if ids is None else among(connection, column, ids)
