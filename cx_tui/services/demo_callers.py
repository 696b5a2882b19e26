"""Customers of a demo who call through a real switch on this machine."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from cx_tui.db.engine import ask
from cx_tui.db.tables import table_named
from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.engine import decide
from cx_tui.domain.admission.world import World
from cx_tui.services.admission.worlds import world_of

if TYPE_CHECKING:
    from cx_tui.services.session import Session

CALLERS = 8
TRIED = 200
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
    standing = [one.customer for one in await session.admission.why(ids) if one.can_call]
    chosen = [one.id for one in standing if not one.cli_rules][: 2 * CALLERS]
    places = {one: f"127.0.1.{place}" for place, one in enumerate(chosen, 1)}
    for one, address in places.items():
        await session.records_of["ip"].create({"customer_id": one, "address": address})
    async with session.database.reading() as connection:
        world = await world_of(connection, chosen, NUMBERS)
    found = (_caller(world, one, address) for one, address in places.items())
    return [one for one in found if one.calls][:CALLERS]


def _caller(world: World, customer_id: int, address: str) -> DemoCaller:
    """The numbers that a customer may call, and one that it may not."""
    cli, now = f"44163296{customer_id % 10_000:04}", datetime.now(UTC)
    calls = [
        (number, cli)
        for number in NUMBERS
        if decide(world, Call(dialled=number, source=address, cli=cli, moment=now)).admitted
    ]
    return DemoCaller(customer_id, address, (*calls, (NOWHERE, cli)) if calls else ())
