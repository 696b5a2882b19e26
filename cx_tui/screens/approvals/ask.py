"""Asking for a second person, when an act needs one."""

from typing import Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from cx_tui.domain.approvals import Wish
from cx_tui.domain.differences import in_words
from cx_tui.errors import CxError, NeedsApproval
from cx_tui.screens.program import Program
from widgets.line import Line, Part
from widgets.text import visible


class AskApproval(ModalScreen[str | None]):
    """What needs a second person and why; enter asks for one, with a reason or without."""

    CSS_PATH = "approvals.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="ask_approval.back", tooltip="Don't ask; nothing is changed."),
    ]

    def __init__(self, wish: Wish) -> None:
        super().__init__()
        self._wish = wish

    def compose(self) -> ComposeResult:
        """The act, why it needs a second person, the box for the reason."""
        wish = self._wish
        arrow = "->" if cast(Program, self.app).ascii else "→"
        what = in_words(wish.record, wish.base, wish.wanted, arrow=arrow)
        with Vertical():
            yield Line(id="title")
            yield Static(visible(f"{wish.title}: {what or wish.act.label}"), markup=False, id="what")
            yield Static(visible(f"{wish.why[:1].upper()}{wish.why[1:]}."), markup=False, id="why")
            yield Input(placeholder="the reason, for who decides", compact=True, id="reason")
            yield Line(id="foot")

    def on_mount(self) -> None:
        """Ask."""
        self.query_one("#title", Line).show(Part("Ask for approval?", "strong"))
        self.query_one("#foot", Line).show(right=[Part("enter asks   esc leaves it", "dim")])
        self.set_focus(self.query_one(Input))

    @on(Input.Submitted)
    def agreed(self, event: Input.Submitted) -> None:
        """Ask for it."""
        self.dismiss(event.value.strip())

    def action_leave(self) -> None:
        """Nothing is asked for."""
        self.dismiss(None)


async def ask_for_approval(screen: Screen[Any], need: NeedsApproval) -> bool:
    """Ask for a second person when the operator wants that: whether it was asked."""
    if need.wish is None:
        screen.notify(f"{need}.", severity="warning", timeout=10)
        return False
    reason = await screen.app.push_screen_wait(AskApproval(need.wish))
    if reason is None:
        return False
    try:
        number = await (await cast(Program, screen.app).services()).approvals.ask(need.wish, reason)
    except CxError as error:
        screen.notify(f"Not asked for: {error}.", severity="error", timeout=10)
        return False
    screen.app.notify(f"Asked for: request {number} waits for another person, for 24 hours (:approvals).")
    return True
