"""The send screen: whom it reaches, the message on the tab of its sort, and what is done with it."""

from datetime import UTC, datetime
from typing import ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size

from cx_tui.domain.outbox import Template
from cx_tui.domain.selection import Selection
from cx_tui.screens.form.drafting import DraftingForm
from cx_tui.screens.header import Header
from cx_tui.screens.program import Program
from cx_tui.screens.send.commands import send_command
from cx_tui.screens.send.counting import Counting
from cx_tui.screens.send.kinds import SORTS
from cx_tui.screens.send.sending import Sending
from cx_tui.screens.send.stored_texts import StoredTexts
from cx_tui.screens.send.trying import Trying
from cx_tui.screens.send.writing import AROUND, PAPER, Writing
from cx_tui.screens.window import Window
from cx_tui.services.records.drafts import Draft
from cx_tui.terminal.in_order import OPENS
from widgets.duties import has_duties
from widgets.form import Form
from widgets.form.messages import Edited, TabShown
from widgets.function_keys import DO, LIST, LOOK, STAY
from widgets.key_line import KeyLine
from widgets.line import Line

WIDTH = 104
"""How wide the window is."""
FOR_SOMEBODY = {"recipients", "preview", "test", "send"}
"""What needs to know who gets the message."""


@has_duties
class SendScreen(Window[bool], DraftingForm):
    """A message to the contacts of the chosen customers; dismissed with whether something was ordered."""

    TITLE = "send"
    CSS_PATH = "send.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"{DO},ctrl+s", "send", "send", id="send.send",
                tooltip="Say how many messages it is, ask, and send them."),
        Binding(LOOK, "preview", "view", id="send.preview",
                tooltip="Show the message as each recipient would see it."),
        # Of these two a text area makes something else, unless they come first.
        Binding("ctrl+t", "recipients", "who", id="send.recipients", priority=True,
                tooltip="List who will get it, and who not and why."),
        Binding(LIST, "field", "field", id="send.field", priority=True,
                tooltip="Insert a field; each recipient gets their own value."),
        Binding("ctrl+o", "templates", "templates", id="send.templates", priority=True,
                tooltip="Take a stored text, keep this one, or delete one."),
        Binding(STAY, "test", "test", id="send.test", tooltip="Send one message to yourself."),
        Binding("escape", "leave", "back", id="send.leave",
                tooltip="Back to the list; asks when something was typed."),
    ]  # fmt: skip

    form = getters.query_one("#form", Form)

    def __init__(self, selection: Selection, outbox_key: str = "") -> None:
        super().__init__()
        self.outbox_key = outbox_key
        self.counting = Counting(self, selection)
        self.writing = Writing(self)
        self.stored_texts = StoredTexts(self)
        self.trying = Trying(self)
        self.duties = (self.writing, self.stored_texts, self.trying, Sending(self))

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def content(self, room: Size) -> Size:
        """The longest sort of message, and the lines around it."""
        return Size(WIDTH, PAPER + AROUND)

    def compose(self) -> ComposeResult:
        """Whom it is for, the message, the keys."""
        glyphs = self.cx.glyphs
        with self.body():
            yield Header(glyphs=glyphs)
            yield Line(glyphs=glyphs, id="people")
            yield self.writing.made_form()
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
        self.counting.count()
        self.counting.show()

    def command(self) -> str:
        """What sending this would do, as a command; without a text, who would get it."""
        writing = self.writing
        texts = {part: writing.text(part) for part in writing.sort.parts}
        return send_command(writing.sort.way, self.counting.selection, texts)

    def awaits(self, key: str) -> bool:
        """What needs to know who gets it waits for the first who do; that a count takes longer is said."""
        bound = self.active_bindings.get(key)
        return self.counting.is_awaited and bound is not None and bound.binding.action in FOR_SOMEBODY

    @on(Form.TabShown)
    def tab_shown(self, event: TabShown) -> None:
        """Another sort is written: count who can get that."""
        writing = self.writing
        self.counting.show()
        self.counting.count()
        if writing.sort.referral and not writing.text("subject") and not writing.text("body"):
            self.stored_texts.begin_referral(writing.sort)

    @on(Form.Edited)
    def edited(self, event: Edited) -> None:
        """Something was typed."""
        self.writing.edited(event.name, event.text)

    def on_resize(self) -> None:
        """Give the text the room that there is."""
        self.form.show_errors({})

    def _keep_draft(self) -> None:
        """Keep what was typed; a template alone is kept already."""
        if self.writing.typed:
            super()._keep_draft()
        else:
            self.drop_draft()

    def sent(self) -> None:
        """It is on its way: what was typed elsewhere is kept, and this is closed."""
        mine = {self.writing.sort.field(part) for part in self.writing.sort.parts}
        for name in mine:
            self.form.set(name, self.form.base.get(name, ""))
        self._close(keep=bool(self.writing.typed), ordered=True)

    # Leaving

    @work(group="leave", name=OPENS)
    async def action_leave(self) -> None:
        """Back to the list; what was typed is not thrown away without asking."""
        from widgets.menu import Item, Menu

        if not self.is_current:
            return
        if not self.writing.typed:
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
