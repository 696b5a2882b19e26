"""What SIP users must keep to: together they have no more channels than their customer, and who has number
blocks names users by a number of them.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among
from cx_tui.db.engine import ask
from cx_tui.db.tables import customer, table_named
from cx_tui.errors import Invalid
from cx_tui.services.records.rules import Refusals, Wish


async def sip_users(connection: AsyncConnection, wishes: Sequence[Wish]) -> Refusals:
    """Users who would have more channels than are left, or a name outside of their customer's blocks."""
    places = [place for place, wish in enumerate(wishes) if wish.after is not None]
    owners = sorted({wishes[place].after.customer_id for place in places})
    limits, used = await _limits(connection, owners), await _used(connection, owners)
    blocks = await _blocks(connection, owners)
    found: Refusals = {}
    for place in places:
        after, before = wishes[place].after, wishes[place].before
        problems = {}
        others = used[after.customer_id] - (before.channels if before else 0)
        if _raises(after, before) and others + after.channels > limits[after.customer_id]:
            problems["channels"] = _no_capacity(limits[after.customer_id], others)
        if before is None or before.username != after.username:
            problems |= _outside(after.username, blocks[after.customer_id])
        if problems:
            found[place] = Invalid(problems)
        else:
            used[after.customer_id] = others + after.channels
    return found


def _raises(after: Any, before: Any) -> bool:
    """Whether a user gets more channels than it had."""
    return bool(after.channels > (before.channels if before else 0))


def _no_capacity(limit: int, others: int) -> str:
    return (
        f"No channel capacity available for the account: it has {limit:,} channels, and its other SIP users "
        f"have {others:,}; {max(0, limit - others):,} are left"
    )


def _outside(username: str, blocks: Sequence[tuple[int, int]]) -> dict[str, str]:
    if not blocks or (username.isdecimal() and any(low <= int(username) <= high for low, high in blocks)):
        return {}
    said = ", ".join(f"{low} to {high}" for low, high in blocks)
    return {"username": f"the customer has number blocks, so its users are named by a number of them: {said}"}


async def _limits(connection: AsyncConnection, owners: Sequence[int]) -> dict[int, int]:
    """The channels of customers."""
    asked = select(customer.c.id, customer.c.channels).where(among(connection, customer.c.id, owners))
    return {row.id: row.channels for row in await ask(connection, asked)}


async def _used(connection: AsyncConnection, owners: Sequence[int]) -> defaultdict[int, int]:
    """The channels that all users of customers have now."""
    own = table_named("sip-user").c
    asked = select(own.customer_id, func.sum(own.channels).label("used"))
    asked = asked.where(among(connection, own.customer_id, owners), own.deleted_at.is_(None))
    rows = await ask(connection, asked.group_by(own.customer_id))
    return defaultdict(int, {row.customer_id: int(row.used) for row in rows})


async def _blocks(
    connection: AsyncConnection, owners: Sequence[int]
) -> defaultdict[int, list[tuple[int, int]]]:
    """The first and last numbers of customers' blocks."""
    own = table_named("number-block").c
    asked = select(own.customer_id, own.first, own.size)
    asked = asked.where(among(connection, own.customer_id, owners), own.deleted_at.is_(None))
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in await ask(connection, asked.order_by(own.first)):
        found[row.customer_id].append((row.first, row.first + row.size - 1))
    return found
