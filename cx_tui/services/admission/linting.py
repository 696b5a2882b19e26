"""Looking at all customers for what is wrong, some thousand at a time: memory does not grow with them."""

from collections.abc import AsyncIterator, Callable, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import admission_rows as rows
from cx_tui.db.engine import Database, ask
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.admission.call import Where
from cx_tui.domain.admission.facts import Customer
from cx_tui.domain.admission.lint import UNUSED, problems_of
from cx_tui.domain.admission.lint.problems import Problem
from cx_tui.domain.admission.world import World
from cx_tui.services.admission.facts import Facts
from cx_tui.services.admission.worlds import customers_of, put_setup
from cx_tui.services.records.used import unused

SLICE = 10_000
"""So many customers are in memory at a time, beside those who share addresses with them."""

MOST_KEPT = 20_000
"""So many of those are kept for the next customers."""

Progress = Callable[[int], None]
"""Is told how many customers were looked at."""


async def lint(
    database: Database,
    only: str = "",
    progress: Progress = lambda done: None,
    wanted: frozenset[int] | None = None,
) -> AsyncIterator[Problem]:
    """What is wrong anywhere, customer by customer, and then what nobody uses; or with these customers."""
    done, last = 0, 0
    async with database.reading() as connection:
        setup = World()
        cards = [row.id for row in await rows.setup(connection, "rate-card")]
        # With one rate of each card: which there are, lint does not ask.
        await put_setup(connection, Facts(), setup, cards, prefixes={""})
        neighbours = Neighbours(await _owners_of_networks(connection))
    while True:
        async with database.reading() as connection:
            ids = await _next(connection, last)
            if not ids:
                break
            world = await _world(connection, setup, ids, neighbours)
        for one in ids if wanted is None else [one for one in ids if one in wanted]:
            if (found := world.customers.get(one)) is not None:
                for problem in problems_of(world, found, only):
                    yield problem
        last, done = ids[-1], done + len(ids)
        progress(done)
    if only in ("", UNUSED) and wanted is None:
        async with database.reading() as connection:
            for declared, one, name in await unused(connection):
                where = Where(declared.name, one, declared.names)
                yield Problem(UNUSED, None, f"The {declared.one} {name} is not used.", where)


class Neighbours:
    """Whoever shares addresses with customers that are looked at, or has a network that may hold them: with
    addresses alone, and kept, as they are often the same."""

    def __init__(self, owners_of_networks: Sequence[int]) -> None:
        self._wide = owners_of_networks
        self._facts = Facts()
        self._known: dict[int, Customer] = {}

    async def of(self, connection: AsyncConnection, ids: range) -> list[Customer]:
        """The neighbours of these customers who are not among them."""
        wanted = [one for one in {*self._wide, *await rows.sharers(connection, ids)} if one not in ids]
        if len(self._known) > MOST_KEPT:
            self._known.clear()
        if missing := [one for one in wanted if one not in self._known]:
            for customer in await customers_of(connection, self._facts, missing, ("ip",)):
                self._known[customer.id] = customer
        return [self._known[one] for one in wanted if one in self._known]


async def _next(connection: AsyncConnection, last: int) -> Sequence[int]:
    """The next customers behind a number."""
    asked = select(customer.c.id).where(customer.c.id > last, customer.c.deleted_at.is_(None))
    return [row[0] for row in await ask(connection, asked.order_by(customer.c.id).limit(SLICE))]


async def _world(
    connection: AsyncConnection, setup: World, ids: Sequence[int], neighbours: Neighbours
) -> World:
    """These customers and their neighbours."""
    # Nobody else is between the first and the last of them.
    all_of_them = range(ids[0], ids[-1] + 1)
    world = World(await customers_of(connection, Facts(), all_of_them))
    for one in await neighbours.of(connection, all_of_them):
        world.put(one)
    world.cards, world.carriers = setup.cards, setup.carriers
    world.supply, world.prefix_sets = setup.supply, setup.prefix_sets
    return world


async def _owners_of_networks(connection: AsyncConnection) -> Sequence[int]:
    """The customers who have whole networks: addresses of others may lie in them."""
    own = table_named("ip").c
    asked = select(own.customer_id).where(own.address.contains("/"), own.deleted_at.is_(None)).distinct()
    return [row[0] for row in await ask(connection, asked)]
