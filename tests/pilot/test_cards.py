"""The contacts of a customer as an operator keeps them, and their passwords."""

import re
import shutil
from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from cx_tui.db.tables import contact, counters
from cx_tui.domain.history import typed_fields
from cx_tui.domain.passwords import hashed, matches
from cx_tui.domain.records.contact import Contact
from cx_tui.screens.card.card_screen import CardScreen
from cx_tui.screens.card.contacts import NewPassword
from cx_tui.screens.form import RecordForm
from cx_tui.screens.log import LogScreen
from tests.db.sessions import add, add_contact
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, lines_of, opened
from tests.pilot.history import session_of
from tests.pilot.test_customer_form import HOSTILE, put_in_all
from widgets.grid import Grid
from widgets.line import Line

FIELDS = typed_fields(Contact)
GOOD = "correct horse 9"


@pytest.fixture
async def url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database with one customer, who has one contact."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'own.db')}"
    async with session_of(url) as session:
        acme = await add(session, "Acme")
        await add_contact(session, acme.id, "Joe Doe", email="joe@acme.example", type="NOC")
    return url


@pytest.fixture
async def cx(url: str) -> AsyncIterator[Driver]:
    """The program, with the contacts of the customer on the screen."""
    async with opened(url) as driver:
        await to_contacts(driver)
        yield driver
        driver.app.exit()


async def to_contacts(cx: Driver) -> None:
    """Open the contacts of the customer under the cursor."""
    await cx.do("customers.contacts")
    await cx.shows("Contacts  ")
    await cx.until(lambda: cx.screen.query_one(Grid).rows.source is not None)


def names(cx: Driver) -> list[str]:
    """The names in the list."""
    return [row.cell("name").text for row in cx.screen.query_one(Grid).rows.visible]


async def back_in_list(cx: Driver) -> None:
    """Wait for the list of contacts."""
    await cx.until(lambda: isinstance(cx.screen, CardScreen), "the contacts")


async def stored(url: str, name: str) -> Any:
    """A contact as it is in the database."""
    return (await Elsewhere(url).ask(select(contact).where(contact.c.name == name)))[0]


# The list


async def test_the_list_shows_the_contacts_and_whose_they_are(cx: Driver) -> None:
    assert names(cx) == ["Joe Doe"]
    assert all(part in cx.text() for part in ("joe@acme.example", "NOC", "Contacts   1"))
    await cx.do("list.back")
    await cx.until(lambda: cx.screen is cx.customers)


async def test_a_customer_without_contacts_says_how_to_add_one(cx: Driver) -> None:
    await cx.do("list.delete")
    await cx.shows('Delete the contact "Joe Doe"?')
    await cx.do("confirm.take")
    await back_in_list(cx)
    assert names(cx) == ["Joe Doe"]
    await cx.do("list.delete")
    await cx.shows('Delete the contact "Joe Doe"?')
    await cx.do("confirm.yes")
    await cx.shows("There are no contacts here yet.")
    await cx.shows("+ adds one")
    await cx.do("grid.choose", "list.delete", "contact.password")
    await back_in_list(cx)


async def test_a_contact_is_added_counted_and_found(cx: Driver, url: str) -> None:
    await cx.do("list.new")
    await cx.in_form()
    await cx.type_into("name", "Ann Other")
    await cx.type_into("email", "ann@acme.example")
    cx.form.set("email_verified", "yes")
    await cx.save()
    await cx.until(lambda: names(cx) == ["Joe Doe", "Ann Other"])
    (figures,) = await Elsewhere(url).ask(select(counters.c.contacts, counters.c.emails_verified))
    assert tuple(figures) == (2, 1)
    await cx.do("list.back")
    await cx.until(lambda: cx.screen is cx.customers)
    await cx.find("ann@acme")
    await cx.found(1)
    assert cx.names() == ["Acme"]


async def test_a_contact_is_changed_and_the_list_shows_it_at_once(cx: Driver, url: str) -> None:
    await cx.open_form()
    assert cx.form.values["email"] == "joe@acme.example"
    assert "contact #1" in cx.text()
    await cx.type_into("name", "Joe Roe")
    await cx.save()
    await cx.until(lambda: names(cx) == ["Joe Roe"])
    assert (await stored(url, "Joe Roe")).version == 2


