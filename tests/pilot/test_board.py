"""The board of delayed changes as an operator uses it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from cx_tui.db.history_tables import delayed
from cx_tui.domain.history import OPEN, DelayedState
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.errors import Unavailable
from cx_tui.screens.board import BoardScreen
from cx_tui.screens.board.details import DelayedDetails
from cx_tui.services.changes.delayed import Delayed
from cx_tui.services.session import Session
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, opened
from tests.pilot.history import cells, first_customers, looking_at, save, session_of

SOON = timedelta(hours=2, seconds=50)
HOSTILE = "[red]said[/] \x1b[31m \u202e"


@pytest.fixture(autouse=True)
def nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due waits for the tests to make it."""
    monkeypatch.setattr(Session, "start_working", lambda self: None)


async def order(session: Session, customer_id: int, due: timedelta = SOON, **wanted: object) -> int:
    customer = await session.records.get(customer_id)
    return await session.delayed.order(customer, wanted, datetime.now(UTC) + due)


async def one_waits(url: str) -> int:
    """One change waits; its customer."""
    async with session_of(url) as session:
        (one,) = await first_customers(session, 1)
        await save(session, one, channels=30, status=Status.ACTIVE)
        await order(session, one, channels=60, status=Status.PENALTY)
    return one


async def one_is_held(url: str) -> int:
    """One change is held, because somebody else changed the same; its customer."""
    async with session_of(url) as session:
        (one,) = await first_customers(session, 1)
        await save(session, one, channels=30)
        await order(session, one, timedelta(0), channels=60)
        await save(session, one, channels=45)
        await session.delayed.run_due()
    return one


async def customer_of(url: str, customer_id: int) -> Customer:
    async with session_of(url) as session:
        return await session.records.get(customer_id)


def back_on_board(cx: Driver) -> bool:
    return isinstance(cx.app.screen, BoardScreen)


# Reading


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_change_stands_with_when_it_is_due_whose_it_is_and_what_it_does(
    size: tuple[int, int], own_url: str
) -> None:
    one = await one_waits(own_url)
    async with looking_at(BoardScreen(), own_url, size) as cx:
        assert cells(cx, "due") == ["in 2 h"]
        assert cells(cx, "state") == ["Waiting"]
        assert cells(cx, "who") == ["ana"]
        assert cells(cx, "change") == ["Channels 30 → 60, Status Active → Penalty"]
        assert cells(cx, "name") == [(await customer_of(own_url, one)).name]
        await cx.shows("Waiting 1")
        await cx.shows("due in 2 h, ")
        assert " UTC" in cx.text()


async def test_the_next_stands_first_and_a_held_one_says_why(own_url: str) -> None:
    await one_is_held(own_url)
    async with session_of(own_url) as session:
        ids = await first_customers(session, 3)
        await order(session, ids[1], timedelta(days=3, minutes=1), channels=5)
        await order(session, ids[2], timedelta(minutes=5, seconds=55), channels=5)
    async with looking_at(BoardScreen(), own_url) as cx:
        assert cells(cx, "due")[1:] == ["in 5 min", "in 3 days"]
        assert cells(cx, "state") == ["Held", "Waiting", "Waiting"]
        await cx.shows("changed Channels")


async def test_an_empty_board_says_how_a_change_is_delayed(own_url: str) -> None:
    async with looking_at(BoardScreen(), own_url, (80, 24)) as cx:
        await cx.shows("No change waits for its time.")
        await cx.shows('"Delay and Save" makes one.')
        await cx.do("board.cancel", "board.run", "grid.choose")
        assert back_on_board(cx)
        await cx.do("board.back")
        await cx.until(lambda: cx.screen is cx.customers)


async def test_the_board_of_a_customer_has_only_its_changes(own_url: str) -> None:
    await one_waits(own_url)
    async with session_of(own_url) as session:
        ids = await first_customers(session, 2)
        await order(session, ids[1], channels=5)
    async with looking_at(BoardScreen(ids[1], "Second"), own_url) as cx:
        assert len(cells(cx, "change")) == 1
        await cx.shows("Second")


