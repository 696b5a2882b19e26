"""The form, driven as an operator would: every editor, and what is said of what was typed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import Paste
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static, TextArea

from widgets.form import (
    Code,
    Form,
    FormField,
    Made,
    Masked,
    OneLine,
    OneOf,
    Own,
    SeveralLines,
    States,
    Tell,
    Words,
    YesNo,
)
from widgets.form.editor import Editor
from widgets.form.popup import Popup

HOSTILE = "[red]x[/] \x1b[31m\x07\u202e\u200b \x9b2J"
STATES = [("on", "Open"), ("off", "Closed"), ("fix", "Being repaired"), ("old", "Old")]
PLACES = [(f"{number:03}", f"Place {number}") for number in range(600)]


def number(text: str) -> str | None:
    return None if text.isdecimal() else f"{text} is not a number"


def gap(text: str) -> tuple[int, int] | None:
    """A line that ends with its equals sign is wrong there."""
    wrong = (place for place, line in enumerate(text.splitlines(), 1) if line.endswith("="))
    return next(((place, len(text.splitlines()[place - 1])) for place in wrong), None)


NAME = FormField("name", "Name", "Basic", help="A name no other has.", required=True)
SEATS = FormField("seats", "Seats", "Basic", OneLine(10), "How many.", check=number,
                  means=lambda text: f"{text} people can sit")  # fmt: skip
STATE = FormField("state", "State", "More", OneOf(lambda: STATES, search=False), "Whether it is open.")
NOTES = FormField("notes", "Notes", "Last", SeveralLines(), "What else there is.")
FIELDS = (NAME, SEATS, STATE, NOTES)
VALUES = {"name": "Globex", "seats": "12", "state": "on", "notes": "one\ntwo"}


class Host(App[None]):
    """An app that is one form, and a word that can have the focus."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form

    def compose(self) -> ComposeResult:
        yield self.form
        yield Static(id="elsewhere")

    def on_mount(self) -> None:
        self.query_one("#elsewhere").can_focus = True


class Driver:
    """What a test does and sees."""

    def __init__(self, app: Host, pilot: Pilot[None], told: list[Message]) -> None:
        self.app, self.pilot, self.form = app, pilot, app.form
        self._told = told

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def write(self, text: str) -> None:
        await self.press(*("space" if letter == " " else letter for letter in text))

    async def go(self, name: str) -> None:
        self.form.go(name)
        await self.pilot.pause()
        await self.pilot.pause()

    async def paste(self, text: str) -> None:
        assert self.app.focused
        self.app.focused.post_message(Paste(text))
        await self.pilot.pause()

    async def until(self, holds: Any) -> None:
        for _ in range(200):
            if holds():
                return
            await self.pilot.pause()
        raise AssertionError(self.text())

    def value(self, name: str) -> str:
        return self.form.values[name]

    def lines(self) -> list[str]:
        """The screen as it is drawn: each widget over the one it is in."""
        width, height = self.app.size
        drawn = [Strip.blank(width)] * height
        for screen in self.app.screen_stack:
            for widget in screen.walk_children(Widget):
                region = widget.region.intersection(seen_of(widget))
                if not (widget.display and all(part.display for part in widget.ancestors) and region):
                    continue
                strips = widget.render_lines(region.translate(-widget.region.offset))
                assert all(strip.cell_length == region.width for strip in strips)
                for y, strip in enumerate(strips, region.y):
                    drawn[y] = Strip.join([drawn[y].crop(0, region.x), strip, drawn[y].crop(region.right)])
        return [strip.text.rstrip() for strip in drawn]

    def text(self) -> str:
        return "\n".join(self.lines())

    def line(self, text: str) -> str:
        return next((line for line in self.lines() if text in line), "")

    def told(self) -> list[str]:
        """What the form told, shortly."""
        return [
            f"{type(message).__name__} {getattr(message, 'name', getattr(message, 'tab', ''))}"
            for message in self._told
        ]