async def test_a_contact_needs_a_name_and_an_address_that_no_other_has(cx: Driver) -> None:
    await cx.do("list.new")
    await cx.in_form()
    await cx.type_into("email", "joe@acme.example")
    await cx.do("record_form.save")
    await cx.says("Not right yet: Name.")
    await cx.type_into("name", "Ann")
    await cx.save()
    await cx.shows("! another contact has this e-mail address, which is also the login")
    await cx.type_into("email", "no address")
    await cx.press("down")
    await cx.shows('! "no address" is not an e-mail address')
    await cx.type_into("email", "ann@acme.example")
    await cx.save(stay=True)
    await cx.until(lambda: isinstance(cx.screen, RecordForm) and cx.form.values["name"] == "")
    await cx.do("record_form.leave")
    await back_in_list(cx)
    await cx.until(lambda: names(cx) == ["Joe Doe", "Ann"])


async def test_a_read_only_session_looks_at_contacts_and_changes_none(url: str) -> None:
    async with opened(url, database_read_only=True) as cx:
        await to_contacts(cx)
        for act in ("list.new", "list.delete", "contact.password"):
            await cx.do(act)
            await cx.says("to read only, so nothing can be changed")
        await cx.open_form()
        cx.app.exit()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_list_and_the_form_fit_the_screen(size: tuple[int, int], url: str) -> None:
    async with opened(url, size) as cx:
        await to_contacts(cx)
        await cx.shows("joe@acme.example")
        await cx.open_form()
        await cx.shows("Private notes")
        await cx.do("form.tab_after")
        await cx.shows("Allowed IPs")
        await cx.shows("Password")
        cx.app.exit()


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
async def test_no_text_in_any_field_of_a_contact_crashes_or_is_obeyed(hostile: str, url: str) -> None:
    async with opened(url) as cx:
        await to_contacts(cx)
        await cx.open_form()
        before = cx.form.base
        await put_in_all(cx, FIELDS, hostile)
        assert not any(sign in cx.text() for sign in "\x00\x07\x1b\x9b\u202e\ud800")
        for name, sentence in cx.form.check_all().items():
            assert len(sentence) > 10
            assert sentence.isprintable(), name
            cx.form.set(name, before[name])
        differs = set(cx.form.changed) - {"password_hash"}
        meant = {name: FIELDS[name].parse(cx.form.values[name]) for name in differs}
        await cx.do("record_form.save")
        if differs or cx.form.changed.get("password_hash", "").strip():
            await cx.shows("will be written")
            await cx.do("preview.save")
        else:
            await cx.says("Nothing was changed")
            cx.app.exit()
            return
        await back_in_list(cx)
        (row,) = await Elsewhere(url).ask(select(contact))
        assert {name: getattr(row, name) for name in differs} == meant
        assert row.password_hash == "" or matches(hostile, row.password_hash)
        cx.app.exit()


# Passwords


async def choose(cx: Driver, place: int) -> None:
    """Choose what becomes of the password."""
    await cx.do("contact.password")
    await cx.shows("Password of Joe Doe")
    await cx.do(*["list.down"] * place, "list.choose")


async def test_a_new_password_is_shown_once_can_be_copied_and_is_kept_as_a_hash(
    cx: Driver, url: str, outside: pytest.MonkeyPatch
) -> None:
    await choose(cx, 0)
    await cx.shows("The new password of Joe Doe")
    password = lines_of(cx.screen.query_one(".password", Line))[0].strip()
    assert matches(password, (await stored(url, "Joe Doe")).password_hash)
    await cx.do("password.copy")
    await cx.shows("Sent to the clipboard of your terminal.")
    found = re.fullmatch("\x1b\\]52;c;([A-Za-z0-9+/=]*)\x07", cx.written[-1])
    assert found
    assert b64decode(found[1]).decode() == password
    await cx.do("password.close")
    await back_in_list(cx)
    assert password not in cx.text()
    await cx.open_form()
    assert cx.form.values["password_hash"] == ""


