"""A company whose calls pass, made as operators make it."""

from collections.abc import Sequence
from decimal import Decimal

from cx_tui.domain.records.customer import Customer, Status
from cx_tui.domain.records.rate_card import Side
from cx_tui.services.session import Session
from tests.db.sessions import add

NAMES = ("Northline", "Southline")


async def made(session: Session, kind: str, **values: object) -> int:
    """A new record: its number."""
    return int((await session.records_of[kind].create(values)).record.id)


async def company(
    session: Session, address: str = "192.0.2.0/28", carriers: Sequence[tuple[str, int]] = (("", 0),)
) -> Customer:
    """A customer who can call 44 by one carrier, or several in their order, and the setup that it needs."""
    customer = await add(session, "Acme", status=Status.ACTIVE, channels=10, debit_limit=Decimal(100))
    ours = await made(session, "rate-card", name="Retail", currency="EUR")
    await made(session, "rate", rate_card_id=ours, prefix="44", destination="UK", rate=Decimal("0.02"))
    for priority, (name, (host, port)) in enumerate(zip(NAMES, carriers, strict=False), 1):
        place = {"addresses": (host,), "port": port} if host else {}
        carrier = await made(session, "carrier", name=name, **place)
        theirs = await made(
            session, "rate-card", name=f"{name} EUR", currency="EUR", side=Side.CARRIER, carrier=carrier
        )
        await made(session, "rate", rate_card_id=theirs, prefix="44", destination="UK", rate=Decimal("0.01"))
        await made(session, "supply", rate_card_id=ours, carrier_card=theirs, priority=priority)
    await made(session, "ip", customer_id=customer.id, address=address)
    await made(session, "route", customer_id=customer.id, rate_card=ours)
    return customer
