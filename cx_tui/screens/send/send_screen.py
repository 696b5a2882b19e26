"""The send screen: whom it reaches, the message on the tab of its sort, and what is done with it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.domain.outbox import Template
from cx_tui.domain.templates import may_be_empty
from cx_tui.errors import CxError
from cx_tui.screens.page import sentence
from cx_tui.screens.progress import Report
from cx_tui.screens.send import files, send_sentences
from cx_tui.screens.send.kinds import SORTS
from cx_tui.screens.send.trying import STOPPED, TryingScreen
from cx_tui.screens.stakes import counted, to_type
from cx_tui.services.records.drafts import Draft
from cx_tui.services.sending.orders import Ordered
from cx_tui.terminal.in_order import OPENS
from widgets.key_line import KeyLine
from widgets.line import Line

AT_THE_END = "It was stopped at its very end; the outbox says whether it is queued."


class SendScreen(TryingScreen):
    """A message to the contacts of the chosen customers; dismissed with whether something was ordered."""

    TITLE = "send"
    CSS_PATH = "send.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f10,ctrl+s", "send", "send", id="send.send",
                tooltip="Say how many messages it is, ask, and send them."),
        Binding("f5", "preview", "view", id="send.preview",
                tooltip="Show the message as each recipient would see it."),
        # Of these two a text area makes something else, unless they come first.
        Binding("f6", "recipients", "who", id="send.recipients", priority=True,
                tooltip="List who will get it, and who not and why."),
        Binding("f7", "field", "field", id="send.field", priority=True,
                tooltip="Insert a field; each recipient gets their own value."),
        Binding("f8", "templates", "templates", id="send.templates",
                tooltip="Take a stored text, keep this one, or delete one."),
        Binding("f9", "test", "test", id="send.test", tooltip="Send one message to yourself."),
        Binding("escape", "leave", "back", id="send.leave",
                tooltip="Back to the list; asks when something was typed."),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """Whom it is for, the message, the keys."""
        glyphs = self.cx.glyphs
        with self.body():
            yield Line(glyphs=glyphs, id="header")
            yield Line(glyphs=glyphs, id="people")
            yield self.made_form()
            yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Begin to count, and with what was typed before."""
        drafts = self.cx.workspace.drafts
        new = Draft("message", None, None, "A message", datetime.now(UTC), {}, {})
        left = (one for one in drafts.left() if one.record == new.record)
        draft = drafts.of_form(new) or next(left, None)
        self.begin_draft(new, Template, drafts, draft)
        typed = {name: text for name, text in draft.typed.items() if name in self.form.base} if draft else {}
        for name, text in typed.items():
            self.form.set(name, text)
        if typed:
            self.notify("What you typed before is here again. It is not sent yet.")
        self.form.go(next(iter(typed), SORTS[0].field("subject")))
        self.count()
        self.show_people()

    def on_resize(self) -> None:
        """Give the text the room that there is."""
        self.form.show_errors({})

    def _keep_draft(self) -> None:
        """Keep what was typed; a template alone is kept already."""
        if self.typed:
            super()._keep_draft()
        else:
            self.drop_draft()

    # Sending

    @work(group="send", name=OPENS)
    async def action_send(self) -> None:
        """Say what it means, ask, and send."""
        from cx_tui.screens.confirm import Confirm
        from cx_tui.screens.progress import Progress

        wanted = self.wanted() if self.may_send() else None
        if wanted is None:
            return
        sort, people, attached = self.sort, self.people, self.text("files")
        session = await self.cx.services()
        try:
            names = await session.log.names(people.without[: send_sentences.NAMED])
        except CxError as error:
            self.notify(sentence(error), severity="error")
            return

        async def look(report: Report) -> list[str]:
            await session.delivery.refuse_too_large(replace(wanted, files=await files.read(attached)))
            return send_sentences.empties(sort, *await session.outbox.empties(wanted, people.reached, report))

        empty: list[str] | None = []
        if attached.strip() or may_be_empty(wanted.body) or may_be_empty(wanted.subject):
            looking = Progress("Looking for what may go wrong", look, stopped=STOPPED)
            empty = await self.app.push_screen_wait(looking)
        if empty is None:
            return
        known = [names[one] for one in people.without[: send_sentences.NAMED] if one in names]
        lines = send_sentences.meaning(sort, people, wanted, files.in_words(attached), known, empty)
        number = len(people.reached)
        asked = Confirm(send_sentences.question(sort, people), lines, "Send", to_type(number), no="Not yet")
        if not await self.app.push_screen_wait(asked):
            return
        outbox = session.outbox

        async def order(report: Report) -> Ordered:
            message = replace(wanted, files=await files.read(attached))
            return await outbox.order(message, people.reached, report)

        title = f"Queueing {counted(number, sort.one, sort.many)}"
        progress = Progress(title, order, stopped=STOPPED, at_the_end=AT_THE_END)
        if ordered := await self.app.push_screen_wait(progress):
            gone = number - ordered.messages
            self.app.notify(send_sentences.done(sort, ordered.messages, gone, wanted.due_at, self.outbox_key))
            self.sent()

    def sent(self) -> None:
        """It is on its way: what was typed elsewhere is kept, and this is closed."""
        mine = {self.sort.field(part) for part in self.sort.parts}
        for name in mine:
            self.form.set(name, self.form.base.get(name, ""))
        self._close(keep=bool(self.typed), ordered=True)

    # Leaving

    @work(group="leave", name=OPENS)
    async def action_leave(self) -> None:
        """Back to the list; what was typed is not thrown away without asking."""
        from widgets.menu import Item, Menu

        if not self.is_current:
            return
        if not self.typed:
            self._close()
            return
        items = [
            Item("stay", "Go on writing"),
            Item("keep", "Close, and keep what was typed for the next time"),
            Item("discard", "Throw it away"),
        ]
        title = "What you typed was not sent"
        chosen = await self.app.push_screen_wait(Menu(title, items, "stay", glyphs=self.cx.glyphs))
        if chosen == "discard" or (chosen == "keep" and self.is_kept()):
            self._close(keep=chosen == "keep")

    def _close(self, *, keep: bool = False, ordered: bool = False) -> None:
        if keep:
            self.keep_draft()
        else:
            self.drop_draft()
        self.dismiss(ordered)