def seen_of(widget: Widget) -> Region:
    """The part of the screen in which a widget can be seen."""
    seen = widget.app.size.region
    for part in widget.ancestors:
        if isinstance(part, Widget):
            seen = seen.intersection(part.scrollable_content_region if part.is_scrollable else part.region)
    return seen


@asynccontextmanager
async def running(
    *fields: FormField, size: tuple[int, int] = (80, 24), ascii: bool = False, **values: str
) -> AsyncIterator[Driver]:
    """A form with the focus on its first field."""
    form = Form(fields or FIELDS, ascii=ascii)
    form.show({**VALUES, **values})
    told: list[Message] = []

    def hook(message: Message) -> None:
        ours = isinstance(message, (Form.Edited, Form.Left, Form.TabShown))
        if ours and not any(message is other for other in told):
            told.append(message)

    app = Host(form)
    async with app.run_test(size=size, message_hook=hook) as pilot:
        await pilot.pause()
        yield Driver(app, pilot, told)


def only(editor: Editor, **more: Any) -> tuple[FormField, FormField]:
    """A form of one field with this editor, and another field after it."""
    return FormField("it", "It", "", editor, "What it is.", **more), FormField("next", "Next", "")


# The form


async def test_each_field_has_its_label_its_text_and_what_it_means() -> None:
    async with running() as driver:
        assert "Name *" in driver.line("Globex")
        assert driver.line("Seats").endswith("12 people can sit")
        assert driver.line("A name no other has.")


async def test_only_the_tab_that_is_shown_has_widgets_but_all_texts_are_there() -> None:
    async with running() as driver:
        assert not driver.app.screen.query(TextArea)
        assert driver.value("notes") == "one\ntwo"
        await driver.press("f3", "f3")
        assert driver.form.tab == "Last"
        assert driver.line("two")
        assert "TabShown Last" in driver.told()


async def test_the_tabs_go_round() -> None:
    async with running() as driver:
        await driver.press("f2")
        assert driver.form.tab == "Last"
        await driver.press("ctrl+pagedown")
        assert (driver.form.tab, driver.form.current) == ("Basic", "name")


async def test_a_tab_is_chosen_by_a_click() -> None:
    async with running() as driver:
        await driver.pilot.click(offset=(driver.lines()[0].index("More"), 0))
        await driver.until(lambda: driver.form.current == "state")


async def test_what_is_typed_is_told_and_differs_from_the_base() -> None:
    async with running() as driver:
        await driver.write("!")
        assert driver.value("name") == "Globex!"
        assert driver.form.changed == {"name": "Globex!"}
        assert driver.form.base["name"] == "Globex"
        assert driver.told() == ["Edited name"]
        assert driver.line("Globex!").startswith("▸▪Name")
        assert "[Basic]▪" in driver.lines()[0]
        await driver.press("backspace")
        assert driver.form.changed == {}
        assert "▪" not in driver.text()


async def test_an_error_is_said_when_the_field_is_left_and_then_while_typing() -> None:
    async with running() as driver:
        await driver.press("down", "end")
        await driver.write("x")
        assert "not a number" not in driver.text()
        await driver.press("up")
        assert driver.line("Seats").endswith("! 12x is not a number")
        assert "[Basic]!1 ▪" in driver.lines()[0]
        assert driver.told() == ["Left name", "Edited seats", "Left seats"]
        await driver.press("down", "end", "y")
        assert driver.line("Seats").endswith("! 12xy is not a number")
        await driver.press("backspace", "backspace")
        assert driver.line("Seats").endswith("12 people can sit")
        assert driver.form.errors == {}


async def test_the_help_line_says_the_whole_error_of_the_field() -> None:
    async with running() as driver:
        driver.form.show_errors({"name": "somebody else has this name"})
        await driver.pilot.pause()
        assert driver.text().count("! somebody else has this name") == 2


