"""The world of a question: as little of the records as it needs, or all of them."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import admission_rows as rows
from cx_tui.db import free_minutes
from cx_tui.domain.admission.facts import Customer
from cx_tui.domain.admission.numbers import same_form
from cx_tui.domain.admission.world import World
from cx_tui.domain.rating.cards import RateCard
from cx_tui.services.admission.facts import Facts, Minutes, prefix_set, supply

LONGEST_PREFIX = 20
RATES_AT_ONCE = 500


async def world_of(
    connection: AsyncConnection, customers: Sequence[int] | None, numbers: Collection[str] = ()
) -> World:
    """The world of some customers, or of all; with the rates of some numbers, or of all.

    Whoever shares an address with one of them is in it as well, as it may be theirs that wins.
    """
    facts, world = Facts(), World()
    if customers is not None:
        customers = await with_sharers(connection, customers)
    for customer in await customers_of(connection, facts, customers):
        world.put(customer)
    if customers is None:
        await put_setup(connection, facts, world)
    else:
        await put_setup(connection, facts, world, _cards_of(world), _prefixes(numbers))
    return world


async def with_sharers(connection: AsyncConnection, ids: Sequence[int]) -> Sequence[int]:
    """These customers, and whoever has one of their addresses."""
    return sorted({*ids, *await rows.sharers(connection, ids)})


async def customers_of(
    connection: AsyncConnection,
    facts: Facts,
    ids: Sequence[int] | None,
    records: Collection[str] = tuple(rows.OF_CUSTOMERS),
) -> Iterable[Customer]:
    """Customers, or all, with everything of theirs, or with records of some kinds."""
    of = {record: await rows.of_customers(connection, record, ids) for record in records}
    contracts = await rows.contracts(connection, ids)
    minutes = await minutes_of(connection, ids)
    return (facts.customer(row, of, contracts, minutes) for row in await rows.customers(connection, ids))


async def minutes_of(connection: AsyncConnection, ids: Sequence[int] | None) -> Minutes:
    """Free minutes of customers, or of all."""
    held = await free_minutes.held_by(connection, ids)
    left = await free_minutes.newest_left(connection, ids) if held else {}
    return Minutes(held, left)


async def put_setup(
    connection: AsyncConnection,
    facts: Facts,
    world: World,
    wanted: Collection[int] | None = None,
    prefixes: Collection[str] | None = None,
) -> None:
    """Put in what customers refer to: all of it, or some rate cards; with their rates of some prefixes, or
    with all."""
    supplied = await rows.supply(connection, wanted)
    cards = None if wanted is None else {*wanted, *(row.carrier_card for row in supplied)}
    for row in await rows.setup(connection, "rate-card", cards):
        if prefixes is None:
            world.put_card(await _whole_card(connection, facts, row))
            continue
        rates = await rows.rates(connection, [row.id], prefixes)
        # None for these numbers: but a card with rates is told from one without.
        world.put_card(facts.card(row, rates or await rows.any_rate(connection, row.id)))
    for row in await rows.setup(connection, "carrier"):
        world.put_carrier(facts.carrier(row))
    for row in await rows.setup(connection, "prefix-set"):
        world.put_prefix_set(prefix_set(row))
    by_card: dict[int, list[Any]] = defaultdict(list)
    for row in supplied:
        by_card[row.rate_card_id].append(supply(row))
    for card, several in by_card.items():
        world.put_supply(card, several)


async def _whole_card(connection: AsyncConnection, facts: Facts, row: Any) -> RateCard:
    """A card with all of its rates, of which there may be a million: others get their turn meanwhile."""
    card, prefix, limit = facts.card(row, ()), "", RATES_AT_ONCE
    while some := await rows.rates_from(connection, row.id, prefix, limit):
        last = some[-1].prefix if len(some) == limit else None
        whole = [rate for rate in some if rate.prefix != last]
        for rate in whole:
            card.add(facts.rate(row, rate))
        if last is None:
            break
        # Of the last prefix there may be more.
        prefix, limit = last, RATES_AT_ONCE if whole else limit * 2
        await asyncio.sleep(0)
    return card


async def put_setup_of(connection: AsyncConnection, world: World, numbers: Collection[str]) -> None:
    """Put in what the customers of a world refer to, with the rates of some numbers."""
    await put_setup(connection, Facts(), world, _cards_of(world), _prefixes(numbers))


def _cards_of(world: World) -> set[int]:
    """The rate cards that the customers of a world use."""
    customers = world.customers.values()
    cards = {route.card_id for customer in customers for route in customer.routes}
    return cards | {did.card_id for customer in customers for did in customer.dids if did.card_id}


def _prefixes(numbers: Collection[str]) -> set[str]:
    """Every beginning of these numbers, as rates may have them: behind any tech prefix too."""
    found = {""}
    for number in map(same_form, numbers):
        for start in range(len(number)):
            found |= {
                number[start:end] for end in range(start + 1, min(len(number), start + LONGEST_PREFIX) + 1)
            }
    return found
