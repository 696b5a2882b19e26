"""Who can get a message: the contacts of customers, and why some of them can't be reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.derived import sliced
from cx_tui.db.engine import ask
from cx_tui.db.tables import contact, customer
from cx_tui.domain.kinds import BadValue, Email, Phone
from cx_tui.domain.outbox import Reach, Way

PART = 250
"""So many people are worked on at a time: that must not keep the program from its keys."""


@dataclass(frozen=True)
class Recipient:
    """A contact, and whether a message can reach them."""

    contact_id: int
    customer_id: int
    name: str
    address: str
    reach: Reach


async def contacts_of(connection: AsyncConnection, way: Way, customers: Sequence[int]) -> list[Recipient]:
    """The contacts of these customers, and whether a message can reach each."""
    found: list[Recipient] = []
    for part in sliced(customers, PART):
        theirs = _contacts(way).where(contact.c.customer_id.in_(part))
        found += await _recipients(connection, way, theirs)
    return found


async def still_reached(
    connection: AsyncConnection, way: Way, chosen: Sequence[Recipient], go_on: Callable[[], None]
) -> list[Recipient]:
    """Those of the chosen who can be reached at this moment, with the names and addresses of this moment.

    Between the choice and the order somebody may have unsubscribed, moved, or been deleted.
    """
    now: dict[int, Recipient] = {}
    for part in sliced([one.contact_id for one in chosen if one.reach is Reach.WILL], PART):
        go_on()
        theirs = _contacts(way).join(customer).where(contact.c.id.in_(part), customer.c.deleted_at.is_(None))
        now |= {one.contact_id: one for one in await _recipients(connection, way, theirs)}
    return [
        now[one.contact_id]
        for one in chosen
        if one.contact_id in now and now[one.contact_id].reach is Reach.WILL
    ]


def _contacts(way: Way) -> Select[Any]:
    own = contact.c
    address = (own.email if way is Way.EMAIL else own.mobile).label("address")
    wanted = select(own.id, own.customer_id, own.name, address, own.unsubscribed)
    return wanted.where(own.deleted_at.is_(None)).order_by(own.customer_id, own.id)


async def _recipients(connection: AsyncConnection, way: Way, wanted: Select[Any]) -> list[Recipient]:
    return [
        Recipient(
            row.id, row.customer_id, row.name, row.address or "",
            reach_of(way, row.address or "", unsubscribed=row.unsubscribed),
        )
        for row in await ask(connection, wanted)
    ]  # fmt: skip


def reach_of(way: Way, address: str, *, unsubscribed: bool) -> Reach:
    """Whether a message can reach somebody."""
    if unsubscribed:
        return Reach.UNSUBSCRIBED
    if not address:
        return Reach.NO_ADDRESS
    try:
        (Email() if way is Way.EMAIL else Phone()).parse(address)
    except BadValue:
        return Reach.NOT_VALID
    return Reach.WILL
