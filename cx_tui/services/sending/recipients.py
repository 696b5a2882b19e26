"""Who can get a message: the contacts of customers, and why some of them can't be reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.derived import sliced
from cx_tui.db.engine import ask
from cx_tui.db.tables import contact, customer
from cx_tui.domain.kinds import BadValue, Email, Phone
from cx_tui.domain.outbox import Reach, Way
from cx_tui.services.sending.draft_message import DraftMessage

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


async def contacts_of(
    connection: AsyncConnection, way: Way, customers: Sequence[int], *, service: bool = False
) -> list[Recipient]:
    """The contacts of these customers, and whether a message can reach each; a customer without any stands
    there as nobody."""
    found: list[Recipient] = []
    for part in sliced(customers, PART):
        theirs = _contacts(way).where(contact.c.customer_id.in_(part))
        some = await _recipients(connection, way, theirs, service=service)
        known = {one.customer_id for one in some}
        some += [Recipient(-one, one, "", "", Reach.NOBODY) for one in part if one not in known]
        found += sorted(some, key=lambda one: one.customer_id)
    return once(found, set())


async def still_reached(
    connection: AsyncConnection, wanted: DraftMessage, chosen: Sequence[Recipient], go_on: Callable[[], None]
) -> list[Recipient]:
    """Those of the chosen who can be reached at this moment, with the names and addresses of this moment.

    Between the choice and the order somebody may have opted out, moved, or been deleted.
    """
    now: dict[int, Recipient] = {}
    for part in sliced([one.contact_id for one in chosen if one.reach is Reach.WILL], PART):
        go_on()
        theirs = _contacts(wanted.way).join(customer)
        theirs = theirs.where(contact.c.id.in_(part), customer.c.deleted_at.is_(None))
        found = await _recipients(connection, wanted.way, theirs, service=wanted.service)
        now |= {one.contact_id: one for one in found}
    there = [now[one.contact_id] for one in chosen if one.contact_id in now]
    return [one for one in once(there, set()) if one.reach is Reach.WILL]


def once(recipients: Sequence[Recipient], seen: set[str]) -> list[Recipient]:
    """The same people, but each address is written to once: at the first who has it."""
    found = []
    for one in recipients:
        address = one.address.casefold()
        if one.reach is Reach.WILL and address in seen:
            found.append(replace(one, reach=Reach.SAME))
            continue
        if one.reach is Reach.WILL:
            seen.add(address)
        found.append(one)
    return found


def _contacts(way: Way) -> Select[Any]:
    own = contact.c
    address, out = (own.email, own.no_email) if way is Way.EMAIL else (own.mobile, own.no_sms)
    wanted = select(own.id, own.customer_id, own.name, address.label("address"), out.label("opted_out"))
    return wanted.where(own.deleted_at.is_(None)).order_by(own.customer_id, own.id)


async def _recipients(
    connection: AsyncConnection, way: Way, wanted: Select[Any], *, service: bool
) -> list[Recipient]:
    return [
        Recipient(
            row.id, row.customer_id, row.name, row.address or "",
            reach_of(way, row.address or "", opted_out=row.opted_out and not service),
        )
        for row in await ask(connection, wanted)
    ]  # fmt: skip


def reach_of(way: Way, address: str, *, opted_out: bool) -> Reach:
    """Whether a message can reach somebody."""
    if opted_out:
        return Reach.OPTED_OUT
    if not address:
        return Reach.NO_ADDRESS
    try:
        (Email() if way is Way.EMAIL else Phone()).parse(address)
    except BadValue:
        return Reach.NOT_VALID
    return Reach.WILL
