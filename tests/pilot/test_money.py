"""Money on the card by keys: invoices are booked, sent, taken back; packages run; contracts signed."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from cx_tui.db.calls.storing import store
from cx_tui.domain.records.package import Frequency
from cx_tui.screens.ask import Ask
from cx_tui.screens.card.card_screen import CardScreen
from cx_tui.screens.confirm import Confirm
from cx_tui.screens.money.ledger_screen import LedgerScreen
from cx_tui.screens.telling import Telling
from cx_tui.services.session import Session
from tests.calls.made import a_call, priced
from tests.db.sessions import add, add_contact
from tests.pilot.driver import Driver, opened
from tests.pilot.history import session_of

TODAY = datetime.now(UTC).date()
LAST_MONTH = TODAY.replace(day=1) - timedelta(days=1)


@pytest.fixture
async def url(sqlite_template: Path, tmp_path: Path) -> str:
    """Acme with a call of last month, a package, an alert and a contract that is not signed."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'own.db')}"
    async with session_of(url) as session:
        acme = await add(session, "Acme", tax=Decimal(20), daily_limit=Decimal(50))
        await add_contact(session, acme.id, "Bea", email="bea@example.com")
        await fill(session, acme.id)
    return url


async def fill(session: Session, of: int) -> None:
    at = datetime.combine(LAST_MONTH, time(12), UTC)
    async with session.database.writing() as connection:
        await store(connection, [a_call("1", customer=of, at=at, talk=6000, dialled="44")], priced)
    values = {"name": "Line", "retail": Decimal(3), "frequency": Frequency.DAILY}
    sold = (await session.records_of["package"].create(values)).record
    own = {"customer_id": of, "package": sold.id, "starts": TODAY - timedelta(days=9)}
    await session.records_of["customer-package"].create(own)
    alert = {"customer_id": of, "title": "Low", "threshold": Decimal(10), "penalty": 5}
    await session.records_of["alert"].create(alert)
    terms = (await session.records_of["contract"].create({"name": "Terms", "text": "You pay."})).record
    mine = {"customer_id": of, "contract": terms.id, "grace_date": date(2026, 1, 1)}
    await session.records_of["customer-contract"].create(mine)


@pytest.fixture
async def cx(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Driver]:
    """The program with the card of the customer; nothing is done by itself."""
    monkeypatch.setattr(Session, "start_working", lambda self: None)
    async with opened(url) as driver:
        await driver.do("grid.choose")
        await driver.until(lambda: isinstance(driver.screen, CardScreen), "the card")
        yield driver
        driver.app.exit()


async def tab(cx: Driver, name: str) -> None:
    card = cx.screen
    assert isinstance(card, CardScreen)
    while card.tab.name != name:
        await cx.do("card.next")
    await cx.until(lambda: not cx.app.awaited("x"), f"the tab {name}")


async def yes(cx: Driver, *parts: str) -> None:
    """Agree to what is asked, which says these things."""
    await cx.until(lambda: isinstance(cx.screen, Confirm), "a question")
    for part in parts:
        await cx.shows(part)
    await cx.do("confirm.yes")


async def answer(cx: Driver, text: str) -> None:
    """Type this where a text is asked for."""
    await cx.until(lambda: isinstance(cx.screen, Ask), "a box")
    if text:
        await cx.press(*("space" if sign == " " else sign for sign in text))
    await cx.press("enter")


async def test_money_is_seen_and_moved_by_keys(cx: Driver, url: str, tmp_path: Path) -> None:
    await tab(cx, "Payments")
    await cx.shows("Balance at the end of each day")
    await cx.shows("-5.00 EUR left")
    await cx.shows("spent today 0.00 of 50.00")
    await cx.shows("starts again in")

    await tab(cx, "Packages")
    await cx.do("packages.run")
    await yes(cx, "Book 10 charges of packages now?", "Acme, Line: 3.00 EUR")
    await cx.says("10 charged")
    await cx.shows(f"next 3.00 EUR on {TODAY + timedelta(days=1)}")

    await tab(cx, "Invoices")
    await cx.do("invoices.book")
    await answer(cx, "")
    await yes(cx, f"Make the invoice of {LAST_MONTH.replace(day=1)} to {LAST_MONTH}?", "5.00 EUR")
    await cx.says("INV-000001 made")
    await cx.shows("INV-000001")
    await cx.do("invoices.mail")
    await yes(cx, "Send INV-000001?")
    await cx.says("1 invoice is in the outbox")
    await cx.do("invoices.credit")
    await answer(cx, "1.50")
    await answer(cx, "bad line")
    await yes(cx, "Does the balance get it?")
    await cx.says("Credit note CN-000001 was made")
    await cx.shows("CN-000001")

    await tab(cx, "Contracts")
    await cx.do("contracts.sign")
    await answer(cx, "Ana")
    await cx.says("Signed by Ana")

    await tab(cx, "Alerts")
    await cx.do("alerts.test")
    await cx.until(lambda: isinstance(cx.screen, Telling), "what it would do")
    await cx.shows("Balance of Acme is")
    await cx.shows("In the last 7 days it would have fired once")
    async with session_of(url) as session:
        balance = await session.money.ledger.balance(1)
        assert balance.balance == balance.ledger_sum == Decimal("-33.50")


async def test_the_ledger_is_read_and_corrected_by_keys(cx: Driver, url: str) -> None:
    await tab(cx, "Payments")
    await cx.do("payments.ledger")
    await cx.until(lambda: isinstance(cx.screen, LedgerScreen), "the ledger")
    await cx.shows("balance -5.00 EUR")
    await cx.shows("calls not booked yet -5.00")
    await cx.shows("Nothing is booked yet")
    await cx.do("ledger.correct")
    await answer(cx, "2.50")
    await answer(cx, "bad line")
    await yes(cx, "Book this correction?", "+2.50 EUR: bad line")
    await cx.says("The correction is booked")
    await cx.shows("balance -2.50 EUR")
    await cx.shows("Correction")
    await cx.do("ledger.leave")
    async with session_of(url) as session:
        (entry,) = await session.money.ledger.entries(1)
        assert (entry.amount, entry.reason) == (Decimal("2.5"), "bad line")


async def test_marked_invoices_are_written_into_a_folder(cx: Driver, tmp_path: Path) -> None:
    await tab(cx, "Invoices")
    await cx.do("invoices.book")
    await answer(cx, "")
    await yes(cx, "Make the invoice of")
    await cx.shows("INV-000001")
    await cx.do("grid.mark_all")
    await cx.do("invoices.pdf")
    await cx.until(lambda: isinstance(cx.screen, Ask), "a box")
    await cx.press("ctrl+u")
    await answer(cx, f"{tmp_path}/new")
    await cx.says("1 PDF is in")
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["INV-000001.pdf"]
