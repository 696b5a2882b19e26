"""Calls on the card and of all customers: the newest, those that are up, the records, what is counted."""

import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from cx_tui.db.history_tables import operation
from cx_tui.domain.calls.call import Call, Try
from cx_tui.domain.calls.events import Answered, Snapshot, Started
from cx_tui.domain.history import Act
from cx_tui.screens.admission.compare import CompareScreen
from cx_tui.screens.admission.simulate import SimulateScreen
from cx_tui.screens.ask_path import AskPath
from cx_tui.screens.calls.call_screen import CallScreen
from cx_tui.screens.calls.page import CallsPage
from cx_tui.screens.calls.parts import CallRecords
from cx_tui.screens.confirm import Confirm
from cx_tui.services.session import Session
from tests.calls.made import a_call
from tests.db.sessions import add
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, lines_of, opened
from tests.pilot.history import session_of
from widgets.file_picker import FilePicker
from widgets.grid import Grid
from widgets.line import Line
from widgets.plot import Plot

NOW = datetime.now(UTC)
AN_HOUR = timedelta(hours=1)


def priced(key: str, at: datetime, talk: float = 0, **more: object) -> Call:
    """A call with its price."""
    charge = Decimal(round(talk)) / 100
    values = {"charge": charge, "cost": charge / 2, "carrier": "alpha", **more}
    return replace(a_call(key, at=at, talk=talk), **values)  # type: ignore[arg-type]  # fields of a call


CALLS = [
    priced("first", NOW - 2 * AN_HOUR, 90, dialled="4420100", cli_in="0031", cli="31"),
    priced("second", NOW - AN_HOUR, 30, dialled="4930200"),
    priced("third", NOW - AN_HOUR, 0, dialled="4930300"),
    replace(
        priced("fourth", NOW - timedelta(minutes=5), 0, dialled="33400"),
        tries=(
            Try(carrier="alpha", began_ms=0, ended_ms=400, sip_code=503, reason="Service Unavailable"),
            Try(carrier="beta", began_ms=400, ended_ms=5000, sip_code=486, reason="Busy Here"),
        ),
        carrier="beta",
    ),
]


@pytest.fixture
async def url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database with a customer who has made some calls."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'own.db')}"
    async with session_of(url) as session:
        await add(session, "Acme")
        await session.calls.ingest().store(CALLS)
    return url


@pytest.fixture
async def cx(url: str) -> AsyncIterator[Driver]:
    """The program, with the card of the customer on the screen."""
    async with opened(url) as driver:
        await driver.do("grid.choose")
        await driver.shows("1[Main]")
        yield driver
        driver.app.exit()


async def go_up(session: Session, *keys: str, ghosts: bool = False) -> None:
    """Calls of the customer are up; of ghosts the switch says that there are none."""
    at = datetime.now(UTC) - timedelta(seconds=30)
    started = [
        Started(source="sw1", key=key, live_key=f"1:{key}", customer_id=1, invited_at=at, dialled=f"44{key}")
        for key in keys
    ]
    answered = [Answered(source="sw1", key=key, at=at) for key in keys]
    gone = [Snapshot(source="sw1", at=datetime.now(UTC), calls=())] if ghosts else []
    await session.calls.ingest().take([*started, *answered, *gone])


def cells(cx: Driver, column: str) -> list[str]:
    """The cells of a column of the list on the tab."""
    grids = [grid for grid in cx.screen.query(Grid) if grid.region]
    return [row.cell(column).text for grid in grids for row in grid.rows.visible]


async def test_the_newest_calls_come_first_and_new_ones_by_themselves(cx: Driver, url: str) -> None:
    await cx.do("card.tab_calls")
    await cx.until(lambda: cells(cx, "dialled") == ["33400", "4930300", "4930200", "4420100"])
    assert cells(cx, "talk") == ["", "", "0:30", "1:30"]
    async with session_of(url) as session:
        await session.calls.ingest().store([priced("fifth", datetime.now(UTC), 1, dialled="4355")])
    await cx.until(lambda: cells(cx, "dialled")[:2] == ["4355", "33400"], "the new call")


