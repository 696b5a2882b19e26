"""Calls are priced as they come in: by the customer's card and the carrier's, of the moment they began."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cx_tui.db.engine import Database
from cx_tui.domain.calls.call import Call, Try
from cx_tui.domain.calls.query import CallQuery
from cx_tui.errors import Invalid
from cx_tui.services.admission.cli_rules import foreseen
from cx_tui.services.calls.calls import Calls
from cx_tui.services.session import Session
from tests.db.companies import company, made
from tests.db.sessions import ANA

NOW = datetime.now(UTC).replace(microsecond=0)


def called(key: str, customer_id: int, number: str = "442079460000", talk: int = 61) -> Call:
    begun = NOW - timedelta(minutes=5)
    answered = begun + timedelta(seconds=4)
    return Call(
        source="test", source_key=key, customer_id=customer_id, dialled=number, invited_at=begun,
        ringing_at=begun + timedelta(seconds=1), answered_at=answered if talk else None,
        ended_at=answered + timedelta(seconds=talk), talk_ms=talk * 1000, carrier="Northline",
        sip_code=200 if talk else 486,
    )  # fmt: skip


@pytest.fixture
def session(database: Database) -> Session:
    return Session(database, ANA)


async def test_a_call_gets_its_charge_and_its_cost(session: Session, tmp_path: Path) -> None:
    customer = await company(session)
    calls = Calls(session.database, str(tmp_path))
    await calls.ingest().store([called("1", customer.id), called("2", customer.id, talk=0)])
    (busy, talked) = sorted(await calls.list(CallQuery()).rows(0, 9), key=lambda one: one.talk_ms)
    assert (talked.charge, talked.cost, talked.currency) == (Decimal("0.020333"), Decimal("0.010167"), "EUR")
    assert (talked.prefix, talked.destination, talked.billed_seconds) == ("44", "UK", 61)
    assert (busy.charge, busy.billed_seconds, busy.unrated) == (Decimal(0), 0, "")


async def test_the_sum_of_a_call_is_told_where_it_makes_its_charge(session: Session, tmp_path: Path) -> None:
    customer = await company(session)
    calls = Calls(session.database, str(tmp_path))
    await calls.ingest().store([called("1", customer.id)])
    (call,) = await calls.list(CallQuery()).rows(0, 9)
    assert await calls.sum_of(call, 0) == "61 s x 0.02/60 = 0.0203333333... -> 0.020333"
    # A minute of it was free, or somebody has changed the rate.
    assert await calls.sum_of(replace(call, charge=Decimal("0.000333")), 60) == (
        "1 s x 0.02/60 = 0.0003333333... -> 0.000333"
    )
    assert await calls.sum_of(replace(call, charge=Decimal(1)), 0) == ""


async def test_a_carrier_takes_its_fee_for_each_attempt_and_the_customer_pays_once(
    session: Session, tmp_path: Path
) -> None:
    customer = await company(session, carriers=[("192.0.2.50", 5060), ("192.0.2.51", 5060)])
    cards = session.records_of["rate-card"]
    for card, fee in ((2, "0.001"), (3, "0.0004")):
        await cards.save(await cards.get(card), {"attempt_fee": Decimal(fee)})
    with pytest.raises(Invalid, match="only carriers"):
        await cards.save(await cards.get(1), {"attempt_fee": Decimal(1)})
    first, second = Try(carrier="Northline", sip_code=503), Try(carrier="Southline", ended_ms=4000)
    tried: dict[str, Any] = {"carrier": "Southline", "tries": (first, second)}
    calls = Calls(session.database, str(tmp_path))
    await calls.ingest().store([
        replace(called("answered", customer.id), **tried),
        replace(called("busy", customer.id, talk=0), **tried),
        replace(called("twice", customer.id, talk=0), carrier="Northline", tries=(first, first)),
        called("one", customer.id, talk=0),
        replace(called("ours", customer.id, talk=0), carrier="", gate="credit"),
    ])  # fmt: skip
    found = {one.source_key: one for one in await calls.list(CallQuery()).rows(0, 9)}
    assert {key: one.cost for key, one in found.items()} == {
        "answered": Decimal("0.011567"), "busy": Decimal("0.0014"), "twice": Decimal("0.002"),
        "one": Decimal("0.001"), "ours": None,
    }  # fmt: skip
    assert found["answered"].charge == Decimal("0.020333")
    assert found["busy"].charge == 0


async def test_a_call_that_came_in_is_priced_by_its_did_and_not_as_one_that_went_out(
    session: Session, tmp_path: Path
) -> None:
    customer = await company(session)
    card = await made(session, "rate-card", name="Inbound", currency="EUR")
    await made(session, "rate", rate_card_id=card, prefix="44", destination="UK", rate=Decimal("0.06"))
    await made(session, "did", customer_id=customer.id, number="+442079460000", customer_card=card)
    await made(session, "did", customer_id=customer.id, number="+442079460001")
    calls = Calls(session.database, str(tmp_path))
    came: dict[str, Any] = {"direction": "origination", "number": "sip:pbx@acme.example"}
    # The caller may be the customer: what goes out and what comes in are two calls, each with its own price.
    await calls.ingest().store([
        called("out", customer.id),
        replace(called("in", customer.id), **came),
        replace(called("free", customer.id, "00442079460001"), **came),
        replace(called("nobody's", customer.id, "442079460009"), **came),
    ])  # fmt: skip
    found = {one.source_key: one for one in await calls.list(CallQuery()).rows(0, 9)}
    charges = {key: one.charge for key, one in found.items()}
    assert charges == {
        "out": Decimal("0.020333"), "in": Decimal("0.061"), "free": Decimal(0), "nobody's": None,
    }  # fmt: skip
    assert found["nobody's"].unrated == "442079460009 is not one of the customer's DIDs"
    assert found["free"].unrated == ""


async def test_a_call_without_a_rate_says_why(session: Session, tmp_path: Path) -> None:
    customer = await company(session)
    calls = Calls(session.database, str(tmp_path))
    await calls.ingest().store([called("1", customer.id, "33123456789")])
    (call,) = await calls.list(CallQuery()).rows(0, 9)
    assert call.charge is None
    assert call.unrated == "no rate for 33123456789 at the moment of the call"


async def test_the_first_cli_rule_says_what_flips_and_what_it_would_have_blocked(
    session: Session, tmp_path: Path
) -> None:
    customer = await company(session)
    calls = Calls(session.database, str(tmp_path))
    shown = replace(called("1", customer.id), cli_in="441632960001")
    await calls.ingest().store([shown, replace(called("2", customer.id), cli_in="441632960002")])
    said = await foreseen(session.database, calls, customer.id, None, {"cli": "441632960001"})
    assert said[0].startswith("This is the first CLI rule for outgoing calls")
    assert said[1].endswith("Of 2 calls: 1 passed, 0 rewritten, 0 forced, 1 blocked.")
    assert said[2] == "Blocked, for example: 441632960002 to 442079460000."
    made = await session.records_of["cli-rule"].create({"customer_id": customer.id, "cli": "441632960001"})
    (last,) = await foreseen(session.database, calls, customer.id, made.record.id, None)
    assert last.startswith("This is the last CLI rule for outgoing calls")
