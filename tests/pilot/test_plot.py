"""A plot says the least and the most of what it shows, and where they are."""

import pytest
from textual.app import App, ComposeResult

from tests.pilot.driver import lines_of
from widgets.plot import Plot, Point


class Plotted(App[None]):
    """One plot."""

    def compose(self) -> ComposeResult:
        """Only that."""
        yield Plot()


def points(*values: float | None) -> list[Point]:
    """Hours with these values."""
    return [
        Point(f"hour {hour}", f"{hour:02}:00", value, "" if value is None else f"{value:g}")
        for hour, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((3.0, 1.0, 7.0, 2.0), "min 1 (01:00)   max 7 (02:00)"),
        ((3.0, None, 7.0), "min 3 (00:00)   max 7 (02:00)"),
        ((-4.0, 0.0), "min -4 (00:00)   max 0 (01:00)"),
        ((5.0, 5.0), ""),
        ((None, None), ""),
        ((), ""),
    ],
)
async def test_the_least_and_the_most_stand_at_the_end_of_the_title(
    values: tuple[float | None, ...], said: str
) -> None:
    app = Plotted()
    async with app.run_test(size=(80, 12)) as pilot:
        app.query_one(Plot).show("ASR", points(*values), str)
        await pilot.pause()
        title = lines_of(app.query_one(Plot))[0]
        assert title.endswith(f"   {said}" if said else " ")
        assert ("min" in title) == bool(said)


async def test_what_is_under_the_cursor_comes_first_where_there_is_no_room_for_both() -> None:
    app = Plotted()
    async with app.run_test(size=(40, 12)) as pilot:
        plot = app.query_one(Plot)
        plot.show("ASR", points(3.0, 1.0, 7.0), str)
        await pilot.pause()
        assert lines_of(plot)[0].endswith("hour 2   7         min 1   max 7")
        await pilot.resize_terminal(28, 12)
        await pilot.pause()
        assert "hour 2   7" in lines_of(plot)[0]
        assert "min" not in lines_of(plot)[0]
