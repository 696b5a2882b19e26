"""The card of a customer: its tabs, its lists, and what it says of calls."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cx_tui.db.tables import counters, table_named
from cx_tui.domain.records.customer import Status
from cx_tui.screens.card import CardScreen
from cx_tui.screens.form import RecordForm
from tests.db.sessions import add
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, opened
from tests.pilot.history import session_of


@pytest.fixture
async def url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database with two customers who have nothing on their cards."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'own.db')}"
    async with session_of(url) as session:
        await add(session, "Acme", status=Status.ACTIVE, channels=10)
        await add(session, "Bolt")
    return url


@pytest.fixture
async def cx(url: str) -> AsyncIterator[Driver]:
    """The program, with the card of the first customer open."""
    async with opened(url) as driver:
        await driver.do("grid.choose")
        await driver.shows("There are no contacts here yet.")
        yield driver
        driver.app.exit()


async def on_card(cx: Driver) -> None:
    """Wait for the card."""
    await cx.until(lambda: isinstance(cx.screen, CardScreen), "the card")


async def test_a_tab_is_opened_by_its_digit_and_comes_back(cx: Driver) -> None:
    await cx.press("2")
    await cx.shows("There are no IP authentications here yet.")
    await cx.press("right_square_bracket")
    await cx.shows("There are no ingress routes here yet.")
    await cx.do("list.back")
    await cx.until(lambda: cx.screen is cx.customers)
    await cx.do("grid.choose")
    await cx.shows("There are no ingress routes here yet.")


async def test_an_address_is_added_counted_found_and_its_warning_goes(cx: Driver, url: str) -> None:
    await cx.shows("no authentication set")
    await cx.press("2")
    await cx.shows("There are no IP authentications here yet.")
    await cx.do("list.new")
    await cx.in_form()
    await cx.type_into("address", "10.0.0.5/24")
    await cx.do("record_form.save")
    await cx.shows("10.0.0.0/24")
    await cx.type_into("address", "192.0.2.7")
    await cx.save()
    await on_card(cx)
    await cx.shows("192.0.2.7")
    await cx.until(lambda: "no authentication set" not in cx.text(), "the warning is gone")
    (figures,) = await Elsewhere(url).ask(
        select(counters.c.authentications).where(counters.c.customer_id == 1)
    )
    assert figures[0] == 1
    await cx.do("list.back")
    await cx.until(lambda: cx.screen is cx.customers)
    await cx.find("192.0.2")
    await cx.found(1)
    assert cx.names() == ["Acme"]


async def test_several_addresses_that_are_pasted_are_several_records_and_whose_calls_they_take_is_said(
    cx: Driver, url: str
) -> None:
    async with session_of(url) as session:
        await session.records_of["ip"].create({"customer_id": 2, "address": "192.0.2.0/24"})
    await cx.press("2")
    await cx.shows("There are no IP authentications here yet.")
    await cx.do("list.new")
    await cx.in_form()
    await cx.type_into("address", "192.0.2.7\n198.51.100.0/24, 2001:db8::7")
    await cx.save()
    await cx.shows("The address 192.0.2.7 takes calls from 192.0.2.0/24 of Bolt")
    await cx.do("confirm.yes")
    await on_card(cx)
    for address in ("192.0.2.7", "198.51.100.0/24", "2001:db8::7"):
        await cx.shows(address)
    async with session_of(url) as session:
        assert len(await session.records_of["ip"].of_owner(1)) == 3


async def test_the_card_says_which_changes_wait_and_who_has_the_customer_open(cx: Driver, url: str) -> None:
    async def read_again() -> None:
        await cx.do("card.next_customer")
        await cx.until(lambda: "Bolt" in cx.text().splitlines()[0], "the other customer")
        assert "waits until" not in cx.text()
        await cx.do("card.customer_before")
        await cx.until(lambda: "Acme" in cx.text().splitlines()[0], "the first customer")

    async with session_of(url) as session:
        acme = await session.records.get(1)
        due = datetime.now(UTC) + timedelta(hours=2)
        await session.delayed.order(acme, {"channels": 9}, due)
        await session.presence.at(1)
        await read_again()
        await cx.shows("1 change waits until")
        await cx.shows("has it open since")
        await session.presence.leave()
        (change,) = (await session.presence.around(1)).changes
        await session.delayed.cancel(change.id)
        await read_again()
        assert "waits until" not in cx.text()
        assert "has it open" not in cx.text()


async def test_a_rule_between_fields_is_said_beside_the_field(cx: Driver) -> None:
    await cx.press("2")
    await cx.shows("There are no IP authentications here yet.")
    await cx.do("list.new")
    await cx.in_form()
    await cx.type_into("address", "pbx.acme.example")
    await cx.save()
    await cx.shows("a host name can only receive calls")
    assert isinstance(cx.screen, RecordForm)


async def test_the_next_customer_comes_on_the_same_tab(cx: Driver) -> None:
    await cx.press("3")
    await cx.shows("There are no ingress routes here yet.")
    await cx.press("n")
    await cx.until(lambda: "Bolt" in cx.text().splitlines()[0], "the other customer")
    await cx.shows("There are no ingress routes here yet.")


async def test_why_names_the_gates_and_enter_leads_to_where_one_is_mended(cx: Driver, url: str) -> None:
    await cx.press("W")
    await cx.shows("Acme › Main › It can't call")
    await cx.shows("no SIP user to recognise its calls by")
    await cx.press("enter")
    await on_card(cx)
    await cx.shows("There are no IP authentications here yet.")


async def test_deleting_asks_and_can_be_undone(cx: Driver, url: str) -> None:
    async with session_of(url) as session:
        await session.records_of["ip"].create({"customer_id": 1, "address": "192.0.2.9"})
    await cx.press("2")
    await cx.shows("192.0.2.9")
    await cx.do("list.delete")
    await cx.shows('Delete the IP authentication "192.0.2.9"?')
    await cx.do("confirm.yes")
    await cx.shows("There are no IP authentications here yet.")
    kept = await Elsewhere(url).ask(select(table_named("ip").c.deleted_at))
    assert kept[0][0] is not None
