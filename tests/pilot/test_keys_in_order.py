"""Keys that arrive together, as they do on a slow link, do what they do one by one."""

import asyncio
from collections.abc import Callable
from time import monotonic

import pytest
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.events import Key, Paste
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Static

from cx_tui.terminal import in_order
from cx_tui.terminal.in_order import OPENS, DealtWith, InOrder


class Typing(InOrder[None]):
    BINDINGS = [Binding("f1", "drop", "drop"), Binding("f2", "say", "say"), Binding("f3", "go", "go")]
    said = 0

    def compose(self) -> ComposeResult:
        yield Input("30", select_on_focus=False)
        yield Input("", id="second")

    def action_drop(self) -> None:
        self.query_one(Input).remove()

    def action_go(self) -> None:
        self.query_one("#second").focus()

    def action_say(self) -> None:
        self.said += 1


def key(name: str) -> Message:
    return Key(name, name if len(name) == 1 else None)


async def typed(*messages: Message) -> str:
    """What is in the input when all of them came at once."""
    app = Typing()
    async with app.run_test() as pilot:
        await pilot.pause()
        for message in messages:
            app.post_message(message)
        app.post_message(key("f2"))
        while not app.said:
            await pilot.pause()
        return app.query_one(Input).value


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("1", "2", "backspace", "3"), "3013"),
        (("ctrl+u", "7", "8"), "78"),
        (("1", "left", "2"), "3021"),
        (("home", "9"), "930"),
        (("backspace", "backspace", "4"), "4"),
    ],
)
async def test_keys_that_come_at_once_are_dealt_with_in_their_order(
    keys: tuple[str, ...], value: str
) -> None:
    assert await typed(*map(key, keys)) == value


async def test_a_paste_keeps_its_place_among_keys() -> None:
    assert await typed(key("ctrl+u"), Paste("pasted"), key("backspace"), key("!")) == "paste!"


async def test_without_it_textual_deals_with_letters_before_the_keys_that_came_first() -> None:
    class Plain(Typing):
        on_event = App.on_event  # as Textual has it

    app = Plain()
    async with app.run_test() as pilot:
        await pilot.pause()
        for message in map(key, ("ctrl+u", "7", "8", "f2")):
            app.post_message(message)
        while not app.said:
            await pilot.pause()
        assert app.query_one(Input).value != "78"


async def test_keys_go_on_when_the_input_of_the_last_one_is_gone() -> None:
    app = Typing()
    async with app.run_test() as pilot:
        await pilot.pause()
        for name in ("f1", "a", "b", "f2"):
            app.post_message(key(name))
        while not app.said:
            await pilot.pause()
        assert app.said == 1


async def test_letters_behind_a_key_that_goes_elsewhere_are_typed_there() -> None:
    app = Typing()
    async with app.run_test() as pilot:
        await pilot.pause()
        for name in ("f3", "a", "b", "f2"):
            app.post_message(key(name))
        while not app.said:
            await pilot.pause()
        assert app.query_one("#second", Input).value == "ab"


