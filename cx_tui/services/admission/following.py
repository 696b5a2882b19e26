"""The whole world in memory, kept as the database is: what decides calls is never asked of it.

What was changed is found in the log, and just the customers that operations touched are read again.
Balances change with every call and leave no operation: those of customers with calls are read at each look,
and all others in turn.

A start takes what a snapshot kept, if it is of this database and program, and follows the log from there.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import admission_changes as changes
from cx_tui.db import admission_start as starting
from cx_tui.db import change_log, free_minutes
from cx_tui.db.engine import Database
from cx_tui.domain.admission.facts import Customer
from cx_tui.domain.admission.shelf import Packing
from cx_tui.domain.admission.world import World
from cx_tui.domain.rating.money import micros
from cx_tui.errors import Unavailable
from cx_tui.services.admission import snapshot
from cx_tui.services.admission.facts import Facts
from cx_tui.services.admission.worlds import customers_of, put_setup
from cx_tui.services.garbage import not_collected

AT_ONCE = 200
"""So many customers are read before calls get the turn."""
AT_FIRST = 5_000
"""The same while no calls are decided yet."""
ACCOUNTS = 50_000
"""So many balances are read at a time at the start."""
IN_TURN = 2_000
"""So many balances are looked at in turn at each look."""
WATCHED = 20_000
"""Of so many customers, those with the last calls, the balance is looked at each time."""


class Following:
    """The world, and how far it has come."""

    def __init__(
        self, database: Database, clock: Callable[[], float] = time.monotonic, kept: Path | None = None
    ) -> None:
        self.world = World()
        self.version = 0
        """The number of the last operation that it knows."""
        self.trouble = ""
        """Why the database can't be asked, in a sentence; "" when it can."""
        self.reloaded = 0
        """How many customers were read again since the start."""
        self.refused = "it was asked to"
        """Why the snapshot was not taken, in words; "" when it was."""
        self.saved = -1
        """The last operation of the snapshot in the file."""
        self._kept_at = kept
        self._database = database
        self._clock = clock
        self._facts = Facts()
        self._seen = clock()
        self._place = ""
        self._watched: OrderedDict[int, None] = OrderedDict()
        self._turn = 0

    @property
    def age(self) -> float:
        """Seconds since the database was last seen to be as this is."""
        return self._clock() - self._seen

    async def load(self, *, fresh: bool = False) -> None:
        """Have everything: from the snapshot and the log behind it, or, `fresh`, from the database.

        Nothing of it is garbage, so none is looked for: neither now nor later.
        """
        with not_collected(kept=True):
            await self._load(fresh=fresh)

    async def _load(self, *, fresh: bool) -> None:
        async with self._database.reading() as connection:
            if not fresh and await self._take_snapshot(connection):
                await self._take_accounts(connection)
                self._seen = self._clock()
        if self.saved >= 0:
            await self.look()
        async with self._database.reading() as connection:
            if self.saved >= 0 and await starting.count(connection) != self.world.size:
                self.refused = "customers were written behind the log's back"
            if self.refused:
                await self._read_all(connection)
                await self._take_accounts(connection)
                self._seen = self._clock()

    async def _take_snapshot(self, connection: AsyncConnection) -> bool:
        """Begin with what the file kept, if it is of this database."""
        try:
            if self._kept_at is None:
                raise snapshot.Refused("none is kept")
            world, point = snapshot.read(self._kept_at)
            if not point.mark or point.mark != await starting.mark(connection, point.version):
                raise snapshot.Refused("it is of another database")
        except snapshot.Refused as why:
            self.refused = str(why)
            return False
        self.world, self.version, self.saved, self.refused = world, point.version, point.version, ""
        self._place = point.place
        return True

    async def _read_all(self, connection: AsyncConnection) -> None:
        self._place = await change_log.place(connection)
        self.version, self.saved = await changes.newest(connection), -1
        packing, last = Packing(), 0
        while ids := await changes.customer_ids(connection, last, AT_FIRST):
            for customer in await customers_of(connection, self._facts, ids):
                packing.add(customer)
            last = ids[-1]
        self.world = World(shelf=packing.shelf())
        await put_setup(connection, self._facts, self.world)

    async def _take_accounts(self, connection: AsyncConnection) -> None:
        last = 0
        while run := await starting.run_after(connection, last, ACCOUNTS):
            ids, *accounts = run
            if not (self.world.shelf and self.world.shelf.accounts(ids, accounts)):
                for one, balance, day, spend in zip(*run, strict=True):
                    self._account(one, balance, date.fromordinal(day) if day else None, spend)
            last = ids[-1]
        await self._take_minutes(connection, None)

    async def save(self) -> None:
        """Write the snapshot, if there is a place for it and something has changed since.

        Nothing else is done meanwhile: it is for a server that ends, or a process of its own.
        """
        if self._kept_at is None or self.saved == self.version:
            return
        async with self._database.reading() as connection:
            mark = await starting.mark(connection, self.version)
        if mark:
            point = snapshot.Point(self.version, mark, self._place)
            snapshot.write(self._kept_at, self.world, point)
            self.saved = self.version

    def watch(self, customer_id: int) -> None:
        """A customer has a call: its balance will change."""
        self._watched[customer_id] = None
        self._watched.move_to_end(customer_id)
        if len(self._watched) > WATCHED:
            self._watched.popitem(last=False)

    async def follow(self, ending: asyncio.Event, every: float) -> None:
        """Look for what has changed until the end; while the database is away, the last state stays."""
        while not ending.is_set():
            try:
                await self.look()
            except Unavailable as error:
                self.trouble = str(error)
            try:
                await asyncio.wait_for(ending.wait(), every)
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Become what the database is now."""
        began = self._clock()
        async with self._database.reading() as connection:
            place, new = await change_log.since(connection, self._place)
            if new:
                found = await changes.touched(connection, new)
                await self._take_setup(connection, found)
                await self._take_customers(connection, sorted(found.customers))
                self.version = max(self.version, *new)
            self._place = place
            await self._take_balances(connection)
        self._seen, self.trouble = began, ""

    async def _take_customers(self, connection: AsyncConnection, ids: Sequence[int]) -> None:
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            found = {one.id: one for one in await customers_of(connection, self._facts, some)}
            for customer_id in some:
                self._put(customer_id, found.get(customer_id))
            self.reloaded += len(some)
            await asyncio.sleep(0)

    def _put(self, customer_id: int, new: Customer | None) -> None:
        old = dict.get(self.world.customers, customer_id)
        if new is None:
            self.world.drop(customer_id)
            return
        if old is not None:
            # What is reserved stands in the account, which therefore stays the same one.
            account, now = old.account, new.account
            account.balance, account.day, account.spend = now.balance, now.day, now.spend
            account.free_left = now.free_left
            new = replace(new, account=account)
        self.world.put(new)

    async def _take_setup(self, connection: AsyncConnection, found: changes.Touched) -> None:
        if not found.setup:
            return
        part, world = World(), self.world
        with not_collected(kept=True):
            await put_setup(connection, self._facts, part, found.cards)
        world.carriers, world.prefix_sets = part.carriers, part.prefix_sets
        for card in found.cards:
            world.cards.pop(card, None)
            world.supply[card] = part.supply.get(card, ())
        world.cards.update(part.cards)

    async def _take_balances(self, connection: AsyncConnection) -> None:
        if self._watched:
            self._keep(await changes.accounts(connection, list(self._watched)))
        some = await changes.accounts_after(connection, self._turn, IN_TURN)
        self._keep(some)
        in_turn = [row.customer_id for row in some]
        await self._take_minutes(connection, [*filter(self._has_minutes, self._watched), *in_turn])
        self._turn = some[-1].customer_id if len(some) == IN_TURN else 0

    async def _take_minutes(self, connection: AsyncConnection, ids: Sequence[int] | None) -> None:
        """Know what is left of the free minutes of some customers, or of all."""
        for of, left in (await free_minutes.newest_left(connection, ids)).items():
            customer: Customer | None = dict.get(self.world.customers, of)
            if customer is not None:
                customer.account.free_left = left
            elif self.world.shelf:
                self.world.shelf.free_left[of] = left

    def _has_minutes(self, customer_id: int) -> bool:
        customer: Customer | None = dict.get(self.world.customers, customer_id)
        return customer is not None and bool(customer.free)

    def _keep(self, rows: Iterable[Any]) -> None:
        for row in rows:
            self._account(row.customer_id, micros(row.balance), row.day, micros(row.day_spend))

    def _account(self, customer_id: int, balance: int, day: date | None, spend: int) -> None:
        customer: Customer | None = dict.get(self.world.customers, customer_id)
        if customer is not None:
            account = customer.account
            account.balance, account.day, account.spend = balance, day, spend
        elif self.world.shelf:
            self.world.shelf.account(customer_id, balance, day, spend)