async def test_a_password_can_be_typed_and_is_refused_in_words_when_it_is_too_short(
    cx: Driver, url: str
) -> None:
    await choose(cx, 1)
    await cx.in_form("password_hash")
    await cx.type_into("password_hash", "short")
    await cx.press("up")
    await cx.shows("! a password needs 10 to 200 characters; this one has 5")
    await cx.shows("[Access]!1")
    assert "short" not in cx.text()
    await cx.type_into("password_hash", GOOD)
    await cx.do("record_form.save")
    await cx.shows("will be written")
    assert cx.changes() == ["Password changed"]
    assert GOOD not in cx.text()
    await cx.do("preview.save")
    await back_in_list(cx)
    assert matches(GOOD, (await stored(url, "Joe Doe")).password_hash)


async def test_a_password_in_a_note_is_asked_about_before_it_is_saved(cx: Driver, url: str) -> None:
    await cx.open_form()
    await cx.type_into("private_notes", f"password: {GOOD}")
    await cx.save()
    await cx.shows("There seems to be a password in Private notes")
    await cx.do("confirm.no")
    await cx.type_into("private_notes", "knows the password")
    await cx.save()
    await back_in_list(cx)
    assert (await stored(url, "Joe Doe")).private_notes == "knows the password"


async def test_blanks_are_no_password_and_change_none(cx: Driver, url: str) -> None:
    await set_password(url)
    await cx.do("list.refresh")
    await cx.open_form()
    await cx.type_into("password_hash", "            ")
    await cx.do("record_form.save")
    await cx.says("Nothing was changed")
    assert matches(GOOD, (await stored(url, "Joe Doe")).password_hash)


async def test_a_password_can_be_removed(cx: Driver, url: str) -> None:
    await set_password(url)
    await choose(cx, 2)
    await cx.says("Joe Doe no longer has a password.")
    assert (await stored(url, "Joe Doe")).password_hash == ""


async def test_a_password_that_another_has_just_set_is_not_overwritten(cx: Driver, url: str) -> None:
    await cx.do("contact.password")
    await cx.shows("Password of Joe Doe")
    await set_password(url)
    await cx.do("list.choose")
    await cx.says("The password was not changed:")
    assert not isinstance(cx.screen, NewPassword)
    assert matches(GOOD, (await stored(url, "Joe Doe")).password_hash)


async def set_password(url: str) -> None:
    """Somebody else gives the contact a password."""
    async with session_of(url) as session:
        joe = (await session.records_of["contact"].of_owner(1))[0]
        await session.records_of["contact"].save(joe, {"password_hash": hashed(GOOD)})


def drafts(home: Path) -> list[Path]:
    """The drafts on the disk."""
    return list(home.glob("state_home/cx-tui/*/draft-*.json"))


async def test_neither_password_nor_hash_is_in_the_log_or_in_a_draft(
    cx: Driver, url: str, home: Path
) -> None:
    await cx.open_form()
    await cx.type_into("password_hash", GOOD)
    await cx.type_into("phone", "+447700900123")
    await cx.until(lambda: drafts(home), "a draft")
    texts = "".join(path.read_text() for path in drafts(home))
    assert "+447700900123" in texts
    assert GOOD not in texts
    await cx.save()
    await back_in_list(cx)
    kept = (await stored(url, "Joe Doe")).password_hash
    assert matches(GOOD, kept)
    for table in await Elsewhere(url).ask(text("SELECT name FROM sqlite_master WHERE type = 'table'")):
        if table.name == "contact":
            continue
        rows = str([tuple(row) for row in await Elsewhere(url).ask(text(f'SELECT * FROM "{table.name}"'))])
        assert GOOD not in rows, table.name
        assert kept not in rows, table.name
        assert kept.split("$")[-1] not in rows, table.name
    await cx.do("card.log")
    await cx.until(lambda: isinstance(cx.screen, LogScreen) and "Joe Doe" in cx.text(), "the log")
    assert "scrypt" not in cx.text()
    assert GOOD not in cx.text()


async def test_a_new_password_can_be_mailed_and_is_not_shown(cx: Driver, url: str) -> None:
    await choose(cx, 3)
    await cx.says("A new password is in the outbox for joe@acme.example")
    kept = (await stored(url, "Joe Doe")).password_hash
    async with session_of(url) as session:
        ((job, _),) = await session.outbox.jobs(9)
        (letter,) = await session.outbox.messages(job.id, 9)
    assert matches(letter.filled["password"], kept)
    assert letter.filled["password"] not in cx.text()
