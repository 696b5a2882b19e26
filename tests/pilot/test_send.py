"""Writing to contacts as an operator does it: whom it reaches, what is wrong, and that it is queued."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from textual.events import Key, Paste
from textual.widgets import TextArea

from cx_tui.db.outbox_tables import job, job_file, message, template
from cx_tui.db.tables import contact
from cx_tui.domain.outbox import Reach, State, Template, Way
from cx_tui.domain.selection import Selection
from cx_tui.errors import Unavailable
from cx_tui.screens.send import SendScreen, counting
from cx_tui.screens.send.recipients import RecipientsScreen
from cx_tui.services.sending.outbox import Outbox
from cx_tui.services.sending.recipients import Recipient
from cx_tui.services.session import Session
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, opened
from tests.pilot.history import session_of
from widgets.grid import Grid

FEW, MANY = frozenset({1, 2, 3}), frozenset(range(1, 41))
HOSTILE = ("[bold red]x[/] [/nothing]", "\x1b[31mred\x07", "a\u202eb", "'; DROP TABLE", "x" * 3_000)


@pytest.fixture(autouse=True)
def nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued stays so."""
    monkeypatch.setattr(Session, "start_working", lambda self: None)


class Send:
    """A send screen that is open."""

    def __init__(self, cx: Driver, screen: SendScreen, results: list[bool | None]) -> None:
        self.cx = cx
        self.screen = screen
        self.results = results

    async def put(self, part: str, text: str) -> None:
        """Put a text into a part of what is written now, as a paste does."""
        name = self.screen.writing.sort.field(part)
        self.screen.form.go(name)
        await self.cx.until(lambda: self.screen.form.current == name, f"the field {name}")
        box = self.cx.app.focused
        if isinstance(box, TextArea):
            box.select_all()
            await self.cx.press("delete")
        else:
            await self.cx.press("end", "ctrl+u")
        self.cx.app.post_message(Paste(text))
        await self.cx.pilot.pause()

    async def write(self, subject: str, body: str) -> None:
        """Write an e-mail."""
        await self.put("subject", subject)
        await self.put("body", body)

    async def tab(self, name: str) -> None:
        """Write another sort of message."""
        while self.screen.form.tab != name:
            before = self.screen.form.tab
            await self.cx.do("form.tab_after")
            await self.cx.until(lambda: self.screen.form.tab != before, "another tab")  # noqa: B023
        await self.counted()

    async def counted(self) -> None:
        """Wait until the recipients are counted."""
        await self.cx.until(lambda: self.screen.counting.people.done, "a count")

    async def back(self) -> None:
        """Wait until the message is on top again."""
        await self.cx.until(lambda: self.cx.screen is self.screen, "the message")

    async def closed(self) -> None:
        """Wait until it is closed."""
        await self.cx.until(lambda: self.cx.screen is self.cx.customers and self.results, "the list")


@asynccontextmanager
async def sending(
    url: str, ids: frozenset[int] = FEW, size: tuple[int, int] = (120, 40), **settings: Any
) -> AsyncIterator[Send]:
    """A message to the contacts of some customers."""
    async with opened(url, size, **settings) as cx:
        results: list[bool | None] = []
        screen = SendScreen(Selection(ids), "m")
        await cx.app.push_screen(screen, results.append)
        await cx.until(lambda: screen.form.current and screen.counting.people.done, "a message to write")
        yield Send(cx, screen, results)
        while cx.app.screen is not cx.customers:
            cx.app.pop_screen()


async def people(elsewhere: Elsewhere, ids: frozenset[int]) -> Sequence[Any]:
    """The contacts of customers."""
    return await elsewhere.ask(select(contact).where(contact.c.customer_id.in_(ids)).order_by(contact.c.id))


