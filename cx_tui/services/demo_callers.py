"""Customers of a demo who call through a real switch on this machine."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from cx_tui.db.engine import ask
from cx_tui.db.tables import table_named
from cx_tui.domain.admission.call import Call

if TYPE_CHECKING:
    from cx_tui.services.session import Session

CALLERS = 8
TRIED = 400
"""So many customers are looked at to find those who can call."""
NUMBERS = (
    "442079460000", "447700900123", "4930901820000", "4915112345678", "33199005000", "61255501234",
    "81312345678", "919912345678",
)  # fmt: skip
NOWHERE = "999123456789"
"""A number that no card has a rate for: its calls are refused."""


class DemoCaller(NamedTuple):
    """A customer who calls: from where, and which numbers as whom."""

    customer_id: int
    address: str
    calls: tuple[tuple[str, str], ...]


async def bring_home(session: "Session", host: str, port: int) -> None:
    """Every carrier is at one place of this machine: no call of a demo leaves it."""
    carriers = session.records_of["carrier"]
    own = table_named("carrier").c
    async with session.database.reading() as connection:
        ids = [row[0] for row in await ask(connection, select(own.id).where(own.deleted_at.is_(None)))]
    for one in ids:
        await carriers.save(await carriers.get(one), {"addresses": (host,), "port": port})


async def callers(session: "Session") -> list[DemoCaller]:
    """Some customers who can call now, each with an address of this machine of its own."""
    own = table_named("route").c
    asked = select(own.customer_id).where(own.deleted_at.is_(None), own.enabled).distinct()
    async with session.database.reading() as connection:
        ids = [row[0] for row in await ask(connection, asked.order_by(own.customer_id).limit(TRIED))]
    standing = await session.admission.why(ids)
    found: list[DemoCaller] = []
    for one in standing:
        if len(found) == CALLERS:
            break
        if one.can_call and not one.customer.cli_rules:
            address = f"127.0.1.{len(found) + 1}"
            caller = await _caller(session, one.customer.id, address)
            if caller.calls:
                found.append(caller)
    return found


async def _caller(session: "Session", customer_id: int, address: str) -> DemoCaller:
    """A customer gets the address, and is asked which numbers it may call."""
    await session.records_of["ip"].create({"customer_id": customer_id, "address": address})
    cli = f"44163296{customer_id % 10_000:04}"
    calls = []
    for number in NUMBERS:
        call = Call(dialled=number, source=address, cli=cli, moment=datetime.now(UTC))
        if (await session.admission.simulate(call)).admitted:
            calls.append((number, cli))
    return DemoCaller(customer_id, address, (*calls, (NOWHERE, cli)) if calls else ())
