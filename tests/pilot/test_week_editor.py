"""The editor of a week, driven as an operator would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import Input

from widgets.week_editor import Place, WeekEditor
from widgets.week_editor.__main__ import describe, parse, write

OFFICE = "Mon 09:00-17:00; Tue 09:00-17:00; Wed 09:00-17:00; Thu 09:00-17:00; Fri 09:00-17:00"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NARROW, WIDE = (76, 12), (120, 14)
LABEL = 4


class Host(App[None]):
    """An app that is one editor, with an esc of its own."""

    BINDINGS = [Binding("escape", "leave", "Leave")]

    def __init__(self, editor: WeekEditor) -> None:
        super().__init__()
        self.editor = editor
        self.told: list[int | None] = []
        self.left = 0

    def compose(self) -> ComposeResult:
        yield self.editor

    def on_week_editor_changed(self, message: WeekEditor.Changed) -> None:
        assert message.control is self.editor
        self.told.append(message.value)

    def action_leave(self) -> None:
        self.left += 1


class Driver:
    """What a test does and sees."""

    def __init__(self, pilot: Pilot[None], app: Host) -> None:
        self.pilot = pilot
        self.app = app
        self.editor = app.editor

    async def press(self, keys: str) -> None:
        await self.pilot.press(*keys.split())
        await self.pilot.pause()

    async def at(self, text: str) -> None:
        day, time = text.split()
        hour, minute = time.split(":")
        self.editor.selection.go(Place(DAYS.index(day), int(hour) * 4 + int(minute) // 15))
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        self.input.value = text
        await self.pilot.pause()

    async def drag(self, *way: tuple[int, str], shift: bool = False) -> None:
        """Press the mouse at a cell of a day, go along others, let it go at the last one."""
        places = [(x, 1 + DAYS.index(day)) for x, day in way]
        await self.pilot.mouse_down(self.editor, offset=places[0], shift=shift)
        for place in places[1:]:
            await self.pilot.hover(self.editor, offset=place)
        await self.pilot.mouse_up(self.editor, offset=places[-1])
        await self.pilot.pause()

    @property
    def input(self) -> Input:
        return self.editor.query_one(Input)

    @property
    def hours(self) -> str:
        return "always" if self.editor.hours.value is None else write(self.editor.hours.value)

    @property
    def told(self) -> list[str]:
        return ["always" if value is None else write(value) for value in self.app.told]

    def lines(self) -> list[str]:
        return [self.editor.render_line(y).text.rstrip() for y in range(self.editor.size.height)]

    def status(self) -> str:
        return self.lines()[8]

    def sentence(self) -> str:
        return " ".join(filter(None, self.lines()[9:11]))


@asynccontextmanager
async def running(
    hours: str | None = "Mon 09:00-17:30", size: tuple[int, int] = NARROW, **options: Any
) -> AsyncIterator[Driver]:
    """An editor with the focus."""
    value = 0 if hours == "never" else parse(hours or "")
    app = Host(WeekEditor(value, parse=parse, write=write, describe=describe, **options))
    async with app.run_test(size=size) as pilot:
        app.editor.focus()
        await pilot.pause()
        yield Driver(pilot, app)


# What is shown


async def test_everything_fits_in_76_by_12() -> None:
    async with running("Mon 09:00-17:30; Tue 09:15-12:00 13:00-17:00") as week:
        lines = week.lines()
        assert lines[0] == "    00    03    06    09    12    15    18    21    24"
        assert lines[1] == "Mon▸‹ · · · · · · · · █████████████████ · · · · · ·  09:00-17:30"
        assert lines[2] == "Tue · · · · · · · · · ▐█████· ████████· · · · · · ·  09:15-12:00 13:00-17:00"
        assert lines[7].endswith("  never")
        assert week.status().startswith("Mon 00:00-00:15  not allowed until 09:00")
        assert week.status().endswith("15 h 15 min a week")
        assert week.sentence() == "Calls are allowed Mon 09:00-17:30; Tue 09:15-12:00 13:00-17:00."
        assert lines[11].startswith("s session hours  n nights  w always  e never  t type  u undo")
        assert max(map(cell_len, lines)) <= 76


async def test_a_wide_editor_has_a_cell_for_each_quarter() -> None:
    async with running("Mon 09:15-10:00", WIDE) as week:
        assert week.lines()[1][LABEL + 35 : LABEL + 41] == " ·███·"
        await week.pilot.resize_terminal(76, 12)
        await week.pilot.pause()
        assert week.lines()[1][LABEL + 18 : LABEL + 21] == "▐█·"


async def test_plain_ascii_draws_nothing_else() -> None:
    async with running("Mon 09:15-17:30", ascii=True) as week:
        week.editor.show_now(100)
        await week.press("shift+down shift+right")
        assert "".join(week.lines()).isascii()
        assert "[################ ." in week.lines()[1]
        assert "-" in week.lines()[1][LABEL : LABEL + 2]


async def test_the_selection_shows_without_colour() -> None:
    async with running() as week:
        await week.at("Mon 08:00")
        await week.press(" ".join(["shift+right"] * 8))
        assert week.lines()[1][LABEL + 14 : LABEL + 22] == "· ░░▓▓«█"


async def test_now_is_on_the_ruler_and_in_its_day_and_is_said_at_the_cursor() -> None:
    async with running() as week:
        week.editor.show_now(96 + 70)
        await week.pilot.pause()
        assert week.lines()[0][LABEL + 35] == "▾"
        assert week.lines()[2][LABEL + 35] == "│"
        week.editor.show_now(40)
        await week.pilot.pause()
        assert week.lines()[1][LABEL + 20] == "┃"
        await week.at("Mon 10:00")
        assert "allowed, window 09:00-17:30, now" in week.status()
        week.editor.show_now(None)
        await week.pilot.pause()
        assert "now" not in week.status()


async def test_a_long_sentence_is_two_lines_and_ends_with_a_sign() -> None:
    async with running() as week:
        await week.press("n")
        assert week.lines()[10].endswith("…")
        assert week.lines()[11].startswith("s session hours")


async def test_the_keys_are_said_as_the_operator_bound_them_and_only_where_they_work() -> None:
    async with running() as week:
        week.app.set_keymap({"week.session": "o"})
        await week.pilot.pause()
        assert week.lines()[11].startswith("o session hours  n nights")
        week.app.set_focus(None)
        await week.pilot.pause()
        assert week.lines()[11] == "session hours  nights  always  never"


async def test_every_key_has_an_id_and_a_sentence_and_none_is_in_a_footer() -> None:
    async with running() as week:
        await week.press("shift+right")
        active = week.app.screen.active_bindings.values()
        bindings = [one.binding for one in active if one.node is week.editor]
        assert len(bindings) > 35
        assert all((one.id or "").startswith("week.") and one.tooltip.endswith(".") for one in bindings)
        assert not any(one.show for one in bindings)


async def test_a_value_of_the_owner_is_shown_and_not_told_back() -> None:
    async with running() as week:
        week.editor.hours.show(parse(OFFICE))
        await week.pilot.pause()
        assert week.sentence() == f"Calls are allowed {OFFICE}."
        await week.press("u")
        assert week.told == []
        assert "nothing to undo" in week.status()


async def test_nothing_set_is_always() -> None:
    async with running(None) as week:
        assert week.sentence() == "Calls are allowed at any time."
        assert [line.endswith("all day") for line in week.lines()[1:8]] == [True] * 7
        assert week.status().endswith("the whole week")


# Going about


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        ("right", "Wed 12:15"),
        ("l l", "Wed 12:30"),
        ("left", "Wed 11:45"),
        ("h", "Wed 11:45"),
        ("up", "Tue 12:00"),
        ("k", "Tue 12:00"),
        ("down j", "Fri 12:00"),
        ("ctrl+right", "Wed 13:00"),
        ("L", "Wed 13:00"),
        ("ctrl+left", "Wed 11:00"),
        ("H", "Wed 11:00"),
        ("home", "Wed 00:00"),
        ("home left", "Wed 00:00"),
        ("end", "Wed 23:45"),
        ("end right", "Wed 23:45"),
        ("up up up up up", "Mon 12:00"),
    ],
)
async def test_the_cursor_goes_by_steps_hours_and_days(keys: str, at: str) -> None:
    async with running() as week:
        await week.at("Wed 12:00")
        await week.press(keys)
        assert week.status().startswith(at)
        assert week.told == []


# Allowing


@pytest.mark.parametrize("key", ["space", "enter"])
async def test_a_step_is_allowed_and_stopped_again(key: str) -> None:
    async with running("never") as week:
        await week.at("Tue 09:15")
        await week.press(key)
        assert week.hours == "Tue 09:15-09:30"
        assert "allowed, window 09:15-09:30" in week.status()
        await week.press(key)
        assert week.told == ["Tue 09:15-09:30", ""]


async def test_a_block_over_days_is_allowed_at_once_and_stays_selected() -> None:
    async with running("Tue 09:00-09:30") as week:
        await week.at("Mon 09:00")
        await week.press("shift+down shift+down ctrl+shift+right shift+left")
        assert week.status().startswith("Mon-Wed 09:00-10:00  3 h selected, 30 min of it allowed")
        await week.press("space")
        assert week.hours == "Mon 09:00-10:00; Tue 09:00-10:00; Wed 09:00-10:00"
        await week.press("space")
        assert week.hours == ""


async def test_the_selection_reaches_to_the_ends_of_the_day_and_a_move_drops_it() -> None:
    async with running() as week:
        await week.at("Mon 12:00")
        await week.press("shift+end")
        assert week.status().startswith("Mon 12:00-24:00")
        await week.press("shift+home")
        assert week.status().startswith("Mon 00:00-12:15")
        await week.press("right")
        assert week.editor.selection.block is None


async def test_esc_drops_the_selection_and_is_the_owners_when_there_is_none() -> None:
    async with running() as week:
        await week.press("shift+right escape")
        assert (week.editor.selection.block, week.app.left) == (None, 0)
        await week.press("escape")
        assert week.app.left == 1


async def test_a_whole_day_is_allowed_and_stopped() -> None:
    async with running() as week:
        await week.press("a")
        assert week.hours == "Mon 00:00-24:00"
        await week.press("a")
        assert week.hours == ""


async def test_a_week_that_is_allowed_altogether_is_told_as_nothing_set() -> None:
    async with running("never") as week:
        await week.press(" ".join(["shift+down"] * 6))
        await week.press("a")
        assert week.app.told == [None]
        await week.at("Mon 00:00")
        await week.press("space")
        assert week.hours.startswith("Mon 00:15-24:00; Tue 00:00-24:00")


@pytest.mark.parametrize("key", ["x", "delete"])
async def test_the_selection_is_cleared_and_without_one_the_day(key: str) -> None:
    async with running() as week:
        await week.at("Mon 12:00")
        await week.press(f"shift+right {key}")
        assert week.hours == "Mon 09:00-12:00 12:30-17:30"
        await week.press(f"left {key}")
        assert week.hours == ""


async def test_the_nearer_edge_of_a_window_moves_and_the_cursor_with_it() -> None:
    async with running() as week:
        await week.at("Mon 10:00")
        await week.press("[ [")
        assert week.hours == "Mon 08:30-17:30"
        assert week.status().startswith("Mon 08:30")
        await week.press("end ] ] [")
        assert week.hours == "Mon 08:30-17:45"
        await week.press("down [")
        assert "no edge to move" in week.status()


async def test_a_day_is_copied_to_another_to_weekdays_and_to_all() -> None:
    async with running("Tue 10:00-12:00; Sun 01:00-02:00") as week:
        await week.press("p")
        assert "no day is remembered" in week.status()
        await week.press("down y")
        assert "Tue is remembered" in week.status()
        await week.press("up p")
        assert week.hours == "Mon 10:00-12:00; Tue 10:00-12:00; Sun 01:00-02:00"
        await week.press("P")
        assert week.hours == "; ".join(f"{day} 10:00-12:00" for day in DAYS[:5]) + "; Sun 01:00-02:00"
        await week.press("A")
        assert week.hours == "; ".join(f"{day} 10:00-12:00" for day in DAYS)
        assert len(week.told) == 3


async def test_a_day_is_put_on_all_selected_days() -> None:
    async with running("Mon 10:00-12:00") as week:
        await week.press("y down shift+down p")
        assert week.hours == "Mon 10:00-12:00; Tue 10:00-12:00; Wed 10:00-12:00"


@pytest.mark.parametrize(
    ("key", "hours"),
    [
        ("s", OFFICE),
        ("n", "; ".join(f"{day} 00:00-06:00 20:00-24:00" for day in DAYS)),
        ("w", "always"),
        ("e", ""),
    ],
)
async def test_a_digit_sets_a_usual_week(key: str, hours: str) -> None:
    async with running() as week:
        await week.press(key)
        assert week.hours == hours
        await week.press(key)
        assert week.told == [hours]


async def test_changes_are_taken_back_one_by_one() -> None:
    async with running() as week:
        await week.press("s n x u u u")
        assert week.told[3:] == [week.told[1], OFFICE, "Mon 09:00-17:30"]
        await week.press("u")
        assert week.hours == "Mon 09:00-17:30"
        assert len(week.told) == 6


# The mouse


async def test_a_drag_allows_a_block_as_one_change() -> None:
    async with running("never") as week:
        await week.drag((LABEL + 18, "Mon"), (LABEL + 30, "Fri"), (LABEL + 19, "Tue"))
        assert week.told == ["Mon 09:00-10:00; Tue 09:00-10:00"]
        await week.press("u")
        assert week.hours == ""


async def test_what_is_painted_is_seen_before_the_mouse_is_let_go() -> None:
    async with running("never") as week:
        await week.pilot.mouse_down(week.editor, offset=(LABEL + 18, 2))
        await week.pilot.hover(week.editor, offset=(LABEL + 21, 2))
        assert "Tue 09:00-11:00" in week.sentence()
        assert week.told == []
        await week.pilot.mouse_up(week.editor, offset=(LABEL + 21, 2))


async def test_a_drag_that_begins_at_an_allowed_cell_stops_what_it_covers() -> None:
    async with running() as week:
        await week.drag((LABEL + 20, "Mon"), (LABEL + 23, "Mon"))
        assert week.hours == "Mon 09:00-10:00 12:00-17:30"


async def test_a_drag_beyond_the_week_ends_at_its_edge() -> None:
    async with running("never", WIDE) as week:
        await week.drag((LABEL + 92, "Sun"), (LABEL + 100, "Sun"))
        assert week.hours == "Sun 23:00-24:00"


async def test_a_click_beside_the_cells_changes_nothing() -> None:
    async with running() as week:
        await week.pilot.click(week.editor, offset=(LABEL + 60, 3))
        await week.pilot.click(week.editor, offset=(LABEL + 6, 0))
        await week.pilot.click(week.editor, offset=(LABEL + 6, 9))
        assert week.told == []
        assert week.editor.selection.cursor == (0, 0)


async def test_a_click_with_shift_selects_up_to_it() -> None:
    async with running() as week:
        await week.at("Mon 09:00")
        await week.drag((LABEL + 21, "Tue"), shift=True)
        assert week.status().startswith("Mon-Tue 09:00-11:00")
        assert week.told == []


async def test_the_name_of_a_day_goes_there_and_twice_selects_it() -> None:
    async with running() as week:
        await week.pilot.click(week.editor, offset=(1, 3))
        assert week.editor.selection.cursor == (2, 0)
        assert week.editor.selection.block is None
        await week.pilot.double_click(week.editor, offset=(1, 4))
        assert week.status().startswith("Thu 00:00-24:00")


async def test_a_drag_over_names_selects_whole_days() -> None:
    async with running("never") as week:
        await week.drag((1, "Tue"), (2, "Wed"), (1, "Thu"))
        assert week.status().startswith("Tue-Thu 00:00-24:00")
        await week.press("space")
        assert week.hours == "Tue 00:00-24:00; Wed 00:00-24:00; Thu 00:00-24:00"


async def test_a_click_on_a_usual_week_sets_it() -> None:
    async with running() as week:
        await week.pilot.click(week.editor, offset=(week.lines()[11].index("never"), 11))
        await week.pilot.pause()
        assert week.told == [""]


# Typing


async def test_typing_begins_with_the_hours_there_are_and_enter_takes_them() -> None:
    async with running() as week:
        await week.press("t")
        assert week.input.has_focus
        assert week.input.value == "Mon 09:00-17:30"
        await week.type("Sat 10:00-14:00")
        assert week.sentence() == "Calls are allowed Sat 10:00-14:00."
        assert week.told == []
        await week.press("enter")
        assert week.told == ["Sat 10:00-14:00"]
        assert week.editor.has_focus
        assert not week.input.display
        await week.press("u")
        assert week.hours == "Mon 09:00-17:30"


async def test_what_cannot_be_read_is_said_in_words_and_nothing_typed_is_lost() -> None:
    async with running() as week:
        await week.press("t")
        await week.type("Mon 09:00-17:10")
        assert week.sentence() == "Calls are allowed Mon 09:00-17:30."
        await week.press("enter")
        assert week.sentence() == '× "09:00-17:10" is not a time like 09:00-17:30, in steps of 15 minutes.'
        assert week.input.has_focus
        assert week.input.value == "Mon 09:00-17:10"
        await week.type("Moon 09:00-17:15")
        assert "does not begin with a day" in week.sentence()
        await week.type("Mon 09:00-17:15")
        assert week.sentence() == "Calls are allowed Mon 09:00-17:15."
        await week.press("enter")
        assert week.told == ["Mon 09:00-17:15"]


async def test_esc_leaves_the_hours_as_they_were() -> None:
    async with running() as week:
        await week.press("t")
        await week.type("Sat 10:00-14:00")
        await week.press("escape")
        assert week.sentence() == "Calls are allowed Mon 09:00-17:30."
        assert week.editor.has_focus
        assert (week.told, week.app.left) == ([], 0)


async def test_letters_and_moves_are_no_keys_while_typing() -> None:
    async with running() as week:
        await week.press("t")
        await week.type("")
        await week.press("1 a x u space [ down")
        assert week.input.value == "1axu ["
        assert week.editor.selection.cursor == (0, 0)
        assert week.told == []


async def test_an_owner_can_take_what_is_typed_before_it_saves() -> None:
    async with running() as week:
        assert week.editor.typed.take()
        await week.press("t")
        await week.type("Mon 9")
        assert not week.editor.typed.take()
        assert '× "9" is not a time' in week.sentence()
        await week.type("Mon 09:00-10:00")
        assert week.editor.typed.take()
        assert not week.editor.typed.is_on
        assert week.hours == "Mon 09:00-10:00"


async def test_a_hostile_error_is_shown_as_text() -> None:
    def refuse(text: str) -> int | None:
        raise ValueError(f"\x1b[31m[red]{text}[/]")

    app = Host(WeekEditor(parse=refuse, write=write, describe=describe))
    async with app.run_test(size=NARROW) as pilot:
        app.editor.focus()
        await pilot.press("t", "enter")
        await pilot.pause()
        assert Driver(pilot, app).sentence() == "× ␛[31m[red][/]"


async def test_digits_begin_hours_that_are_typed_and_replace_nothing_by_themselves() -> None:
    async with running("never") as week:
        await week.press("8 minus 1 2")
        assert week.editor.typed.is_on
        assert week.editor.query_one(Input).value == "8-12"
        assert week.told == []
        await week.press("escape")
        assert week.hours == ""
