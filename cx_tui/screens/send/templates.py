"""The stored templates: one is taken, the present text is kept as one, one is thrown away."""

from collections.abc import Awaitable, Sequence
from typing import ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.message import Message
from textual.screen import ModalScreen

from cx_tui.domain.fields import fields_of
from cx_tui.domain.outbox import Template
from cx_tui.errors import CxError
from cx_tui.screens.ask import Ask, required
from cx_tui.screens.program import Program
from cx_tui.screens.send.kinds import Sort
from cx_tui.screens.stakes import short
from cx_tui.services.sending.outbox import Outbox
from cx_tui.terminal.in_order import OPENS
from widgets.line import Line, LineText, Part
from widgets.picker import LineList

NAME, REFERRAL = 26, 10
SHOWN = 5
"""So many lines of a template are shown."""


class Listed(LineList):
    """As high as there are lines; tells when its cursor is elsewhere."""

    class Moved(Message):
        """The cursor is on another line."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All lines, as far as there is room for them."""
        return max(1, self.virtual_size.height)

    def show_lines(self, lines: Sequence[Sequence[tuple[Part, int]]], place: int | None = None) -> None:
        """Show these lines, and take the room that they need."""
        super().show_lines(lines, place)
        self.refresh(layout=True)

    def go(self, place: int) -> None:
        """Put the cursor on a line."""
        super().go(place)
        self.post_message(self.Moved())


class TemplatesScreen(ModalScreen[Template | None]):
    """Dismissed with the template that is to be taken."""

    CSS_PATH = "send.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,insert", "keep", "keep", id="templates.keep",
                tooltip="Keep the present text as a template, by a name."),
        Binding("x,delete", "drop", "delete", id="templates.delete", tooltip="Delete this template."),
        Binding("escape", "leave", "back", id="templates.back", tooltip="Back to the message."),
    ]  # fmt: skip

    listed = getters.query_one("#templates", Listed)

    def __init__(self, outbox: Outbox, sort: Sort, found: Sequence[Template], present: Template) -> None:
        super().__init__()
        self._outbox = outbox
        self._sort = sort
        self._present = present
        self._all = list(found)
        self._found = for_sort(found, sort)

    def compose(self) -> ComposeResult:
        """The title, the templates, the beginning of one, the keys."""
        glyphs = cast(Program, self.app).glyphs
        with Vertical(classes="dialog"):
            yield Line(glyphs=glyphs, classes="title")
            yield Listed(id="templates")
            yield Line(glyphs=glyphs, id="peek")
            yield Line(glyphs=glyphs, classes="actions")

    def on_mount(self) -> None:
        """Show them."""
        self.query_one(".title", Line).show(Part(f"Templates for {self._sort.many}", "strong"))
        keys = [
            Part("enter", "accent"), Part(" take   "), Part("+", "accent"), Part(" keep the present text   "),
            Part("x", "accent"), Part(" delete   "), Part("esc", "accent"), Part(" back"),
        ]  # fmt: skip
        self.query_one(".actions", Line).show(right=keys)
        self.show()

    def show(self) -> None:
        """List them."""
        self.listed.show_lines([_line(one) for one in self._found])
        self.set_focus(self.listed)
        self.show_peek()

    @on(Listed.Moved)
    def show_peek(self) -> None:
        """Show the beginning of the template at the cursor."""
        peek = self.query_one("#peek", Line)
        one = self._here()
        if one is None:
            hint = f"There is no template for {self._sort.many} yet."
            how = "Write the text, then + here keeps it by a name."
            peek.show_lines([LineText([Part(hint)]), LineText([Part(how, "dim")])])
            return
        lines = one.body.splitlines()
        more = [Part(f"… {len(lines) - SHOWN + 1:,} more lines", "dim")] if len(lines) > SHOWN else []
        shown = lines[: SHOWN - 1] if more else lines
        peek.show_lines([LineText([Part(line)]) for line in shown] + [LineText(more)] * bool(more))

    def _here(self) -> Template | None:
        return self._found[self.listed.place] if self._found else None

    @on(LineList.Chosen)
    def take(self) -> None:
        """Take the template at the cursor."""
        if one := self._here():
            self.dismiss(one)

    @work(group="templates", name=OPENS)
    async def action_keep(self) -> None:
        """Keep the present text as a template."""
        from cx_tui.screens.confirm import Confirm

        if not self._present.body.strip():
            self.notify("There is no text to keep yet.", severity="warning")
            return
        name = await self.app.push_screen_wait(
            Ask(f"Keep this {self._sort.one} as a template under which name?", name_of, does="keep it",
                explains="It is chosen by this name.")
        )  # fmt: skip
        if not name:
            return
        if any(one.name == name for one in self._all):
            asked = Confirm(
                f'Replace the template "{short(name)}"?', ["Its text is lost."], "Replace", no="Leave it"
            )
            if not await self.app.push_screen_wait(asked):
                return
        self._present.name = name
        await self._act(self._outbox.keep_template(self._present), f'Kept as the template "{short(name)}".')

    @work(group="templates", name=OPENS)
    async def action_drop(self) -> None:
        """Delete the template at the cursor."""
        from cx_tui.screens.confirm import Confirm

        one = self._here()
        if one is None:
            return
        asked = Confirm(
            f'Delete the template "{short(one.name)}"?', ["It can't be brought back."], "Delete", no="Keep"
        )
        if await self.app.push_screen_wait(asked):
            await self._act(
                self._outbox.drop_template(one.name), f'The template "{short(one.name)}" is deleted.'
            )

    async def _act(self, act: Awaitable[None], said: str) -> None:
        try:
            await act
            self._all = await self._outbox.templates()
        except CxError as error:
            self.notify(f"That was not done: {error}.", severity="error", timeout=10)
            return
        self._found = for_sort(self._all, self._sort)
        self.notify(said)
        self.show()

    def action_leave(self) -> None:
        """Take none."""
        self.dismiss(None)


def for_sort(found: Sequence[Template], sort: Sort) -> list[Template]:
    """The templates that can be taken: those for just this first, and of these one's own first."""
    fitting = [one for one in found if one.way is sort.way]
    return sorted(fitting, key=lambda one: (one.referral != sort.referral, not one.id))


def name_of(text: str) -> str:
    """The name of a template, when it is one."""
    return str(fields_of(Template)["name"].parse(required(text)))


def _line(one: Template) -> list[tuple[Part, int]]:
    return [
        (Part(one.name, "strong"), NAME), (Part("  "), 2),
        (Part("referral" if one.referral else "", "accent"), REFERRAL),
        (Part(one.subject or one.body.partition("\n")[0], "dim"), 0),
    ]  # fmt: skip
