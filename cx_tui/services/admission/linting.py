"""Looking at all customers for what is wrong, some thousand at a time: memory does not grow with them."""

import asyncio
import gc
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import admission_rows as rows
from cx_tui.db.engine import Database, ask, connect
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.admission.call import Where
from cx_tui.domain.admission.facts import Customer
from cx_tui.domain.admission.lint import UNUSED, problems_of
from cx_tui.domain.admission.lint.problems import Problem
from cx_tui.domain.admission.world import World
from cx_tui.services.admission.facts import Facts
from cx_tui.services.admission.worlds import customers_of, put_setup
from cx_tui.services.records.used import unused
from cx_tui.services.workers import Workers

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
    async with AsyncExitStack() as stack:
        async for problem in _problems(database, stack, only, progress, wanted):
            yield problem
    if only in ("", UNUSED) and wanted is None:
        async with database.reading() as connection:
            for declared, one, name in await unused(connection):
                where = Where(declared.name, one, declared.names)
                yield Problem(UNUSED, None, f"The {declared.one} {name} is not used.", where)


async def _problems(
    database: Database, stack: AsyncExitStack, only: str, progress: Progress, wanted: frozenset[int] | None
) -> AsyncIterator[Problem]:
    """What is wrong with customers: several parts are looked at together when there are several."""
    done = 0
    looked_at: deque[tuple[int, asyncio.Task[list[Problem]]]] = deque()
    ids = await _next(database, 0)
    look: Callable[..., Coroutine[Any, Any, list[Problem]]]
    if len(ids) < SLICE:
        look, together = (await Look.begin(database)).at, 1
    else:
        url = database.url.render_as_string(hide_password=False)
        workers = await stack.enter_async_context(Workers("looks at customers", looking, url))
        look, together = workers.do, workers.count + 1
    try:
        while ids or looked_at:
            if ids:
                these = None if wanted is None else wanted.intersection(ids)
                # Nobody else is between the first and the last of them.
                work = asyncio.create_task(look(range(ids[0], ids[-1] + 1), only, these))
                looked_at.append((len(ids), work))
                ids = await _next(database, ids[-1])
            if len(looked_at) == together or not ids:
                several, work = looked_at.popleft()
                for problem in await work:
                    yield problem
                done += several
                progress(done)
    finally:
        for _, work in looked_at:
            work.cancel()
        await asyncio.gather(*(work for _, work in looked_at), return_exceptions=True)


async def _next(database: Database, last: int) -> Sequence[int]:
    """The next customers behind a number."""
    asked = select(customer.c.id).where(customer.c.id > last, customer.c.deleted_at.is_(None))
    async with database.reading() as connection:
        return [row[0] for row in await ask(connection, asked.order_by(customer.c.id).limit(SLICE))]


def looking(url: str) -> Callable[[range, str, frozenset[int] | None], list[Problem]]:
    """In a process of its own: looks at some customers of a database."""
    gc.disable()  # rows have no cycles
    runner = asyncio.Runner()
    look = runner.run(Look.begin(connect(url, read_only=True)))
    return lambda ids, only, wanted: runner.run(look.at(ids, only, wanted))


class Look:
    """Looks at some customers, and knows what all of them refer to."""

    def __init__(self, database: Database, setup: World, neighbours: "Neighbours") -> None:
        self._database = database
        self._setup = setup
        self._neighbours = neighbours

    @classmethod
    async def begin(cls, database: Database) -> "Look":
        """Read the setup first."""
        setup = World()
        async with database.reading() as connection:
            cards = [row.id for row in await rows.setup(connection, "rate-card")]
            # With one rate of each card: which there are, lint does not ask.
            await put_setup(connection, Facts(), setup, cards, prefixes={""})
            return cls(database, setup, Neighbours(await _owners_of_networks(connection)))

    async def at(self, ids: range, only: str, wanted: frozenset[int] | None) -> list[Problem]:
        """What is wrong with the customers of these numbers, or with those of them that are wanted."""
        async with self._database.reading() as connection:
            world = World(await customers_of(connection, Facts(), ids))
            own = list(world.customers.values())
            for one in await self._neighbours.of(connection, ids):
                world.put(one)
        world.cards, world.carriers = self._setup.cards, self._setup.carriers
        world.supply, world.prefix_sets = self._setup.supply, self._setup.prefix_sets
        asked = own if wanted is None else [one for one in own if one.id in wanted]
        return [problem for one in asked for problem in problems_of(world, one, only)]


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


async def _owners_of_networks(connection: AsyncConnection) -> Sequence[int]:
    """The customers who have whole networks: addresses of others may lie in them."""
    own = table_named("ip").c
    asked = select(own.customer_id).where(own.address.contains("/"), own.deleted_at.is_(None)).distinct()
    return [row[0] for row in await ask(connection, asked)]