async def test_a_long_error_takes_rows_beneath_its_field_and_gives_them_back() -> None:
    sentence = (
        "this name was taken by somebody else while you were typing; choose another or ask whoever has it"
    )
    async with running() as driver:
        driver.form.show_errors({"name": sentence})
        await driver.until(lambda: driver.lines()[4].startswith("  Seats"))
        above, beneath = driver.lines()[2:4]
        assert f"{above.strip()} {beneath.strip()}" == f"! {sentence}"
        await driver.write("!")
        await driver.until(lambda: driver.lines()[2].startswith("  Seats"))


async def test_errors_elsewhere_show_on_their_tab_and_can_be_gone_to() -> None:
    async with running() as driver:
        driver.form.show_errors({"notes": "too rude"})
        await driver.pilot.pause()
        assert "Last !1" in driver.lines()[0]
        assert driver.form.first_error()
        await driver.until(lambda: driver.form.current == "notes")
        assert driver.line("! too rude")
        await driver.write("x")
        assert driver.form.errors == {}
        assert not driver.form.first_error()


async def test_checking_everything_finds_what_was_never_shown() -> None:
    async with running(NAME, FormField("far", "Far", "Far", check=number), far="x") as driver:
        assert driver.form.check_all() == {"far": "x is not a number"}
        await driver.pilot.pause()
        assert "Far !1" in driver.lines()[0]


async def test_a_required_field_that_was_emptied_says_so() -> None:
    async with running() as driver:
        await driver.press("ctrl+u", "enter")
        assert driver.line("Name *").endswith("! Name is required")


async def test_up_down_tab_and_enter_go_from_field_to_field_and_stop_at_the_ends() -> None:
    async with running() as driver:
        places = []
        for key in ("up", "down", "down", "up", "enter", "shift+tab", "tab"):
            await driver.press(key)
            places.append(driver.form.current)
        assert places == ["name", "seats", "seats", "name", "seats", "name", "seats"]


async def test_a_page_down_goes_as_far_as_is_seen() -> None:
    fields = [FormField(f"f{number}", f"Field {number}", "") for number in range(50)]
    async with running(*fields) as driver:
        await driver.press("pagedown")
        assert driver.form.current == "f20"
        await driver.press("pagedown", "pagedown", "pagedown")
        assert driver.form.current == "f49"
        assert driver.line("▸ Field 49")
        await driver.press("pageup")
        assert driver.form.current == "f29"


async def test_the_field_one_goes_to_is_seen_with_its_error() -> None:
    fields = [FormField(f"f{number}", f"Field {number}", "") for number in range(50)]
    async with running(*fields) as driver:
        driver.form.show_errors({"f40": "long " * 30})
        driver.form.first_error()
        await driver.until(lambda: driver.form.current == "f40")
        await driver.until(lambda: driver.line("Field 40"))
        assert driver.text().count("long long") >= 3


async def test_a_label_can_be_clicked() -> None:
    async with running() as driver:
        await driver.pilot.click(offset=(3, 2))
        await driver.until(lambda: driver.form.current == "seats")


async def test_showing_other_texts_keeps_the_tab_and_the_field() -> None:
    async with running() as driver:
        await driver.press("down", "x", "up", "down")
        driver.form.show({"name": "Acme", "seats": "3"})
        await driver.pilot.pause()
        assert driver.form.current == "seats"
        assert driver.line("Seats").endswith("3 people can sit")
        assert driver.form.changed == driver.form.errors == {}
        assert "Edited name" not in driver.told()


async def test_showing_other_texts_can_begin_at_the_first_tab() -> None:
    async with running() as driver:
        await driver.press("f3")
        driver.form.show(VALUES, keep_tab=False)
        await driver.until(lambda: driver.form.current == "name")


