"""What the log keeps of customers who were made, changed or deleted by the thousand, and of records that
belong to no customer.

A row in the log for each of a million takes long to write, and long to read again for an undo.  So a block
says what one operation did to some customers, in the order of their numbers, and their fields before and
after.
"""

import json
import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from itertools import accumulate, pairwise

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk_writing
from cx_tui.db.engine import ask
from cx_tui.db.history_tables import block
from cx_tui.db.tables import NOBODYS
from cx_tui.domain.history import Act, Change, Noted, Texts

SIZE = 1_000
"""So many customers a block has at most: to read one of them, all are unpacked."""

SPAN = 20_000
"""Fewer numbers lie between its first customer and its last: the blocks of a customer are near its number."""


@dataclass(frozen=True)
class Block:
    """Some customers to whom an operation did the same: their numbers, unless one follows the other, and
    their texts before and after, all packed."""

    operation_id: int
    first_id: int
    last_id: int
    act: Act
    after: bytes | None = None
    before: bytes | None = None
    steps: bytes | None = None
    record: str = "customer"
    """What they are, where they are no customers."""

    @property
    def customers(self) -> Sequence[int]:
        """The numbers of its customers."""
        return _customers(self.first_id, self.last_id, self.steps)

    def changes(self, places: Iterable[int]) -> list[Change]:
        """What was done to the customers at these places among its own."""
        own, before, after = self.customers, _texts(self.before), _texts(self.after)
        return [
            Change(
                id=-own[place], operation_id=self.operation_id, record=self.record, act=self.act,
                record_id=own[place], before=before(place), after=after(place),
                customer_id=own[place] if self.record == "customer" else NOBODYS,
            )
            for place in places
        ]  # fmt: skip


def packed(texts: bytes) -> bytes:
    """Texts of customers, as JSON with a list for each field, as a block keeps them."""
    return zlib.compress(texts, 1)


def made(notes: Sequence[Noted]) -> list[Block]:
    """Blocks of what an operation did to customers, who stand in the order of their numbers."""
    ids = [note[2] for note in notes]
    found = []
    start = 0
    while start < len(ids):
        end = bisect_left(ids, ids[start] + SPAN, start, min(start + SIZE, len(ids)))
        found.append(_block(notes[start:end], ids[start:end]))
        start = end
    return found


async def note(connection: AsyncConnection, blocks: Iterable[Block]) -> None:
    """Write down what was done."""
    columns = [field.name for field in fields(Block)]
    await bulk_writing.insert(connection, block, columns, [astuple(one) for one in blocks])


async def customers(
    connection: AsyncConnection, operation_id: int, customer_id: int | None = None
) -> list[Sequence[int]]:
    """The numbers of the customers in the blocks of an operation, block by block; of one if asked."""
    own = block.c
    wanted = select(own.first_id, own.last_id, own.steps).where(own.operation_id == operation_id)
    if customer_id is not None:
        wanted = wanted.where(_may_have(customer_id))
    rows = await ask(connection, wanted.order_by(own.first_id))
    found = [_customers(row.first_id, row.last_id, row.steps) for row in rows]
    return found if customer_id is None else [[customer_id] for one in found if customer_id in one]


async def records(connection: AsyncConnection, operations: Sequence[int]) -> list[tuple[str, Sequence[int]]]:
    """The kinds and the numbers of the records in the blocks of some operations."""
    own = block.c
    wanted = select(own.record, own.first_id, own.last_id, own.steps).where(own.operation_id.in_(operations))
    rows = await ask(connection, wanted)
    return [(row.record, _customers(row.first_id, row.last_id, row.steps)) for row in rows]


async def changes(
    connection: AsyncConnection, operation_id: int, after: int, limit: int, customer_id: int | None = None
) -> list[Change]:
    """What an operation did to customers, beginning after a customer's number; to one if asked."""
    lowest, highest = after + 1, sys.maxsize
    if customer_id is not None:
        lowest, highest = max(customer_id, lowest), customer_id
    found: list[Change] = []
    while len(found) < limit and lowest <= highest and (one := await _next(connection, operation_id, lowest)):
        own = one.customers
        start, end = bisect_left(own, lowest), bisect_right(own, highest)
        found += one.changes(range(start, min(end, start + limit - len(found))))
        lowest = one.last_id + 1
    return found


async def these(
    connection: AsyncConnection, operation_id: int, customer_ids: Collection[int]
) -> list[Change]:
    """What an operation did to these customers."""
    wanted = sorted(customer_ids)
    found: list[Change] = []
    while wanted and (one := await _next(connection, operation_id, wanted[0])):
        passed = bisect_right(wanted, one.last_id)
        place = {customer_id: place for place, customer_id in enumerate(one.customers)}
        found += one.changes(place[each] for each in wanted[:passed] if each in place)
        wanted = wanted[passed:]
    return found


async def operations_of(connection: AsyncConnection, customer_id: int) -> list[int]:
    """The operations that have a customer in a block."""
    own = block.c
    wanted = select(own.operation_id, own.first_id, own.last_id, own.steps).where(_may_have(customer_id))
    rows = await ask(connection, wanted)
    return [
        row.operation_id for row in rows if customer_id in _customers(row.first_id, row.last_id, row.steps)
    ]


async def _next(connection: AsyncConnection, operation_id: int, customer_id: int) -> Block | None:
    """The block of an operation that has a customer, else the one after it."""
    own = block.c
    # No block before these reaches up to it.
    later = own.first_id > customer_id - SPAN
    wanted = select(block).where(own.operation_id == operation_id, later, own.last_id >= customer_id)
    row = (await connection.execute(wanted.order_by(own.first_id).limit(1))).first()
    return None if row is None else Block(**row._mapping)


def _may_have(customer_id: int) -> ColumnElement[bool]:
    own = block.c
    near = own.first_id.between(customer_id - SPAN + 1, customer_id) & (own.last_id >= customer_id)
    return near & (own.record == "customer")


def _block(notes: Sequence[Noted], ids: Sequence[int]) -> Block:
    steps = [after - before for before, after in pairwise(ids)]
    operation_id, record, _, _, act, _, _ = notes[0]
    return Block(
        operation_id, ids[0], ids[-1], act,
        after=_packed([after for *_, after in notes]),
        before=_packed([before for *_, before, _ in notes]),
        steps=None if set(steps) <= {1} else packed(json.dumps(steps).encode()),
        record=record,
    )  # fmt: skip


def _customers(first_id: int, last_id: int, steps: bytes | None) -> Sequence[int]:
    if steps is None:
        return range(first_id, last_id + 1)
    return array("q", accumulate(json.loads(zlib.decompress(steps)), initial=first_id))


def _packed(texts: Sequence[Texts]) -> bytes | None:
    names = list(dict.fromkeys(name for one in texts for name in one))
    if not names:
        return None
    return packed(json.dumps({name: [one.get(name) for one in texts] for name in names}).encode())


def _texts(kept: bytes | None) -> Callable[[int], Texts]:
    """The texts at each place; equal ones are made once."""
    columns = {} if kept is None else json.loads(zlib.decompress(kept))
    rows = list(zip(*columns.values(), strict=True))

    @cache
    def named(row: tuple[str | None, ...]) -> Texts:
        return {name: text for name, text in zip(columns, row, strict=True) if text is not None}

    return lambda place: named(rows[place] if rows else ())
