"""What follows from records beside what they are found by and counted as: a line a kind of record."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from importlib import import_module

from sqlalchemy.ext.asyncio import AsyncConnection

Follow = Callable[[AsyncConnection, Collection[int], int | None], Awaitable[None]]
"""Told of the customers whose records were written, and the operation that it was."""

MODULES: Mapping[str, str] = {
    "payment": "payments",
    "customer-contract": "contracts",
    "allocation": "allocations",
    "invoice-line": "invoice_lines",
    "did": "dids",
}
"""Whose `follow` is told: loaded when such a record is written, as a start needs none of them."""


async def tell(
    connection: AsyncConnection, record: str, ids: Collection[int], operation_id: int | None
) -> None:
    """Records of a kind were written, of these customers."""
    if name := MODULES.get(record):
        follow: Follow = import_module(f"cx_tui.db.{name}").follow
        await follow(connection, ids, operation_id)