async def test_all_of_a_call_is_shown_and_it_is_simulated_as_it_was_and_as_it_would_go_now(
    cx: Driver,
) -> None:
    await cx.do("card.tab_calls")
    await cx.until(lambda: cells(cx, "dialled"))
    await cx.do("grid.choose")
    await cx.until(lambda: isinstance(cx.screen, CallScreen))
    lines = [" ".join(line.split()) for line in cx.text().splitlines()]
    assert "alpha 0.00 0.40 0.40 503 Service Unavailable" in lines
    assert "beta 0.40 5.00 4.60 486 Busy Here" in lines
    await cx.do("call.close")
    await cx.do("grid.last", "grid.choose")
    await cx.shows("0031, sent as 31")
    lines = [" ".join(line.split()) for line in cx.text().splitlines()]
    assert {"Length 90.000 s talked, 0 s billed", "Charge 0.9000 EUR", "Profit 0.4500 EUR"} <= set(lines)
    await cx.do("call.simulate")
    await cx.until(lambda: isinstance(cx.screen, CompareScreen))
    await cx.shows("Every gate says the same then and now; f shows them.")
    await cx.do("compare.all")
    await cx.until(lambda: cx.screen.query_one("#gates", Grid).rows.total == 14, "all gates")
    await cx.do("compare.simulate")
    await cx.until(lambda: isinstance(cx.screen, SimulateScreen))
    assert isinstance(cx.screen, SimulateScreen)
    await cx.shows("as it would go now")
    assert (cx.screen.form.values["dialled"], cx.screen.form.values["cli"]) == ("4420100", "0031")
    await cx.until(lambda: cx.screen.query_one("#gates", Grid).rows.total, "the gates")
    await cx.shows("Then it was answered by alpha (200).")


async def test_records_are_filtered_and_what_can_not_be_read_is_said(cx: Driver) -> None:
    await cx.do("card.tab_cdr")
    await cx.until(lambda: len(cells(cx, "dialled")) == 4)
    await cx.do("list.search")
    await cx.press(*"talk > 50")
    await cx.until(lambda: cells(cx, "dialled") == ["4420100"], "the long call")
    assert "filtered" in cx.text()
    await cx.press(*" and nonsense")
    await cx.shows('"nonsense" can\'t be read')
    assert cells(cx, "dialled") == ["4420100"]
    await cx.do("list.back", "list.back")
    await cx.until(lambda: len(cells(cx, "dialled")) == 4)
    await cx.do("list.search")
    await cx.press(*"4930")
    await cx.until(lambda: cells(cx, "dialled") == ["4930300", "4930200"], "numbers that begin so")


