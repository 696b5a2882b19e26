"""The message as each recipient would see it, one after another."""

from collections.abc import Callable
from typing import ClassVar, cast

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from cx_tui.domain.outbox import Way
from cx_tui.domain.sms import LONGEST
from cx_tui.errors import CxError
from cx_tui.screens.header import Header
from cx_tui.screens.page import sentence
from cx_tui.screens.program import Program
from cx_tui.screens.send import send_sentences
from cx_tui.screens.send.people import People
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.sending.recipients import Recipient
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part
from widgets.text import visible

EMPTY_SMS = "! The text is empty for this contact: nothing is sent."
EMPTY_TEXT = "! The text is empty for this contact."
EMPTY_SUBJECT = "! The subject is empty for this contact."


class PreviewScreen(Screen[None]):
    """One recipient's message; the next and the one before by keys."""

    TITLE = "the preview"
    CSS_PATH = "send.tcss"
    AUTO_FOCUS = "#paper"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,n,space,l", "go(1)", "next", id="preview_message.next", tooltip="The next recipient."),
        Binding("left,p,h", "go(-1)", "before", id="preview_message.before",
                tooltip="The previous recipient."),
        Binding("home,g", "first", "first", id="preview_message.first", tooltip="The first recipient."),
        Binding("end,G", "last", "last", id="preview_message.last", tooltip="The last recipient."),
        Binding("down,j", "read(1)", "down", show=False, id="preview_message.down", tooltip="Read on."),
        Binding("up,k", "read(-1)", "up", show=False, id="preview_message.up", tooltip="Read back."),
        Binding("escape,enter,q", "leave", "back", id="preview_message.back",
                tooltip="Back to the message."),
    ]  # fmt: skip

    paper = getters.query_one("#paper", VerticalScroll)

    def __init__(
        self, wanted: DraftMessage, files: str, people: People, place: int, command: Callable[[], str]
    ) -> None:
        super().__init__()
        self.command = command
        """What sending it would do, as a command."""
        self._wanted = wanted
        self._files = files
        self._people = people.reached
        self.place = place

    def compose(self) -> ComposeResult:
        """The header, to whom, the message, the keys."""
        glyphs = cast(Program, self.app).glyphs
        yield Header(glyphs=glyphs)
        yield Line(glyphs=glyphs, id="envelope")
        with VerticalScroll(id="paper"):
            yield Static(markup=False, id="text")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Show the first."""
        self.query_one("#envelope").set_class(self._wanted.way is Way.SMS, "-sms")
        self.show()

    @work(exclusive=True)
    async def show(self) -> None:
        """Show the message of the recipient at this place."""
        cx, one = cast(Program, self.app), self._people[self.place]
        number = Part(f"{self.place + 1:,} of {len(self._people):,}", "accent")
        head = [Part(f"As {one.name} would see it", "strong"), number]
        self.query_one(Header).say(*head)
        try:
            session = await cx.services()
            names = await session.log.names([one.customer_id])
            subject, body = await session.outbox.preview(self._wanted, one)
        except CxError as error:
            self.query_one("#envelope", Line).show_lines([LineText([Part(sentence(error), "bad")])])
            self.query_one("#text", Static).update("")
            return
        self._say(self._to(one, names.get(one.customer_id, "")), body, subject)

    def _to(self, one: Recipient, customer: str) -> list[Part]:
        return [_label("To"), Part(f"{one.name} <{one.address}>"), Part(f"   {customer}", "dim")]

    def _say(self, to: list[Part], body: str, subject: str = "") -> None:
        lines = [LineText(to)]
        if self._wanted.way is Way.SMS:
            tone = "bad" if len(body) > LONGEST or not body.strip() else "accent"
            length = send_sentences.sms_length(body) if body.strip() else EMPTY_SMS
            lines.append(LineText([_label("Length"), Part(length, tone)]))
        else:
            shown = Part(subject, "strong") if subject.strip() else Part(EMPTY_SUBJECT, "bad")
            lines.append(LineText([_label("Subject"), shown]))
            lines.append(
                LineText([_label("Files"), Part(self._files or "none", "" if self._files else "dim")])
            )
        self.query_one("#envelope", Line).show_lines(lines)
        text = "\n".join(visible(line) for line in body.split("\n"))
        self.query_one("#text", Static).update(text if body.strip() else EMPTY_TEXT)
        self.paper.scroll_home(animate=False)

    def action_go(self, by: int) -> None:
        """Go to another recipient."""
        self._go(self.place + by)

    def action_first(self) -> None:
        """Go to the first."""
        self._go(0)

    def action_last(self) -> None:
        """Go to the last."""
        self._go(len(self._people) - 1)

    def _go(self, place: int) -> None:
        place = max(0, min(place, len(self._people) - 1))
        if place != self.place:
            self.place = place
            self.show()

    def action_read(self, by: int) -> None:
        """Read on, or back."""
        self.paper.scroll_relative(y=by, animate=False)

    def action_leave(self) -> None:
        """Back to the message."""
        self.dismiss(None)


def _label(text: str) -> Part:
    return Part(text.ljust(9), "dim")
