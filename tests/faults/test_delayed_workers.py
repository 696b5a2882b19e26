"""Workers that make delayed changes are killed at any moment: each change is made, and made once.

CX_FAULT_CHANGES makes more of them, such as the 20,000 that must hold.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from cx_tui.db import bulk_writing
from cx_tui.db.engine import Database
from cx_tui.db.history_tables import change, delayed, operation
from cx_tui.db.tables import customer
from cx_tui.domain.history import Act, DelayedState
from cx_tui.services.seeding import seed
from tests.conftest import WORLD_NOW, opened
from tests.patience import patient

CHANGES = int(os.environ.get("CX_FAULT_CHANGES", "2000"))
CUSTOMERS = max(50, CHANGES // 6)
WORKERS = 4
PATIENCE = patient(50 + CHANGES / 25)
FIELDS = ("city", "region", "company", "street", "postcode", "public_notes", "private_notes", "website")


class Workers:
    """Some programs, of which one after the other is killed and begun anew."""

    def __init__(self, url: str, seed: int) -> None:
        self.url = url
        self.dice = random.Random(seed)
        self.running = [self._begin() for _ in range(WORKERS)]
        self.killed = 0

    def _begin(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.faults.delayed_worker", self.url]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def kill_one(self) -> None:
        """Kill a worker in the middle of what it does, and begin another."""
        place = self.dice.randrange(WORKERS)
        victim = self.running[place]
        if victim.poll() is None:
            victim.kill()
            self.killed += 1
        self._end(victim)
        self.running[place] = self._begin()

    def wait(self, seconds: float) -> None:
        """Let them work: a moment that nobody has chosen."""
        assert self.running[0].stdout
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.all_done():
            for one in self.running:
                try:
                    one.wait(left / WORKERS)
                except subprocess.TimeoutExpired:
                    continue
                assert one.returncode == 0

    def all_done(self) -> bool:
        """Whether none is at work any more."""
        return all(one.poll() is not None for one in self.running)

    @staticmethod
    def _end(one: "subprocess.Popen[str]") -> None:
        one.wait()
        if one.stdout:
            one.stdout.close()

    def close(self) -> None:
        """End them all."""
        for one in self.running:
            one.kill()
            self._end(one)


@contextmanager
def workers(url: str, seed: int) -> Iterator[Workers]:
    """Workers that are gone at the end."""
    some = Workers(url, seed)
    try:
        yield some
    finally:
        some.close()


async def order_all(database: Database) -> None:
    """Each changes another field of its customer from what it is, so a second time would be a conflict."""
    past = datetime.now(UTC) - timedelta(hours=1)
    async with database.writing() as connection:
        names = (customer.c[name] for name in FIELDS)
        rows = (await connection.execute(select(customer.c.id, *names).order_by(customer.c.id))).all()
        wanted = []
        for number in range(CHANGES):
            row, name = rows[number % len(rows)], FIELDS[number // len(rows) % len(FIELDS)]
            base, new = {name: getattr(row, name)}, {name: f"change {number}"}
            wanted.append((row.id, past, past, "ana", "", base, new, DelayedState.WAITING, ""))
        columns = ["customer_id", "due_at", "created_at", "who", "origin", "base", "wanted", "state", "said"]
        await bulk_writing.insert(connection, delayed, columns, wanted)


async def settled(database: Database) -> Counter[DelayedState]:
    async with database.reading() as connection:
        return Counter(row[0] for row in await connection.execute(select(delayed.c.state)))


@pytest.mark.parametrize("kind", ["postgresql", pytest.param("sqlite", marks=pytest.mark.slow)])
@pytest.mark.parametrize("dice", [1])
async def test_each_due_change_is_made_once_whoever_is_killed(
    database_url: str, kind: str, dice: int
) -> None:
    async with opened(database_url) as database:
        await seed(database, CUSTOMERS, 7, now=WORLD_NOW)
        await order_all(database)
        began = time.monotonic()
        with workers(database_url, dice) as some:
            while not some.all_done():
                assert time.monotonic() - began < PATIENCE, await settled(database)
                some.wait(some.dice.uniform(0.05, 1.5))
                if not some.all_done() and some.killed < 12 + CHANGES // 500:
                    some.kill_one()
        print(f"{kind}: {CHANGES} changes, {some.killed} kills, {time.monotonic() - began:.1f} s", end=" ")
        assert some.killed >= 3
        await check(database)


async def check(database: Database) -> None:
    """Each change has its own operation, its state, and its effect, once."""
    async with database.reading() as connection:
        rows = (await connection.execute(select(delayed).order_by(delayed.c.id))).all()
        made = (await connection.execute(select(operation).where(operation.c.act == Act.DELAYED))).all()
        noted = (await connection.execute(select(change))).all()
        customers = {row.id: row for row in await connection.execute(select(customer))}
        if database.on_sqlite:
            assert (await connection.execute(text("PRAGMA integrity_check"))).scalar() == "ok"
    # A customer's field is wanted by several: the first is made, and the others are held, each once.
    done = [row for row in rows if row.state is DelayedState.DONE]
    held = [row for row in rows if row.state is DelayedState.HELD]
    assert len(done) + len(held) == CHANGES
    assert Counter(row.operation_id for row in done) == Counter(row.id for row in made)
    assert Counter(row.operation_id for row in noted) == Counter(row.id for row in made)
    assert all(row.operation_id is None for row in held)
    times = Counter(row.customer_id for row in done)
    fields = Counter((row.customer_id, *row.wanted) for row in done)
    assert set(fields.values()) == {1}
    assert len(done) == len({(row.customer_id, *row.wanted) for row in rows})
    for key, row in customers.items():
        assert row.version == 1 + times[key]
    for row in done:
        ((name, value),) = row.wanted.items()
        assert getattr(customers[row.customer_id], name) == value
