"""The outbox as an operator uses it: how far everything is, and what is done about what went wrong."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from cx_tui.db.outbox_tables import job, message, pause
from cx_tui.db.tables import contact
from cx_tui.domain.outbox import State, Way
from cx_tui.domain.selection import Selection
from cx_tui.errors import Unavailable
from cx_tui.screens.log.log_screen import LogScreen
from cx_tui.screens.outbox import FoundScreen, JobScreen, OutboxScreen
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.sending.outbox import Outbox
from cx_tui.services.session import Session
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver
from tests.pilot.history import cells, looking_at, session_of

HOSTILE = "[red]said[/] \x1b[31m \u202e"


@pytest.fixture(autouse=True)
def nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued stays so."""
    monkeypatch.setattr(Session, "start_working", lambda self: None)


async def order(
    url: str, number: int = 5, way: Way = Way.EMAIL, subject: str = "Outage", **wanted: Any
) -> int:
    """A message to so many contacts; the number of its job."""
    subject = subject if way is Way.EMAIL else ""
    async with session_of(url) as session:
        ids = await session.bulk.chosen(Selection(frozenset(range(1, 200))))
        found = [one for one in await session.outbox.recipients(way, ids) if one.reach.value == "will"]
        wanted = {"body": "The route UK1 is down.", **wanted}
        return (await session.outbox.order(DraftMessage(way, subject=subject, **wanted), found[:number])).id


async def messages(elsewhere: Elsewhere) -> list[Any]:
    return list(await elsewhere.ask(select(message).order_by(message.c.id)))


async def became(elsewhere: Elsewhere, place: int, state: State, **values: Any) -> None:
    """One message, by its place, has come so far."""
    one = (await messages(elsewhere))[place]
    values = {"state": state, "attempts": 1, **values}
    await elsewhere.write(update(message).where(message.c.id == one.id).values(values))


async def states(elsewhere: Elsewhere) -> list[State]:
    return [one.state for one in await messages(elsewhere)]


async def open_job(cx: Driver) -> JobScreen:
    """Open the job under the cursor."""
    await cx.do("grid.choose")
    await cx.until(lambda: isinstance(cx.app.screen, JobScreen) and cells(cx, "name"), "the messages")
    screen = cx.app.screen
    assert isinstance(screen, JobScreen)
    return screen


# The jobs


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_jobs_stand_newest_first_with_their_messages_by_state(
    size: tuple[int, int], own_url: str, elsewhere: Elsewhere
) -> None:
    await order(own_url)
    await order(own_url, 3, Way.SMS)
    await became(elsewhere, 0, State.SENT, sent_at=datetime.now(UTC))
    await became(elsewhere, 1, State.FAILED, answer="550 no such user")
    async with looking_at(OutboxScreen(), own_url, size) as cx:
        assert cells(cx, "subject") == ["The route UK1 is down.", "Outage"]
        assert cells(cx, "way") == ["SMS", "E-mail"]
        assert cells(cx, "sent") == ["", "1"]
        assert cells(cx, "queued") == ["3", "3"]
        assert cells(cx, "failed") == ["", "1"]
        await cx.shows("2 jobs")
        await cx.do("grid.down")
        await cx.shows("1 sent   3 queued   1 failed")
        await cx.shows("by ana, ssh 10.20.0.14")


async def test_a_job_for_later_says_when_it_is_due(own_url: str) -> None:
    due = datetime.now(UTC) + timedelta(hours=2, seconds=50)
    await order(own_url, due_at=due)
    async with looking_at(OutboxScreen(), own_url) as cx:
        assert cells(cx, "due") == [f"{due.astimezone():%m-%d %H:%M}"]
        await cx.shows("due in 2 h, ")


async def test_an_empty_outbox_says_how_something_is_sent(own_url: str) -> None:
    async with looking_at(OutboxScreen(), own_url, (80, 24)) as cx:
        await cx.shows("Nothing was sent yet.")
        await cx.shows("press s to write to their contacts.")
        await cx.do("outbox.cancel", "outbox.all_again", "outbox.export", "grid.choose", "outbox.back")
        await cx.until(lambda: cx.screen is cx.customers, "the customers")


async def test_a_way_that_is_paused_is_said_with_the_reason(own_url: str, elsewhere: Elsewhere) -> None:
    await order(own_url)
    since = datetime.now(UTC)
    await elsewhere.write(insert(pause).values(way="email", since=since, said=f"no answer {HOSTILE}"))
    async with looking_at(OutboxScreen(), own_url, (80, 24)) as cx:
        await cx.shows(f"! E-mail is paused since {since.astimezone():%H:%M}: no answer [red]said[/]")
        await elsewhere.write(pause.delete())
        await cx.do("outbox.refresh")
        await cx.hides("paused")


