"""The log as an operator uses it: read, narrowed, looked into, undone."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from cx_tui.db.history_tables import operation
from cx_tui.domain.history import Act, LogQuery
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.who import Who
from cx_tui.errors import CxError, Unavailable
from cx_tui.screens.confirm import Confirm
from cx_tui.screens.log import DifferenceScreen, LogScreen
from cx_tui.screens.log.undone import UndoneScreen
from cx_tui.screens.progress import Progress, Report, duration, in_words
from cx_tui.services.history.log import Log
from cx_tui.services.history.undo import Undone
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver
from tests.pilot.history import cells, clipboard, first_customers, looking_at, save, session_of
from widgets.grid import Grid

HOSTILE = "[bold red]markup[/] \x1b]0;title\x07 \u202eevil"
HOSTILE_SEEN = "[bold red]markup[/] ␛]0;title␇ <U+202E>evil"


async def channels_of(url: str, *ids: int) -> list[int]:
    async with session_of(url) as session:
        return [(await session.records.get(one)).channels for one in ids]


async def given_changes(url: str) -> list[int]:
    """Ana changes one customer, Bogdan twenty at once, Ana one of those again."""
    async with session_of(url) as ana, session_of(url, Who("bogdan", "ssh 10.20.0.31")) as bogdan:
        ids = await first_customers(ana, 21)
        await save(ana, ids[0], channels=77)
        await bogdan.bulk.edit(ids[1:], {"channels": 88})
        await save(ana, ids[1], channels=99)
    return ids


def screen(cx: Driver) -> Any:
    return cx.app.screen


def on_top(cx: Driver, kind: type) -> bool:
    return isinstance(cx.app.screen, kind)


# Reading


async def test_operations_stand_newest_first_with_who_what_and_how_many(own_url: str) -> None:
    await given_changes(own_url)
    async with looking_at(LogScreen(), own_url) as cx:
        assert cells(cx, "who") == ["ana", "bogdan", "ana"]
        assert cells(cx, "act") == ["Change", "Bulk edit", "Change"]
        assert cells(cx, "records") == ["1", "20", "1"]
        await cx.shows("3 operations")
        await cx.shows("Channels 88 → 99")
        await cx.shows("by ana, ssh 10.20.0.14")
        assert " UTC" in cx.text()


async def test_the_log_of_a_customer_has_only_what_was_done_to_it(own_url: str) -> None:
    ids = await given_changes(own_url)
    async with looking_at(LogScreen(ids[2], "Second"), own_url) as cx:
        assert cells(cx, "act") == ["Bulk edit"]
        await cx.shows("of 20 records; Second: Channels")


async def test_an_empty_log_says_what_will_stand_in_it(own_url: str) -> None:
    async with looking_at(LogScreen(), own_url, (80, 24)) as cx:
        await cx.shows("Nothing has been done yet.")
        await cx.do("log.undo")
        assert on_top(cx, LogScreen)


async def test_what_came_meanwhile_is_there_after_a_refresh_and_the_cursor_stays(own_url: str) -> None:
    ids = await given_changes(own_url)
    async with looking_at(LogScreen(), own_url) as cx:
        await cx.do("grid.down")
        async with session_of(own_url) as session:
            await save(session, ids[5], channels=1)
        await cx.do("log.refresh")
        await cx.shows("4 operations")
        assert screen(cx).grid.cursor.position == 2


async def test_hostile_titles_and_values_are_shown_as_text(own_url: str, elsewhere: Elsewhere) -> None:
    ids = await given_changes(own_url)
    async with session_of(own_url) as session:
        await save(session, ids[0], private_notes=f"{HOSTILE}\nsecond line", website="")
    await elsewhere.write(update(operation).values(title=HOSTILE, who="[b]", origin="[/]"))
    async with looking_at(LogScreen(), own_url) as cx:
        await cx.shows(HOSTILE_SEEN)
        await cx.do("grid.choose")
        await cx.until(lambda: on_top(cx, DifferenceScreen))
        await cx.shows("[bold red]markup[/] \\u001b]0;title\\u0007 <U+202E>evil")
        assert cx.app.screen.query_one(Grid).rows.total == 1


async def test_a_log_of_very_many_operations_is_read_in_parts(own_url: str, elsewhere: Elsewhere) -> None:
    now = datetime.now(UTC)
    like = {"at": now, "who": "ana", "origin": "", "act": Act.UPDATE, "records": 1}
    for part in range(0, 12_000, 3_000):
        rows = [{**like, "title": f"number {one + 1}"} for one in range(part, part + 3_000)]
        await elsewhere.write(insert(operation).values(rows))
    async with looking_at(LogScreen(), own_url) as cx:
        await cx.shows("12,000 operations")
        assert cells(cx, "title")[0] == "number 12000"
        await cx.do("grid.last")
        await cx.until(lambda: cells(cx, "title")[-1:] == ["number 1"])
        await cx.do("grid.page_up")
        await cx.do("log.refresh")
        await cx.until(lambda: "number 60" in cells(cx, "title"))
        assert len(screen(cx).grid.rows.source.listing._chunks) < 8
    async with session_of(own_url) as session:
        listing = session.log.listing(LogQuery())
        newest = (await listing.ids(0, 1))[0]
        assert await listing.count() == 12_000
        assert [newest - one for one in await listing.ids(5_998, 4)] == [5_998, 5_999, 6_000, 6_001]
        assert await listing.position(newest - 9_000) == 9_000
        assert await listing.position(newest + 1) is None
        assert await listing.ids(11_999, 5) == [newest - 11_999]


async def test_a_database_that_is_away_is_said_and_can_be_asked_again(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await given_changes(own_url)
    async with looking_at(LogScreen(), own_url) as cx:
        monkeypatch.setattr("cx_tui.services.history.log_list.LogListing.count", _away)
        await cx.do("log.refresh")
        await cx.says("The database is away.")
        assert len(cells(cx, "act")) == 3
        monkeypatch.undo()
        await cx.do("log.refresh")
        await cx.until(lambda: not screen(cx).wrong)


async def _away(self: object) -> int:
    raise Unavailable("the database is away")


# Filters


async def test_the_log_is_narrowed_by_title_who_and_what_and_esc_shows_all_then_leaves(own_url: str) -> None:
    await given_changes(own_url)
    async with looking_at(LogScreen(), own_url, search_wait=0.0) as cx:
        await cx.do("log.search")
        await cx.press(*"= 88")
        await cx.until(lambda: cells(cx, "act") == ["Bulk edit"])
        await cx.press("enter")
        await cx.do("log.back")
        await cx.until(lambda: len(cells(cx, "act")) == 3)
        await cx.do("log.who")
        await cx.press(*"0.31")
        await cx.until(lambda: cells(cx, "who") == ["bogdan"])
        await cx.do("log.back", "log.back")
        await cx.until(lambda: len(cells(cx, "act")) == 3)
        await cx.do("log.what")
        await cx.press("c", "c", "enter")
        await cx.until(lambda: cells(cx, "act") == ["Change", "Change"])
        await cx.shows("what Change")
        await cx.do("log.back")
        await cx.until(lambda: len(cells(cx, "act")) == 3)
        await cx.do("log.back")
        await cx.until(lambda: cx.screen is cx.customers)


async def test_the_log_is_narrowed_by_days(own_url: str, elsewhere: Elsewhere) -> None:
    await given_changes(own_url)
    old = datetime.now(UTC) - timedelta(days=10)
    await elsewhere.write(update(operation).where(operation.c.id == 1).values(at=old))
    async with looking_at(LogScreen(), own_url) as cx:
        for key, number in (("l", 2), ("l", 3), ("t", 2)):
            await cx.do("log.when")
            await cx.press(key, "enter")
            await cx.until(lambda number=number: len(cells(cx, "act")) == number)  # type: ignore[misc]
        await cx.do("log.when")
        await cx.press("end", "enter", *"yesterday", "enter")
        await cx.shows("is not a day")
        await cx.press(*["backspace"] * 9, *f"{old.astimezone():%Y-%m-%d}", "enter")
        await cx.until(lambda: len(cells(cx, "act")) == 1)
        await cx.shows(f"when {old.astimezone():%Y-%m-%d}")


async def test_filters_that_fit_nothing_say_how_to_go_on(own_url: str) -> None:
    await given_changes(own_url)
    async with looking_at(LogScreen(), own_url, search_wait=0.0) as cx:
        await cx.do("log.search")
        await cx.press(*"nobody")
        await cx.shows("No operation matches.")
        await cx.shows("0 found")


# View Difference


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_difference_of_one_record_is_marked_with_signs_and_labels(
    size: tuple[int, int], own_url: str, outside: object
) -> None:
    ids = await given_changes(own_url)
    async with looking_at(LogScreen(), own_url, size) as cx:
        await cx.do("grid.choose")
        await cx.shows('-   "channels": "88"')
        await cx.shows('+   "channels": "99"')
        assert "    Channels" in cx.text()
        await cx.do("page.copy")
        copied = json.loads(clipboard(cx))
        assert (copied["before"], copied["after"]) == ({"channels": "88"}, {"channels": "99"})
        assert copied["id"] == ids[1]
        await cx.do("difference.back")
        await cx.until(lambda: on_top(cx, LogScreen))


async def test_the_difference_of_many_is_a_list_with_the_one_under_the_cursor_beside_it(
    own_url: str, outside: object
) -> None:
    await given_changes(own_url)
    async with looking_at(LogScreen(), own_url) as cx:
        await cx.do("grid.down", "grid.choose")
        await cx.until(lambda: on_top(cx, DifferenceScreen) and len(cells(cx, "change")) == 20)
        first = cells(cx, "change")[0].removeprefix("Channels ").removesuffix(" → 88")
        await cx.shows(f'-   "channels": "{first.replace(",", "")}"')
        await cx.do("grid.last")
        last = cells(cx, "change")[-1].removeprefix("Channels ").removesuffix(" → 88")
        await cx.shows(f'-   "channels": "{last.replace(",", "")}"')
        await cx.do("difference.copy_all")
        await cx.says("the differences of 20 records")
        assert len([json.loads(line) for line in clipboard(cx).splitlines()]) == 20


async def test_from_a_customer_the_difference_shows_its_own_and_on_a_key_all(own_url: str) -> None:
    ids = await given_changes(own_url)
    async with looking_at(LogScreen(ids[3], "Third"), own_url) as cx:
        await cx.do("grid.choose")
        await cx.shows("1 of 20 records")
        await cx.do("difference.only_one")
        await cx.until(lambda: len(cells(cx, "change")) == 20)


async def test_secrets_read_changed_and_created_records_show_what_they_began_with(own_url: str) -> None:
    async with session_of(own_url) as session:
        await session.records.create({"name": "Brand New", "currency": "EUR"})
    async with looking_at(LogScreen(), own_url) as cx:
        await cx.shows("created: Name Brand New")
        await cx.do("grid.choose")
        await cx.shows('+   "name": "Brand New"')
        assert '-   "' not in cx.text()


# Undo


async def test_one_record_is_undone_after_a_question_and_the_log_says_so(own_url: str) -> None:
    ids = await given_changes(own_url)
    async with looking_at(LogScreen(), own_url) as cx:
        await cx.do("log.undo")
        await cx.shows("Undo this operation on 1 record?")
        await cx.press("enter")
        await cx.until(lambda: on_top(cx, LogScreen))
        assert await channels_of(own_url, ids[1]) == [99]
        await cx.do("log.undo", "confirm.yes")
        await cx.says("Undone: 1 record is as before.")
        await cx.until(lambda: cells(cx, "act")[0] == "Undo")
        assert cells(cx, "undone")[1] == "#4"
        assert await channels_of(own_url, ids[1]) == [88]
        await cx.until(lambda: screen(cx).grid.cursor.position == 1)
        await cx.do("log.undo")
        await cx.says("It was undone already, by operation #4.")


async def test_many_are_undone_when_their_number_was_typed_and_refusals_are_named(own_url: str) -> None:
    ids = await given_changes(own_url)
    async with looking_at(LogScreen(), own_url, (80, 24)) as cx:
        await cx.do("grid.down", "log.undo")
        await cx.shows("Type 20 to go on")
        await cx.press("y", "1", "enter")
        await cx.shows("That is not 20.")
        await cx.press("backspace", "backspace", *"20", "enter")
        await cx.until(lambda: on_top(cx, UndoneScreen), "the result")
        await cx.shows("19 records are as before.")
        await cx.shows(": Channels was changed since")
        assert "customer #" not in cx.text()
        await cx.do("undone.close")
        await cx.until(lambda: cells(cx, "act")[0] == "Undo")
        assert await channels_of(own_url, ids[1]) == [99]


async def test_an_undo_that_is_stopped_changes_nothing(own_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await given_changes(own_url)
    really, begun = Log.undo, asyncio.Event()

    async def endless(self: Log, operation_id: int, progress: Report | None = None) -> Undone:
        assert progress
        progress(5, 20)
        begun.set()
        await asyncio.Event().wait()
        return await really(self, operation_id, progress)

    monkeypatch.setattr(Log, "undo", endless)
    async with looking_at(LogScreen(), own_url) as cx:
        await cx.do("grid.down", "log.undo")
        await cx.press(*"20", "enter")
        await begun.wait()
        await cx.shows("5 of 20")
        await cx.do("progress.stop")
        await cx.shows("It was stopped; nothing was changed.")
        await cx.do("progress.stop")
        await cx.until(lambda: on_top(cx, LogScreen))
        assert len(cells(cx, "act")) == 3
    assert await channels_of(own_url, ids[2]) == [88]


async def test_a_real_undo_that_is_stopped_halfway_changes_nothing(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await given_changes(own_url)
    monkeypatch.setattr("cx_tui.services.history.undo.SLICE", 5)
    stopped = asyncio.Event()
    really = Progress._report

    def stop_at_ten(self: Progress[Any], done: int, of: int) -> None:
        really(self, done, of)
        if done == 10:
            self.action_stop()
            stopped.set()

    monkeypatch.setattr(Progress, "_report", stop_at_ten)
    async with looking_at(LogScreen(), own_url) as cx:
        await cx.do("grid.down", "log.undo")
        await cx.press(*"20", "enter")
        await stopped.wait()
        await cx.shows("nothing was changed")
        await cx.do("progress.close")
        await cx.until(lambda: on_top(cx, LogScreen))
    assert await channels_of(own_url, *ids[2:]) == [88] * 19


async def test_what_can_not_be_undone_is_said_as_a_sentence(own_url: str) -> None:
    ids = await given_changes(own_url)
    async with looking_at(LogScreen(), own_url) as cx:
        async with session_of(own_url) as session:
            await save(session, ids[1], channels=5)
        await cx.do("log.undo", "confirm.yes")
        await cx.shows("Nothing of it can be undone: Abara & Botha Communications: Channels was")
        await cx.do("progress.close")
        await cx.shows("4 operations")


async def test_nothing_is_undone_in_a_read_only_session(own_url: str) -> None:
    await given_changes(own_url)
    async with looking_at(LogScreen(), own_url, database_read_only=True) as cx:
        await cx.do("log.undo")
        await cx.says("open to read only")
        assert on_top(cx, LogScreen)


async def test_a_deleted_customer_comes_back(own_url: str) -> None:
    async with session_of(own_url) as session:
        ids = await first_customers(session, 1)
        name = (await session.records.get(ids[0])).name
        await session.records.delete(ids[0])
    async with looking_at(LogScreen(), own_url) as cx:
        await cx.do("log.undo")
        await cx.shows("What was deleted comes back.")
        await cx.do("confirm.yes")
        await cx.says("1 record is as before")
    async with session_of(own_url) as session:
        back: Customer = await session.records.get(ids[0])
        assert back.name == name


# The dialogs that others use too


async def test_the_safe_answer_is_marked_and_the_other_one_can_be(own_url: str) -> None:
    answers: list[bool | None] = []
    keys = (["enter"], ["n"], ["escape"], ["y"], ["right", "enter"], ["tab", "tab", "enter"])
    async with looking_at(LogScreen(), own_url) as cx:
        for pressed in keys:
            cx.app.push_screen(Confirm("Really [b]?", [HOSTILE], "Do it"), answers.append)
            await cx.shows("▸ Leave it")
            await cx.shows(HOSTILE_SEEN)
            await cx.press(*pressed)
            await cx.until(lambda: on_top(cx, LogScreen))
    assert answers == [False, False, False, True, True, False]


async def test_a_number_may_be_typed_with_or_without_its_commas(own_url: str) -> None:
    answers: list[bool | None] = []
    async with looking_at(LogScreen(), own_url) as cx:
        for typed in ("12345", "12,345", "12 345", ""):
            cx.app.push_screen(Confirm("Delete?", [], "Delete", "12,345"), answers.append)
            await cx.shows("Type 12,345 to go on")
            await cx.press(*typed, "enter")
            await cx.until(lambda: on_top(cx, LogScreen))
    assert answers == [True, True, True, False]


async def test_work_gives_its_result_or_says_what_is_wrong(own_url: str) -> None:
    results: list[int | None] = []

    async def right(report: Report) -> int:
        report(1, 2)
        return 7

    async def wrong(report: Report) -> int:
        raise CxError("[b] is wrong")

    async with looking_at(LogScreen(), own_url) as cx:
        cx.app.push_screen(Progress("Working", right), results.append)
        await cx.until(lambda: results == [7])
        cx.app.push_screen(Progress("Working", wrong), results.append)
        await cx.shows("[b] is wrong.")
        await cx.do("progress.close")
        await cx.until(lambda: results == [7, None])


def test_progress_says_how_fast_it_goes_and_what_is_left() -> None:
    assert in_words(0, 0, 0.1) == ""
    assert in_words(5, 20, 0.1) == "5 of 20"
    assert in_words(12_000, 60_000, 2.0) == "12,000 of 60,000   6,000 a second   about 8 s left"
    assert in_words(20, 20, 2.0) == "20 of 20   10 a second"
    assert [duration(seconds) for seconds in (0.2, 90, 150, 9000)] == ["1 s", "90 s", "2 min", "2 h"]
