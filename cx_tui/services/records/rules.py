"""What a record must keep to beside its own fields, where another record decides: a line a kind of record."""

from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.domain.record import Record

Rule = Callable[[AsyncConnection, Any, Any], Awaitable[None]]
"""Told of the record as it would be and as it was (none: it is new); raises what a person can read."""

RULES: Mapping[str, str] = {
    "payment": "cx_tui.services.money.rules.payment",
    "customer-package": "cx_tui.services.money.rules.customer_package",
    "invoice": "cx_tui.services.money.rules.invoice",
    "invoice-line": "cx_tui.services.money.rules.invoice_line",
    "allocation": "cx_tui.services.money.rules.allocation",
}
"""Loaded when such a record is written: a start needs none of them."""


async def keep_to(connection: AsyncConnection, after: Record | None, before: Record | None) -> None:
    """Refuse a record that is made, changed or, with nothing after, deleted against the rules of its kind."""
    one = after or before
    if one is not None and (place := RULES.get(one.declared.name)):
        module, _, name = place.rpartition(".")
        rule: Rule = getattr(import_module(module), name)
        await rule(connection, after, before)
