"""Bulk edit as an operator does it: fields are chosen, it is said what will happen, and it happens or not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import func, select, update

from cx_tui.db.history_tables import operation
from cx_tui.db.tables import counters, customer, table_named
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.domain.selection import Selection
from cx_tui.errors import Unavailable
from cx_tui.screens.bulk_edit import BulkEditScreen
from cx_tui.screens.bulk_edit.fields import bulk_fields
from cx_tui.services.changes.bulk import BulkChanges, Done
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, opened

SOME, MANY = frozenset({1, 2, 3}), frozenset(range(1, 41))
HOSTILE = ("[bold red]x[/] [/nothing]", "\x1b[31mred\x07", "a\u202eb", "x" * 5_000, "\ud800", "'; DROP TABLE")

FIELDS = bulk_fields(Customer)


class Bulk:
    """A bulk edit that is open."""

    def __init__(self, cx: Driver, screen: BulkEditScreen, results: list[Done | None]) -> None:
        self.cx = cx
        self.screen = screen
        self.results = results

    async def go(self, name: str) -> None:
        """Go to a field."""
        self.screen.form.go(name)
        await self.cx.until(lambda: self.screen.form.current == name, f"the field {name}")

    async def type(self, name: str, text: str) -> None:
        """Go to a field and type into it."""
        await self.go(name)
        await self.cx.press(*text)

    async def put(self, name: str, text: str) -> None:
        """Put a text into a field as a paste does."""
        self.screen.form.set(name, text)
        await self.cx.pilot.pause()

    async def choose(self, name: str, label: str) -> None:
        """Choose an option of a field by its first letter."""
        await self.go(name)
        while self.screen.form.values[name] != label:
            await self.cx.press(label[0])

    async def find(self, name: str, text: str) -> None:
        """Choose from a long list by typing."""
        await self.go(name)
        await self.cx.do("form.open")
        await self.cx.press(*text)
        await self.cx.shows("GB  United Kingdom")
        await self.cx.press("enter")
        await self.cx.until(lambda: self.cx.screen is self.screen, "the form")

    async def ask(self) -> None:
        """Ask for it to be done."""
        await self.counted()
        await self.cx.do("bulk.apply")
        await self.cx.shows("Change ")

    async def counted(self) -> None:
        """Wait until the customers are counted."""
        await self.cx.until(lambda: "counting" not in self.cx.text(), "a count")

    async def closed(self) -> None:
        """Wait until the form is closed."""
        await self.cx.until(lambda: self.cx.screen is self.cx.customers and self.results, "the list")


@asynccontextmanager
async def editing(
    url: str, selection: Selection | frozenset[int] = SOME, size: tuple[int, int] = (120, 40), **settings: Any
) -> AsyncIterator[Bulk]:
    """Bulk edit of some customers."""
    chosen = selection if isinstance(selection, Selection) else Selection(selection)
    async with opened(url, size, **settings) as cx:
        results: list[Done | None] = []
        screen = BulkEditScreen(chosen)
        await cx.app.push_screen(screen, results.append)
        await cx.until(lambda: screen.form.current == "channels", "the first field")
        yield Bulk(cx, screen, results)
        while cx.app.screen is not cx.customers:
            cx.app.pop_screen()


async def rows(
    elsewhere: Elsewhere, *columns: str, ids: Sequence[int] = tuple(SOME)
) -> list[tuple[Any, ...]]:
    """What customers have."""
    wanted = select(*(customer.c[name] for name in columns)).where(customer.c.id.in_(ids))
    return [tuple(row) for row in await elsewhere.ask(wanted.order_by(customer.c.id))]


# What is seen


async def test_it_says_how_many_customers_and_how_many_calls_are_live(
    own_url: str, elsewhere: Elsewhere
) -> None:
    await elsewhere.write(update(counters).where(counters.c.customer_id.in_(SOME)).values(live=4))
    async with editing(own_url) as bulk:
        await bulk.cx.shows("Edit 3 customers together")
        await bulk.cx.shows("12 calls are live now and go on")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_field_marked_bulk_is_there_on_its_tab(own_url: str, size: tuple[int, int]) -> None:
    async with editing(own_url, size=size) as bulk:
        for tab in ("Basic", "Config", "Address", "Verification"):
            labels = [field.label for field in FIELDS.values() if field.tab == tab]
            assert labels
            for label in labels:
                if label not in bulk.cx.text():
                    await bulk.cx.press("pagedown")
                await bulk.cx.shows(label)
            await bulk.cx.do("form.tab_after")
            await bulk.cx.pilot.pause()


async def test_it_says_what_the_field_at_the_cursor_is_now(own_url: str, elsewhere: Elsewhere) -> None:
    await elsewhere.write(update(customer).where(customer.c.id.in_(SOME)).values(channels=7))
    await elsewhere.write(update(customer).where(customer.c.id == 1).values(channels=1_200))
    async with editing(own_url) as bulk:
        await bulk.cx.shows("Channels now  7 (2) and 1,200 (1)")


async def test_a_field_that_is_chosen_shows_what_it_is_now_and_what_it_will_be(
    own_url: str, elsewhere: Elsewhere
) -> None:
    await elsewhere.write(update(customer).where(customer.c.id.in_(SOME)).values(status=Status.INACTIVE))
    async with editing(own_url) as bulk:
        await bulk.choose("status", "Penalty")
        await bulk.cx.shows("now all Inactive")
        await bulk.cx.shows("Set Status to Penalty")


async def test_of_portal_areas_each_one_is_counted(own_url: str, elsewhere: Elsewhere) -> None:
    await elsewhere.write(update(customer).where(customer.c.id.in_(SOME)).values(portal_areas={}))
    hidden = {"CDR": "hide", "Rates": "show"}
    await elsewhere.write(update(customer).where(customer.c.id == 2).values(portal_areas=hidden))
    async with editing(own_url) as bulk:
        await bulk.go("portal_areas")
        await bulk.cx.shows("all inherited (2), CDR hide (1) and Rates show (1)")


async def test_keys_are_answered_while_the_values_are_read(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = asyncio.Event()
    read = BulkChanges.distinct

    async def slowly(self: BulkChanges, ids: Sequence[int], name: str) -> list[tuple[str, int]]:
        await slow.wait()
        return await read(self, ids, name)

    monkeypatch.setattr(BulkChanges, "distinct", slowly)
    async with editing(own_url) as bulk:
        await bulk.type("channels", "30")
        await bulk.cx.shows("Set Channels to 30")
        slow.set()
        await bulk.cx.shows("Channels now  ")
        await bulk.cx.hides("reading …")


# What is done


async def test_only_the_chosen_fields_change_and_it_is_said_what_was_done(
    own_url: str, elsewhere: Elsewhere
) -> None:
    await elsewhere.write(update(customer).where(customer.c.id.in_(SOME)).values(channels=7, flow_speed=9))
    await elsewhere.write(update(customer).where(customer.c.id == 1).values(channels=30))
    before = await rows(elsewhere, "status", "tags", "tax", "flow_speed")
    async with editing(own_url) as bulk:
        await bulk.type("channels", "30")
        await bulk.ask()
        await bulk.cx.shows("Set Channels to 30 for 3 customers;")
        await bulk.cx.do("confirm.yes")
        await bulk.closed()
        await bulk.cx.says("2 customers changed, 1 had the values already; undo it from the log: operation")
        done = bulk.results[0]
        assert done
        assert done.changed == 2
    assert await rows(elsewhere, "channels") == [(30,)] * 3
    assert await rows(elsewhere, "status", "tags", "tax", "flow_speed") == before
    assert len(await elsewhere.ask(select(operation.c.id).where(operation.c.id == done.operation_id))) == 1


async def test_several_fields_of_several_tabs_change_in_one_operation(
    own_url: str, elsewhere: Elsewhere
) -> None:
    async with editing(own_url) as bulk:
        await bulk.choose("status", "Penalty")
        await bulk.type("debit_limit", "-5")
        await bulk.cx.shows("pre-pay, must keep 5.00")
        await bulk.choose("portal", "no")
        await bulk.find("country", "gb")
        await bulk.choose("verify_email", "yes")
        await bulk.ask()
        await bulk.cx.shows("Set Status to Penalty, Debit limit to -5.00, Portal access to no")
        await bulk.cx.do("confirm.yes")
        await bulk.closed()
    assert (
        await rows(elsewhere, "status", "portal", "country", "verify_email")
        == [(Status.PENALTY, False, "GB", True)] * 3
    )


async def test_portal_areas_that_are_not_named_are_kept(own_url: str, elsewhere: Elsewhere) -> None:
    had = {"CDR": "hide", "Rates": "show"}
    await elsewhere.write(update(customer).where(customer.c.id.in_(SOME)).values(portal_areas=had))
    async with editing(own_url) as bulk:
        await bulk.go("portal_areas")
        await bulk.cx.do("form.state_next", "form.state_next")
        await bulk.cx.do("form.state_down", "form.state_next")
        await bulk.ask()
        await bulk.cx.shows("portal area Balance to show and portal area CDR to inherit")
        await bulk.cx.do("confirm.yes")
        await bulk.closed()
    assert await rows(elsewhere, "portal_areas") == [({"Balance": "show", "Rates": "show"},)] * 3


async def test_a_field_can_be_left_as_it_is_after_all(own_url: str) -> None:
    async with editing(own_url) as bulk:
        await bulk.type("channels", "30")
        await bulk.type("tax", "5")
        await bulk.cx.shows("Set Channels to 30 and Tax % to 5")
        await bulk.cx.do("bulk.keep")
        await bulk.cx.hides("Tax % to 5")
        assert bulk.screen.chosen == ["channels"]


async def test_a_field_can_be_made_empty_but_not_one_that_needs_a_value(
    own_url: str, elsewhere: Elsewhere
) -> None:
    await elsewhere.write(update(customer).where(customer.c.id.in_(SOME)).values(tags=("uk", "retail")))
    async with editing(own_url) as bulk:
        await bulk.cx.do("bulk.empty")
        await bulk.cx.says("Channels can't be empty; give it a value.")
        await bulk.go("tags")
        await bulk.cx.do("bulk.empty")
        await bulk.cx.shows("will be empty")
        await bulk.cx.shows("Make Tags empty")
        await bulk.ask()
        await bulk.cx.do("confirm.yes")
        await bulk.closed()
    assert await rows(elsewhere, "tags") == [((),)] * 3


async def test_typing_into_a_field_that_was_to_be_empty_gives_it_a_value(own_url: str) -> None:
    async with editing(own_url) as bulk:
        await bulk.go("daily_limit")
        await bulk.cx.do("bulk.empty")
        await bulk.cx.shows("Make Daily spend limit empty")
        await bulk.cx.press("5")
        await bulk.cx.shows("Set Daily spend limit to 5.00")


async def test_making_the_portal_areas_empty_inherits_them_all(own_url: str, elsewhere: Elsewhere) -> None:
    had = {"CDR": "hide"}
    await elsewhere.write(update(customer).where(customer.c.id.in_(SOME)).values(portal_areas=had))
    async with editing(own_url) as bulk:
        await bulk.go("portal_areas")
        await bulk.cx.do("bulk.empty")
        await bulk.cx.shows("Set all portal areas to inherit")
        await bulk.ask()
        await bulk.cx.do("confirm.yes")
        await bulk.closed()
    assert await rows(elsewhere, "portal_areas") == [({},)] * 3


async def test_nothing_changes_when_all_have_the_values_already(own_url: str, elsewhere: Elsewhere) -> None:
    await elsewhere.write(update(customer).where(customer.c.id.in_(SOME)).values(channels=30))
    async with editing(own_url) as bulk:
        await bulk.type("channels", "30")
        await bulk.ask()
        await bulk.cx.do("confirm.yes")
        await bulk.closed()
        await bulk.cx.says("Nothing changed: 3 customers had the values already.")


async def test_all_but_some_of_a_list_can_be_edited(own_url: str, elsewhere: Elsewhere) -> None:
    async with editing(own_url, Selection(frozenset({1}), all_but=True)) as bulk:
        await bulk.cx.shows("Edit 2,999 customers together")
        await bulk.type("channels", "31")
        await bulk.ask()
        await bulk.cx.press(*"2999")
        await bulk.cx.press("enter")
        await bulk.closed()
    found = await elsewhere.ask(select(func.count()).select_from(customer).where(customer.c.channels == 31))
    assert found[0][0] >= 2_999 - 1


# What is not done


async def test_above_ten_the_number_has_to_be_typed(own_url: str, elsewhere: Elsewhere) -> None:
    before = await rows(elsewhere, "channels", ids=tuple(MANY))
    async with editing(own_url, MANY) as bulk:
        await bulk.type("channels", "31")
        await bulk.ask()
        await bulk.cx.shows("Type 40 to go on")
        await bulk.cx.press(*"41", "enter")
        await bulk.cx.shows("That is not 40.")
        assert await rows(elsewhere, "channels", ids=tuple(MANY)) == before
        await bulk.cx.press("backspace", "0", "enter")
        await bulk.closed()
    assert await rows(elsewhere, "channels", ids=tuple(MANY)) == [(31,)] * 40


@pytest.mark.parametrize("answer", ["enter", "n", "escape"])
async def test_the_safe_answer_is_no_and_the_form_stays(
    answer: str, own_url: str, elsewhere: Elsewhere
) -> None:
    before = await rows(elsewhere, "channels")
    async with editing(own_url) as bulk:
        await bulk.type("channels", "31")
        await bulk.ask()
        await bulk.cx.press(answer)
        await bulk.cx.until(lambda: bulk.cx.screen is bulk.screen, "the form")
        await bulk.cx.shows("Set Channels to 31")
    assert await rows(elsewhere, "channels") == before


async def test_stopped_on_the_way_nothing_is_changed_and_the_form_stays(
    own_url: str, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def never(*_: object) -> Done:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(BulkChanges, "edit", never)
    before = await rows(elsewhere, "channels")
    async with editing(own_url) as bulk:
        await bulk.type("channels", "31")
        await bulk.ask()
        await bulk.cx.do("confirm.yes")
        await bulk.cx.until(begun.is_set)
        await bulk.cx.stop_work()
        await bulk.cx.shows("It was stopped; nothing was changed.")
        await bulk.cx.do("progress.close")
        await bulk.cx.until(lambda: bulk.cx.screen is bulk.screen, "the form")
        await bulk.cx.shows("Set Channels to 31")
    assert await rows(elsewhere, "channels") == before


async def test_an_error_is_a_sentence_and_the_form_stays(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> Done:
        raise Unavailable("the database does not answer; try again")

    monkeypatch.setattr(BulkChanges, "edit", away)
    async with editing(own_url) as bulk:
        await bulk.type("channels", "31")
        await bulk.ask()
        await bulk.cx.do("confirm.yes")
        await bulk.cx.shows("he database does not answer; try again.")
        await bulk.cx.do("progress.close")
        await bulk.cx.until(lambda: bulk.cx.screen is bulk.screen, "the form")
        await bulk.cx.shows("Set Channels to 31")


async def test_when_the_customers_could_not_be_counted_it_is_said_and_tried_again(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = BulkChanges.chosen

    async def away(*_: object) -> Sequence[int]:
        raise Unavailable("the database does not answer")

    monkeypatch.setattr(BulkChanges, "chosen", away)
    async with editing(own_url) as bulk:
        await bulk.cx.says("The customers can't be counted: the database does not answer.")
        await bulk.type("channels", "31")
        monkeypatch.setattr(BulkChanges, "chosen", count)
        await bulk.cx.do("bulk.apply")
        await bulk.cx.shows("Edit 3 customers together")
        await bulk.ask()


async def test_a_read_only_session_changes_nothing_and_says_so(own_url: str) -> None:
    async with editing(own_url, database_read_only=True) as bulk:
        await bulk.type("channels", "31")
        await bulk.counted()
        await bulk.cx.do("bulk.apply")
        await bulk.cx.says("The database is open to read only, so nothing can be changed.")
        assert bulk.cx.screen is bulk.screen


async def test_customers_that_are_gone_are_not_edited(own_url: str, elsewhere: Elsewhere) -> None:
    now = func.current_timestamp()
    await elsewhere.write(update(customer).where(customer.c.id.in_(SOME)).values(deleted_at=now))
    async with editing(own_url) as bulk:
        await bulk.cx.shows("Edit 0 customers together")
        await bulk.type("channels", "31")
        await bulk.cx.do("bulk.apply")
        await bulk.cx.says("None of these customers is left")


async def test_without_a_new_value_there_is_nothing_to_do(own_url: str) -> None:
    async with editing(own_url) as bulk:
        await bulk.cx.shows("A field without a new value stays as it is.")
        await bulk.counted()
        await bulk.cx.do("bulk.apply")
        await bulk.cx.says("No field has a new value yet.")


# Leaving


async def test_leaving_the_program_with_new_values_asks_and_says_that_they_are_lost(own_url: str) -> None:
    async with editing(own_url) as bulk:
        await bulk.type("channels", "31")
        await bulk.cx.press("ctrl+q")
        await bulk.cx.shows("1 field was changed and not saved")
        await bulk.cx.shows("Leave; what was typed is lost")
        await bulk.cx.do("menu.back")
        await bulk.cx.shows("Set Channels to 31")
        assert bulk.cx.app.return_code is None


async def test_leaving_with_new_values_asks_and_without_them_does_not(own_url: str) -> None:
    async with editing(own_url) as bulk:
        await bulk.type("channels", "31")
        await bulk.cx.do("bulk.leave")
        await bulk.cx.shows("New values were given to Channels; no customer has them yet.")
        await bulk.cx.do("confirm.no")
        await bulk.cx.shows("Set Channels to 31")
        await bulk.cx.do("bulk.keep")
        await bulk.cx.do("bulk.leave")
        await bulk.closed()
        assert bulk.results == [None]


# What was typed


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("channels", "12x", '"12x" is not a whole number'),
        ("channels", "-1", '"-1" is out of range'),
        ("channels", "1.2E+05", "is in scientific notation"),
        ("debit_limit", "1e9", "is in scientific notation"),
        ("minimum_payment", "ten", '"ten" is not a number'),
        ("tax", "101", '"101" is out of range'),
        ("daily_limit", "0.0000001", "has more than 6 decimal places"),
        ("invoice_due_days", "99999", '"99999" is out of range'),
        ("channels", "   ", "these are only spaces"),
    ],
)
async def test_a_bad_value_gets_its_sentence_and_nothing_is_asked(
    name: str, text: str, sentence: str, own_url: str
) -> None:
    async with editing(own_url) as bulk:
        await bulk.counted()
        await bulk.put(name, text)
        await bulk.cx.do("bulk.apply")
        await bulk.cx.says(f"Not right yet: {FIELDS[name].label}.")
        await bulk.cx.until(lambda: bulk.screen.form.current == name, "the field")
        await bulk.cx.shows(sentence)
        assert bulk.cx.screen is bulk.screen
        assert bulk.screen.form.values[name] == text


@pytest.mark.parametrize("text", HOSTILE, ids=[ascii(text[:12]) for text in HOSTILE])
async def test_hostile_text_in_every_field_is_kept_and_never_obeyed(
    text: str, own_url: str, elsewhere: Elsewhere
) -> None:
    before = await rows(elsewhere, *FIELDS)
    async with editing(own_url, size=(80, 24)) as bulk:
        await bulk.counted()
        for name in FIELDS:
            await bulk.go(name)
            await bulk.put(name, text)
            assert "\x1b" not in bulk.cx.text()
            assert "\u202e" not in bulk.cx.text()
        await bulk.cx.do("bulk.apply")
        await bulk.cx.says("Not right yet: Channels, Flow speed, Status, Debit limit")
        assert bulk.screen.form.values == dict.fromkeys(FIELDS, text)
        assert bulk.screen.form.errors.keys() >= {"channels", "status", "tax", "portal", "country"}
    assert await rows(elsewhere, *FIELDS) == before


async def test_hostile_names_of_what_is_referred_to_are_shown_as_text(
    own_url: str, elsewhere: Elsewhere
) -> None:
    hostile = "[bold]x[/] \x1b[31m" + "y" * 100
    user = table_named("user")
    await elsewhere.write(update(user).where(user.c.id == 1).values(name=hostile))
    await elsewhere.write(update(customer).where(customer.c.id.in_(SOME)).values(account_manager=1))
    async with editing(own_url) as bulk:
        await bulk.go("account_manager")
        await bulk.cx.shows("Account manager now  all [bold]x[/] ␛[31m")
        assert "\x1b" not in bulk.cx.text()


async def test_keys_have_an_id_a_name_and_a_sentence() -> None:
    for binding in BulkEditScreen.BINDINGS:
        assert getattr(binding, "id", "").startswith("bulk.")
        assert getattr(binding, "description", "")
        assert getattr(binding, "tooltip", "").endswith(".")


# The window


async def test_on_a_roomy_terminal_it_is_a_window_with_the_list_around_it_as_it_was(own_url: str) -> None:
    async with editing(own_url, size=(120, 40)) as bulk:
        box = bulk.screen.query_one("#window")
        assert box.region.width < 120
        assert box.region.height < 36
        first, last = bulk.cx.names()[0].split()[0], bulk.cx.names()[-1].split()[0]
        picture = bulk.cx.app.export_screenshot()
        assert first in picture
        assert last in picture
        assert bulk.screen.styles.background.a == 0


async def test_it_fills_a_small_terminal_and_follows_its_size(own_url: str) -> None:
    async with editing(own_url, size=(80, 24)) as bulk:
        box = bulk.screen.query_one("#window")
        assert box.region.size == (80, 24)
        await bulk.cx.pilot.resize_terminal(120, 40)
        await bulk.cx.until(lambda: box.region.x > 0, "a window")
        await bulk.cx.pilot.resize_terminal(90, 28)
        await bulk.cx.until(lambda: box.region.size == (90, 28), "the whole terminal")
