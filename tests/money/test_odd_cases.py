"""Cases in which others lost money: currencies, years, rates that change, the last free minute, refusals."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cx_tui.db.calls.storing import store
from cx_tui.db.engine import Database
from cx_tui.domain.admission.call import Call as Asked
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.query import CallQuery
from cx_tui.domain.money.invoicing import Period
from cx_tui.domain.records.alert import Operator
from cx_tui.errors import Invalid
from cx_tui.services.calls.calls import Calls
from cx_tui.services.session import Session
from tests.calls.made import a_call, priced
from tests.db.companies import company, made
from tests.db.sessions import ANA, add

NOW = datetime.now(UTC).replace(microsecond=0)
NUMBER = "442079460000"


def called(key: str, of: int, at: datetime, talk: int = 60) -> Call:
    """A call that was answered."""
    return Call(
        source="test", source_key=key, customer_id=of, dialled=NUMBER, invited_at=at, answered_at=at,
        ended_at=at + timedelta(seconds=talk), talk_ms=1000 * talk, carrier="Northline", sip_code=200,
    )  # fmt: skip


@pytest.fixture
def session(database: Database) -> Session:
    return Session(database, ANA)


async def test_a_customer_keeps_its_currency(session: Session) -> None:
    one = await add(session)
    with pytest.raises(Invalid, match="can't be changed"):
        await session.records.save(one, {"currency": "USD"})


async def test_a_card_in_another_currency_prices_nothing_and_says_why(
    session: Session, tmp_path: Path
) -> None:
    of = (await company(session)).id
    dollars = await made(session, "rate-card", name="Dollars", currency="USD")
    await made(session, "rate", rate_card_id=dollars, prefix="44", destination="UK", rate=Decimal(9))
    routes = session.records_of["route"]
    (route,) = await routes.of_owner(of)
    await routes.save(route, {"rate_card": dollars})
    calls = Calls(session.database, str(tmp_path))
    before = (await session.money.ledger.balance(of)).balance
    await calls.ingest().store([called("1", of, NOW - timedelta(hours=1))])
    (call,) = await calls.list(CallQuery()).rows(0, 9)
    assert call.charge is None
    assert call.unrated == "the rate card Dollars is in USD, the customer pays in EUR"
    assert (await session.money.ledger.balance(of)).balance == before


async def test_a_call_keeps_the_rate_of_its_start(session: Session, tmp_path: Path) -> None:
    of = (await company(session)).id
    change = NOW - timedelta(minutes=30)
    rates = session.records_of["rate"]
    (old,) = await rates.of_owner(1)
    await rates.save(old, {"valid_to": change})
    await made(session, "rate", rate_card_id=1, prefix="44", rate=Decimal("0.50"), valid_from=change)
    calls = Calls(session.database, str(tmp_path))
    before, at = change - timedelta(seconds=1), change
    await calls.ingest().store([called("across", of, before, 120), called("after", of, at, 120)])
    found = {one.source_key: one.charge for one in await calls.list(CallQuery()).rows(0, 9)}
    assert found == {"across": Decimal("0.04"), "after": Decimal(1)}


async def test_a_series_of_a_year_begins_at_1_with_each_year(session: Session) -> None:
    await session.records_of["invoice-template"].create({"name": "Yearly", "series": "{year}-"})
    of = (await add(session)).id
    for day in (date(2026, 11, 5), date(2026, 12, 5)):
        at = datetime.combine(day, datetime.min.time(), UTC)
        async with session.database.writing() as connection:
            await store(connection, [a_call(f"{day}", customer=of, at=at, talk=600, dialled="44")], priced)
    numbers = []
    for month, today in ((11, date(2026, 12, 31)), (12, date(2027, 1, 1))):
        period = Period(date(2026, month, 1), date(2026, month, 30))
        numbers.append((await session.money.invoices.make(of, period, today)).number)
    assert numbers == ["2026-000001", "2027-000001"]


async def test_a_reset_threshold_on_the_wrong_side_is_refused(session: Session) -> None:
    of = (await add(session)).id
    alerts = session.records_of["alert"]
    values: dict[str, Any] = {"customer_id": of, "title": "Low", "threshold": Decimal(10)}
    with pytest.raises(Invalid, match="at the threshold or above"):
        await alerts.create({**values, "operator": Operator.BELOW, "reset": Decimal(9)})
    with pytest.raises(Invalid, match="at the threshold or below"):
        await alerts.create({**values, "operator": Operator.AT_LEAST, "reset": Decimal(11)})


async def test_signing_opens_the_gate_at_once(session: Session) -> None:
    of = (await company(session)).id
    terms = await made(session, "contract", name="Terms", text="You pay.")
    own = await made(
        session, "customer-contract", customer_id=of, contract=terms, grace_date=date(2026, 1, 1)
    )

    async def stops() -> str:
        return (await session.admission.simulate(Asked(source="192.0.2.1", dialled=NUMBER, moment=NOW))).gate

    assert await stops() == "contract"
    await session.money.contracts.sign(own, "Bea")
    assert await stops() != "contract"


async def test_a_call_of_a_customer_to_its_own_did_is_paid_once_on_each_side(
    session: Session, tmp_path: Path
) -> None:
    of = (await company(session)).id
    card = await made(session, "rate-card", name="Inbound", currency="EUR")
    await made(session, "rate", rate_card_id=card, prefix="44", rate=Decimal("0.06"))
    await made(session, "did", customer_id=of, number=f"+{NUMBER}", customer_card=card)
    calls = Calls(session.database, str(tmp_path))
    before = (await session.money.ledger.balance(of)).balance
    out = called("out", of, NOW - timedelta(hours=1))
    came = replace(out, source_key="in", direction="origination")
    await calls.ingest().store([out, came])
    await calls.ingest().store([came, out])
    charged = {one.source_key: one.charge for one in await calls.list(CallQuery()).rows(0, 9)}
    assert charged == {"out": Decimal("0.02"), "in": Decimal("0.06")}
    assert (await session.money.ledger.balance(of)).balance == before - Decimal("0.08")
