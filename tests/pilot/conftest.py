"""A world that a test may change, and another operator who changes it."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, insert, select, update

from cx_tui.db.engine import connect
from cx_tui.db.tables import counters, customer, found_by


class Elsewhere:
    """Another program at the same database."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def ask(self, question: Executable) -> Sequence[Any]:
        """The rows that answer a question."""
        database = connect(self.url)
        try:
            async with database.reading() as connection:
                return (await connection.execute(question)).all()
        finally:
            await database.close()

    async def write(self, *statements: Executable) -> None:
        """Change something in one transaction."""
        database = connect(self.url)
        try:
            async with database.writing() as connection:
                for statement in statements:
                    await connection.execute(statement)
        finally:
            await database.close()

    async def rename(self, id: int, name: str) -> None:
        """Give a customer another name."""
        changed = {"name": name, "name_key": name.casefold()}
        await self.write(
            update(customer).where(customer.c.id == id).values(changed),
            update(found_by).where(found_by.c.customer_id == id).values(document=name.casefold()),
        )

    async def count(self, id: int, **figures: object) -> None:
        """Change the counters of a customer."""
        await self.write(update(counters).where(counters.c.customer_id == id).values(figures))

    async def add(self, name: str, **values: object) -> int:
        """Add a customer that is like the first one but for its name and these values."""
        like = dict((await self.ask(select(customer).order_by(customer.c.id).limit(1)))[0]._mapping)
        highest = (await self.ask(select(customer.c.id).order_by(customer.c.id.desc()).limit(1)))[0][0]
        figures = dict((await self.ask(select(counters).limit(1)))[0]._mapping)
        new_id = int(highest) + 1
        new = {**like, "id": new_id, "name": name}
        new |= {"name_key": name.casefold()}
        await self.write(
            insert(customer).values({**new, **values}),
            insert(counters).values({**figures, "customer_id": new_id}),
            insert(found_by).values(customer_id=new_id, document=name.casefold()),
        )
        return new_id


@pytest.fixture
def world_url(world_of: Callable[[str], str]) -> str:
    """The URL of 3,000 customers in the embedded database: to be read, never written."""
    return world_of("sqlite")


@pytest.fixture
def own_url(world_url: str, tmp_path: Path) -> str:
    """The URL of the same customers, to be changed."""
    path = shutil.copy(world_url.removeprefix("sqlite:///"), tmp_path / "own.db")
    return f"sqlite:///{path}"


@pytest.fixture
def elsewhere(own_url: str) -> Elsewhere:
    """Another program at the database that may be changed."""
    return Elsewhere(own_url)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A terminal without anything between it and the program."""
    for name in ("TMUX", "STY", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    return monkeypatch