async def all_can_be_reached(elsewhere: Elsewhere, ids: frozenset[int]) -> int:
    """Give every contact an address and a number; says how many they are."""
    found = await people(elsewhere, ids)
    for one in found:
        values = {
            "email": f"c{one.id}@acme.example",
            "mobile": f"+44770090{one.id:04}",
            "no_email": False,
            "no_sms": False,
        }
        await elsewhere.write(update(contact).where(contact.c.id == one.id).values(values))
    return len(found)


# Whom it reaches


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_says_how_many_will_get_it_and_why_others_will_not(
    size: tuple[int, int], own_url: str, elsewhere: Elsewhere
) -> None:
    number = await all_can_be_reached(elsewhere, MANY)
    first, second, third, *_ = await people(elsewhere, MANY)
    await elsewhere.write(
        update(contact).where(contact.c.id == first.id).values(email=None),
        update(contact).where(contact.c.id == second.id).values(email="nobody at all"),
        update(contact).where(contact.c.id == third.id).values(no_email=True),
    )
    async with sending(own_url, MANY, size) as send:
        await send.cx.shows("Send to the contacts of 40 customers")
        await send.cx.shows(f"{number - 3} of {number} contacts will get it   nobody at")
        await send.cx.shows("   1 no address")
        await send.tab("SMS")
        await send.cx.shows(f"{number} contacts will get it")


async def test_the_list_of_recipients_names_customer_and_reason(own_url: str, elsewhere: Elsewhere) -> None:
    await all_can_be_reached(elsewhere, FEW)
    first, *others = await people(elsewhere, FEW)
    await elsewhere.write(
        update(contact).where(contact.c.id == first.id).values(no_email=True, name=HOSTILE[0])
    )
    await elsewhere.rename(first.customer_id, "Acme [b]Wholesale[/b]")
    async with sending(own_url) as send:
        await send.cx.do("send.recipients")
        await send.cx.until(lambda: send.cx.app.screen.query(Grid) and rows_of(send.cx))
        top = next(row for row in rows_of(send.cx) if row.key == first.id)
        assert top.cell("reach").text == "opted out"
        assert top.cell("name").text == HOSTILE[0]
        assert top.cell("customer").text == "Acme [b]Wholesale[/b]"
        number = len(others) + 1 + send.screen.counting.people.counts[Reach.NOBODY]
        assert len(rows_of(send.cx)) == number
        await send.cx.do("grid.choose")
        await send.cx.says("will not get it: opted out.")
        await send.cx.do("recipients.filter")
        await send.cx.press("w", "enter")
        await send.cx.until(lambda: len(rows_of(send.cx)) == len(others), "only those who get it")
        await send.cx.do("recipients.back")
        await send.cx.until(lambda: len(rows_of(send.cx)) == number, "all of them")
        await send.cx.do("recipients.back")
        await send.back()


def rows_of(cx: Driver) -> list[Any]:
    return list(cx.app.screen.query_one(Grid).rows.visible)


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> asyncio.Semaphore:
    """The recipients of some customers at a time are counted, each time when it may be."""
    may, count = asyncio.Semaphore(0), Outbox.recipients

    async def slowly(self: Outbox, way: Way, customers: Sequence[int], *, service: bool) -> list[Recipient]:
        await may.acquire()
        return await count(self, way, customers, service=service)

    monkeypatch.setattr(Outbox, "recipients", slowly)
    return may


async def test_one_can_write_while_they_are_counted(
    own_url: str, parts: asyncio.Semaphore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "SLICE", 1)
    async with opened(own_url) as cx:
        screen = SendScreen(Selection(FEW))
        await cx.app.push_screen(screen)
        await cx.shows("counting …")
        await cx.press(*"Outage")
        assert screen.writing.text("subject") == "Outage"
        parts.release()
        await cx.shows("counting, 1 customer so far")
        await cx.do("send.send")
        await cx.says("The recipients are still being counted; try again in a moment.")
        parts.release()
        parts.release()
        await cx.until(lambda: screen.counting.people.done)
        cx.app.pop_screen()


