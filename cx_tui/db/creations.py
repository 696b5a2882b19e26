"""What the log keeps of customers who were made by the thousand.

A customer is made once, and a row in the log for each of a million costs as much as they do.  So a block
says which customers, whose numbers follow each other, one operation made, and what each was given.
"""

import json
import sys
import zlib
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk
from cx_tui.db.engine import ask
from cx_tui.db.history_tables import creation
from cx_tui.domain.history import Act, Change

SIZE = 1_000
"""So many customers a block has at most: to read one of them, all are unpacked."""


@dataclass(frozen=True)
class Block:
    """Some customers whom an operation made; `given` is what they got, packed."""

    first_id: int
    last_id: int
    operation_id: int
    given: bytes

    def changes(self, customer_ids: Iterable[int]) -> list[Change]:
        """The making of these of its customers."""
        given: Mapping[str, Sequence[str | None]] = json.loads(zlib.decompress(self.given))
        return [self._change(one, given) for one in customer_ids]

    def _change(self, customer_id: int, given: Mapping[str, Sequence[str | None]]) -> Change:
        place = customer_id - self.first_id
        after = {name: text for name, texts in given.items() if (text := texts[place]) is not None}
        return Change(
            id=-customer_id, operation_id=self.operation_id, record="customer", act=Act.CREATE,
            record_id=customer_id, customer_id=customer_id, before={}, after=after,
        )  # fmt: skip


def packed(texts: str) -> bytes:
    """What customers got, as JSON with a list for each field, as a block keeps it."""
    return zlib.compress(texts.encode(), 1)


async def note(connection: AsyncConnection, blocks: Sequence[Block]) -> None:
    """Write down who was made."""
    columns = [field.name for field in fields(Block)]
    await bulk.insert(connection, creation, columns, [astuple(one) for one in blocks])


async def spans(
    connection: AsyncConnection, operation_id: int, customer_id: int | None = None
) -> list[range]:
    """The numbers of the customers whom an operation made, block by block; of one customer if asked."""
    own = creation.c
    wanted = select(own.first_id, own.last_id).where(own.operation_id == operation_id)
    if customer_id is not None:
        wanted = wanted.where(own.first_id <= customer_id, own.last_id >= customer_id)
    rows = await ask(connection, wanted.order_by(own.first_id))
    found = [range(row.first_id, row.last_id + 1) for row in rows]
    return found if customer_id is None else [range(customer_id, customer_id + 1) for _ in found]


async def changes(
    connection: AsyncConnection, operation_id: int, after: int, limit: int, customer_id: int | None = None
) -> list[Change]:
    """The making of customers by an operation, beginning after a customer's number; of one if asked."""
    wanted = range(after + 1, sys.maxsize)
    if customer_id is not None:
        wanted = range(max(customer_id, after + 1), customer_id + 1)
    found: list[Change] = []
    while len(found) < limit and wanted and (block := await _block(connection, operation_id, wanted[0])):
        there = range(max(block.first_id, wanted.start), min(block.last_id + 1, wanted.stop))
        found += block.changes(there)
        wanted = range(block.last_id + 1, wanted.stop)
    return found[:limit]


async def these(
    connection: AsyncConnection, operation_id: int, customer_ids: Collection[int]
) -> list[Change]:
    """The making of these customers by an operation."""
    wanted = sorted(customer_ids)
    found: list[Change] = []
    while wanted and (block := await _block(connection, operation_id, wanted[0])):
        passed = bisect_right(wanted, block.last_id)
        found += block.changes(one for one in wanted[:passed] if one >= block.first_id)
        wanted = wanted[passed:]
    return found


def operation_of(customer_id: int) -> Select[Any]:
    """The operation that made a customer together with others."""
    own = creation.c
    nearest = select(creation).where(own.first_id <= customer_id).order_by(own.first_id.desc()).limit(1)
    block = nearest.subquery()
    return select(block.c.operation_id).where(block.c.last_id >= customer_id)


async def _block(connection: AsyncConnection, operation_id: int, customer_id: int) -> Block | None:
    """The block of an operation that has a customer, else the next one."""
    own = creation.c
    block = select(creation).where(own.operation_id == operation_id, own.last_id >= customer_id)
    row = (await connection.execute(block.order_by(own.first_id).limit(1))).first()
    return None if row is None else Block(**row._mapping)