class Naming(Screen[None]):
    """A screen into which one types."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def compose(self) -> ComposeResult:
        yield Input()

    async def on_mount(self) -> None:
        await asyncio.sleep(self.seconds)


class Listing(Screen[None]):
    """A list, from which another screen is opened when something was read."""

    BINDINGS = [
        Binding("n", "open", "open"),
        Binding("x", "delete", "delete"),
        Binding("escape", "leave", "leave"),
    ]
    deleted = 0
    escaped = False

    def __init__(self, reading: float, mounting: float) -> None:
        super().__init__()
        self.reading, self.mounting = reading, mounting

    @work(name=OPENS)
    async def action_open(self) -> None:
        await asyncio.sleep(self.reading)
        await self.app.push_screen_wait(Naming(self.mounting))

    def action_delete(self) -> None:
        self.deleted += 1

    def action_leave(self) -> None:
        self.escaped = True


@pytest.mark.parametrize(("reading", "mounting"), [(0, 0), (0.1, 0), (0, 0.4), (0.3, 0.4)])
async def test_what_is_typed_behind_a_key_that_opens_a_screen_is_typed_there(
    reading: float, mounting: float
) -> None:
    app, listing = InOrder[None](), Listing(reading, mounting)
    async with app.run_test() as pilot:
        await app.push_screen(listing)
        for name in "nxxy":
            app.post_message(key(name))
        end = monotonic() + 10
        while [box.value for box in app.screen.query(Input)] != ["xxy"]:
            assert monotonic() < end
            await pilot.pause(0.01)
        assert listing.deleted == 0


class Asking(Screen[None]):
    """A question before it."""

    BINDINGS = [Binding("enter", "dismiss", "yes")]


class Asked(Listing):
    """A list over which something is asked before it opens the other screen."""

    @work(name=OPENS)
    async def action_open(self) -> None:
        await self.app.push_screen_wait(Asking())
        await asyncio.sleep(self.reading)
        await self.app.push_screen_wait(Naming(self.mounting))


async def test_what_is_typed_behind_an_answer_is_typed_on_the_screen_that_it_opens() -> None:
    app, listing = InOrder[None](), Asked(0.2, 0.1)
    async with app.run_test() as pilot:
        await app.push_screen(listing)
        app.post_message(key("n"))
        end = monotonic() + 10
        while not isinstance(app.screen, Asking):
            assert monotonic() < end
            await pilot.pause(0.01)
        for name in ("enter", "x", "x", "y"):
            app.post_message(key(name))
        while [box.value for box in app.screen.query(Input)] != ["xxy"]:
            assert monotonic() < end
            await pilot.pause(0.01)
        assert listing.deleted == 0


class Hearing(InOrder[None]):
    """A program that says when keys wait."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, int]] = []

    def say_waiting(self, number: int) -> None:
        self.said.append(("waiting", number))

    def say_dropped(self, number: int) -> None:
        self.said.append(("dropped", number))


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    end = monotonic() + 10
    while not holds():
        assert monotonic() < end
        await pilot.pause(0.01)


async def test_keys_for_a_screen_that_does_not_come_act_on_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_order, "SAID_AFTER", 0.1)
    monkeypatch.setattr(in_order, "DROPPED_AFTER", 0.2)
    app, listing = Hearing(), Listing(60, 0)
    async with app.run_test() as pilot:
        await app.push_screen(listing)
        for name in "nxx":
            app.post_message(key(name))
        await until(pilot, lambda: app.said == [("waiting", 2), ("dropped", 2)])
        assert listing.deleted == 0
        app.post_message(key("x"))
        await until(pilot, lambda: listing.deleted == 1)
        listing.workers.cancel_all()


async def test_escape_drops_the_keys_that_wait_and_acts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_order, "SAID_AFTER", 0.1)
    app, listing = Hearing(), Listing(60, 0)
    async with app.run_test() as pilot:
        await app.push_screen(listing)
        for name in "nxx":
            app.post_message(key(name))
        await until(pilot, lambda: app.said == [("waiting", 2)])
        app.post_message(key("escape"))
        await until(pilot, lambda: listing.escaped)
        assert listing.deleted == 0
        listing.workers.cancel_all()


async def test_after_escape_the_screen_that_was_waited_for_does_not_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_order, "SAID_AFTER", 0.1)
    app, listing = Hearing(), Listing(0.4, 0)
    async with app.run_test() as pilot:
        await app.push_screen(listing)
        for name in "nx":
            app.post_message(key(name))
        await until(pilot, lambda: app.said == [("waiting", 1)])
        for name in ("escape", "x"):
            app.post_message(key(name))
        await until(pilot, lambda: listing.deleted == 1)
        await until(pilot, lambda: not listing.workers)
        assert app.screen is listing


async def test_a_screen_that_nobody_waits_for_any_more_comes_when_nobody_types(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_order, "DROPPED_AFTER", 0.1)
    monkeypatch.setattr(in_order, "QUIET", 0.5)
    app, listing = Hearing(), Listing(0.4, 0)
    async with app.run_test() as pilot:
        await app.push_screen(listing)
        for name in "nx":
            app.post_message(key(name))
        await until(pilot, lambda: app.said == [("dropped", 1)])
        end = monotonic() + 1
        while monotonic() < end:
            app.post_message(key("x"))
            await pilot.pause(0.05)
            assert app.screen is listing
        assert listing.deleted > 5
        await until(pilot, lambda: [box.value for box in app.screen.query(Input)] == [""])