async def test_a_text_that_is_set_is_shown_but_not_told() -> None:
    async with running() as driver:
        driver.form.set("name", "Acme")
        driver.form.set("notes", "other")
        await driver.pilot.pause()
        assert driver.line("Acme")
        assert driver.form.changed == {"name": "Acme", "notes": "other"}
        assert driver.told() == []


async def test_while_disabled_it_keeps_what_was_typed_and_then_the_field() -> None:
    async with running() as driver:
        await driver.press("down", "5")
        driver.form.disabled = True
        await driver.pilot.pause()
        await driver.press("6")
        assert driver.value("seats") == "5"
        driver.form.disabled = False
        await driver.until(lambda: driver.form.current == "seats")
        await driver.press("7")
        assert driver.value("seats") == "57"


async def test_leaving_the_form_checks_the_field() -> None:
    async with running(seats="x") as driver:
        await driver.press("down")
        driver.app.query_one("#elsewhere").focus()
        await driver.pilot.pause()
        assert driver.form.current == ""
        assert driver.form.errors == {"seats": "x is not a number"}


async def test_where_there_is_no_room_for_all_tabs_the_active_one_is_seen() -> None:
    fields = [FormField(f"f{number}", "Field", f"A long name {number}") for number in range(12)]
    async with running(*fields, size=(40, 10)) as driver:
        for tab in range(12):
            assert f"[A long name {tab}]" in f"{driver.lines()[0]} "
            await driver.press("f3")


async def test_plain_ascii_signs_are_used_when_asked_for() -> None:
    async with running(*FIELDS, *only(Masked()), ascii=True, it="secret") as driver:
        await driver.press("x", "f3")
        assert driver.text().isascii()
        await driver.press("f3", "f3")
        assert driver.line("It").endswith("******")
        assert "Basic +" in driver.lines()[0]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12), (10, 3)])
async def test_it_stands_at_any_size(size: tuple[int, int]) -> None:
    async with running(*FIELDS, *only(Words()), size=size, it="a, b", name="x" * 300) as driver:
        for _ in range(4):
            driver.form.show_errors({"it": "wrong " * 20, "name": "wrong " * 20})
            await driver.press("f3", "down", "x", "up")
            assert all(cell_len(line) <= size[0] for line in driver.lines())


# Whatever the editor

HARMLESS = (
    OneLine(),
    Masked(),
    YesNo(),
    OneOf(lambda: STATES),
    OneOf(lambda: STATES, suggest=True),
    Words(),
    SeveralLines(),
    Code(),
    States(("A", "B"), ("inherit", "show")),
)


@pytest.mark.parametrize("editor", HARMLESS, ids=lambda editor: type(editor).__name__)
async def test_hostile_text_is_written_out_and_kept_as_it_is(editor: Editor) -> None:
    async with running(*only(editor), it=HOSTILE) as driver:
        driver.form.show_errors({"next": HOSTILE})
        await driver.press("down", "up")
        assert not set(driver.text()) & set("\x1b\x07\u202e\u200b\x9b")
        assert driver.value("it") == HOSTILE
        assert driver.form.changed == {}


@pytest.mark.parametrize("editor", HARMLESS, ids=lambda editor: type(editor).__name__)
async def test_a_fixed_field_can_be_visited_but_not_changed(editor: Editor) -> None:
    async with running(*only(editor, fixed=True), it="on") as driver:
        assert "can't be changed" in driver.text()
        assert driver.form.current == "it"
        await driver.press("x", "space", "right", "backspace", "delete", "ctrl+k", "left", "backspace", "f4")
        await driver.paste("pasted")
        assert driver.app.screen is driver.app.screen_stack[0]
        assert driver.value("it") == "on"


@pytest.mark.parametrize("editor", HARMLESS, ids=lambda editor: type(editor).__name__)
async def test_a_text_of_100_000_characters_is_kept(editor: Editor) -> None:
    text = "word = 1\n" * 11_111
    async with running(*only(editor), it=text) as driver:
        await driver.go("next")
        assert driver.value("it") == text


