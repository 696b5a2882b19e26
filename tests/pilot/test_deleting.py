"""Deleting customers from the list: what goes is said, the safe answer is no, and the log knows of it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from textual.worker import Worker

import cx_tui
from cx_tui.db.history_tables import delayed
from cx_tui.db.tables import contact, counters, customer
from cx_tui.domain.history import DelayedState
from cx_tui.domain.selection import Selection
from cx_tui.errors import Unavailable
from cx_tui.screens.deleting import delete_records
from cx_tui.screens.read_only import WRITE
from cx_tui.services.changes.bulk import BulkChanges, Done
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, opened
from widgets.key_line import KeyLine

ONE, SOME, MANY = frozenset({1}), frozenset(range(1, 6)), frozenset(range(1, 41))
HOSTILE = "[bold red]x[/] \x1b[31m\u202e evil"


@asynccontextmanager
async def deleting(
    url: str, selection: frozenset[int] | Selection = SOME, **settings: Any
) -> AsyncIterator[tuple[Driver, Worker[Done | None]]]:
    """The question before customers are deleted, and the worker that will have the answer."""
    chosen = selection if isinstance(selection, Selection) else Selection(selection)
    async with opened(url, **settings) as cx:
        session = await cx.app.services()
        flow = delete_records(cx.customers, session.bulk, chosen)
        worker: Worker[Done | None] = cx.customers.run_worker(flow)
        yield cx, worker
        await cx.until(lambda: worker.is_finished, "an end of it")


async def left(elsewhere: Elsewhere, ids: frozenset[int]) -> int:
    """How many of these customers are there."""
    there = select(func.count()).select_from(customer)
    there = there.where(customer.c.id.in_(ids), customer.c.deleted_at.is_(None))
    return int((await elsewhere.ask(there))[0][0])


async def names_of(elsewhere: Elsewhere, ids: Sequence[int]) -> list[str]:
    """The names of customers."""
    found = await elsewhere.ask(select(customer.c.name).where(customer.c.id.in_(ids)))
    return sorted((row[0] for row in found), key=str.casefold)


async def test_the_question_names_the_first_customers_and_all_that_goes(
    own_url: str, elsewhere: Elsewhere
) -> None:
    await elsewhere.write(update(counters).where(counters.c.customer_id.in_(SOME)).values(live=2))
    theirs = select(func.count()).select_from(contact)
    theirs = theirs.where(contact.c.customer_id.in_(SOME), contact.c.deleted_at.is_(None))
    contacts = (await elsewhere.ask(theirs))[0][0]
    first = await names_of(elsewhere, (1, 2, 3))
    async with deleting(own_url) as (cx, _):
        await cx.shows("Delete 5 customers?")
        await cx.until(
            lambda: f"{', '.join(first)} and 2 more." in " ".join(cx.text().split()), "their names"
        )
        await cx.shows(f"{contacts} contacts go with them.")
        await cx.shows("10 calls are live now and go on.")
        await cx.shows("They stay in the log, which can bring them back.")
        await cx.do("confirm.no")
    assert await left(elsewhere, SOME) == 5


async def test_a_delayed_change_that_waits_is_named(own_url: str, elsewhere: Elsewhere) -> None:
    due = datetime(2099, 1, 1, tzinfo=UTC)
    waits = {"customer_id": 1, "due_at": due, "created_at": due, "who": "ana", "origin": ""}
    waits |= {"base": {}, "wanted": {}, "state": DelayedState.WAITING, "said": ""}
    await elsewhere.write(insert(delayed).values(waits))
    async with deleting(own_url, ONE) as (cx, _):
        await cx.shows("1 delayed change that waits will not be made.")
        await cx.do("confirm.no")


async def test_one_customer_is_named_in_the_question_and_in_what_is_said_afterwards(
    own_url: str, elsewhere: Elsewhere
) -> None:
    [name] = await names_of(elsewhere, (1,))
    async with deleting(own_url, ONE) as (cx, worker):
        await cx.shows(f'Delete "{name}"?')
        await cx.do("confirm.yes")
        await cx.until(lambda: worker.is_finished)
        done = worker.result
        assert done == Done(done.operation_id if done else 0, 1)
        await cx.says(f'"{name}" deleted; undo it from the log')
        await cx.says(f"operation {done.operation_id if done else 0}.")
    assert await left(elsewhere, ONE) == 0


@pytest.mark.parametrize("answer", ["enter", "n", "escape"])
async def test_the_safe_answer_is_no(answer: str, own_url: str, elsewhere: Elsewhere) -> None:
    async with deleting(own_url) as (cx, worker):
        await cx.shows("Delete 5 customers?")
        await cx.press(answer)
        await cx.until(lambda: worker.is_finished)
        assert worker.result is None
    assert await left(elsewhere, SOME) == 5


async def test_above_ten_the_number_has_to_be_typed(own_url: str, elsewhere: Elsewhere) -> None:
    async with deleting(own_url, MANY) as (cx, worker):
        await cx.shows("Type 40 to go on")
        await cx.press(*"y", "backspace", *"400", "enter")
        await cx.shows("That is not 40.")
        assert await left(elsewhere, MANY) == 40
        await cx.press("backspace", "enter")
        await cx.until(lambda: worker.is_finished)
        await cx.says("40 customers deleted; undo it from the log")
    assert await left(elsewhere, MANY) == 0


async def test_all_but_some_of_a_list_can_be_deleted(own_url: str, elsewhere: Elsewhere) -> None:
    async with deleting(own_url, Selection(ONE, all_but=True)) as (cx, worker):
        await cx.shows("Delete 2,999 customers?")
        await cx.press(*"2,999", "enter")
        await cx.until(lambda: worker.is_finished)
        await cx.says("2,999 customers deleted")
    assert await left(elsewhere, MANY) == 1


async def test_stopped_on_the_way_nothing_is_deleted(
    own_url: str, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def never(*_: object) -> Done:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(BulkChanges, "delete", never)
    async with deleting(own_url) as (cx, worker):
        await cx.shows("Delete 5 customers?")
        await cx.do("confirm.yes")
        await cx.until(begun.is_set)
        await cx.stop_work()
        await cx.shows("It was stopped; nothing was deleted.")
        await cx.do("progress.close")
        await cx.until(lambda: worker.is_finished)
        assert worker.result is None
    assert await left(elsewhere, SOME) == 5


@pytest.mark.parametrize("broken", ["chosen", "delete"])
async def test_an_error_is_a_sentence_and_nothing_is_deleted(
    broken: str, own_url: str, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise Unavailable("the database does not answer; try again")

    monkeypatch.setattr(BulkChanges, broken, away)
    async with deleting(own_url) as (cx, worker):
        if broken == "delete":
            await cx.shows("Delete 5 customers?")
            await cx.do("confirm.yes")
        await cx.shows("he database does not answer; try again.")
        await cx.do("progress.close")
        await cx.until(lambda: worker.is_finished)
        assert worker.result is None
    assert await left(elsewhere, SOME) == 5


async def test_customers_that_are_gone_already_are_not_asked_about(
    own_url: str, elsewhere: Elsewhere
) -> None:
    gone = update(customer).where(customer.c.id.in_(SOME)).values(deleted_at=datetime.now(UTC))
    await elsewhere.write(gone)
    async with deleting(own_url) as (cx, worker):
        await cx.says("None of these customers is left")
        await cx.until(lambda: worker.is_finished)
        assert worker.result is None


async def test_who_goes_meanwhile_is_not_counted_as_deleted(own_url: str, elsewhere: Elsewhere) -> None:
    async with deleting(own_url) as (cx, worker):
        await cx.shows("Delete 5 customers?")
        gone = update(customer).where(customer.c.id == 2).values(deleted_at=datetime.now(UTC))
        await elsewhere.write(gone)
        await cx.do("confirm.yes")
        await cx.until(lambda: worker.is_finished)
        await cx.says("4 customers deleted, 1 had gone already; undo it")


async def test_a_read_only_session_deletes_nothing_and_says_so(own_url: str, elsewhere: Elsewhere) -> None:
    async with deleting(own_url, database_read_only=True) as (cx, worker):
        await cx.says("The database is open to read only, so nothing can be changed.")
        await cx.until(lambda: worker.is_finished)
        assert worker.result is None
    assert await left(elsewhere, SOME) == 5


async def test_a_hostile_name_is_shown_as_text(own_url: str, elsewhere: Elsewhere) -> None:
    await elsewhere.rename(1, HOSTILE)
    async with deleting(own_url, ONE) as (cx, worker):
        await cx.shows('Delete "[bold red]x[/] ␛[31m<U+202E> evil"?')
        assert "\x1b" not in cx.text()
        await cx.do("confirm.yes")
        await cx.until(lambda: worker.is_finished)
        await cx.says('"[bold red]x[/] ␛[31m<U+202E> evil" deleted')


async def test_the_log_can_bring_them_back(own_url: str, elsewhere: Elsewhere) -> None:
    async with deleting(own_url) as (cx, worker):
        await cx.shows("Delete 5 customers?")
        await cx.do("confirm.yes")
        await cx.until(lambda: worker.is_finished)
        done = worker.result
        assert done
        session = await cx.app.services()
        await session.log.undo(done.operation_id)
    assert await left(elsewhere, SOME) == 5


@pytest.mark.parametrize("read_only", [True, False])
async def test_a_read_only_session_shows_dim_what_it_refuses(world_url: str, read_only: bool) -> None:
    async with opened(world_url, database_read_only=read_only) as cx:
        keys = cx.customers.query_one(KeyLine)
        colors = {
            segment.text.strip(): segment.style.color
            for segment in keys.render_line(0)
            if segment.style and segment.text.strip()
        }
        assert (colors["+"] != colors["/"]) is read_only
        assert colors["z"] == colors["/"]
        ids = {binding.binding.id for binding in cx.app.screen.active_bindings.values()}
        assert {"customers.new", "customers.delete", "customers.send"} <= ids & WRITE


def test_each_key_that_is_refused_is_there() -> None:
    sources = [
        path.read_text(encoding="utf-8") for path in Path(cx_tui.__file__).parent.glob("screens/**/*.py")
    ]
    assert [one for one in WRITE if not any(f'id="{one}"' in source for source in sources)] == []
