"""The virtual grid, driven as an operator would, over a source whose answers the test holds back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot
from textual.scrollbar import ScrollTo

from widgets.grid import ASCII, Cell, Column, Grid, Marks, Row, SortKey, moves
from widgets.grid.layout import stretched
from widgets.grid.messages import GridMessage
from widgets.grid.pages import HELD, IN_FLIGHT, PAGE

M = TypeVar("M", bound=GridMessage)
COLUMNS = (Column("name", "Name", 12), Column("amount", "Amount", 8, "right"))


class Source:
    """Rows named after their keys.  While `gate` is closed, rows are asked for but do not come."""

    def __init__(self, keys: Sequence[int], names: Mapping[int, str | Cell] | None = None) -> None:
        self.order = list(keys)
        self.names = dict(names or {})
        self.calls: list[int] = []
        self.error: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    def row(self, key: int) -> Row:
        """The row of a key."""
        return Row(key, {"name": self.names.get(key, f"row {key}"), "amount": f"{key * 10}"})

    async def count(self) -> int:
        return len(self.order)

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        self.calls.append(start)
        await self.gate.wait()
        if self.error:
            raise self.error
        return [self.row(key) for key in self.order[start : start + count]]

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        await self.gate.wait()
        if self.error:
            raise self.error
        return {key: self.row(key) for key in keys if key in self.order}

    async def position(self, key: int) -> int | None:
        return self.order.index(key) if key in self.order else None

    async def keys(self, start: int, count: int) -> Sequence[int]:
        return self.order[start : start + count]


class Host(App[None]):
    """An app that is one grid."""

    def __init__(self, grid: Grid) -> None:
        super().__init__()
        self.grid = grid

    def compose(self) -> ComposeResult:
        yield self.grid


class Driver:
    """What a test does and sees."""

    def __init__(self, pilot: Pilot[None], grid: Grid, told: list[Message]) -> None:
        self.pilot = pilot
        self.grid = grid
        self._told = told

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, condition: Callable[[], bool]) -> None:
        for _ in range(200):
            if condition():
                return
            await self.pilot.pause()
        raise AssertionError(f"never came: {self.lines()}")

    def lines(self) -> list[str]:
        return [self.grid.render_line(y).text for y in range(self.grid.size.height)]

    def shows(self, text: str) -> bool:
        return any(text in line for line in self.lines())

    def told(self, kind: type[M]) -> list[M]:
        return [message for message in self._told if isinstance(message, kind)]


@asynccontextmanager
async def running(
    source: Source | None = None,
    columns: Sequence[Column] = COLUMNS,
    size: tuple[int, int] = (40, 11),
    **options: Any,
) -> AsyncIterator[Driver]:
    """A grid on a screen of ten rows, with a source shown."""
    grid = Grid(columns, **options)
    told: list[Message] = []

    def hook(message: Message) -> None:
        if isinstance(message, GridMessage) and not any(message is other for other in told):
            told.append(message)

    async with Host(grid).run_test(size=size, message_hook=hook) as pilot:
        driver = Driver(pilot, grid, told)
        if source is not None:
            await grid.show(source)
        await pilot.pause()
        yield driver


def spy_on_refresh(grid: Grid, monkeypatch: pytest.MonkeyPatch) -> list[Region | None]:
    """Every region the grid repaints from now on; None for all of it."""
    regions: list[Region | None] = []
    refresh = grid.refresh

    def spy(*some: Region, **options: bool) -> Grid:
        regions.extend(some or [None])
        return refresh(*some, **options)

    monkeypatch.setattr(grid, "refresh", spy)
    return regions


# From one result to the next


async def test_old_rows_stay_until_the_new_ones_are_there() -> None:
    old, new = Source(range(100)), Source(range(500, 600))
    async with running(old) as on:
        new.gate.clear()
        showing = asyncio.create_task(on.grid.show(new))
        await on.until(lambda: bool(new.calls))
        assert on.shows("row 0 ")
        new.gate.set()
        await showing
        assert on.shows("row 500")
        assert not on.shows("row 0 ")


async def test_a_late_answer_to_an_earlier_question_is_dropped() -> None:
    slow, quick = Source(range(500, 600)), Source(range(700, 800))
    async with running(Source(range(100))) as on:
        slow.gate.clear()
        showing = asyncio.create_task(on.grid.show(slow))
        await on.until(lambda: bool(slow.calls))
        await on.grid.show(quick)
        slow.gate.set()
        await showing
        await on.pilot.pause()
        assert on.shows("row 700")
        assert not on.shows("row 500")


async def test_a_page_that_comes_after_its_result_has_gone_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moves, "PATIENCE", 0.0)
    old = Source(range(1000))
    async with running(old) as on:
        old.gate.clear()
        await on.press("end")
        await on.grid.show(Source(range(5000, 6000)), keep=False)
        old.gate.set()
        await on.pilot.pause()
        assert on.shows("row 5000")
        assert not on.shows("row 999 ")


async def test_the_cursor_keeps_its_key_and_screen_line_over_a_new_order() -> None:
    async with running(Source(range(1000))) as on:
        await on.press("down", "down", "down", "space")
        assert on.grid.cursor.position == 4
        await on.grid.show(Source(range(999, -1, -1)))
        row = on.grid.cursor.row
        assert row is not None
        assert row.key == 4
        assert on.grid.cursor.position == 995
        assert "▸  row 4 " in on.lines()[-1 - 4]
        assert on.shows("✓ row 3 ")


async def test_the_screen_line_is_kept_in_the_middle_of_a_result() -> None:
    async with running(Source(range(1000))) as on:
        await on.grid.moves.to_position(500)
        await on.press("up", "up", "up")
        line = next(y for y, text in enumerate(on.lines()) if text.startswith("▸"))
        await on.grid.show(Source([-1, -2, *range(1000)]))
        assert on.lines()[line].startswith("▸  row 497")


async def test_without_its_key_the_cursor_stays_at_its_position() -> None:
    async with running(Source(range(1000))) as on:
        await on.grid.moves.to_position(500)
        line = next(y for y, text in enumerate(on.lines()) if text.startswith("▸"))
        await on.grid.show(Source([key for key in range(1000) if key != 500]))
        assert on.grid.cursor.position == 500
        assert on.lines()[line].startswith("▸  row 501")
        await on.grid.show(Source(range(600, 900)))
        assert on.grid.cursor.position == 299


async def test_another_result_is_shown_from_its_top() -> None:
    async with running(Source(range(1000))) as on:
        await on.grid.moves.to_position(500)
        await on.grid.show(Source(range(600, 900)), keep=False)
        assert on.grid.cursor.position == 0
        assert on.lines()[1].startswith("▸  row 600")


async def test_rows_that_could_not_be_fetched_come_with_the_next_update() -> None:
    source = Source(range(1000))
    async with running(source) as on:
        source.error = OSError("database away")
        await on.press("G")
        await on.until(lambda: bool(on.told(Grid.Failed)))
        assert not on.shows("row 999")
        source.error = None
        await on.grid.changes.fetch()
        await on.until(lambda: on.shows("row 999"))


async def test_a_failing_source_is_told_and_the_rows_stay() -> None:
    broken = Source(range(100))
    broken.error = OSError("database away")
    async with running(Source(range(100, 200))) as on:
        await on.grid.show(broken)
        await on.pilot.pause()
        assert [str(failed.error) for failed in on.told(Grid.Failed)] == ["database away"]
        assert on.shows("row 100")


async def test_a_page_that_fails_is_told_and_asked_for_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "PATIENCE", 0.0)
    source = Source(range(1000))
    async with running(source) as on:
        source.error = OSError("database away")
        await on.press("end")
        await on.until(lambda: bool(on.told(Grid.Failed)))
        source.error = None
        await on.press("up")
        await on.until(lambda: on.shows("row 998"))


# Windows of rows


async def test_no_page_is_asked_for_twice_while_it_is_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "PATIENCE", 0.0)
    source = Source(range(10_000))
    async with running(source) as on:
        source.calls.clear()
        source.gate.clear()
        await on.press("end", "up", "up", "up", "down", "pageup", "pageup")
        assert source.calls
        assert len(source.calls) == len(set(source.calls))
        source.gate.set()
        await on.until(lambda: not on.shows("·"))


async def test_a_held_key_over_a_slow_source_keeps_few_requests_and_ends_where_it_should(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moves, "PATIENCE", 0.0)
    source = Source(range(100_000))
    async with running(source) as on:
        source.calls.clear()
        source.gate.clear()
        for _ in range(100):
            on.grid.moves.go("page_down")
        await on.pilot.pause()
        assert len(source.calls) <= IN_FLIGHT
        source.gate.set()
        await on.until(lambda: on.shows("▸  row 1000"))


async def test_the_pages_held_are_bounded() -> None:
    async with running(Source(range(20_000))) as on:
        for position in range(0, 20_000, PAGE):
            await on.grid.moves.to_position(position)
        assert len(on.grid.rows.window) <= HELD
        assert on.shows("row 19968")


async def test_a_far_jump_on_a_quick_source_shows_no_placeholder(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(range(100_000))
    async with running(source) as on:
        seen: list[str] = []
        watch = on.grid.watch_scroll_y

        def spy(old: float, new: float) -> None:
            watch(old, new)
            seen.extend(on.lines())

        monkeypatch.setattr(on.grid, "watch_scroll_y", spy)
        await on.press("end")
        await on.until(lambda: on.grid.cursor.position == 99_999)
        assert seen
        assert not any("·" in line for line in seen)
        assert on.lines()[-1].startswith("▸  row 99999")


async def test_a_page_that_is_not_here_is_drawn_as_placeholders_until_it_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moves, "PATIENCE", 0.0)
    source = Source(range(100_000))
    async with running(source) as on:
        source.gate.clear()
        await on.press("end")
        await on.until(lambda: on.shows("·"))
        assert on.grid.cursor.row is None
        source.gate.set()
        await on.until(lambda: on.shows("row 99999"))
        assert on.told(Grid.CursorMoved)[-1].row == source.row(99_999)


async def test_the_next_page_is_fetched_before_it_is_needed() -> None:
    source = Source(range(1000))
    async with running(source) as on:
        await on.press(*["pagedown"] * 2)
        assert PAGE in source.calls


# Moving


async def test_a_step_inside_the_page_repaints_two_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(Source(range(100))) as on:
        regions = spy_on_refresh(on.grid, monkeypatch)
        await on.press("down")
        assert sorted(region.y for region in regions if region) == [1, 2]
        assert all(region and region.height == 1 for region in regions)


async def test_a_page_down_keeps_the_screen_line_of_the_cursor() -> None:
    async with running(Source(range(1000))) as on:
        await on.press("down", "down", "pagedown")
        assert on.grid.cursor.position == 12
        assert on.lines()[3].startswith("▸  row 12")


@pytest.mark.parametrize(
    ("keys", "position"),
    [
        (["j", "j", "k"], 1),
        (["G"], 99),
        (["end", "home"], 0),
        (["ctrl+d"], 5),
        (["ctrl+f", "ctrl+u"], 5),
        (["pagedown", "pageup", "up"], 0),
        (["G", "down"], 99),
    ],
)
async def test_keys_move_the_cursor(keys: list[str], position: int) -> None:
    async with running(Source(range(100))) as on:
        for key in keys:
            await on.press(key)
            await on.pilot.app.workers.wait_for_complete()
        await on.until(lambda: on.grid.cursor.position == position)


async def test_a_key_of_the_result_can_be_gone_to() -> None:
    async with running(Source(range(1000))) as on:
        assert await on.grid.moves.to_key(777)
        assert on.shows("▸  row 777")
        assert not await on.grid.moves.to_key(7777)
        assert on.grid.cursor.position == 777


async def test_the_cursors_column_is_brought_into_view_beside_the_frozen_ones() -> None:
    columns = [Column("name", "Name", 8, frozen=True), *(Column(f"c{n}", f"Col {n}", 8) for n in range(9))]
    async with running(Source(range(5)), columns) as on:
        await on.press(*["right"] * 9)
        assert "Name" in on.lines()[0]
        assert "Col 8" in on.lines()[0]
        assert "│" in on.lines()[0]
        await on.press(*["left"] * 9)
        assert "Col 0" in on.lines()[0]


# Marks


async def test_space_marks_and_goes_down() -> None:
    async with running(Source(range(100))) as on:
        await on.press("space")
        assert on.lines()[1].startswith(" ✓ row 0")
        assert on.grid.cursor.position == 1
        assert on.told(Grid.MarksChanged)[-1].marks == Marks(frozenset({0}))


async def test_a_range_is_marked_from_the_last_mark_even_after_a_new_order() -> None:
    async with running(Source(range(100))) as on:
        await on.press("space")
        await on.grid.show(Source([50, 0, 51, 52, 53, 54]))
        await on.grid.moves.to_position(3)
        await on.press("ctrl+@")
        await on.until(lambda: on.grid.marks.rows.keys == {0, 51, 52})


async def test_a_range_that_is_too_long_is_refused() -> None:
    async with running(Source(range(200_000))) as on:
        await on.press("space")
        await on.grid.moves.to_position(150_000)
        await on.press("ctrl+@")
        await on.until(lambda: bool(on.told(Grid.Refused)))
        assert "mark all" in on.told(Grid.Refused)[0].text
        assert on.grid.marks.rows.keys == {0}


async def test_all_rows_but_one_can_be_marked() -> None:
    async with running(Source(range(100))) as on:
        await on.press("a", "space")
        assert on.grid.marks.rows == Marks(frozenset({0}), all_but=True)
        assert "✓" not in on.lines()[1]
        assert "✓" in on.lines()[5]
        await on.press("v")
        assert on.grid.marks.rows == Marks(frozenset({0}))
        await on.press("A")
        assert not on.shows("✓")


# Fresh rows in place


async def test_an_update_repaints_exactly_the_cells_that_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(range(100))
    async with running(source) as on:
        source.names[3] = "renamed"
        regions = spy_on_refresh(on.grid, monkeypatch)
        assert await on.grid.changes.fetch() == 1
        assert regions == [Region(2, 4, 14, 1)]
        assert on.shows("renamed")
        regions.clear()
        assert await on.grid.changes.fetch() == 0
        assert regions == []


async def test_a_row_that_vanished_is_shown_as_gone_and_may_come_back() -> None:
    source = Source(range(100))
    async with running(source) as on:
        source.order.remove(3)
        await on.grid.changes.fetch()
        assert on.shows(" × row 3")
        source.order.insert(3, 3)
        await on.grid.changes.fetch()
        assert on.shows("   row 3")


async def test_a_failing_update_is_told_and_changes_nothing() -> None:
    source = Source(range(100))
    async with running(source) as on:
        source.error = OSError("away")
        assert await on.grid.changes.fetch() is None
        await on.pilot.pause()
        assert on.told(Grid.Failed)
        assert on.shows("row 3")


# What cells may hold


async def test_wide_characters_keep_the_columns_aligned() -> None:
    names: dict[int, str | Cell] = {0: "日本電話株式会社長い", 1: "e\u0301te\u0301", 2: "👍 fine", 3: "plain"}
    async with running(Source(range(4)), size=(30, 6)) as on:
        await on.grid.show(Source(range(4), names))
        lines = on.lines()[1:5]
        assert [cell_len(line) for line in lines] == [30] * 4
        assert [cell_len(line[: line.rindex("0")]) for line in lines] == [24] * 4
        assert "…" in lines[0]


async def test_hostile_text_is_shown_and_never_obeyed() -> None:
    hostile: dict[int, str | Cell] = {
        0: "\x1b[31mred",
        1: "\x1b]0;x\x07",
        2: "a\u202eb",
        3: Cell("[bold]x[/]", "bad"),
    }
    columns = [Column("name", "Na[b]me\x1b", 20)]
    async with running(Source(range(4), hostile), columns) as on:
        lines = on.lines()
        assert "Na[b]me␛" in lines[0]
        for shown in ("␛[31mred", "␛]0;x␇", "a<U+202E>b", "[bold]x[/]"):
            assert on.shows(shown)
        assert not any(char in line for line in lines for char in "\x1b\x07\u202e")


async def test_rows_without_tones_are_one_segment() -> None:
    async with running(Source(range(4), {1: Cell("bad news", "bad")})) as on:
        assert len(list(on.grid.render_line(1))) == 1
        assert len(list(on.grid.render_line(2))) == 3


async def test_plain_ascii_signs_are_all_ascii() -> None:
    names: dict[int, str | Cell] = {0: "a very long name indeed"}
    async with running(Source(range(50), names), glyphs=ASCII) as on:
        on.grid.columns.sort = [SortKey("name", descending=True)]
        await on.press("space")
        assert "".join(on.lines()).isascii()
        assert on.shows(" * a very long~")
        assert "Name v" in on.lines()[0]


# Columns


async def test_the_header_shows_the_order_with_ranks() -> None:
    async with running(Source(range(5))) as on:
        on.grid.columns.sort = (SortKey("amount", descending=True), SortKey("name"))
        assert "Name ▴2" in on.lines()[0]
        assert "Amount▾1" in on.lines()[0]


async def test_sorting_is_asked_for_by_key() -> None:
    async with running(Source(range(5))) as on:
        await on.press("o", "right", "O")
        assert [(m.column, m.add) for m in on.told(Grid.SortRequested)] == [("name", False), ("amount", True)]


async def test_columns_are_shaped_by_key() -> None:
    async with running(Source(range(5))) as on:
        await on.press("greater_than_sign")
        assert on.grid.columns.shown[0].width == 13
        await on.press("L")
        assert [column.key for column in on.grid.columns.shown] == ["amount", "name"]
        column = on.grid.cursor.column
        assert column is not None
        assert column.key == "name"
        await on.press("exclamation_mark")
        assert [column.frozen for column in on.grid.columns.shown] == [True, True]
        await on.press("exclamation_mark")
        assert [column.frozen for column in on.grid.columns.shown] == [False, False]
        await on.press("minus")
        assert [column.key for column in on.grid.columns.shown] == ["amount"]
        assert on.told(Grid.ColumnsChanged)[-1].columns == on.grid.columns.shown


async def test_a_column_is_never_narrower_than_its_minimum() -> None:
    async with running(Source(range(5)), [Column("name", "Name", 4)]) as on:
        await on.press(*["less_than_sign"] * 5)
        assert on.grid.columns.shown[0].width == 3


async def test_a_column_that_grows_takes_the_room_that_is_left_until_it_is_shaped() -> None:
    wide = Column("name", "Name", 10, grows=24)
    async with running(Source(range(5)), [wide, Column("amount", "Amount", 8, "right")]) as on:
        await on.press("greater_than_sign")
        assert [column.width for column in on.grid.columns.shown] == [25, 8]
        await on.press(*["less_than_sign"] * 2)
        assert on.grid.columns.shown[0].width == 23
    assert [one.width for one in stretched([wide, Column("amount", "Amount", 8)], 30)] == [16, 8]
    assert [one.width for one in stretched([wide, Column("amount", "Amount", 8)], 20)] == [10, 8]


# Sizes


async def test_no_rows_show_the_notice() -> None:
    async with running(Source([])) as on:
        on.grid.notice("No customers.\nPress / to search again.")
        assert on.shows("No customers.")
        await on.press("down", "up", "end", "home", "pagedown", "space", "enter", "ctrl+@")
        assert on.grid.cursor.row is None
        assert not on.told(Grid.Chosen)
        on.grid.notice("")
        assert not on.shows("No customers.")


async def test_one_row_and_one_column_or_none_work() -> None:
    async with running(Source([7]), [Column("name", "Name")]) as on:
        await on.press(
            "minus", "down", "right", "left", "space", "o", "greater_than_sign", "H", "exclamation_mark"
        )
        assert [column.key for column in on.grid.columns.shown] == ["name"]
        assert on.told(Grid.Refused)
        on.grid.columns.show([])
        await on.press("minus", "down", "right", "left", "o", "greater_than_sign", "H", "exclamation_mark")
        assert on.grid.columns.shown == ()
        assert on.grid.marks.rows.keys == {7}


async def test_every_size_draws_lines_of_its_width() -> None:
    columns = [Column("name", "Name", 30, frozen=True), *COLUMNS]
    async with running(Source(range(1000)), columns) as on:
        for size in ((20, 5), (3, 2), (1, 1), (200, 60), (40, 11)):
            await on.pilot.resize_terminal(*size)
            await on.pilot.pause()
            assert {cell_len(line) for line in on.lines()} <= {size[0], size[0] - 1}
            # Textual leaves out a line that is too short for a scroll bar that is not there yet.
            whole = on.grid.render_lines(Region(0, 0, *size))
            assert [line.cell_length for line in whole] == [size[0]] * size[1]


async def test_a_taller_screen_fetches_the_rows_it_shows() -> None:
    async with running(Source(range(1000)), size=(40, 11)) as on:
        await on.pilot.resize_terminal(40, 150)
        await on.until(lambda: on.shows("row 140"))


async def test_the_page_ahead_is_drawn_before_it_is_asked_for() -> None:
    async with running() as on:
        ready: set[str] = set()
        on.grid.app.make_ready = lambda strip: ready.add(strip.text)  # type: ignore[attr-defined]
        await on.grid.show(Source(range(1000)))
        await on.until(lambda: any("row 19 " in line for line in ready))
        await on.press("pagedown", "pagedown")
        await on.until(lambda: any("row 35 " in line for line in ready))
        ready.clear()
        await on.press("pageup")
        await on.until(lambda: any("row 5 " in line for line in ready))


async def test_a_grid_that_has_gone_meanwhile_draws_nothing() -> None:
    async with running(Source(range(1000))) as on:
        on.grid.moves.go("page_down")
        await on.grid.remove()
        on.grid.notify_style_update()
        on.grid.lines.look_ahead()


async def test_rows_from_an_earlier_run_are_drawn_dim() -> None:
    async with running(Source(range(5))) as on:
        before = next(iter(on.grid.render_line(2))).style
        on.grid.stale = True
        assert next(iter(on.grid.render_line(2))).style != before


# Mouse


async def test_the_mouse_moves_marks_opens_and_sorts() -> None:
    async with running(Source(range(100))) as on:
        await on.pilot.click(Grid, offset=(5, 4))
        assert on.grid.cursor.position == 3
        await on.pilot.click(Grid, offset=(1, 6))
        assert on.grid.marks.rows.keys == {5}
        await on.pilot.double_click(Grid, offset=(5, 2))
        assert [chosen.row.key for chosen in on.told(Grid.Chosen)] == [1]
        await on.pilot.click(Grid, offset=(20, 0))
        assert on.told(Grid.SortRequested)[0].column == "amount"


async def test_the_scroll_bar_moves_the_rows_but_not_the_cursor() -> None:
    async with running(Source(range(10_000))) as on:
        on.grid.post_message(ScrollTo(y=5000, animate=False))
        await on.until(lambda: on.shows("row 5000"))
        assert on.grid.cursor.position == 0
        await on.press("down")
        await on.until(lambda: on.shows("▸  row 1 "))


async def test_dragging_the_edge_of_a_title_makes_its_column_wider_and_does_not_sort() -> None:
    async with running(Source(range(100))) as on:
        await on.pilot.mouse_down(Grid, offset=(15, 0))
        await on.pilot.hover(Grid, offset=(19, 0))
        await on.pilot.mouse_up(Grid, offset=(19, 0))
        await on.pilot.pause()
        assert on.grid.columns.shown[0].width == 16
        assert len(on.told(Grid.ColumnsChanged)) == 1
        assert not on.told(Grid.SortRequested)


async def test_the_enter_key_opens_the_row() -> None:
    async with running(Source(range(100))) as on:
        await on.press("down", "enter")
        assert [chosen.row.key for chosen in on.told(Grid.Chosen)] == [1]
        assert on.told(Grid.Chosen)[0].control is on.grid


def test_every_key_has_an_id_and_says_what_it_does() -> None:
    for binding in Grid.BINDINGS:
        assert not isinstance(binding, tuple)
        assert (binding.id or "").startswith("grid.")
        assert binding.tooltip.endswith(".")
