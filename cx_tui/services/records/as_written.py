"""Values as they are written: what follows from other records, or from settings, before one is kept."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.record import Record
from cx_tui.domain.sip_passwords import as_kept
from cx_tui.errors import Invalid

Values = Mapping[str, Any]

USUAL_REALM = "cx-tui"


class AsWritten:
    """Makes values ready to be written, with what the settings say."""

    def __init__(self, realm: str = "") -> None:
        self._realm = realm or USUAL_REALM

    async def values(
        self, connection: AsyncConnection, kind: type[Record], record: Record | None, values: Values
    ) -> dict[str, Any]:
        """The values as they are written; Invalid when others stand in their way."""
        if kind.declared.name == "sip-user":
            return await self._sip_user(connection, record, values)
        return dict(values)

    async def _sip_user(
        self, connection: AsyncConnection, record: Record | None, values: Values
    ) -> dict[str, Any]:
        """Passwords become digests; the channels of all users fit the customer's; names are of its blocks."""
        now = {**vars(record), **values} if record else dict(values)
        customer_id = cast(int, now["customer_id"])
        problems: dict[str, str] = {}
        if values.get("channels"):
            problems |= await _capacity(
                connection, customer_id, record.id if record else 0, values["channels"]
            )
        if "username" in values:
            problems |= await _of_a_block(connection, customer_id, values["username"])
        if problems:
            raise Invalid(problems)
        return as_kept(values, now["username"], self._realm)


async def _capacity(
    connection: AsyncConnection, customer_id: int, user_id: int, wanted: int
) -> dict[str, str]:
    own = table_named("sip-user").c
    others = select(func.coalesce(func.sum(own.channels), 0)).where(
        own.customer_id == customer_id, own.id != user_id, own.deleted_at.is_(None)
    )
    used = int((await ask(connection, others))[0][0])
    limit = select(customer.c.channels).where(customer.c.id == customer_id)
    (has,) = (await ask(connection, limit))[0]
    if used + wanted <= has:
        return {}
    left = max(0, has - used)
    return {
        "channels": "No channel capacity available for the account: "
        f"it has {has:,} channels, and its other SIP users have {used:,}; {left:,} are left"
    }


async def _of_a_block(connection: AsyncConnection, customer_id: int, username: str) -> dict[str, str]:
    own = table_named("number-block").c
    asked = select(own.first, own.size).where(own.customer_id == customer_id, own.deleted_at.is_(None))
    blocks = [(row.first, row.first + row.size - 1) for row in await ask(connection, asked)]
    if not blocks or (username.isdecimal() and any(low <= int(username) <= high for low, high in blocks)):
        return {}
    said = ", ".join(f"{low} to {high}" for low, high in blocks)
    return {"username": f"the customer has number blocks, so its users are named by a number of them: {said}"}