# One line


async def test_several_lines_that_are_pasted_become_one() -> None:
    async with running() as driver:
        await driver.paste("a\r\nb\nc")
        assert driver.value("name") == "Globexa b c"


async def test_a_long_line_follows_the_cursor_and_shows_where_it_is_cut() -> None:
    async with running(*only(OneLine(width=10)), it="0123456789abcdef") as driver:
        assert driver.line("It").endswith("…89abcdef")
        await driver.press("home")
        assert driver.line("It").endswith("012345678…")
        await driver.press("down")
        assert driver.line("It").endswith("012345678…")


async def test_the_mouse_puts_the_cursor_on_what_is_seen() -> None:
    async with running(*only(OneLine()), it="\x1b\u202e日本ab") as driver:
        line = driver.line("It")
        assert "␛<U+202E>日本ab" in line
        x = cell_len(line[: line.index("本")])
        await driver.pilot.click(offset=(x, 1))
        await driver.write("|")
        assert driver.value("it") == "\x1b\u202e日|本ab"


async def test_no_more_is_typed_than_the_longest_text() -> None:
    async with running(*only(OneLine(max_length=4)), it="abc") as driver:
        await driver.write("def")
        assert driver.value("it") == "abcd"


# Masked


async def test_a_secret_is_seen_only_when_asked_for_and_only_with_the_focus() -> None:
    async with running(*only(Masked())) as driver:
        await driver.write("geheim")
        assert driver.line("It").endswith("∗" * 6)
        await driver.press("ctrl+r")
        assert driver.line("It").endswith("geheim")
        await driver.press("down")
        assert "geheim" not in driver.text()
        await driver.press("up")
        assert "geheim" not in driver.text()
        assert driver.value("it") == "geheim"


async def test_a_secret_is_not_copied() -> None:
    async with running(*only(Masked()), it="geheim") as driver:
        await driver.press("home", "shift+end", "ctrl+c", "ctrl+x")
        assert driver.app.clipboard == ""
        assert driver.value("it") == "geheim"


# Yes or no


@pytest.mark.parametrize("key", ["space", "enter", "left", "right"])
async def test_yes_and_no_change_places(key: str) -> None:
    async with running(*only(YesNo()), it="no") as driver:
        assert "[ ] no" in driver.line("It")
        await driver.press(key)
        assert (driver.value("it"), "[✓] yes" in driver.line("It")) == ("yes", True)
        await driver.press(key)
        assert driver.value("it") == "no"


async def test_what_is_neither_yes_nor_no_is_shown_as_it_is() -> None:
    async with running(*only(YesNo()), it="") as driver:
        assert driver.line("It").endswith("[?]")
        await driver.press("space")
        assert driver.value("it") == "yes"


# One of several


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["enter", "down", "enter"], "off"),
        (["space", "end", "enter"], "old"),
        (["f4", "down", "escape"], "on"),
        (["c"], "off"),
        (["o"], "old"),
        (["o", "o"], "on"),
        (["b", "e"], "fix"),
        ([*"bec"], "off"),
        (["enter", *"being", "enter"], "fix"),
        (["enter", *"zzb", "enter"], "fix"),
        (["delete"], ""),
    ],
)
async def test_one_of_a_few_is_chosen_from_a_list_or_by_a_letter(keys: list[str], value: str) -> None:
    async with running(*only(OneOf(lambda: STATES, search=False)), it="on") as driver:
        await driver.press(*keys)
        await driver.until(lambda: not isinstance(driver.app.screen, Popup))
        assert driver.value("it") == value


async def test_the_list_opens_beneath_the_field_at_the_present_choice() -> None:
    async with running(*only(OneOf(lambda: STATES, search=False)), it="fix") as driver:
        await driver.press("enter")
        lines = driver.lines()
        assert "Being repaired" in lines[1]
        assert "✓ Being repaired" in lines[5]
        await driver.press("enter")
        assert driver.form.current == "it"


