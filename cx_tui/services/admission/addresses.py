"""What an address that is being saved means for others: who would share it, and take whose calls."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import Database, ask
from cx_tui.db.tables import table_named
from cx_tui.db.text_sql import overlapping
from cx_tui.domain.admission.lint import problems_of
from cx_tui.domain.admission.networks import Network, network_of_address, network_text
from cx_tui.domain.admission.world import World
from cx_tui.domain.records.ip import Ip
from cx_tui.services.admission.facts import Facts
from cx_tui.services.admission.worlds import customers_of

RULES = ("shared_address", "narrow_network")
MOST = 200
"""So many customers are looked at who have addresses there."""
NAMED = 5
"""So many sentences are said."""


async def foreseen(database: Database, wished: Sequence[Ip]) -> list[str]:
    """What entries of one customer, new ones or changed ones, would share or take, in sentences; what is so
    already is not said."""
    facts = Facts()
    made = [one for ip in wished if (one := facts.address(ip, ip.customer_id, lambda _: ()))]
    if not made:
        return []
    owner = made[0].customer_id
    async with database.reading() as connection:
        near = {owner}
        for one in made:
            near |= await _near(connection, network_of_address(one))
        world = World(await customers_of(connection, facts, sorted(near)))
    if owner not in world.customers:
        return []
    before = set(_said(world))
    mine, new = world.customers[owner], {one.id for one in made if one.id}
    kept = tuple(one for one in mine.addresses if one.id not in new)
    world.put(replace(mine, addresses=(*kept, *made)))
    said = [sentence for sentence in _said(world) if sentence not in before]
    more = len(said) - NAMED
    return [*said[:NAMED], f"And {more:,} more."] if more > 0 else said


def _said(world: World) -> Iterator[str]:
    """What lint says of the addresses of a few customers."""
    for customer in list(world.customers.values()):
        for rule in RULES:
            yield from (problem.sentence for problem in problems_of(world, customer, rule))


async def _near(connection: AsyncConnection, network: Network) -> set[int]:
    """Who has the network, one that holds it, or one inside it."""
    own = table_named("ip").c
    near = overlapping(own.address, network_text(network)), own.deleted_at.is_(None)
    asked = select(own.customer_id).where(*near).distinct().limit(MOST)
    return {row[0] for row in await ask(connection, asked)}
