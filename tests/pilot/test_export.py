"""An export as an operator does it: which customers, where to, and what is in the file."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.events import Paste

from cx_tui.domain.query import Query, Sort, StatusFilter
from cx_tui.domain.selection import Selection
from cx_tui.errors import Refused
from cx_tui.screens.exporting.errand import Order
from cx_tui.screens.exporting.export_screen import ExportScreen
from cx_tui.services import child_process
from tests.pilot.driver import Driver, opened


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STATE", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@asynccontextmanager
async def listed(url: str, **settings: Any) -> AsyncIterator[Driver]:
    """The list of customers."""
    async with opened(url, **settings) as cx:
        yield cx
        while not isinstance(cx.app.screen, ExportScreen) and cx.app.screen is not cx.customers:
            cx.app.pop_screen()
        if isinstance(cx.app.screen, ExportScreen):
            cx.app.screen.dismiss(False)


async def exporting(cx: Driver) -> ExportScreen:
    """Open the export."""
    await cx.do("customers.export")
    await cx.until(lambda: isinstance(cx.screen, ExportScreen), "the export")
    assert isinstance(cx.app.screen, ExportScreen)
    return cx.app.screen


async def name_it(cx: Driver, path: Path) -> None:
    """Paste the path of the file."""
    screen = cx.app.screen
    assert isinstance(screen, ExportScreen)
    cx.app.post_message(Paste(str(path)))
    await cx.until(lambda: screen.picker.text == str(path), "the path")


async def write(cx: Driver, path: Path) -> None:
    """Write into this file, and wait until it is written."""
    await name_it(cx, path)
    await cx.do("path.take")
    await cx.until(lambda: cx.screen is cx.customers, "the list")


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def files(folder: Path) -> list[str]:
    """The files in a folder."""
    return [one.name for one in folder.iterdir() if one.is_file()]


async def test_the_marked_customers_are_written_and_it_is_said_where(world_url: str, tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    async with listed(world_url) as cx:
        marked = cx.names()[:3]
        await cx.do("grid.mark", "grid.mark", "grid.mark")
        await exporting(cx)
        await cx.shows("the 3 customers marked in the list")
        await write(cx, path)
        await cx.says("3 customers are in")
    assert sorted(row["Name"] for row in rows(path)) == sorted(marked)
    assert path.stat().st_mode & 0o777 == 0o600


async def test_without_marks_the_list_is_written_as_it_is_narrowed_and_ordered(
    world_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "listed.csv"
    async with listed(world_url) as cx:
        await cx.find("voice")
        await cx.until(lambda: " found" in cx.header(), "what was found")
        await cx.press("enter")
        await cx.choose_status("Penalty")
        await cx.until(lambda: cx.names() and set(cx.cells("status")) == {"Penalty"}, "the penalties")
        await exporting(cx)
        await cx.shows('with "voice" and with the status Penalty')
        names = cx.names()
        await write(cx, path)
    assert [row["Name"] for row in rows(path)][: len(names)] == names
    assert {row["Status"] for row in rows(path)} == {"Penalty"}


async def test_all_customers_can_be_chosen_instead(world_url: str, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    async with listed(world_url) as cx:
        await cx.choose_status("Penalty")
        await exporting(cx)
        await cx.do("export.which")
        await cx.shows("all customers")
        await write(cx, path)
        await cx.says("3,000 customers are in")
    assert len(rows(path)) == 3_000


async def test_all_but_some_of_a_list_are_written(world_url: str, tmp_path: Path) -> None:
    path = tmp_path / "rest.csv"
    async with listed(world_url) as cx:
        first = cx.names()[0]
        await cx.do("grid.mark_all", "grid.first", "grid.mark")
        await exporting(cx)
        await cx.shows("the 2,999 customers marked in the list")
        await write(cx, path)
    assert len(rows(path)) == 2_999
    assert first not in {row["Name"] for row in rows(path)}


@pytest.mark.parametrize(("letter", "suffix"), [("x", ".xlsx"), ("p", ".parquet"), ("J", ".json")])
async def test_the_kind_of_file_is_its_ending(
    letter: str, suffix: str, world_url: str, tmp_path: Path
) -> None:
    async with listed(world_url) as cx:
        await cx.do("grid.mark")
        screen = await exporting(cx)
        await name_it(cx, tmp_path / "one.csv")
        await cx.do("export.format")
        await cx.shows("The kind of file")
        await cx.press(letter, "enter")
        await cx.until(lambda: screen.picker.text.endswith(f"one{suffix}"), "the ending")
        await cx.do("path.take")
        await cx.says("1 customer is in")
    written = (tmp_path / f"one{suffix}").read_bytes()
    assert written[:2] in (b"PK", b"PA", b"[\n")
    if suffix == ".json":
        assert len(json.loads(written)) == 1


async def test_a_file_that_is_there_is_only_replaced_when_that_is_wanted(
    world_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "kept.csv"
    path.write_text("mine")
    async with listed(world_url) as cx:
        await cx.do("grid.mark")
        screen = await exporting(cx)
        await name_it(cx, path)
        await cx.do("path.take")
        await cx.shows("Replace kept.csv?")
        await cx.do("confirm.no")
        await cx.until(lambda: cx.screen is screen, "the export")
        assert path.read_text() == "mine"
        assert screen.picker.text == str(path)
        await cx.do("path.take")
        await cx.shows("Replace kept.csv?")
        await cx.do("confirm.yes")
        await cx.says("1 customer is in")
    assert len(rows(path)) == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("one.doc", "its name must end with .csv"), ("none/one.csv", "there is no folder")],
)
async def test_a_path_that_can_not_be_written_is_said(
    name: str, sentence: str, world_url: str, tmp_path: Path
) -> None:
    async with listed(world_url) as cx:
        await exporting(cx)
        await name_it(cx, tmp_path / name)
        await cx.do("path.take")
        await cx.shows(sentence)


async def test_a_stopped_export_leaves_no_file(
    world_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def never(*_: object) -> child_process.Event:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(child_process, "run", never)
    async with listed(world_url) as cx:
        screen = await exporting(cx)
        await name_it(cx, tmp_path / "half.csv")
        await cx.do("path.take")
        await cx.until(begun.is_set, "a child")
        await cx.stop_work()
        await cx.shows("It was stopped; no file was written.")
        await cx.do("progress.close")
        await cx.until(lambda: cx.screen is screen, "the export")
    assert files(tmp_path) == []


async def test_what_goes_wrong_is_said_and_the_path_stays(
    world_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> child_process.Event:
        raise Refused("the disk is full")

    monkeypatch.setattr(child_process, "run", broken)
    async with listed(world_url) as cx:
        screen = await exporting(cx)
        await name_it(cx, tmp_path / "one.csv")
        await cx.do("path.take")
        await cx.shows("The disk is full.")
        await cx.do("progress.close")
        await cx.until(lambda: cx.screen is screen, "the export")
        assert screen.picker.text == str(tmp_path / "one.csv")


def test_an_order_is_the_same_on_the_other_side() -> None:
    query = Query("ü [x]", StatusFilter.PENALTY, (Sort("credit", True), Sort("name")))
    for selection in (None, Selection(frozenset({3, 1})), Selection(frozenset({7}), True, query)):
        order = Order(Path("/tmp/\udcffn\n.csv"), query, selection)
        assert Order.from_json(order.as_json()) == order