async def test_done_and_cancelled_ones_are_shown_on_a_key(own_url: str) -> None:
    async with session_of(own_url) as session:
        ids = await first_customers(session, 3)
        await order(session, ids[0], timedelta(0), channels=61)
        await session.delayed.run_due()
        await session.delayed.cancel(await order(session, ids[1], channels=5))
        await order(session, ids[2], channels=5)
    async with looking_at(BoardScreen(), own_url) as cx:
        assert cells(cx, "state") == ["Waiting"]
        await cx.do("board.settled")
        await cx.until(lambda: cells(cx, "state") == ["Waiting", "Cancelled", "Done"])
        await cx.do("grid.last", "board.cancel")
        await cx.says("This change is done already.")
        await cx.do("board.settled")
        await cx.until(lambda: cells(cx, "state") == ["Waiting"])


async def test_it_keeps_up_by_itself_and_the_cursor_stays_on_its_change(own_url: str) -> None:
    await one_waits(own_url)
    async with looking_at(BoardScreen(), own_url, refresh_seconds=0.2) as cx:
        async with session_of(own_url) as session:
            ids = await first_customers(session, 2)
            await order(session, ids[1], timedelta(minutes=1), channels=5)
        await cx.until(lambda: len(cells(cx, "state")) == 2)
        board = cx.app.screen
        assert isinstance(board, BoardScreen)
        assert board.grid.cursor.position == 1


async def test_what_is_hostile_is_shown_as_text(own_url: str, elsewhere: Elsewhere) -> None:
    one = await one_is_held(own_url)
    await elsewhere.rename(one, "[b]Bold[/] \x1b[31m")
    await elsewhere.write(update(delayed).values(said=HOSTILE, who="[/]", wanted={"notes": HOSTILE}))
    async with looking_at(BoardScreen(), own_url) as cx:
        await cx.shows("[b]Bold[/] ␛[31m")
        await cx.shows("Held: [red]said[/] ␛[31m <U+202E>")
        await cx.do("board.run")
        await cx.shows("It was held: [red]said[/]")
        await cx.press("n")
        await cx.until(lambda: back_on_board(cx))


