"""Nothing is said by colour alone: with all colours taken away, a word or a sign still tells it."""

import re
from collections.abc import Iterator

import pytest
from textual.app import App, ComposeResult

from cx_tui.domain.records.customer import Status
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import lines_of, opened
from tests.pilot.screens import SCREENS, back_to_list, go_to
from widgets.form.bar import TabBar
from widgets.grid import ASCII, UNICODE, Grid
from widgets.line import Line
from widgets.picker import LineList
from widgets.plot import Plot, Point

FIGURE = re.compile(r"[-\d.,:% ]+")
"""A text that says nothing but how much."""
NUMBERS_THAT_SPEAK = {
    "sip_code": "a code of 500 or more is a failure by its number, and the column beside it says why",
}


def pointed(grid: Grid) -> Iterator[str]:
    """The cells whose tone says something that neither their text nor a sign does."""
    for row in grid.rows.visible:
        for column in grid.columns.shown:
            cell = row.cell(column.key)
            speaks = not cell.text or cell.flagged or not FIGURE.fullmatch(cell.text) or cell.text[0] == "-"
            if cell.tone in ("bad", "warn") and not speaks and column.key not in NUMBERS_THAT_SPEAK:
                yield f"{column.title}: {cell.text}"


def figures(line: Line) -> Iterator[str]:
    """The parts of a line that are figures in a tone that warns, with neither word nor sign."""
    for text in line._lines:
        for part in (*text.left, *text.right):
            if not isinstance(part, str) and part.tone in ("bad", "warn") and FIGURE.fullmatch(part.text):
                yield part.text


@pytest.mark.parametrize("ascii", ["off", "on"])
async def test_no_figure_of_any_screen_warns_by_its_colour_alone(world_url: str, ascii: str) -> None:
    glyphs = ASCII if ascii == "on" else UNICODE
    found: dict[str, list[str]] = {}
    async with opened(world_url, look_ascii=ascii) as cx:
        for name, keys in SCREENS.items():
            await go_to(cx, keys)
            wrong = [each for grid in cx.app.screen.query(Grid) for each in pointed(grid)]
            wrong += [each for line in cx.app.screen.query(Line) for each in figures(line)]
            for grid in cx.app.screen.query(Grid):
                drawn = lines_of(grid)
                if (
                    grid.region
                    and grid.rows.total
                    and glyphs.cursor not in "".join(line[0] for line in drawn[1:])
                ):
                    wrong.append("no sign at the row under the cursor")
            for listed in cx.app.screen.query(LineList):
                if listed._with_cursor and listed._lines and glyphs.cursor not in "".join(lines_of(listed)):
                    wrong.append("no sign at the line under the cursor")
            for bar in cx.app.screen.query(TabBar):
                if "[" not in lines_of(bar)[0]:
                    wrong.append("no sign at the open tab")
            if wrong:
                found[name] = wrong
            await back_to_list(cx)
    assert not found


async def test_limits_warnings_and_statuses_have_signs_in_the_list(
    own_url: str, elsewhere: Elsewhere
) -> None:
    added = await elsewhere.add("AAA Limits", status=Status.ACTIVE, channels=30, debit_limit=0)
    await elsewhere.count(added, live=30, routes=0, balance=0)
    async with opened(own_url, size=(160, 40)) as cx:
        row = next(line for line in cx.rows() if "AAA Limits" in line)
        assert "!30 of 30" in row, "all channels are taken"
        assert re.search(r"!0\.00 [A-Z]{3}", row), "no credit is left"
        assert "Active" in row
        await cx.do("list.worst_first")
        await cx.until(lambda: re.search(r"│ +!\d", cx.rows()[0]), "a sign at the number of warnings")
        await cx.until(lambda: "!! " in cx.detail(), "the one that stops calls, in words")


@pytest.mark.parametrize("ascii", ["off", "on"])
async def test_a_cell_that_others_changed_has_a_sign_for_a_moment(
    own_url: str, elsewhere: Elsewhere, ascii: str
) -> None:
    glyphs = ASCII if ascii == "on" else UNICODE
    async with opened(own_url, look_ascii=ascii) as cx:
        key, name = cx.cursor(), cx.names()[0]
        assert key is not None
        await elsewhere.rename(key, f"Z{name}")
        await cx.refreshed()
        assert f"{glyphs.changed}Z{name[:12]}" in cx.rows()[0]
        await cx.until(lambda: f" Z{name[:12]}" in cx.rows()[0], "that it is no news any more")


async def test_what_is_chosen_among_several_is_in_brackets_or_has_the_cursors_sign(world_url: str) -> None:
    async with opened(world_url, size=(120, 40)) as cx:
        await go_to(cx, ("enter", "2"))
        assert "2[Auth]" in cx.text()
        assert re.search(r"▸IP authentication", cx.text()), "the list in which one is"
        await go_to(cx, ("4",))
        assert "[hours]" in cx.text()
        plots = [plot for plot in cx.app.screen.query(Plot) if plot.display]
        assert [lines_of(plot)[0][0] for plot in plots[:2]] == ["▸", plots[1]._title[0]]
        await go_to(cx, ("t",))
        assert "[days]" in cx.text()
        await back_to_list(cx)
        await go_to(cx, ("e",))
        assert "[Basic]" in cx.text()
        await back_to_list(cx)
        await cx.to_column("status")
        assert "▸Status" in cx.titles()


async def test_the_bar_under_the_cursor_of_a_plot_has_a_sign() -> None:
    class Host(App[None]):
        def compose(self) -> ComposeResult:
            yield Plot()

    async with Host().run_test(size=(60, 10)) as pilot:
        plot = pilot.app.query_one(Plot)
        points = [Point(f"hour {hour}", f"{hour:02}", float(hour), str(hour)) for hour in range(5)]
        plot.show("Attempts", points, str, nothing="There were no calls.")
        await pilot.press("home")
        assert lines_of(plot)[0].startswith("▸ Attempts   hour 0"), "it has the focus"
        assert lines_of(plot)[-1].index("▴") < 12
        plot.show("Attempts", [], str, nothing="There were no calls.")
        assert "There were no calls." in "\n".join(lines_of(plot))