async def test_one_of_many_is_found_by_typing_as_fast_as_one_likes() -> None:
    async with running(*only(OneOf(lambda: PLACES)), it="004") as driver:
        await driver.pilot.press("5", "9", "8")
        await driver.until(lambda: "598_" in driver.text())
        assert driver.line("Place 598")
        await driver.press("enter")
        assert driver.value("it") == "598"
        assert "Place 598" in driver.line("It")


async def test_a_long_list_pages_and_what_was_typed_can_be_taken_back() -> None:
    async with running(*only(OneOf(lambda: PLACES)), it="000") as driver:
        await driver.press("enter", "pagedown", "pagedown", "enter")
        assert int(driver.value("it")) > 15
        await driver.press("5", "7", "7", "q")
        await driver.until(lambda: "none" in driver.text())
        await driver.press("enter")
        assert isinstance(driver.app.screen, Popup)
        await driver.press("backspace")
        await driver.until(lambda: "none" not in driver.text())
        await driver.press("ctrl+u")
        await driver.until(lambda: " 600 " in driver.text())
        await driver.press("escape")


async def test_near_the_bottom_the_list_opens_above_its_field() -> None:
    fields = [FormField(f"f{number}", "Field", "") for number in range(18)]
    async with running(*fields, *only(OneOf(lambda: PLACES)), it="000") as driver:
        await driver.go("it")
        await driver.press("enter")
        assert driver.line("▸ It")
        assert driver.line("Place 5")


async def test_a_letter_typed_in_a_list_is_never_a_command() -> None:
    async with running(*only(OneOf(lambda: PLACES)), it="000") as driver:
        await driver.press("enter", "j", "k", "g", "G", "q")
        await driver.until(lambda: "jkgGq_" in driver.text())


# Suggested


async def offered(typed: str) -> Sequence[str]:
    await asyncio.sleep(0)
    return [name for name in ("Ana", "Anatol", "Bea [b]") if typed.casefold() in name.casefold()]


async def test_any_text_may_be_typed_where_texts_are_offered() -> None:
    async with running(*only(OneOf(offered, suggest=True)), it="") as driver:
        await driver.write("Zoe")
        await driver.press("enter")
        assert (driver.value("it"), driver.form.current) == ("Zoe", "next")


async def test_the_rest_of_what_is_offered_is_taken_by_the_right_key() -> None:
    async with running(*only(OneOf(offered, suggest=True)), it="") as driver:
        await driver.write("ana")
        await driver.until(lambda: driver.line("It").endswith("ana"))
        await driver.write("t")
        await driver.until(lambda: driver.line("It").endswith("anatol"))
        await driver.press("right")
        assert driver.value("it") == "anatol"


async def test_once_one_has_typed_down_opens_what_is_offered() -> None:
    async with running(*only(OneOf(offered, suggest=True)), it="Ana") as driver:
        await driver.press("down", "up")
        await driver.press("end", "backspace")
        await driver.until(lambda: driver.line("It").endswith("Ana"))
        await driver.press("down")
        await driver.until(lambda: bool(driver.line("Anatol")))
        await driver.press("down", "enter")
        assert driver.value("it") == "Anatol"


async def test_everything_that_is_offered_can_be_listed() -> None:
    async with running(*only(OneOf(offered, suggest=True)), it="Ana") as driver:
        await driver.press("f4")
        await driver.until(lambda: bool(driver.line("Bea [b]")))
        await driver.press("end", "enter")
        assert driver.value("it") == "Bea [b]"


