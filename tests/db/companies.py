"""A company whose calls pass, made as operators make it."""

from decimal import Decimal

from cx_tui.domain.records.customer import Customer, Status
from cx_tui.domain.records.rate_card import Side
from cx_tui.services.session import Session
from tests.db.sessions import add


async def made(session: Session, kind: str, **values: object) -> int:
    """A new record: its number."""
    return int((await session.records_of[kind].create(values)).record.id)


async def company(session: Session) -> Customer:
    """A customer who can call 44 by one carrier, and the setup that it needs."""
    customer = await add(session, "Acme", status=Status.ACTIVE, channels=10, debit_limit=Decimal(100))
    carrier = await made(session, "carrier", name="Northline")
    theirs = await made(
        session, "rate-card", name="Northline EUR", currency="EUR", side=Side.CARRIER, carrier=carrier
    )
    ours = await made(session, "rate-card", name="Retail", currency="EUR")
    for one, rate in ((theirs, "0.01"), (ours, "0.02")):
        await made(session, "rate", rate_card_id=one, prefix="44", destination="UK", rate=Decimal(rate))
    await made(session, "supply", rate_card_id=ours, carrier_card=theirs)
    await made(session, "ip", customer_id=customer.id, address="192.0.2.0/28")
    await made(session, "route", customer_id=customer.id, rate_card=ours)
    return customer
