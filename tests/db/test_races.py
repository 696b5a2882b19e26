"""Two people at the same record: in every order of what they do, nothing that was saved is lost."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

import pytest

from cx_tui.domain.history import LogQuery
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Customer
from cx_tui.errors import Conflict, CxError, Invalid, NotFound, Refused
from cx_tui.services.session import Session
from tests.db.sessions import add, add_contact, everything_follows, found, two_offices
from tests.patience import patient

ORDERS = [tuple("A" if place in hers else "B" for place in range(6)) for hers in combinations(range(6), 3)]
"""All orders in which two people can each read, edit and save."""

PAIRS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "different fields": ({"channels": 5}, {"city": "Rome"}),
    "the same field": ({"channels": 5, "city": "Bonn"}, {"channels": 6, "street": "1 High St"}),
    "the same value": ({"channels": 5, "city": "Bonn"}, {"channels": 5, "city": "Bonn"}),
    "the same name": ({"name": "Globex"}, {"name": "GLOBEX"}),
}


@dataclass
class Operator:
    """One person with a form: reads a customer, edits it, saves it."""

    session: Session
    record_id: int
    wanted: dict[str, Any]
    base: Customer | None = None
    typed: dict[str, Any] = field(default_factory=dict)
    error: CxError | None = None

    async def step(self, number: int) -> None:
        if number == 0:
            self.base = await self.session.records.get(self.record_id)
        elif number == 1:
            self.typed = dict(self.wanted)
        else:
            assert self.base
            try:
                await self.session.records.save(self.base, self.typed)
            except CxError as error:
                self.error = error


@pytest.mark.parametrize("pair", PAIRS)
async def test_in_every_order_of_reading_editing_and_saving_no_update_is_lost(
    database_url: str, pair: str
) -> None:
    hers, his = PAIRS[pair]
    async with two_offices(database_url) as (ana, ben):
        for number, order in enumerate(ORDERS):
            made = await add(ana, f"Acme {number}")
            wanted = [{**values} for values in (hers, his)]
            for values in wanted:
                if "name" in values:
                    values["name"] += f" {number}"
            both = {
                "A": Operator(ana, made.id, wanted[0]),
                "B": Operator(ben, made.id, wanted[1]),
            }
            done: Counter[str] = Counter()
            for who in order:
                await both[who].step(done[who])
                done[who] += 1
            await check(ana, made, order, both)
        await everything_follows(ana.database)


async def check(session: Session, made: Customer, order: Sequence[str], both: dict[str, Operator]) -> None:
    """The record is what the saves that were let through make of it, one after the other."""
    last = {who: max(place for place, one in enumerate(order) if one == who) for who in "AB"}
    first, second = sorted("AB", key=lambda who: last[who])
    begun_before = order.index(second) < last[first]
    clash = any(
        name in both[first].wanted and both[first].wanted[name] != value
        for name, value in both[second].wanted.items()
    )
    assert both[first].error is None
    assert isinstance(both[second].error, Conflict) is (begun_before and clash), order
    now = await session.records.get(made.id)
    expected = {**vars(made), **both[first].wanted}
    refused = both[second].error
    if isinstance(refused, Conflict):
        assert refused.theirs == now
    else:
        expected |= both[second].wanted
    moved = ("version", "changed_at")
    assert {k: v for k, v in vars(now).items() if k not in moved} == {
        k: v for k, v in expected.items() if k not in moved
    }
    operations = await session.log.operations(LogQuery(customer_id=made.id), 9)
    assert now.version == len(operations)


async def at_once(*acts: Awaitable[Any]) -> list[Any]:
    """What came of acts that run at the same time; an error that is no sentence is a bug."""
    ends = await asyncio.wait_for(asyncio.gather(*acts, return_exceptions=True), patient(30))
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, CxError):
            raise end
    return list(ends)


@pytest.mark.parametrize("pair", PAIRS)
async def test_saves_at_the_same_moment_lose_nothing(database_url: str, pair: str) -> None:
    hers, his = PAIRS[pair]
    async with two_offices(database_url) as (ana, ben):
        for number in range(10):
            made = await add(ana, f"Acme {number}")
            wanted = [
                {k: f"{v} {number}" if k == "name" else v for k, v in one.items()} for one in (hers, his)
            ]
            first, second = await at_once(
                ana.records.save(made, wanted[0]), ben.records.save(made, wanted[1])
            )
            conflicts = [end for end in (first, second) if isinstance(end, Conflict)]
            assert len(conflicts) == (1 if pair in ("the same field", "the same name") else 0)
            now = await ana.records.get(made.id)
            for end, values in zip((first, second), wanted, strict=True):
                if not isinstance(end, Conflict):
                    assert {name: getattr(now, name) for name in values} == values
        await everything_follows(ana.database)


async def test_what_each_of_many_adds_to_one_field_stays(database_url: str) -> None:
    """Whoever gets a conflict reads again and tries again, as people do."""
    async with two_offices(database_url) as (ana, ben):
        made = await add(ana)

        async def add_tag(session: Session, tag: str) -> None:
            while True:
                base = await session.records.get(made.id)
                try:
                    await session.records.save(base, {"tags": tuple(sorted({*base.tags, tag}))})
                except Conflict:
                    continue
                return

        await at_once(
            *(add_tag(session, tag) for session, tag in zip((ana, ben) * 6, "abcdefghijkl", strict=True))
        )
        now = await ana.records.get(made.id)
        assert (now.tags, now.version) == (tuple("abcdefghijkl"), 13)


async def test_one_of_two_gets_a_name_or_an_address(database_url: str) -> None:
    async with two_offices(database_url) as (ana, ben):
        one, two = await add(ana, "One"), await add(ana, "Two")
        for number in range(6):
            name = f"Same {number}"
            ends = await at_once(
                ana.records.create({"name": name, "currency": "EUR"}),
                ben.records.save(await ben.records.get(two.id), {"name": name.upper()}),
            )
            assert [type(end) for end in ends].count(Invalid) == 1
            ends = await at_once(
                *(
                    add_contact(session, key, email=f"{number}@x.example")
                    for session, key in ((ana, one.id), (ben, two.id))
                )
            )
            assert [type(end) for end in ends].count(Invalid) == 1
        await everything_follows(ana.database)


async def test_contacts_that_come_and_go_at_the_same_moment_are_all_found_and_counted(
    database_url: str,
) -> None:
    async with two_offices(database_url) as (ana, ben):
        for number in range(8):
            made = await add(ana, f"Acme {number}", verify_email=True)
            gone = await add_contact(ana, made.id, "Gone", email_verified=True)
            moved = await add_contact(ana, made.id, "Moved")
            word = f"person{number}"
            await at_once(
                add_contact(ana, made.id, f"{word} a"),
                add_contact(ben, made.id, f"{word} b", email_verified=True),
                ana.records_of["contact"].delete(gone.id),
                ben.records_of["contact"].save(moved, {"email_verified": True, "phone": "+447700900123"}),
                ben.records.save(made, {"name": f"Globex {number}", "verify_mobile": True}),
            )
            assert await found(ana, f"{word} a") == await found(ana, f"{word} b") == [made.id]
            await everything_follows(ana.database)


Act = Callable[[Session, Customer, Contact], Awaitable[Any]]
ACTS: dict[str, Act] = {
    "save": lambda session, made, _: session.records.save(made, {"channels": 5, "verify_email": True}),
    "rename": lambda session, made, _: session.records.save(made, {"name": "Globex"}),
    "delete": lambda session, made, _: session.records.delete(made.id),
    "bulk edit": lambda session, made, _: session.bulk.edit([made.id], {"channels": 7, "tags": ("x",)}),
    "bulk delete": lambda session, made, _: session.bulk.delete([made.id]),
    "contact": lambda session, made, joe: session.records_of["contact"].save(joe, {"email_verified": True}),
    "new contact": lambda session, made, _: add_contact(session, made.id, "New", email_verified=True),
    "delayed": lambda session, made, _: session.delayed.run_due(),
    "undo": lambda session, made, _: session.log.undo(2),
}


@pytest.mark.parametrize(("first", "second"), sorted({tuple(sorted(pair)) for pair in product(ACTS, ACTS)}))
async def test_any_two_acts_at_the_same_moment_end_in_order(
    database_url: str, first: str, second: str
) -> None:
    async with two_offices(database_url) as (ana, ben):
        made = await add(ana, "Acme", verify_email=True)
        edited = (await ana.records.save(made, {"channels": 2, "city": "Rome"})).record
        joe = await add_contact(ana, made.id)
        await ana.delayed.order(edited, {"channels": 9, "toml": "["}, made.created_at)
        ends = await at_once(ACTS[first](ana, edited, joe), ACTS[second](ben, edited, joe))
        allowed = (Conflict, NotFound, Refused)
        assert all(isinstance(end, allowed) for end in ends if isinstance(end, Exception))
        assert not all(isinstance(end, Exception) for end in ends)
        await everything_follows(ana.database)
        history = await ana.log.operations(LogQuery(customer_id=made.id), 20)
        changes = [one for done in history for one in await ana.log.changes(done.id, 9)]
        own = [one for one in changes if one.record == "customer"]
        from cx_tui.db.records import CUSTOMERS

        async with ana.database.reading() as connection:
            now = (await CUSTOMERS.some(connection, [made.id]))[made.id]
        assert now.version == len(own)