# Words


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["x"], "a, b, x"),
        (["x", "space", "y", "comma", "z", "enter"], "a, b, x, y, z"),
        (["x", "y", "backspace"], "a, b, x"),
        (["backspace"], "a"),
        (["left", "delete"], "a"),
        (["left", "left", "delete"], "b"),
        (["left", "backspace"], "b"),
        (["left", "left", "left", "delete", "delete", "delete"], ""),
        (["a", "space"], "a, b"),
        (["g", "right"], "a, b, garden"),
        (["g", "left", "delete"], "a, b"),
        (["left", "x"], "a, b, x"),
    ],
)
async def test_words_are_typed_and_removed_as_chips(keys: list[str], value: str) -> None:
    async with running(*only(Words(lambda: ("a", "garden"))), it="a, b") as driver:
        await driver.press(*keys)
        assert driver.value("it") == value


async def test_pasted_words_are_words_and_enter_then_goes_on() -> None:
    async with running(*only(Words()), it="") as driver:
        await driver.paste("x y,\nz")
        assert driver.value("it") == "x, y, z"
        await driver.press("enter", "enter")
        assert driver.form.current == "next"


async def test_more_words_than_there_is_room_for_show_the_cursor() -> None:
    words = ", ".join(f"word{number}" for number in range(40))
    async with running(*only(Words()), it=words) as driver:
        assert "word39" in driver.line("It")
        await driver.press(*["left"] * 40)
        assert "word0" in driver.line("It")
        assert driver.line("It").endswith("…")


# Several lines


async def test_tab_leaves_several_lines_and_the_arrows_do_at_their_ends() -> None:
    async with running(*only(SeveralLines()), it="one\ntwo") as driver:
        await driver.press("down")
        assert driver.form.current == "it"
        await driver.press("down")
        assert driver.form.current == "next"
        await driver.press("up", "enter")
        assert driver.value("it") == "one\n\ntwo"
        await driver.press("tab")
        assert driver.form.current == "next"


async def test_what_was_undone_is_told() -> None:
    async with running(*only(SeveralLines()), it="one") as driver:
        await driver.write("x")
        assert driver.value("it") == "xone"
        await driver.press("ctrl+z")
        assert driver.value("it") == "one"
        await driver.press("ctrl+y")
        assert driver.value("it") == "xone"


# Code


async def test_leaving_code_puts_the_cursor_on_the_mistake() -> None:
    async with running(*only(Code(mistake=gap)), it="a = 1\nb =\nc = 3") as driver:
        await driver.go("next")
        assert driver.app.query_one(TextArea).cursor_location == (1, 2)


async def test_a_key_goes_to_the_mistake() -> None:
    async with running(*only(Code(mistake=gap)), it="a = 1\n" * 30 + "b =") as driver:
        await driver.press("ctrl+g")
        assert driver.app.query_one(TextArea).cursor_location == (30, 2)
        assert "31" in driver.text()
        await driver.write("1")
        assert driver.value("it").endswith("b 1=")


async def test_the_parts_of_code_differ_in_colour() -> None:
    async with running(*only(Code()), it='# note\n[table]\nkey = "text"\nnumber = 12') as driver:
        area = driver.app.query_one(TextArea)
        lines = [area.get_line(line) for line in range(4)]
        assert len({str(span.style) for line in lines for span in line.spans}) == 5


# States


async def test_states_are_changed_and_the_usual_one_is_not_written() -> None:
    editor = States(("CDR", "Rates", "Bar"), ("inherit", "show", "hide"))
    async with running(*only(editor), it="Rates=hide, CDR=show") as driver:
        assert driver.value("it") == "Rates=hide, CDR=show"
        await driver.press("space")
        assert driver.value("it") == "CDR=hide, Rates=hide"
        await driver.press("right", "down", "left", "down", "left")
        assert driver.value("it") == "Rates=show, Bar=hide"
        await driver.press("down")
        assert driver.form.current == "next"