async def test_a_database_that_is_away_is_said_once_and_the_rows_stay(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await one_waits(own_url)

    async def away(*_: object, **__: object) -> None:
        raise Unavailable("the database is away")

    async with looking_at(BoardScreen(), own_url) as cx:
        monkeypatch.setattr(Delayed, "board", away)
        await cx.do("board.refresh", "board.refresh")
        await cx.says("The database is away.")
        assert len(cx.toasts()) == 1
        assert cells(cx, "state") == ["Waiting"]


# Looking into one


async def test_details_show_what_it_was_what_is_wanted_and_what_it_is_now(own_url: str) -> None:
    await one_is_held(own_url)
    async with looking_at(BoardScreen(), own_url, (80, 24)) as cx:
        await cx.do("grid.choose")
        await cx.shows("! 45 (changed)")
        line = next(line for line in cx.text().split("\n") if line.startswith("Channels "))
        assert line.split() == ["Channels", "30", "60", "!", "45", "(changed)"]
        await cx.shows("Held: ")
        await cx.do("details.close")
        await cx.until(lambda: back_on_board(cx))


async def test_details_say_when_the_customer_was_deleted(own_url: str) -> None:
    one = await one_waits(own_url)
    async with looking_at(BoardScreen(), own_url) as cx:
        async with session_of(own_url) as session:
            await session.records.delete(one)
        await cx.do("grid.choose")
        await cx.shows("The customer has been deleted")
        assert isinstance(cx.app.screen, DelayedDetails)


# Acting


async def test_a_change_is_cancelled_after_a_question(own_url: str) -> None:
    one = await one_waits(own_url)
    async with looking_at(BoardScreen(), own_url) as cx:
        await cx.do("board.cancel")
        await cx.shows("Cancel this change of")
        await cx.press("enter")
        await cx.until(lambda: back_on_board(cx))
        assert cells(cx, "state") == ["Waiting"]
        await cx.do("board.cancel", "confirm.yes")
        await cx.says("The change is cancelled.")
        await cx.shows("No change waits for its time.")
    assert (await customer_of(own_url, one)).channels == 30


async def test_a_change_is_moved_to_another_moment(own_url: str) -> None:
    await one_waits(own_url)
    async with looking_at(BoardScreen(), own_url) as cx:
        (before,) = cells(cx, "due")
        await cx.do("board.move")
        await cx.shows("When should this change be made?")
        await cx.press(*"26h", "enter")
        await cx.says("It is made")
        await cx.until(lambda: cells(cx, "due") != [before])
        await cx.shows("in 1 d")


async def test_a_change_to_be_confirmed_gets_more_time_but_not_more_than_a_day(own_url: str) -> None:
    async with session_of(own_url) as session:
        (one,) = await first_customers(session, 1)
        await session.delayed.save_to_confirm(await session.records.get(one), {"channels": 77}, 5)
    async with looking_at(BoardScreen(), own_url) as cx:
        await cx.do("board.move")
        await cx.shows("When should this change be turned back, unless it is confirmed?")
        await cx.press(*"26h", "enter")
        await cx.says("A change can wait a day at most to be confirmed.")
        await cx.do("board.move")
        await cx.press(*"3h", "enter")
        await cx.says("It is turned back")
        await cx.shows("in 2 h")


async def test_a_change_is_made_at_once_after_a_question(own_url: str) -> None:
    one = await one_waits(own_url)
    async with looking_at(BoardScreen(), own_url) as cx:
        await cx.do("board.run")
        await cx.shows("now?")
        await cx.do("confirm.yes")
        await cx.says("The change is made")
        await cx.shows("No change waits for its time.")
    became = await customer_of(own_url, one)
    assert (became.channels, became.status) == (60, Status.PENALTY)


async def test_a_change_whose_values_changed_is_held_and_can_be_made_although(own_url: str) -> None:
    one = await one_waits(own_url)
    async with session_of(own_url) as session:
        await save(session, one, channels=45)
    async with looking_at(BoardScreen(), own_url) as cx:
        await cx.do("board.run", "confirm.yes")
        await cx.says("It was not made, but held: ")
        await cx.until(lambda: cells(cx, "state") == ["Held"])
        assert (await customer_of(own_url, one)).channels == 45
        await cx.do("board.run")
        await cx.shows("although the values have changed")
        await cx.shows("is overwritten by the values of this change")
        await cx.do("confirm.yes")
        await cx.says("The change is made")
    assert (await customer_of(own_url, one)).channels == 60


async def test_what_somebody_else_settled_meanwhile_is_said(own_url: str) -> None:
    await one_waits(own_url)
    async with looking_at(BoardScreen(), own_url) as cx:
        await cx.do("board.cancel")
        async with session_of(own_url) as session:
            ((change, _),) = await session.delayed.board([DelayedState.WAITING])
            await session.delayed.run_now(change.id)
        await cx.do("confirm.yes")
        await cx.says("This delayed change is done already.")
        await cx.shows("No change waits for its time.")


async def test_nothing_is_cancelled_or_made_in_a_read_only_session(own_url: str) -> None:
    await one_waits(own_url)
    async with looking_at(BoardScreen(), own_url, database_read_only=True) as cx:
        await cx.do("board.cancel")
        await cx.says("nothing can be cancelled")
        await cx.do("board.run")
        await cx.says("nothing can be changed")
        assert back_on_board(cx)


async def test_who_leaves_alone_is_told_what_is_not_confirmed(own_url: str) -> None:
    async with session_of(own_url) as session:
        (one,) = await first_customers(session, 1)
        await session.delayed.save_to_confirm(await session.records.get(one), {"channels": 77}, 5)
    async with opened(own_url) as cx:
        session = await cx.app.services()
        await session._look_at_unconfirmed()
        await cx.do("app.quit")
        await cx.shows("1 change is not confirmed, and no other program is open")
        await cx.press("enter")
        await cx.live()
        assert cx.app.is_running
        await session.delayed.confirm((await session.delayed.board(OPEN))[0][0].id)
        await session._look_at_unconfirmed()
        await cx.do("app.quit")
        await cx.until(lambda: not cx.app.is_running, "an end")