async def test_it_follows_by_itself_and_draws_only_what_changed(own_url: str, elsewhere: Elsewhere) -> None:
    await order(own_url)
    screen = OutboxScreen()
    async with looking_at(screen, own_url) as cx:
        before = screen.grid.rows.source
        await became(elsewhere, 0, State.SENT, sent_at=datetime.now(UTC))
        await screen.keep_up().wait()
        assert cells(cx, "sent") == ["1"]
        assert screen.grid.rows.source is before
        await order(own_url, subject="Another")
        await screen.keep_up().wait()
        assert cells(cx, "subject") == ["Another", "Outage"]


async def test_a_database_that_is_away_is_said_and_the_jobs_stay(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(self: Outbox, *given: Any) -> None:
        raise Unavailable("the database does not answer")

    await order(own_url)
    screen = OutboxScreen()
    async with looking_at(screen, own_url) as cx:
        monkeypatch.setattr(Outbox, "jobs", away)
        await cx.do("outbox.refresh")
        await cx.says("The database does not answer.")
        assert cells(cx, "subject") == ["Outage"]


async def test_the_outbox_opens_from_the_customers(own_url: str) -> None:
    await order(own_url)
    async with looking_at(OutboxScreen(), own_url) as cx:
        await cx.do("outbox.back")
        await cx.until(lambda: cx.screen is cx.customers, "the customers")
        await cx.do("customers.outbox")
        await cx.shows("1 job ")
        await cx.do("outbox.back")
        await cx.until(lambda: cx.screen is cx.customers, "the customers")


# Its messages


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_message_stands_with_its_state_and_the_answer_of_the_server(
    size: tuple[int, int], own_url: str, elsewhere: Elsewhere
) -> None:
    await order(own_url)
    await became(elsewhere, 0, State.FAILED, answer=f"550 5.1.1 {HOSTILE}", name="[b]Ana[/b]")
    first, *_ = await messages(elsewhere)
    async with looking_at(OutboxScreen(), own_url, size) as cx:
        await open_job(cx)
        assert cells(cx, "state") == ["Failed", *["Queued"] * 4]
        assert cells(cx, "name")[0] == "[b]Ana[/b]"
        assert cells(cx, "attempts")[0] == "1"
        await cx.shows("550 5.1.1 [red]said[/] ␛[31m <U+202E>")
        await cx.do("grid.choose")
        await cx.shows("E-mail to [b]Ana[/b]")
        await cx.shows(first.address)
        await cx.shows("The route UK1 is down.")
        await cx.do("message.close", "outbox.job_back")
        await cx.until(lambda: isinstance(cx.app.screen, OutboxScreen), "the outbox")


async def test_only_messages_of_one_state_are_shown_on_a_key(own_url: str, elsewhere: Elsewhere) -> None:
    await order(own_url, 90)
    await became(elsewhere, 80, State.FAILED, answer="550")
    await became(elsewhere, 85, State.FAILED, answer="551")
    async with looking_at(OutboxScreen(), own_url) as cx:
        await open_job(cx)
        await cx.do("outbox.state")
        await cx.press("f", "enter")
        await cx.until(lambda: cells(cx, "answer") == ["550", "551"], "the failed ones")
        await cx.shows("only failed")
        await cx.do("outbox.job_back")
        await cx.until(lambda: len(cells(cx, "answer")) > 2, "all of them")


async def test_the_last_of_many_messages_is_reached_at_once(own_url: str, elsewhere: Elsewhere) -> None:
    await order(own_url, 200)
    last = (await messages(elsewhere))[-1]
    async with looking_at(OutboxScreen(), own_url) as cx:
        await open_job(cx)
        await cx.do("grid.last")
        await cx.until(lambda: cells(cx, "address")[-1:] == [last.address], "the last one")


async def test_messages_follow_by_themselves(own_url: str, elsewhere: Elsewhere) -> None:
    await order(own_url)
    async with looking_at(OutboxScreen(), own_url) as cx:
        screen = await open_job(cx)
        await became(elsewhere, 1, State.SENT, sent_at=datetime.now(UTC))
        await screen.keep_up().wait()
        assert cells(cx, "state") == ["Queued", "Sent", "Queued", "Queued", "Queued"]
        await cx.shows("1 sent   4 queued")


# What is done about it


async def test_what_is_not_sent_yet_is_cancelled_after_a_question(own_url: str, elsewhere: Elsewhere) -> None:
    await order(own_url)
    await became(elsewhere, 0, State.SENT, sent_at=datetime.now(UTC))
    async with looking_at(OutboxScreen(), own_url) as cx:
        await cx.do("outbox.cancel")
        await cx.shows("Cancel 4 messages that wait?")
        await cx.shows("1 is sent already; that can't be taken back.")
        await cx.press("enter")
        await cx.until(lambda: isinstance(cx.app.screen, OutboxScreen))
        assert State.CANCELLED not in await states(elsewhere)
        await cx.do("outbox.cancel")
        await cx.shows("Cancel 4 messages")
        await cx.do("confirm.yes")
        await cx.says("4 messages are cancelled.")
        await cx.until(lambda: cells(cx, "cancelled") == ["4"])
        await cx.do("outbox.cancel")
        await cx.says("No message here is waiting to be sent.")
    assert await states(elsewhere) == [State.SENT, *[State.CANCELLED] * 4]


async def test_above_ten_cancelling_wants_the_number(own_url: str, elsewhere: Elsewhere) -> None:
    await order(own_url, 12)
    async with looking_at(OutboxScreen(), own_url) as cx:
        await cx.do("outbox.cancel")
        await cx.shows("Type 12 to go on")
        await cx.press(*"11", "enter")
        await cx.shows("That is not 12.")
        await cx.press("backspace", "2", "enter")
        await cx.says("12 messages are cancelled.")


async def test_a_failed_message_is_sent_again_and_a_sent_one_is_not(
    own_url: str, elsewhere: Elsewhere
) -> None:
    await order(own_url)
    await became(elsewhere, 0, State.FAILED, answer="550")
    await became(elsewhere, 1, State.SENT, sent_at=datetime.now(UTC))
    async with looking_at(OutboxScreen(), own_url) as cx:
        await open_job(cx)
        await cx.do("outbox.again")
        await cx.shows(" again?")
        await cx.do("confirm.yes")
        await cx.says("1 message is queued again.")
        await cx.until(lambda: cells(cx, "state")[0] == "Queued")
        await cx.do("grid.down", "outbox.again")
        await cx.says("It was sent; write a new message to say it again.")
        await cx.do("grid.down", "outbox.again")
        await cx.says("It waits to be sent already.")
    assert (await states(elsewhere))[:2] == [State.QUEUED, State.SENT]


async def test_all_failed_ones_are_sent_again(own_url: str, elsewhere: Elsewhere) -> None:
    await order(own_url)
    for place in (0, 1, 2):
        await became(elsewhere, place, State.FAILED, answer="550")
    async with looking_at(OutboxScreen(), own_url) as cx:
        await cx.do("outbox.all_again")
        await cx.shows("All failed")
        await cx.do("list.choose")
        await cx.shows("Send 3 failed messages again?")
        await cx.do("confirm.yes")
        await cx.says("3 messages are queued again.")
        await cx.do("outbox.all_again")
        await cx.says("No message here has failed or was cancelled.")
    assert await states(elsewhere) == [State.QUEUED] * 5


async def test_an_sms_of_which_nobody_knows_is_sent_again_only_with_a_warning(
    own_url: str, elsewhere: Elsewhere
) -> None:
    await order(own_url, way=Way.SMS)
    await became(elsewhere, 0, State.UNKNOWN)
    await became(elsewhere, 1, State.UNKNOWN)
    async with looking_at(OutboxScreen(), own_url) as cx:
        await open_job(cx)
        await cx.do("outbox.again")
        await cx.shows("Nobody knows whether it was sent: the person may get it twice.")
        await cx.press("escape")
        await cx.do("outbox.all_again", "list.choose")
        await cx.shows("Nobody knows whether they were sent: some people may get it twice.")
        await cx.do("confirm.yes")
        await cx.says("2 messages are queued again.")
    assert await states(elsewhere) == [State.QUEUED] * 5


async def test_a_read_only_session_looks_but_does_nothing(own_url: str, elsewhere: Elsewhere) -> None:
    await order(own_url)
    async with looking_at(OutboxScreen(), own_url, database_read_only=True) as cx:
        await cx.do("outbox.cancel")
        await cx.says("The database is open to read only, so nothing can be cancelled.")
        await cx.do("outbox.all_again")
        await cx.says("so nothing can be sent.")
    assert await states(elsewhere) == [State.QUEUED] * 5


async def test_the_list_is_written_to_a_file_that_no_spreadsheet_obeys(
    own_url: str, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    await order(own_url, 3)
    await became(elsewhere, 0, State.FAILED, answer="=HYPERLINK(1)", name='Ana "A", b')
    path = tmp_path / "list [1].csv"
    async with looking_at(OutboxScreen(), own_url) as cx:
        await cx.do("outbox.export")
        await cx.shows("Write 3 messages to a CSV file")
        await cx.press("end", "ctrl+u", *f"{tmp_path}/no/x.csv", "enter")
        await cx.shows("there is no folder")
        await cx.press("end", "ctrl+u", *str(path), "enter")
        await cx.says("Wrote 3 messages to")
        await cx.do("outbox.export")
        await cx.press("end", "ctrl+u", *str(path), "enter")
        await cx.shows("is there already.")
        await cx.press("escape", "escape")
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(newline="") as file:
        found = list(csv.DictReader(file))
    assert len(found) == 3
    assert found[0]["To"] == 'Ana "A", b'
    assert found[0]["State"] == "Failed"
    assert found[0]["Answer"] == "'=HYPERLINK(1)"
    assert found[0]["Customer"]


async def test_a_job_of_a_contact_that_is_gone_can_still_be_read(own_url: str, elsewhere: Elsewhere) -> None:
    await order(own_url)
    await elsewhere.write(contact.delete())
    async with looking_at(OutboxScreen(), own_url) as cx:
        await open_job(cx)
        assert len(cells(cx, "name")) == 5
    assert len(await elsewhere.ask(select(job))) == 1


async def test_the_servers_are_tested_by_a_key_and_what_is_wrong_is_said(own_url: str) -> None:
    async with looking_at(OutboxScreen(), own_url) as cx:
        await cx.do("outbox.test_connection")
        await cx.shows("no e-mail can be sent without mail.server")
        await cx.shows("no SMS can be sent without sms.account")


# What is looked for, and what was stopped


async def test_messages_are_found_by_a_part_of_their_address_in_all_jobs(
    own_url: str, elsewhere: Elsewhere
) -> None:
    await order(own_url)
    await order(own_url, subject="Another")
    first, *_ = await messages(elsewhere)
    async with looking_at(OutboxScreen(), own_url) as cx:
        await cx.do("outbox.find")
        await cx.shows("Find messages to which address or name?")
        await cx.press(*first.address[:-3].upper(), "enter")
        await cx.until(lambda: isinstance(cx.app.screen, FoundScreen) and cells(cx, "address"))
        assert cells(cx, "address") == [first.address] * 2
        assert cells(cx, "subject") == ["Another", "Outage"]
        await cx.do("grid.choose")
        await cx.shows("The route UK1 is down.")
        await cx.press("escape")
        await cx.do("found.back")
        await cx.until(lambda: isinstance(cx.app.screen, OutboxScreen), "the outbox")


async def test_the_messages_of_a_customer_open_from_its_log(own_url: str, elsewhere: Elsewhere) -> None:
    await order(own_url)
    first, *others = await messages(elsewhere)
    await became(elsewhere, 0, State.FAILED, answer="550 no such user")
    async with looking_at(LogScreen(first.customer_id, "Acme"), own_url) as cx:
        await cx.do("log.messages")
        await cx.until(lambda: isinstance(cx.app.screen, FoundScreen) and cells(cx, "address"))
        theirs = [one.address for one in (first, *others) if one.customer_id == first.customer_id]
        assert cells(cx, "address") == theirs[::-1]
        assert "Failed" in cells(cx, "state")
        await cx.do("found.back")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_job_that_was_stopped_says_why_and_is_sent_on_or_cancelled(
    size: tuple[int, int], own_url: str, elsewhere: Elsewhere
) -> None:
    await order(own_url, 3)
    why = "stopped after 10 refusals in a row, the last: 550 no"
    for place in range(3):
        await became(elsewhere, place, State.HELD, answer=why)
    async with looking_at(OutboxScreen(), own_url, size) as cx:
        await cx.shows('! "Outage" is stopped after 10 refusals in a row')
        await cx.do("outbox.all_again")
        await cx.shows("All held")
        await cx.press("enter")
        await cx.shows("Send 3 held messages again?")
        await cx.do("confirm.yes")
        await cx.says("3 messages are queued again.")
    assert await states(elsewhere) == [State.QUEUED] * 3