async def test_states_stand_in_as_many_columns_as_there_is_room_for() -> None:
    editor = States([f"Area {number}" for number in range(13)], ("inherit", "show", "hide"))
    for width, high in ((40, 13), (60, 7), (80, 5), (120, 5)):
        async with running(*only(editor), it="", size=(width, 24)) as driver:
            assert driver.lines().index(driver.line("Next")) == 1 + high


async def test_a_click_changes_the_state_that_was_clicked() -> None:
    editor = States([f"Area {number}" for number in range(13)], ("inherit", "show"))
    async with running(*only(editor), it="") as driver:
        line = driver.line("Area 7")
        await driver.pilot.click(offset=(line.index("Area 7"), driver.lines().index(line)))
        await driver.pilot.pause()
        assert driver.value("it") == "Area 7=show"


# The owner's own


class Counter(Static, can_focus=True):
    """A widget that no form knows of."""

    def __init__(self, text: str, tell: Tell) -> None:
        super().__init__()
        self._tell = tell
        self.write(text)

    def write(self, text: str) -> None:
        self.text = text
        self.update(f"counted {text}")

    def key_plus(self) -> None:
        self.write(f"{int(self.text) + 1}")
        self._tell(self.text)


def counter(text: str, tell: Tell) -> Made:
    made = Counter(text, tell)
    return Made(made, made.write)


async def test_a_widget_of_the_owners_tells_and_is_told_texts() -> None:
    async with running(*only(Own(counter, height=3)), it="1") as driver:
        assert driver.lines()[2].strip() == "counted 1"
        await driver.press("plus")
        assert (driver.value("it"), driver.form.current) == ("2", "it")
        driver.form.set("it", "7")
        await driver.pilot.pause()
        assert driver.line("counted 7")
        await driver.press("down")
        assert driver.form.current == "next"


def test_every_widget_of_a_form_is_one_row_or_what_it_says() -> None:
    assert [editor.lines_at(60) for editor in (OneLine(), YesNo(), SeveralLines(rows=3), Code(rows=5))] == [
        1,
        1,
        3,
        5,
    ]
    assert issubclass(Counter, Widget)


@pytest.mark.parametrize("key", ["tab", "down", "enter"])
async def test_what_is_typed_in_a_field_that_a_key_went_to_takes_the_place_of_its_text(key: str) -> None:
    async with running() as form:
        await form.press(key)
        await form.write("34")
        assert form.value("seats") == "34"
        await form.press("shift+tab", "tab", "right", "5")
        assert form.value("seats") == "345"


async def test_what_is_typed_in_a_field_that_one_was_sent_to_is_added_to_its_text() -> None:
    async with running() as form:
        await form.go("seats")
        await form.write("3")
        assert form.value("seats") == "123"
        await form.press("shift+tab", "tab", "7")
        assert form.value("seats") == "7"


async def test_what_is_typed_in_a_field_that_was_clicked_goes_where_the_click_was() -> None:
    async with running() as form:
        editor = form.form.query("Entry").results(Widget)
        seats = list(editor)[1]
        await form.pilot.click(seats, offset=(1, 0))
        await form.press("0")
        assert form.value("seats") == "102"


async def test_a_secret_that_a_key_went_to_is_replaced_as_a_whole() -> None:
    secret = FormField("secret", "Password", "Basic", Masked())
    async with running(NAME, secret, secret="old") as form:
        await form.press("tab")
        await form.write("new")
        assert form.value("secret") == "new"


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_the_keys_that_change_tabs_are_said_at_every_width(width: int) -> None:
    names = ("Basic", "Config", "Address", "Verification", "Notes", "Day/Time Restrict", "Other things")
    fields = [FormField(f"field{place}", "Field", name) for place, name in enumerate(names)]
    async with running(*fields, size=(width, 24)) as driver:
        for name in (*names, *names[::-1]):
            assert driver.lines()[0].endswith("f2 f3 tabs")
            assert name in driver.lines()[0]
            await driver.press("f3")
            if name == names[-1]:
                break