async def test_times_are_shown_by_the_clock_that_the_operator_chooses(
    cx: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        await cx.do("card.tab_cdr")
        tokyo = CALLS[-1].invited_at + 9 * AN_HOUR
        await cx.until(lambda: cells(cx, "start")[:1] == [f"{tokyo:%Y-%m-%d %H:%M:%S}"], "its clock")
        await cx.do("calls.zone")
        await cx.shows("The customer's clock")
        await cx.press("down", "enter")
        await cx.until(lambda: cells(cx, "start")[:1] == [f"{CALLS[-1].invited_at:%Y-%m-%d %H:%M:%S}"], "UTC")
        await cx.shows("4   UTC")
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_records_of_all_customers_are_written_into_a_file_in_utc(url: str, tmp_path: Path) -> None:
    async with opened(url) as cx:
        await cx.app.push_screen(CallsPage("CDR", CallRecords))
        await cx.until(lambda: cells(cx, "customer_id") == ["Acme"] * 4)
        await cx.do("list.export")
        await cx.until(lambda: isinstance(cx.screen, AskPath))
        assert "Write 4 calls" in cx.text()
        path = tmp_path / "out.csv"
        picker = cx.screen.query_one(FilePicker)
        picker.post_message(FilePicker.Picked(picker, path))
        await cx.says("4 calls are in")
        lines = path.read_text().splitlines()
        assert len(lines) == 5
        assert f"{CALLS[-1].invited_at:%Y-%m-%dT%H:%M:%S}" in lines[1]
        cx.app.exit()


async def test_live_calls_come_and_go_by_themselves(cx: Driver, url: str) -> None:
    await cx.do("card.tab_dialogs")
    await cx.shows("No call is up at this moment.")
    async with session_of(url) as session:
        await go_up(session, "one", "two")
        await cx.until(lambda: sorted(cells(cx, "dialled")) == ["44one", "44two"], "both calls")
        assert "2 up   2 talking" in cx.text()
        await session.calls.ingest().store([priced("one", datetime.now(UTC), 1)])
        await cx.until(lambda: cells(cx, "dialled") == ["44two"], "one call")


async def test_a_call_is_only_said_to_have_ended_when_it_has_and_the_log_says_who_wanted_it(
    cx: Driver, url: str
) -> None:
    async with session_of(url) as session:
        await go_up(session, "ghost", ghosts=True)
        await go_up(session, "real")
    await cx.do("card.tab_dialogs")
    await cx.until(lambda: sorted(cells(cx, "state")) == ["Ghost", "Talking"])
    await cx.do("grid.mark_all", "calls.end")
    await cx.until(lambda: isinstance(cx.screen, Confirm))
    assert "End 2 calls?" in cx.text()
    assert "1 ghost: up at no switch any more" in cx.text()
    await cx.do("confirm.yes")
    await cx.says("Ended: 1")
    await cx.says("calls of sw1 can't be ended from here; end it at the switch: 1")
    await cx.until(lambda: cells(cx, "state") == ["Talking"])
    noted = await Elsewhere(url).ask(select(operation.c.title).where(operation.c.act == Act.END))
    assert [row.title for row in noted] == ["End 2 calls"]


async def test_at_the_top_new_calls_are_seen_and_elsewhere_the_row_stays(cx: Driver, url: str) -> None:
    async with session_of(url) as session:
        await go_up(session, *(f"{number}" for number in range(60)))
        await cx.do("card.tab_dialogs")
        await cx.until(lambda: len(cells(cx, "dialled")) > 5)
        await go_up(session, "new")
        await cx.until(lambda: cells(cx, "dialled")[0] == "44new", "the newest is the first")
        await cx.do("grid.down")
        second = cells(cx, "dialled")[1]
        await go_up(session, "newer")
        await cx.until(lambda: "62 up" in cx.text(), "it was looked at")
        (grid,) = [one for one in cx.screen.query(Grid) if one.region]
        assert grid.cursor.row is not None
        assert grid.cursor.row.cell("dialled").text == second


async def test_a_call_that_ends_while_one_is_asked_is_left_alone_and_said(cx: Driver, url: str) -> None:
    async with session_of(url) as session:
        await go_up(session, "early")
        await cx.do("card.tab_dialogs")
        await cx.until(lambda: cells(cx, "state") == ["Talking"])
        await cx.do("calls.end")
        await cx.until(lambda: isinstance(cx.screen, Confirm))
        await session.calls.ingest().store([priced("early", datetime.now(UTC) - timedelta(seconds=30), 20)])
    await cx.do("confirm.yes")
    await cx.says("Ended by itself: 1")
    assert await Elsewhere(url).ask(select(operation.c.title).where(operation.c.act == Act.END)) == []


async def test_marked_periods_show_the_average_of_averages_and_the_true_one(cx: Driver) -> None:
    await cx.do("card.tab_summary")
    await cx.until(lambda: cells(cx, "attempts"))
    await cx.do("summary.period_back")
    # An hour after the other: 1 of 1, 1 of 2 and 0 of 1, unless the last two are in the same hour.
    await cx.until(lambda: cells(cx, "asr")[-1:] == ["100.0"], "the hours")
    await cx.do("grid.mark_all", "grid.right", "grid.right", "grid.right")
    await cx.shows("weighted 50.0")
    ratios = [float(text) for text in cells(cx, "asr")]
    assert f"average {sum(ratios) / len(ratios):,.1f}" in cx.text()


async def test_a_plot_shows_the_value_under_its_cursor_and_a_gap_where_no_call_was(
    cx: Driver, url: str
) -> None:
    async with session_of(url) as session:
        await session.calls.ingest().store([priced("old", NOW - 5 * AN_HOUR, 10)])
    await cx.do("card.tab_stats")
    await cx.until(lambda: cx.screen.query(Plot).first().points)
    plot = cx.screen.query(Plot).first()
    await cx.do("plot.first")
    await cx.until(lambda: f"{NOW - 5 * AN_HOUR:%H}:00   1   " in plot.render_line(0).text)
    await cx.do("plot.right")
    await cx.until(lambda: "no calls" in plot.render_line(0).text)
    await cx.do("plot.left", "plot.choose")
    await cx.until(lambda: isinstance(cx.screen, CallsPage) and len(cells(cx, "start")) == 1, "its call")
    await cx.shows(f"Acme › Stats › CDR   {NOW - 5 * AN_HOUR:%Y-%m-%d %H}:00 UTC")
    await cx.do("list.back")
    await cx.do("stats.figure")
    await cx.until(lambda: plot.render_line(0).text.startswith("▸ ASR %"))


async def test_carriers_and_sip_codes_are_plotted_over_time_and_each_point_opens_its_calls(
    cx: Driver, url: str
) -> None:
    async with session_of(url) as session:
        others = [priced(f"beta-{at}", NOW - AN_HOUR, 10, carrier="beta", sip_code=200) for at in range(6)]
        await session.calls.ingest().store(others)
    await cx.do("card.tab_stats")
    await cx.until(lambda: cx.screen.query(Plot).first().points)
    plot = cx.screen.query(Plot).first()
    await cx.do("stats.set")
    await cx.until(
        lambda: plot.render_line(0).text.startswith("▸ beta   Attempts"), "the most frequent first"
    )
    await cx.shows("1-2 of 2")
    assert max(point.value or 0 for point in plot.points) >= 6
    while (plot.points[plot.cursor].value or 0) < 6:
        await cx.do("plot.left")
    await cx.do("plot.choose")
    await cx.until(lambda: isinstance(cx.screen, CallsPage) and cells(cx, "start"), "its calls")
    assert set(cells(cx, "carrier")) == {"beta"}
    await cx.do("list.back")
    await cx.do("stats.figure")
    await cx.until(lambda: plot.render_line(0).text.startswith("▸ beta   Share %"))
    await cx.do("stats.set")
    await cx.until(lambda: plot.render_line(0).text.startswith("▸ SIP 200   Share %"))
    await cx.do("stats.set")
    await cx.until(lambda: plot.render_line(0).text.startswith("▸ Attempts"))
    for _ in range(12):
        if plot.render_line(0).text.startswith("▸ PDD 90th percentile s"):
            break
        await cx.do("stats.figure")
    await cx.until(lambda: any(point.text == "2.0 s" for point in plot.points), "the percentiles were read")


async def test_every_part_says_what_it_is_on_a_card_of_80_columns(url: str) -> None:
    async with opened(url, size=(80, 24)) as cx:
        await cx.do("grid.choose")
        for act, title in (("tab_calls", "Latest calls"), ("tab_cdr", "CDR"), ("next", "Summary")):
            await cx.do(f"card.{act}")
            await cx.until(partial(says_what_it_is, cx, title), title)
        cx.app.exit()


def says_what_it_is(cx: Driver, title: str) -> bool:
    """Whether the part in view has this title."""
    lines = [line for line in cx.screen.query(".title").results(Line) if line.region]
    return [lines_of(line)[0].split("  ")[0].strip() for line in lines] == [title]
