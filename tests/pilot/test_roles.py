"""What an operator sees of roles, of what needs a second person, and of the reports."""

import asyncio
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from cx_tui.app.palette import found_here
from cx_tui.db.tables import customer
from cx_tui.domain.approvals import Rule
from cx_tui.domain.records.customer import Status
from cx_tui.domain.who import Who
from cx_tui.screens.form import RecordForm
from cx_tui.services.session import Session, open_session
from tests.conftest import Server
from tests.db.sessions import add
from tests.db.test_roles import LOGINS, office
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, opened
from tests.pilot.history import first_customers, save, session_of


@pytest.fixture(autouse=True)
def nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due waits for the tests to make it."""
    monkeypatch.setattr(Session, "start_working", lambda self: None)


async def test_what_a_login_may_not_do_is_not_offered_and_refused_in_a_sentence(
    postgres: Server, postgres_template: str
) -> None:
    async with office(postgres, postgres_template) as made:
        await add(made.owner, "Acme", channels=10)
        url = made.url.replace("postgresql://postgres@", f"postgresql://{LOGINS['support']}@")
        async with opened(url) as cx:
            await cx.until(lambda: "new" not in cx.footer() and "send" in cx.footer(), "keys of support")
            assert "(support)" in cx.header()
            offered = {one.title for one in cx.app.get_system_commands(cx.app.screen)}
            assert not [title for title in offered if title.startswith(("New ", "Delete ", "Upload "))]
            await cx.open_form()
            form = cx.screen
            assert isinstance(form, RecordForm)
            fixed = {one.name: one.fixed for one in form.form_fields()}
            assert (fixed["channels"], fixed["debit_limit"], fixed["private_notes"]) == (True, True, False)
            await cx.type_into("city", "Bonn")
            await cx.save()
            await cx.saved()


async def back_to_the_list(cx: Driver) -> None:
    """Close what is open, one after the other."""
    for depth in range(len(cx.app.screen_stack), 1, -1):
        await cx.press("escape")
        await cx.until(partial(_is_closed, cx, depth), "the screen before")


def _is_closed(cx: Driver, depth: int) -> bool:
    return len(cx.app.screen_stack) < depth


async def test_a_large_credit_is_asked_for_from_the_form_and_given_on_the_page(own_url: str) -> None:
    async with session_of(own_url) as session:
        (one,) = await first_customers(session, 1)
        await save(session, one, status=Status.PENALTY)
        await session.approvals.set_rule(Rule.CREDIT, Decimal(1000))
    async with opened(own_url) as cx:
        await cx.open_form()
        await cx.type_into("debit_limit", "5000")
        await cx.save()
        await cx.shows("needs a second person")
        await cx.press(*"deal")
        await cx.press("enter")
        await cx.says("waits for another person")
        await cx.do("customers.board")
        await cx.shows("1 request waits for a second person")
        await cx.do("board.approvals")
        await cx.shows('"deal"')
        await cx.do("approvals.approve")
        await cx.shows("Approve request 1?")
        await cx.press("y")
        await cx.says("another person")
        await back_to_the_list(cx)
    ben = await open_session(own_url, who=Who("ben", "there"))
    try:
        await ben.approvals.approve(1)
        assert (await ben.records.get(one)).debit_limit == Decimal(5000)
    finally:
        await ben.close()
    async with opened(own_url) as cx:
        await cx.do("customers.board", "board.approvals", "approvals.decided")
        await cx.shows("Done by ben")
        await back_to_the_list(cx)


async def test_a_change_to_be_confirmed_counts_down_and_is_kept(own_url: str, elsewhere: Elsewhere) -> None:
    async with opened(own_url) as cx:
        await cx.open_form()
        await cx.type_into("channels", "77")
        await cx.do("customer_form.to_confirm")
        await cx.shows("will be written")
        await cx.do("preview.save")
        await cx.shows("turned back at")
        await cx.press("enter")
        await cx.says("turned back in 10 min")
        session = await cx.app.services()
        session.unconfirmed = await session.delayed.unconfirmed()
        cx.customers.show_lines()
        await cx.until(lambda: "back in " in cx.header(), "a countdown")
        await cx.do("customers.board")
        await cx.shows("Turns back")
        await cx.do("board.keep")
        await cx.says("It is confirmed and stays")
        await cx.shows("No change waits for its time")
        assert not await session.delayed.unconfirmed()
        await back_to_the_list(cx)
    kept = await elsewhere.ask(select(customer.c.channels).where(customer.c.channels == 77))
    assert len(kept) == 1


async def test_reports_are_read_copied_and_written(own_url: str, tmp_path: Path) -> None:
    async with session_of(own_url) as session:
        (one,) = await first_customers(session, 1)
        await save(session, one, channels=41)
        await save(session, one, channels=42, private_notes="calls back")
        name = (await session.records.get(one)).name
    async with opened(own_url) as cx:
        await cx.do("grid.choose", "card.evidence")
        await cx.shows("Limits and use")
        await cx.do("evidence.mask")
        await cx.shows("are masked")
        await cx.do("report.write")
        await cx.shows("which file")
        await cx.press("end", "ctrl+u")
        file = tmp_path / "pack.txt"
        await cx.press(*f"{file}")
        await cx.press("enter")
        await cx.says("only you can read it")
        assert name in await asyncio.to_thread(file.read_text)
        assert not file.stat().st_mode & 0o077
        await cx.do("report.copy")
        await cx.says("lines to the clipboard")
        await cx.do("report.back")
        for _ in range(14):
            await cx.do("card.next")
        await cx.shows("a as of")
        await cx.do("card.as_of")
        await cx.shows("calls back")
        assert "Channels" in cx.text() or "Private notes" in cx.text()
        await cx.do("as_of.all")
        await cx.shows("Debit limit")
        await cx.do("as_of.back", "card.leave")
        (open_page,) = [act for entry, act in found_here(cx.app, cx.app.screen) if entry.name == "Hand-over"]
        open_page()
        await cx.shows("Notes: 1")
        await cx.do("report.back")
