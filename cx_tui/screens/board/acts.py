"""Cancelling a delayed change, moving it, and making one now; all ask first."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import work

from cx_tui.domain.differences import in_words
from cx_tui.domain.history import OPEN, DelayedChange, DelayedState
from cx_tui.errors import CxError
from cx_tui.screens.board.source import DelayedRow
from cx_tui.screens.confirm import Confirm
from cx_tui.screens.moments import later_moment
from cx_tui.screens.page import Page, sentence
from cx_tui.screens.read_only import may_write
from cx_tui.screens.times import local
from cx_tui.terminal.in_order import OPENS
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.services.changes.delayed import Delayed


class ActingPage(Page):
    """A page from which delayed changes are cancelled and made."""

    async def show_board(self) -> None:
        """Read the board again."""
        raise NotImplementedError

    def row_here(self) -> DelayedRow | None:
        """The row under the cursor."""
        row = self.grid.cursor.row
        return row if isinstance(row, DelayedRow) and row.change else None

    # Not exclusive: a write is never called off by the next one.
    @work(group="act", name=OPENS)
    async def action_cancel_change(self) -> None:
        """Ask, and cancel the change under the cursor."""
        row = self._open_row("nothing can be cancelled")
        if row is None or row.change is None:
            return
        number, name = row.change.id, row.name
        question = Confirm(
            f"Cancel this change of {name}?",
            [*self._what(row.change), "It is not made then.  The board keeps it as cancelled."],
            "Cancel the change",
            no="Keep it",
        )
        if await self.app.push_screen_wait(question):
            await self._act(lambda delayed: delayed.cancel(number), lambda _: "The change is cancelled.")

    @work(group="act", name=OPENS)
    async def action_keep_change(self) -> None:
        """Have a change stay that would be turned back."""
        row = self._open_row("nothing can be confirmed")
        if row and row.change:
            number = row.change.id
            await self._act(lambda delayed: delayed.confirm(number), lambda _: "It is confirmed and stays.")

    @work(group="act", name=OPENS)
    async def action_move_change(self) -> None:
        """Ask when, and have the change under the cursor made, or turned back, then."""
        row = self._open_row("nothing can be moved")
        if row is None or row.change is None:
            return
        number, reverts = row.change.id, row.change.reverts is not None
        verb = "turned back" if reverts else "made"
        title = f"When should this change be {verb}{', unless it is confirmed' if reverts else ''}?"
        if due := await self.app.push_screen_wait(later_moment(title, "move it")):
            said = f"It is {verb} {local(due)}."
            await self._act(lambda delayed: delayed.move(number, due), lambda _: said)

    @work(group="act", name=OPENS)
    async def action_run_now(self) -> None:
        """Ask, and make the change under the cursor at once."""
        row = self._open_row("nothing can be changed")
        if row is None or row.change is None:
            return
        number, held = row.change.id, row.change.state is DelayedState.HELD
        title = f"Change {row.name} {'although the values have changed since' if held else 'now'}?"
        lines = [*self._what(row.change), *meaning(row.change)]
        question = Confirm(title, lines, "Change it", no="Wait")
        if await self.app.push_screen_wait(question):
            await self._act(lambda delayed: delayed.run_now(number, although_changed=held), became)

    async def _act(
        self,
        act: "Callable[[Delayed], Awaitable[DelayedChange | None]]",
        words: Callable[[DelayedChange | None], str],
    ) -> None:
        """Do it, say what became of it, and read the board again."""
        try:
            result = await act((await self.cx.services()).delayed)
        except CxError as error:
            self.notify(sentence(error), severity="error", timeout=10)
        else:
            held = result is not None and result.state is DelayedState.HELD
            self.notify(words(result), severity="warning" if held else "information")
        await self.show_board()

    def _open_row(self, without: str) -> DelayedRow | None:
        """The row under the cursor, if something can be done with it."""
        row = self.row_here()
        if row is None or row.change is None or not may_write(self, without, ("change", "customer")):
            return None
        if row.change.state not in OPEN:
            self.notify(f"This change is {row.change.state.label.lower()} already.", severity="warning")
            return None
        return row

    def _what(self, one: DelayedChange) -> list[str | Part]:
        words = in_words("customer", one.base, one.wanted, arrow=self.arrow)
        by = f" by {one.who}" if one.who else ""
        return [Part(words, "strong"), Part(f"due {local(one.due_at)}, ordered{by}", "dim"), ""]


def meaning(one: DelayedChange) -> list[str | Part]:
    """What it means to make a change at once."""
    if one.state is DelayedState.WAITING:
        return ["It is made at once instead of when it is due."]
    return [
        Part(f"It was held: {one.said}.", "warn"),
        "What somebody wrote since is overwritten by the values of this change.",
    ]


def became(one: DelayedChange | None) -> str:
    """What became of a change that was to be made at once."""
    if one is None or one.state is DelayedState.DONE:
        return f"Done: {one.said}." if one and one.said else "The change is made; the log has it."
    return f"It was not made, but held: {one.said}.  Look at it with enter; n makes it although."
