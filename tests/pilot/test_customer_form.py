"""The form of a customer as an operator uses it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from textual.events import Paste

from cx_tui.db.history_tables import change, delayed, operation
from cx_tui.db.tables import customer
from cx_tui.domain.delay import LONGEST
from cx_tui.domain.fields import Field
from cx_tui.domain.history import DelayedState, typed_fields
from cx_tui.domain.records.customer import TABS, Customer
from cx_tui.screens.ask import Ask
from cx_tui.screens.form import CustomerForm
from cx_tui.screens.form.beside import BesideForm
from cx_tui.screens.form.preview import Preview
from cx_tui.services.records.records import Records
from tests.conftest import Server
from tests.db.sessions import add
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, lines_of, opened
from tests.pilot.history import first_customers, save, session_of
from tests.pilot.screens import back_to_list
from widgets.form.page import Page

FIELDS = typed_fields(Customer)

HOSTILE = {
    "nothing": "",
    "spaces": "   ",
    "too long": "x" * 100_000,
    "a word": "twelve",
    "a huge number": "9" * 5_000,
    "scientific": "1.2E+05",
    "a bell": "bell\x07",
    "NUL": "a\x00b",
    "a colour": "\x1b[31mred\x1b[0m",
    "a title": "\x1b]0;title\x07",
    "the clipboard": "\x1b]52;c;YmFk\x07",
    "C1": "\x9b2Jx",
    "markup": "[bold red]x[/] [/nothing] [@click=app.quit]y[/]",
    "turned round": "\u202egnp.exe",
    "half a character": "a\ud800b",
    "emoji": "👩\u200d👩\u200d👧 🏳️\u200d🌈",
    "several lines": "one\r\ntwo\ttabs\u2028three",
    "SQL": "'; DROP TABLE customer; --",
    "a format": "%s {0} {name} ${PATH}",
}


@pytest.fixture
async def cx(own_url: str) -> AsyncIterator[Driver]:
    """The program, with the list on the screen."""
    async with opened(own_url) as driver:
        yield driver
        driver.app.exit()


async def stored(elsewhere: Elsewhere, id: int | None) -> Any:
    """A customer as it is in the database."""
    return (await elsewhere.ask(select(customer).where(customer.c.id == id)))[0]


def texts_of(record: Any) -> dict[str, str]:
    """The texts that a form of this customer begins with."""
    return {name: field.write(getattr(record, name)) for name, field in FIELDS.items()}


# What is there


async def test_the_form_has_every_field_of_the_customer_once_on_its_tab(
    cx: Driver, elsewhere: Elsewhere
) -> None:
    row = await stored(elsewhere, cx.cursor())
    await cx.open_form()
    assert cx.form.values == texts_of(row)
    tabs = []
    for _ in TABS:
        tabs.append(cx.form.tab)
        await cx.do("form.tab_after")
        await cx.until(lambda: cx.form.tab != tabs[-1])
    assert tuple(tabs) == TABS
    names = [name for page in cx.form.query(Page) for name in page.names]
    assert sorted(names) == sorted(FIELDS)
    assert [FIELDS[name].label for name in names if FIELDS[name].required] == ["Name", "Currency"]
    assert row.name in cx.text()


async def test_a_new_form_marks_what_is_required_and_begins_with_what_is_usual(cx: Driver) -> None:
    await cx.new_form()
    await cx.shows("New customer")
    assert "Name *" in cx.text()
    assert "Currency *" in cx.text()
    assert cx.form.values["status"] == "Pending Approval"
    assert cx.form.values == {name: field.write(field.empty()) for name, field in FIELDS.items()}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_tab_is_drawn_at_any_size(size: tuple[int, int], own_url: str) -> None:
    async with opened(own_url, size) as cx:
        await cx.open_form()
        for tab in (*TABS[1:], TABS[0]):
            await cx.do("form.tab_after")
            await cx.until(lambda tab=tab: cx.form.tab == tab)  # type: ignore[misc]
            first = next(field.label for field in FIELDS.values() if field.tab == tab)
            await cx.shows(first[: size[0] // 5])
        await cx.do("record_form.leave")
        await cx.saved()


async def test_next_and_before_go_through_the_list_without_leaving_the_form(cx: Driver) -> None:
    names = cx.names()
    await cx.open_form()
    for step, name in (("next", names[1]), ("next", names[2]), ("before", names[1])):
        await cx.do(f"customer_form.{step}")
        await cx.until(lambda name=name: cx.form.values["name"] == name)  # type: ignore[misc]
    await cx.do("customer_form.before")
    await cx.until(lambda: cx.form.values["name"] == names[0])
    await cx.do("customer_form.before")
    await cx.says("There is no further customer")
    await cx.do("record_form.leave")
    await cx.saved()
    assert cx.grid.cursor.position == 0


async def test_a_changed_customer_is_not_left_for_the_next_one(cx: Driver) -> None:
    await cx.open_form()
    await cx.type_into("channels", "77")
    await cx.do("customer_form.next")
    await cx.says("Save (F10) or close (esc) first")
    assert cx.form.values["channels"] == "77"
    await cx.do("record_form.leave")
    await cx.shows("changed and not saved")
    await cx.press("end")
    await cx.do("list.choose")
    await cx.saved()


# What is wrong


async def test_an_error_is_said_as_soon_as_the_field_is_left_and_on_the_name_of_its_tab(cx: Driver) -> None:
    await cx.open_form()
    await cx.type_into("channels", "many")
    assert "not a whole number" not in cx.text()
    await cx.press("down")
    await cx.shows('! "many" is not a whole number; write digits only, like 120')
    await cx.shows("[Basic]!1")
    await cx.do("form.tab_after")
    await cx.until(lambda: cx.form.tab == "Config")
    await cx.shows(" Basic !1")


async def test_a_save_goes_to_the_first_field_that_is_wrong_on_whatever_tab(cx: Driver) -> None:
    await cx.open_form()
    await cx.type_into("postcode", "x" * 21)
    await cx.type_into("website", "no address")
    await cx.in_form("name")
    await cx.do("record_form.save")
    await cx.until(lambda: cx.form.current == "website")
    await cx.says("2 fields are not right; the first is Website.")
    assert isinstance(cx.screen, CustomerForm)


async def test_a_new_customer_needs_a_name_and_a_currency(cx: Driver) -> None:
    await cx.new_form()
    await cx.type_into("channels", "5")
    await cx.do("record_form.save")
    await cx.until(lambda: cx.form.current == "name")
    assert cx.form.errors == {"name": "Name is required", "currency": "Currency is required"}


async def test_a_name_that_another_has_is_said_at_its_field(cx: Driver) -> None:
    taken = cx.names()[3]
    await cx.open_form()
    await cx.type_into("name", taken.upper())
    await cx.type_into("city", "Porto")
    await cx.save()
    await cx.until(lambda: cx.form.current == "name")
    await cx.shows("! another customer has this name")
    await cx.says("Not right yet: Name.")
    assert cx.form.values["city"] == "Porto"
    await cx.type_into("name", taken + " 2")
    await cx.save()
    await cx.saved()


async def test_the_currency_of_a_customer_can_not_be_typed(cx: Driver) -> None:
    await cx.open_form()
    before = cx.form.values["currency"]
    await cx.in_form("currency")
    await cx.press("f4", "x", "delete", "enter")
    assert isinstance(cx.screen, CustomerForm)
    assert cx.form.values["currency"] == before
    assert "can't be changed" in cx.text()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_no_text_in_any_field_crashes_or_is_obeyed(
    text: str, own_url: str, elsewhere: Elsewhere
) -> None:
    fields = {name: field for name, field in FIELDS.items() if not field.fixed}
    async with opened(own_url, (100, 30)) as cx:
        key = cx.cursor()
        await cx.open_form()
        before = cx.form.base
        await put_in_all(cx, fields, text)
        await cx.do("form.tab_after")
        assert not any(sign in cx.text() for sign in "\x00\x07\x1b\x9b\u202e\ud800")
        wrong = cx.form.check_all()
        for name, sentence in wrong.items():
            assert len(sentence) > 10
            assert sentence.isprintable(), (name, sentence)
            cx.form.set(name, before[name])
        meant = {name: FIELDS[name].parse(cx.form.values[name]) for name in fields}
        differs = {name for name in fields if before[name] != cx.form.values[name]}
        if not differs:
            await cx.do("record_form.save")
            await cx.says("Nothing was changed")
            await cx.do("record_form.leave")
        else:
            await cx.save()
        await cx.saved()
        row = await stored(elsewhere, key)
        for name in differs:
            assert getattr(row, name) == meant[name], name
        await cx.open_form()
        assert cx.form.values == texts_of(row)
        await cx.do("record_form.leave")
        await cx.saved()


async def put_in_all(cx: Driver, fields: Mapping[str, Field], text: str) -> None:
    """Put a text into all fields: by a paste into one of each kind, then as it is in all."""
    of_each_kind = {type(field.kind): name for name, field in fields.items()}
    for name in fields:
        cx.form.set(name, "")
    for name in of_each_kind.values():
        await cx.in_form(name)
        cx.app.post_message(Paste(text))
        await cx.pilot.pause()
    for name in fields:
        cx.form.set(name, text)
    await cx.pilot.pause()


# Saving


async def test_the_preview_lists_just_what_changed_with_its_old_and_new_value(
    cx: Driver, elsewhere: Elsewhere
) -> None:
    await cx.open_form()
    old = cx.form.base
    await cx.type_into("channels", "1234")
    await cx.type_into("private_notes", "first\nsecond")
    await cx.type_into("city", old["city"])
    await cx.do("record_form.preview")
    await cx.shows("2 fields will be written")
    notes = old["private_notes"] or "empty"
    assert cx.changes()[0] == f"Channels {old['channels']} → 1234"
    assert cx.changes()[1].endswith("first / second")
    assert len(cx.changes()) == 2, notes
    await cx.do("preview.save")
    await cx.until(lambda: isinstance(cx.screen, CustomerForm))
    assert not await elsewhere.ask(select(change))
    await discard(cx)


async def test_save_and_continue_closes_and_the_row_shows_the_new_value_at_once(
    cx: Driver, elsewhere: Elsewhere
) -> None:
    key = cx.cursor()
    await cx.open_form()
    await cx.type_into("channels", "1234")
    await cx.type_into("status", "Penalty")
    cx.form.set("status", "Penalty")
    await cx.save()
    await cx.saved()
    await cx.until(lambda: cx.cells("in_use")[0].endswith("of 1,234"))
    assert cx.cells("status")[0] == "Penalty"
    row = await stored(elsewhere, key)
    assert (row.channels, row.status.label, row.version) == (1234, "Penalty", 2)
    (done,) = await elsewhere.ask(select(change.c.before, change.c.after))
    assert done.after == {"channels": "1234", "status": "Penalty"}


async def test_save_and_stay_keeps_the_form_of_a_customer(cx: Driver, elsewhere: Elsewhere) -> None:
    key = cx.cursor()
    await cx.open_form()
    for value in ("11", "12"):
        await cx.type_into("channels", value)
        await cx.save(stay=True)
        await cx.until(lambda: not isinstance(cx.screen, Preview) and not cx.form.changed)
        assert cx.form.values["channels"] == value
    assert (await stored(elsewhere, key)).version == 3
    await cx.shows("version 3")
    await cx.do("record_form.leave")
    await cx.saved()
    await cx.until(lambda: cx.cells("in_use")[0].endswith("of 12"))


async def test_save_and_stay_empties_the_form_for_the_next_new_customer(
    cx: Driver, elsewhere: Elsewhere
) -> None:
    await cx.new_form()
    for name in ("0 First", "0 Second"):
        await cx.type_into("name", name)
        await cx.type_into("currency", "")
        cx.form.set("currency", "EUR")
        await cx.save(stay=True)
        await cx.until(
            lambda: not isinstance(cx.screen, Preview) and not cx.screen.query_one("#form").disabled
        )
        await cx.until(lambda: cx.form.values["name"] == "" and cx.form.current == "name")
        await cx.shows("New customer")
    await cx.do("record_form.leave")
    await cx.saved()
    await cx.until(lambda: "0 Second" in cx.detail(), "the cursor on the newest customer")
    await cx.do("grid.first")
    await cx.until(lambda: cx.names()[:2] == ["0 First", "0 Second"], "the new customers")
    assert " 3,002 " in cx.header()
    assert len(await elsewhere.ask(select(operation))) == 2


async def test_the_list_shows_what_was_saved_before_the_form_closes(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    leave = CustomerForm.leave

    async with opened(own_url, save_preview=False) as cx:

        def leaving(form: CustomerForm, *, keep: bool = False) -> None:
            row = cx.grid.cursor.row
            assert row
            shown.append(row.cell("in_use").text)
            leave(form, keep=keep)

        monkeypatch.setattr(CustomerForm, "leave", leaving)
        await cx.open_form()
        await cx.type_into("channels", "1234")
        key = cx._key("record_form.save")
        await cx.press(key, key)
        await cx.saved()
    assert [text.rpartition(" of ")[2] for text in shown] == ["1,234"]


async def test_nothing_changed_says_so(cx: Driver) -> None:
    await cx.open_form()
    await cx.do("record_form.save")
    await cx.says("Nothing was changed, so there is nothing to save.")
    assert isinstance(cx.screen, CustomerForm)
    await cx.do("record_form.preview")
    await cx.shows("there is nothing to save")
    await cx.do("preview.back")
    await cx.do("record_form.leave")
    await cx.saved()


async def test_without_the_preview_a_save_is_one_key_even_when_it_is_pressed_twice(own_url: str) -> None:
    elsewhere = Elsewhere(own_url)
    async with opened(own_url, save_preview=False) as cx:
        await cx.new_form()
        await cx.type_into("name", "0 Twice")
        cx.form.set("currency", "EUR")
        key = cx._key("record_form.save")
        await cx.press(key, key)
        await cx.saved()
        await cx.until(lambda: cx.names()[0] == "0 Twice")
    assert len(await elsewhere.ask(select(operation))) == 1


async def test_the_form_is_not_closed_while_it_is_written(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, really = asyncio.Event(), Records.save

    async def slowly(*given: Any, **more: Any) -> Any:
        await go_on.wait()
        return await really(*given, **more)

    monkeypatch.setattr(Records, "save", slowly)
    async with opened(own_url, save_preview=False) as cx:
        await cx.open_form()
        await cx.type_into("channels", "1234")
        await cx.do("record_form.save")
        await cx.until(lambda: cx.form.disabled)
        # Keys that are typed meanwhile wait for that; the acts themselves are refused.
        await cx.app.run_action("leave", cx.screen)
        await cx.says("It is being saved.")
        await cx.app.run_action("step(1)", cx.screen)
        assert cx.form.values["channels"] == "1234"
        go_on.set()
        await cx.saved()
        await cx.until(lambda: cx.cells("in_use")[0].endswith("of 1,234"))


# Leaving


async def discard(cx: Driver) -> None:
    """Leave the form and throw away what was typed."""
    await answer_leaving(cx, "Throw it away")
    await cx.saved()


async def answer_leaving(cx: Driver, label: str) -> None:
    """Ask to leave the form, and choose what becomes of what was typed."""
    await cx.do("record_form.leave")
    await cx.shows("changed and not saved")
    places = ("Go on", "Save and", "Close, and", "Throw it")
    place = next(place for place, begin in enumerate(places) if label.startswith(begin))
    for _ in range(place):
        await cx.do("list.down")
    await cx.do("list.choose")


async def test_leaving_asks_when_something_is_not_saved_and_staying_is_the_first_answer(cx: Driver) -> None:
    await cx.open_form()
    await cx.type_into("channels", "1234")
    await answer_leaving(cx, "Go on with the form")
    await cx.until(lambda: isinstance(cx.screen, CustomerForm))
    await cx.do("record_form.leave")
    await cx.shows("1 field was changed and not saved")
    await cx.do("menu.back")
    await cx.until(lambda: isinstance(cx.screen, CustomerForm))
    assert cx.form.values["channels"] == "1234"
    await discard(cx)
    assert not cx.cells("in_use")[0].endswith("of 1,234")


async def test_leaving_can_save(cx: Driver) -> None:
    await cx.open_form()
    await cx.type_into("channels", "1234")
    await answer_leaving(cx, "Save and close")
    await cx.shows("will be written")
    await cx.do("preview.save")
    await cx.saved()
    await cx.until(lambda: cx.cells("in_use")[0].endswith("of 1,234"))


async def test_nothing_typed_leaves_at_once(cx: Driver) -> None:
    await cx.new_form()
    await cx.do("record_form.leave")
    await cx.saved()


# Not allowed, not reachable


async def test_a_read_only_session_shows_the_form_and_saves_nothing(own_url: str) -> None:
    async with opened(own_url, database_read_only=True) as cx:
        await cx.do("customers.new")
        await cx.says("open to read only")
        await cx.open_form()
        await cx.type_into("channels", "1234")
        for act in ("record_form.save", "record_form.stay", "customer_form.delay"):
            await cx.do(act)
            await cx.says("to read only, so nothing can be")
        assert isinstance(cx.screen, CustomerForm)
        await discard(cx)


async def test_a_database_that_is_locked_leaves_everything_as_it_was_typed(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = "PRAGMA busy_timeout = 50"
    monkeypatch.setattr("cx_tui.db.engine.PATIENT", patient)
    monkeypatch.setattr("cx_tui.db.engine.PRAGMAS", ("PRAGMA journal_mode = WAL", patient))
    async with opened(own_url) as cx:
        await cx.open_form()
        await cx.type_into("channels", "1234")
        await cx.type_into("city", "Porto")
        with closing(sqlite3.connect(own_url.removeprefix("sqlite:///"))) as other:
            other.execute("BEGIN IMMEDIATE")
            await cx.save()
            await cx.says("What you typed is kept.")
            assert any("locked" in toast for toast in cx.toasts())
        assert cx.form.changed == {"channels": "1234", "city": "Porto"}
        await cx.save()
        await cx.saved()
        await cx.until(lambda: cx.cells("in_use")[0].endswith("of 1,234"))


async def test_a_server_that_is_gone_leaves_everything_as_it_was_typed(
    postgres: Server, postgres_template: str
) -> None:
    async with postgres.database(postgres_template) as url, session_of(url) as session:
        await add(session, "Acme", channels=5)
        await session.database.engine.dispose()
        name = url.removeprefix("postgresql://postgres@/").split("?")[0]
        end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        async with opened(url) as cx:
            await cx.open_form()
            await cx.type_into("channels", "1234")
            await postgres.execute(end, f"ALTER DATABASE {name} RENAME TO {name}_gone")
            await cx.save()
            await cx.says("What you typed is kept.")
            assert cx.form.changed == {"channels": "1234"}
            await postgres.execute(f"ALTER DATABASE {name}_gone RENAME TO {name}")
            await cx.save()
            await cx.saved()
            await cx.until(lambda: cx.cells("in_use")[0].endswith("of 1,234"))


async def test_a_customer_that_was_deleted_meanwhile_is_not_opened(cx: Driver, own_url: str) -> None:
    key = cx.cursor()
    assert key
    async with session_of(own_url) as session:
        await session.records.delete(key)
    await cx.do("grid.choose")
    await cx.says("It can't be opened: it has been deleted")


# Later


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("soon", '"soon" is neither a delay nor a moment'),
        ("0m", "is over already"),
        ("2001-01-01", "is over already"),
        ("9999d", "is more than two years away"),
        ("25:00", "is neither a delay nor a moment"),
        ("\x1b[31m", "can't be printed"),
        ("9" * 500 + "d", "is neither a delay nor"),
    ],
)
async def test_a_delay_that_is_none_is_said_and_not_taken(cx: Driver, text: str, sentence: str) -> None:
    await cx.open_form()
    await cx.type_into("channels", "1234")
    await ask_when(cx)
    await type_when(cx, text)
    await cx.shows(sentence)
    await cx.press("enter")
    assert isinstance(cx.screen, Ask)
    await cx.do("ask.back")
    await cx.until(lambda: isinstance(cx.screen, CustomerForm))
    assert cx.form.changed == {"channels": "1234"}
    await discard(cx)


@pytest.mark.parametrize("text", ["15m", "2h", "3d", "1d 2h", "clock", "date", "date UTC"])
async def test_a_change_can_be_ordered_for_later_and_is_made_then(
    text: str, own_url: str, elsewhere: Elsewhere
) -> None:
    later = datetime.now().astimezone() + timedelta(hours=3)
    written = {
        "clock": f"{later:%H:%M}",
        "date": f"{later:%Y-%m-%d %H:%M}",
        "date UTC": f"{later.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
    }
    async with opened(own_url) as cx:
        key = cx.cursor()
        await cx.open_form()
        await cx.type_into("channels", "1234")
        await ask_when(cx)
        await type_when(cx, written.get(text, text))
        await cx.shows(" at ")
        await cx.press("enter")
        await cx.saved()
        await cx.says("the board shows it")
        assert not cx.cells("in_use")[0].endswith("of 1,234")
    async with session_of(own_url) as session:
        ((one, _),) = await session.delayed.board([DelayedState.WAITING], key)
        assert dict(one.wanted) == {"channels": "1234"}
        assert timedelta() < one.due_at - datetime.now(UTC) < LONGEST
        assert await session.delayed.run_due() == 0
        await elsewhere.write(delayed.update().values(due_at=datetime.now(UTC)))
        assert await session.delayed.run_due() == 1
    assert (await stored(elsewhere, key)).channels == 1234


async def test_a_new_customer_can_not_wait(cx: Driver) -> None:
    await cx.new_form()
    await cx.do("customer_form.delay")
    await cx.says("A new customer can't be delayed.")
    await cx.do("record_form.leave")
    await cx.saved()


async def ask_when(cx: Driver) -> None:
    """Ask for the changes to be made later."""
    await cx.do("customer_form.delay")
    await cx.shows("will be written")
    await cx.do("preview.save")
    await cx.shows("When should 1 field be changed?")


async def type_when(cx: Driver, text: str) -> None:
    """Say when."""
    from textual.widgets import Input

    cx.screen.query_one(Input).value = text
    await cx.pilot.pause()


async def test_a_save_of_others_is_seen_before_one_saves(cx: Driver, own_url: str) -> None:
    key = cx.cursor()
    assert key
    await cx.open_form()
    async with session_of(own_url) as session:
        await save(session, key, channels=7)
        assert await first_customers(session, 1) == [key]
    assert isinstance(cx.screen, CustomerForm)
    cx.screen.presence.look_around()
    await cx.shows("! saved by others meanwhile")
    await cx.do("record_form.leave")
    await cx.saved()


async def test_a_wide_form_says_what_is_known_of_the_customer_beside_it(world_url: str) -> None:
    async with opened(world_url) as cx:
        name = cx.names()[0]
        await cx.open_form()
        await cx.shows("Last changes")
        beside = cx.app.screen.query_one(BesideForm)
        assert lines_of(beside)[0].strip() == name
        assert beside.region.right == 120
        await cx.do("customer_form.next")
        await cx.until(lambda: lines_of(beside)[0].strip() == cx.names()[1], "the next customer")
        await cx.pilot.resize_terminal(80, 24)
        await cx.until(lambda: not beside.display, "only the form")
        await back_to_list(cx)


async def test_money_is_said_in_the_currency_of_the_customer(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.open_form()
        await cx.type_into("minimum_payment", "12345.5")
        await cx.shows(f"12,345.50 {cx.form.values['currency']}")
        await discard(cx)