async def test_who_gets_it_is_shown_when_the_first_are_known(own_url: str, parts: asyncio.Semaphore) -> None:
    async with opened(own_url) as cx:
        screen = SendScreen(Selection(FEW))
        await cx.app.push_screen(screen)
        await cx.shows("counting …")
        cx.app.post_message(Key("ctrl+t", None))
        await asyncio.sleep(0.2)
        parts.release()
        await cx.until(lambda: isinstance(cx.screen, RecipientsScreen), "the recipients")
        while cx.app.screen is not cx.customers:
            cx.app.pop_screen()


async def test_a_database_that_is_away_is_said_and_asked_again(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = Outbox.recipients

    async def away(self: Outbox, way: Way, customers: Sequence[int], *, service: bool) -> list[Recipient]:
        raise Unavailable("the database does not answer")

    monkeypatch.setattr(Outbox, "recipients", away)
    async with opened(own_url) as cx:
        screen = SendScreen(Selection(FEW))
        await cx.app.push_screen(screen)
        await cx.says("The recipients can't be counted: the database does not answer.")
        await cx.shows("not counted")
        monkeypatch.setattr(Outbox, "recipients", count)
        await cx.do("send.recipients")
        await cx.until(lambda: screen.counting.people.done)
        cx.app.pop_screen()


async def test_customers_without_contacts_are_told_how_to_get_some(
    own_url: str, elsewhere: Elsewhere
) -> None:
    await elsewhere.write(
        update(contact).where(contact.c.customer_id.in_(FEW)).values(deleted_at=datetime.now(UTC))
    )
    async with sending(own_url) as send:
        await send.write("Outage", "Dear all")
        await send.cx.do("send.send")
        await send.cx.says("These customers have no contacts; add one first")


async def test_customers_who_have_nobody_to_write_to_are_named(own_url: str, elsewhere: Elsewhere) -> None:
    await all_can_be_reached(elsewhere, MANY)
    other = next(one.customer_id for one in await people(elsewhere, MANY) if one.customer_id > 2)
    await elsewhere.rename(1, "Acme")
    await elsewhere.rename(2, "Bolt")
    gone = update(contact).where(contact.c.customer_id == 1).values(deleted_at=datetime.now(UTC))
    await elsewhere.write(gone, update(contact).where(contact.c.customer_id == 2).values(email=None))
    async with sending(own_url, frozenset({1, 2, other})) as send:
        await send.cx.shows("nobody at 2 customers")
        await send.write("Outage", "Dear all")
        await send.cx.do("send.send")
        await send.cx.shows("2 customers have nobody to write to: Acme and Bolt.")
        await send.cx.press("escape")
        await send.back()
        await send.cx.do("send.recipients")
        await send.cx.until(lambda: send.cx.app.screen.query(Grid) and rows_of(send.cx))
        assert ("Acme", "no contact") in {
            (row.cell("customer").text, row.cell("reach").text) for row in rows_of(send.cx)
        }


async def test_a_service_notice_goes_to_those_who_have_opted_out(own_url: str, elsewhere: Elsewhere) -> None:
    number = await all_can_be_reached(elsewhere, FEW)
    await elsewhere.write(update(contact).where(contact.c.customer_id == 1).values(no_email=True))
    async with sending(own_url) as send:
        await send.cx.shows("opted out")
        await send.write("Outage", "Dear all")
        send.screen.form.go("email.service")
        await send.cx.press("space")
        await send.cx.shows(f"{number} contacts will get it")
        await send.cx.do("send.send")
        await send.cx.shows("As a service notice it also goes to those who have opted out.")
        await send.cx.do("confirm.yes")
        await send.closed()
    assert [one.service for one in await elsewhere.ask(select(job))] == [True]
    assert len(await elsewhere.ask(select(message))) == number


async def test_texts_that_would_be_empty_are_said_before_they_are_sent(
    own_url: str, elsewhere: Elsewhere
) -> None:
    number = await all_can_be_reached(elsewhere, FEW)
    first, *_ = await people(elsewhere, FEW)
    await elsewhere.write(
        update(contact).where(contact.c.customer_id.in_(FEW)).values(public_notes="Note"),
        update(contact).where(contact.c.id == first.id).values(public_notes=""),
    )
    async with sending(own_url) as send:
        await send.tab("SMS")
        await send.put("body", "{{ contact.public_notes }}")
        await send.cx.do("send.preview")
        await send.cx.shows("! The text is empty for this contact: nothing is sent.")
        await send.cx.press("escape")
        await send.back()
        await send.cx.do("send.send")
        await send.cx.shows("1 SMS would be empty and is not sent.")
        await send.cx.do("confirm.yes")
        await send.closed()
    found = Counter(one.state for one in await elsewhere.ask(select(message)))
    assert found == {State.QUEUED: number - 1, State.FAILED: 1}


# Sending


async def test_an_email_is_queued_once_for_each_contact_and_it_is_said_where_to_look(
    own_url: str, elsewhere: Elsewhere
) -> None:
    number = await all_can_be_reached(elsewhere, FEW)
    async with sending(own_url) as send:
        await send.write("Outage of {{ customer.name }}", "Dear {{ contact.name }},\nwe work on it.")
        await send.cx.do("send.send")
        owners = len({one.customer_id for one in await people(elsewhere, FEW)})
        await send.cx.shows(f"Send this e-mail to {number} contacts of {owners} customers?")
        await send.cx.shows("One message each; no recipient sees the others.")
        await send.cx.do("confirm.yes")
        await send.closed()
        await send.cx.says(f"{number} e-mails are queued; m shows how far they are.")
        assert send.results == [True]
    messages = await elsewhere.ask(select(message).order_by(message.c.id))
    found = await people(elsewhere, FEW)
    assert [one.address for one in messages] == [f"c{one.id}@acme.example" for one in found]
    assert messages[0].body == f"Dear {found[0].name},\nwe work on it."


async def test_who_opted_out_before_it_was_sent_gets_nothing_and_it_is_said(
    own_url: str, elsewhere: Elsewhere
) -> None:
    number = await all_can_be_reached(elsewhere, FEW)
    async with sending(own_url) as send:
        await send.write("Outage", "We work on it.")
        await send.cx.do("send.send")
        await send.cx.shows(f"Send this e-mail to {number} contacts")
        first, *_ = await people(elsewhere, FEW)
        await elsewhere.write(update(contact).where(contact.c.id == first.id).values(no_email=True))
        await send.cx.do("confirm.yes")
        await send.closed()
        await send.cx.says(
            f"{number - 1} e-mails are queued, none to 1 contact who can't be reached any more;"
        )
    assert first.id not in {one.contact_id for one in await elsewhere.ask(select(message))}


async def test_an_sms_says_its_segments_while_one_types_and_before_it_is_sent(
    own_url: str, elsewhere: Elsewhere
) -> None:
    number = await all_can_be_reached(elsewhere, FEW)
    async with sending(own_url) as send:
        await send.tab("SMS")
        await send.cx.shows("0 of 160 characters, 0 segments, GSM-7")
        await send.put("body", "Route UK1 is down")
        await send.cx.shows("17 of 160 characters, 1 segment, GSM-7")
        await send.put("body", "Route UK1 ↓ " + "x" * 60)
        await send.cx.shows("72 of 134 characters, 2 segments, UCS-2 because of ↓")
        await send.cx.do("send.send")
        await send.cx.shows(f"2 segments each, {2 * number} segments in all.")
        await send.cx.do("confirm.yes")
        await send.closed()
    assert [one.way for one in await elsewhere.ask(select(job))] == [Way.SMS]
    assert len(await elsewhere.ask(select(message))) == number


async def test_the_length_of_an_sms_with_fields_is_that_with_the_values_of_somebody(
    own_url: str, elsewhere: Elsewhere
) -> None:
    await all_can_be_reached(elsewhere, FEW)
    await elsewhere.write(update(contact).where(contact.c.customer_id.in_(FEW)).values(name="Ana"))
    async with sending(own_url) as send:
        await send.tab("SMS")
        await send.put("body", "Dear {{ contact.name }}")
        await send.cx.shows("with values: 8 of 160 characters, 1 segment, GSM-7")


async def test_above_ten_the_number_has_to_be_typed(own_url: str, elsewhere: Elsewhere) -> None:
    number = await all_can_be_reached(elsewhere, MANY)
    async with sending(own_url, MANY) as send:
        await send.write("Outage", "Dear all")
        await send.cx.do("send.send")
        await send.cx.shows(f"Type {number} to go on")
        await send.cx.press(*str(number + 1), "enter")
        await send.cx.shows(f"That is not {number}.")
        assert not await elsewhere.ask(select(job))
        await send.cx.press("end", "ctrl+u", *str(number), "enter")
        await send.closed()
    assert len(await elsewhere.ask(select(message))) == number


@pytest.mark.parametrize("answer", ["enter", "n", "escape"])
async def test_the_safe_answer_is_no_and_nothing_typed_is_lost(
    answer: str, own_url: str, elsewhere: Elsewhere
) -> None:
    async with sending(own_url) as send:
        await send.write("Outage", "Dear all")
        await send.cx.do("send.send")
        await send.cx.shows("Send this e-mail to")
        await send.cx.press(answer)
        await send.back()
        assert (send.screen.writing.text("subject"), send.screen.writing.text("body")) == (
            "Outage",
            "Dear all",
        )
    assert not await elsewhere.ask(select(job))


async def test_it_can_be_sent_later(own_url: str, elsewhere: Elsewhere) -> None:
    async with sending(own_url) as send:
        await send.write("Maintenance", "Tonight")
        await send.put("when", "yesterday")
        await send.cx.do("send.send")
        await send.cx.shows('! "yesterday" is neither a delay nor a moment')
        await send.put("when", "2h")
        await send.cx.do("send.send")
        await send.cx.shows("It is sent on ")
        await send.cx.do("confirm.yes")
        await send.closed()
        await send.cx.says("will be sent on ")
    (one,) = await elsewhere.ask(select(job))
    assert timedelta(hours=1, minutes=55) < one.due_at - datetime.now(UTC) < timedelta(hours=2, minutes=1)


async def test_what_went_wrong_while_it_was_queued_loses_nothing(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(self: Outbox, *given: Any) -> None:
        raise Unavailable("the database does not answer")

    monkeypatch.setattr(Outbox, "order", away)
    async with sending(own_url) as send:
        await send.write("Outage", "Dear all")
        await send.cx.do("send.send")
        await send.cx.shows("One message")
        await send.cx.do("confirm.yes")
        await send.cx.shows("The database does not answer.")
        await send.cx.press("escape")
        await send.back()
        assert send.screen.writing.text("body") == "Dear all"


async def test_a_read_only_session_sends_nothing(own_url: str) -> None:
    async with opened(own_url, database_read_only=True) as cx:
        await cx.do("customers.send")
        await cx.says("The database is open to read only, so nothing can be sent.")
        assert cx.screen is cx.customers


async def test_the_marked_customers_are_written_to(own_url: str) -> None:
    async with opened(own_url) as cx:
        await cx.do("grid.mark", "grid.mark", "customers.send")
        await cx.shows("Send to the contacts of 2 customers")
        await cx.until(lambda: "will get it" in cx.text())
        await cx.do("send.leave")
        await cx.until(lambda: cx.screen is cx.customers)


# What is wrong


async def test_unknown_and_malformed_fields_are_errors_with_line_and_column(own_url: str) -> None:
    async with sending(own_url) as send:
        await send.write("Outage", "Dear {{ contact.name }},\nat {{ custmer.name }} {{ oops")
        await send.cx.do("send.send")
        await send.cx.shows('! line 2, column 4: there is no field "custmer.name"; did you mean')
        await send.cx.says("Not right yet: the text.")
        box = send.cx.app.focused
        assert isinstance(box, TextArea)
        await send.cx.until(lambda: box.cursor_location == (1, 3), "the cursor on the mistake")
        await send.put("body", "Dear {{ contact.name }")
        await send.cx.do("send.preview")
        await send.cx.shows("! line 1, column 6: this {{ has no }} behind it on its line")


async def test_an_email_needs_a_subject_and_a_text(own_url: str) -> None:
    async with sending(own_url) as send:
        await send.cx.do("send.send")
        await send.cx.shows("! an e-mail needs a subject")
        await send.cx.shows("! there is nothing to send yet")
        await send.put("subject", "x" * 301)
        await send.put("body", "y")
        await send.cx.do("send.send")
        await send.cx.shows("it has 301 characters; at most 300 fit")


async def test_what_is_wrong_on_another_tab_does_not_matter(own_url: str, elsewhere: Elsewhere) -> None:
    await all_can_be_reached(elsewhere, FEW)
    async with sending(own_url) as send:
        await send.write("Outage {{ oops }}", "")
        await send.tab("SMS")
        await send.put("body", "Route UK1 is down")
        await send.cx.do("send.send")
        await send.cx.shows("Send this SMS to")


@pytest.mark.parametrize("text", HOSTILE)
async def test_whatever_is_typed_is_shown_as_text(text: str, own_url: str, elsewhere: Elsewhere) -> None:
    await elsewhere.write(update(contact).where(contact.c.customer_id.in_(FEW)).values(name=text[:100]))
    async with sending(own_url, size=(80, 24)) as send:
        await send.write(text, text)
        await send.cx.do("send.send")
        await send.cx.until(lambda: "Send this e-mail" in send.cx.text() or "! " in send.cx.text())
        assert "\x1b" not in send.cx.text()


# Files


async def test_files_go_with_it_and_their_sizes_are_said(
    own_url: str, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    (tmp_path / "rates [new].pdf").write_bytes(b"x" * 1_500)
    async with sending(own_url) as send:
        await send.write("Rates", "They are new.")
        await send.put("files", f"{tmp_path / 'rates [new].pdf'}")
        await send.cx.shows("rates [new].pdf 1.5 kB with each message")
        await send.cx.do("send.send")
        await send.cx.shows("rates [new].pdf 1.5 kB with each message.")
        await send.cx.do("confirm.yes")
        await send.closed()
    assert [(one.name, len(one.content)) for one in await elsewhere.ask(select(job_file))] == [
        ("rates [new].pdf", 1_500)
    ]


async def test_a_file_that_is_missing_or_a_folder_or_too_large_is_said(own_url: str, tmp_path: Path) -> None:
    large = tmp_path / "large.iso"
    with large.open("wb") as file:
        file.truncate(26_000_000)
    async with sending(own_url) as send:
        await send.write("Rates", "They are new.")
        for text, said in (
            (f"{tmp_path}/no.pdf", "! there is no file"),
            (f"{tmp_path}", "is no file but a folder"),
            (f"{large}", "they are 26 MB together; mail servers take 25 MB at most"),
        ):
            await send.put("files", text)
            await send.cx.do("send.send")
            await send.cx.shows(said)


async def test_a_path_is_completed_while_it_is_typed(own_url: str, tmp_path: Path) -> None:
    (tmp_path / "first.pdf").touch()
    (tmp_path / "rates.pdf").touch()
    async with sending(own_url) as send:
        await send.put("files", f"{tmp_path}/first.pdf; {tmp_path}/ra")
        await send.cx.until(lambda: getattr(send.cx.app.focused, "ghost", "") == "tes.pdf", "an offer")
        await send.cx.press("right")
        assert send.screen.writing.text("files") == f"{tmp_path}/first.pdf; {tmp_path}/rates.pdf"


# Fields, templates, preview, test


async def test_a_field_is_found_by_typing_and_put_where_the_cursor_is(own_url: str) -> None:
    async with sending(own_url) as send:
        await send.put("subject", "About ")
        await send.cx.do("send.field")
        await send.cx.shows("customer.name")
        await send.cx.press(*"contact.na", "enter")
        await send.back()
        assert send.screen.writing.text("subject") == "About {{ contact.name }}"
        await send.put("body", "Dear ")
        await send.cx.do("send.field")
        await send.cx.shows("customer.name")
        await send.cx.press(*"status", "enter")
        await send.back()
        assert send.screen.writing.text("body") == "Dear {{ customer.status }}"


async def test_a_text_is_kept_as_a_template_taken_again_and_deleted(
    own_url: str, elsewhere: Elsewhere
) -> None:
    async with sending(own_url) as send:
        await send.write("Outage", "Dear [b]all[/b]")
        await send.cx.do("send.templates")
        await send.cx.shows("Recommend us to a partner")
        await send.cx.do("templates.keep")
        await send.cx.shows("Keep this e-mail as a template")
        await send.cx.press("enter")
        await send.cx.shows("! type something, or press esc")
        await send.cx.press(*"Outage of a route", "enter")
        await send.cx.says('Kept as the template "Outage of a route".')
        await send.cx.do("templates.back")
        await send.back()
        await send.put("body", "Something else")
        await send.cx.do("send.templates")
        await send.cx.shows("Outage of a route")
        await send.cx.do("list.choose")
        await send.cx.shows("The text of this e-mail would be lost.")
        await send.cx.do("confirm.yes")
        await send.back()
        assert send.screen.writing.text("body") == "Dear [b]all[/b]"
        await send.cx.do("send.templates")
        await send.cx.shows("Outage of a route")
        await send.cx.do("templates.delete")
        await send.cx.shows("It can't be brought back.")
        await send.cx.do("confirm.yes")
        await send.cx.says('The template "Outage of a route" is deleted.')
    assert not await elsewhere.ask(select(template))


async def test_a_referral_begins_with_its_stored_template(own_url: str, elsewhere: Elsewhere) -> None:
    async with session_of(own_url) as session:
        kept = Template(name="Friends", referral=True, changed_at=datetime.now(UTC))
        kept.subject, kept.body = "Bring a friend", "Dear {{ contact.name }}"
        await session.outbox.keep_template(kept)
    async with sending(own_url) as send:
        await send.tab("Referral")
        await send.cx.until(lambda: send.screen.writing.text("subject") == "Bring a friend", "the template")
        await send.cx.do("send.send")
        await send.cx.shows("Send this referral to")
        await send.cx.press("escape")
        await send.back()
        await send.cx.do("send.leave")
        await send.closed()


async def test_without_a_template_of_ones_own_a_referral_begins_with_the_programs(own_url: str) -> None:
    async with sending(own_url) as send:
        await send.tab("Referral")
        await send.cx.until(
            lambda: send.screen.writing.text("subject") == "Recommend us to a partner", "the text"
        )
        assert "{{ customer.name }}" in send.screen.writing.text("body")


async def test_the_preview_goes_through_the_recipients(own_url: str, elsewhere: Elsewhere) -> None:
    number = await all_can_be_reached(elsewhere, FEW)
    found = await people(elsewhere, FEW)
    await elsewhere.write(
        update(contact).where(contact.c.id == found[-1].id).values(name="[red]Zoe[/]\u202e")
    )
    async with sending(own_url) as send:
        await send.write("Outage", "Dear {{ contact.name }}")
        await send.cx.do("send.preview")
        await send.cx.shows(f"As {found[0].name} would see it")
        await send.cx.shows(f"1 of {number}")
        await send.cx.do("preview_message.last")
        await send.cx.shows("Dear [red]Zoe[/]<U+202E>")
        await send.cx.shows(f"{number} of {number}")
        await send.cx.do("preview_message.next", "preview_message.before")
        await send.cx.shows(f"{number - 1} of {number}")
        await send.cx.do("preview_message.back")
        await send.back()


async def test_a_test_goes_to_oneself_and_the_address_is_kept(own_url: str, elsewhere: Elsewhere) -> None:
    await all_can_be_reached(elsewhere, FEW)
    async with sending(own_url) as send:
        await send.write("Outage", "Dear {{ contact.name }}")
        await send.cx.do("send.test")
        await send.cx.shows("Send this e-mail to which of your addresses?")
        await send.cx.press(*"ana", "enter")
        await send.cx.shows('! "ana" is not an e-mail address')
        await send.cx.press(*"@cx.example", "enter")
        await send.back()
        await send.cx.says("A test is on its way to ana@cx.example; m shows its progress.")
        await send.cx.do("send.test")
        await send.cx.shows("ana@cx.example")
        await send.cx.press("escape")
        await send.back()
    (one,) = await elsewhere.ask(select(message))
    assert one.address == "ana@cx.example"
    assert one.body == f"Dear {(await people(elsewhere, FEW))[0].name}"


# Leaving


async def in_message(cx: Driver) -> SendScreen:
    """Open a message, and wait until it can be typed in."""
    await cx.do("customers.send")
    await cx.until(
        lambda: isinstance(cx.app.screen, SendScreen) and cx.app.screen.form.current,
        "a message to write",
    )
    await cx.until(lambda: cx.app.screen.focused, "the cursor in it")
    assert isinstance(cx.app.screen, SendScreen)
    return cx.app.screen


async def leave(cx: Driver, *keys: str) -> None:
    """Leave a message, and answer what it asks by these keys."""
    await cx.do("send.leave")
    await cx.shows("What you typed was not sent")
    await cx.until(lambda: cx.app.screen.focused, "the answers")
    await cx.press(*keys)
    await cx.until(lambda: cx.screen is cx.customers, "the list")


async def test_leaving_asks_and_what_is_kept_is_there_the_next_time(own_url: str) -> None:
    async with opened(own_url) as cx:
        screen = await in_message(cx)
        await cx.press(*"Outage")
        await cx.until(lambda: screen.writing.text("subject") == "Outage", "what was typed")
        await leave(cx, "down", "enter")
        screen = await in_message(cx)
        await cx.says("What you typed before is here again. It is not sent yet.")
        assert screen.writing.text("subject") == "Outage"
        await leave(cx, "end", "enter")
        screen = await in_message(cx)
        assert screen.writing.text("subject") == ""
        await cx.do("send.leave")
        await cx.until(lambda: cx.screen is cx.customers, "the list")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_an_sms_that_was_kept_is_there_the_next_time(size: tuple[int, int], own_url: str) -> None:
    text = "Route UK1 is down ↓"
    for said in ("", "What you typed before is here again."):
        async with opened(own_url, size) as cx:
            await cx.app.push_screen(SendScreen(Selection(FEW)))
            screen = cx.app.screen
            assert isinstance(screen, SendScreen)
            send = Send(cx, screen, [])
            if said:
                await cx.says(said)
                await cx.until(lambda: send.screen.form.tab == "SMS", "the SMS")  # noqa: B023
                assert send.screen.writing.text("body") == text
                await cx.shows("19 of 70 characters, 1 segment, UCS-2 because of ↓")
                send.screen.drop_draft()
            else:
                await send.counted()
                await send.tab("SMS")
                await send.put("body", text)
                await cx.until(lambda: send.screen.writing.text("body") == text, "the text")  # noqa: B023
                send.screen.keep_draft()
            while cx.app.screen is not cx.customers:
                cx.app.pop_screen()


async def test_what_was_typed_when_the_program_ended_is_there_again(own_url: str) -> None:
    async with opened(own_url) as cx:
        screen = await in_message(cx)
        await cx.press(*"Outage")
        await cx.until(lambda: screen.writing.text("subject") == "Outage", "what was typed")
        cx.app.exit()
    async with opened(own_url) as cx:
        await in_message(cx)
        await cx.says("What you typed before is here again.")
        await leave(cx, "end", "enter")