class Refusing(Listing):
    """A list from which nothing can be opened."""

    @work(name=OPENS)
    async def action_open(self) -> None:
        await asyncio.sleep(self.reading)
        self.notify("It can't be opened.", severity="error")


async def test_what_is_typed_for_a_screen_that_can_t_be_opened_acts_on_nothing_else() -> None:
    app, listing = Hearing(), Refusing(0.2, 0)
    async with app.run_test() as pilot:
        await app.push_screen(listing)
        for name in "nxx":
            app.post_message(key(name))
        await until(pilot, lambda: app.said == [("dropped", 2)])
        app.post_message(key("x"))
        await until(pilot, lambda: listing.deleted == 1)


class Closing(Listing):
    """A list that is read for long after the screen that it opened was closed."""

    @work(name=OPENS)
    async def action_open(self) -> None:
        await self.app.push_screen_wait(Asking())
        await asyncio.sleep(60)


async def test_keys_do_not_wait_for_ever_for_what_follows_a_screen() -> None:
    app, listing = Hearing(), Closing(0, 0)
    async with app.run_test() as pilot:
        await app.push_screen(listing)
        for name in ("n", "enter", "x"):
            app.post_message(key(name))
        await until(pilot, lambda: listing.deleted == 1)
        assert app.said == []
        listing.workers.cancel_all()


class Leaving(Screen[None]):
    """A screen that goes away with the message behind its key, as a deep form does."""

    def on_dealt_with(self, message: DealtWith) -> None:
        if message.number > 1:
            message.stop()
            self.dismiss(None)


async def test_a_key_behind_one_that_closed_its_screen_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_order, "LOST_AFTER", 60)
    app, listing = InOrder[None](), Listing(0, 0)
    async with app.run_test() as pilot:
        await app.push_screen(listing)
        await app.push_screen(Leaving())
        for name in ("escape", "x"):
            app.post_message(key(name))
        await until(pilot, lambda: listing.deleted == 1)


class Finding(Screen[None]):
    """A box to search with, and the rows that it finds after a while."""

    BINDINGS = [Binding("e", "edit", "edit"), Binding("escape", "leave", "leave")]

    def __init__(self) -> None:
        super().__init__()
        self.asked = self.found = ""
        self.edited: list[str] = []

    def compose(self) -> ComposeResult:
        yield Input()
        yield Rows()

    def awaits(self, key: str) -> bool:
        return self.asked != self.found and isinstance(self.focused, Rows)

    def on_input_changed(self, event: Input.Changed) -> None:
        self.asked = event.value
        self.look()

    def on_input_submitted(self) -> None:
        self.query_one(Rows).focus()

    @work(exclusive=True)
    async def look(self) -> None:
        await asyncio.sleep(0.2)
        self.found = self.asked

    def action_edit(self) -> None:
        self.edited.append(self.found)


class Rows(Static, can_focus=True):
    """Something to act on."""


async def test_what_is_typed_behind_a_search_acts_on_what_it_finds_and_is_not_typed_into_it() -> None:
    app, finding = Hearing(), Finding()
    async with app.run_test() as pilot:
        await app.push_screen(finding)
        for name in (*"acme", "enter", "e"):
            app.post_message(key(name))
        await until(pilot, lambda: finding.edited)
        assert (finding.asked, finding.edited) == ("acme", ["acme"])


class Stuck(Screen[None]):
    """Its keys wait for something that does not come."""

    def awaits(self, key: str) -> bool:
        return True


async def test_the_program_may_end_while_keys_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_order, "LOOK_AGAIN", 0.0001)
    app = Hearing()
    async with app.run_test() as pilot:
        await app.push_screen(Stuck())
        app.post_message(key("e"))
        await until(pilot, lambda: ("waiting", 1) in app.said)
