"""Narrowing the log: by title, who, what and when."""

from dataclasses import replace
from datetime import date
from typing import cast

from textual import on, work
from textual.widgets import Input

from cx_tui.domain.history import Act
from cx_tui.domain.kinds import Day
from cx_tui.screens.log.filters import A_DAY, WHEN, Filters
from cx_tui.screens.log.undoing import UndoingPage
from cx_tui.terminal.in_order import OPENS

EARLIEST, LATEST = date(1970, 1, 2), date(9999, 12, 30)


class NarrowingPage(UndoingPage):
    """A page that shows the operations its filters ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.filters = Filters()

    def ask(self, filters: Filters, *, wait: float = 0.0) -> None:
        """Show other operations."""
        raise NotImplementedError

    def find(self, *, wait: float = 0.0, keep: bool = False) -> object:
        """Show what the filters ask for."""
        raise NotImplementedError

    def action_search(self) -> None:
        """Go to the box for the title."""
        self.query_one("#text", Input).focus()

    def action_who(self) -> None:
        """Go to the box for the person."""
        self.query_one("#who", Input).focus()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Narrow the log while the operator types."""
        typed = event.value.strip()
        of_title = event.input.id == "text"
        filters = replace(self.filters, text=typed) if of_title else replace(self.filters, who=typed)
        self.ask(filters, wait=self.cx.settings.search.wait)

    @on(Input.Submitted)
    def typing_done(self) -> None:
        """Go to the rows, without waiting for a pause in typing."""
        self.grid.focus()
        self.find()

    @work(name=OPENS)
    async def action_what(self) -> None:
        """Choose the kind of operation."""
        from widgets.menu import Item, Menu

        items = [Item("", "All"), *(Item(act.value, act.label) for act in Act)]
        now = self.filters.act.value if self.filters.act else ""
        menu = Menu("Show operations of the kind", items, now, glyphs=self.cx.glyphs)
        chosen = await self.app.push_screen_wait(menu)
        if chosen is not None:
            act = next((act for act in Act if act.value == chosen), None)
            self.ask(replace(self.filters, act=act))

    @work(name=OPENS)
    async def action_when(self) -> None:
        """Choose the days."""
        from cx_tui.screens.ask import Ask
        from widgets.menu import Item, Menu

        items = [*(Item(value, label.capitalize()) for value, label in WHEN.items()), Item(A_DAY, "A day …")]
        now = self.filters.when if self.filters.when in WHEN else A_DAY
        menu = Menu("Show operations of", items, now, glyphs=self.cx.glyphs)
        chosen = await self.app.push_screen_wait(menu)
        if chosen == A_DAY:
            day = await self.app.push_screen_wait(
                Ask("Show the operations of this day", _day, does="show them", example=Day.example)
            )
            chosen = day.isoformat() if day else None
        if chosen is not None:
            self.ask(replace(self.filters, when=chosen))

    def action_step_back(self) -> None:
        """Out of the box, then show all, then leave."""
        if self.focused is not self.grid:
            self.grid.focus()
        elif self.filters:
            for box in self.query(Input):
                with box.prevent(Input.Changed):
                    box.value = ""
            self.ask(Filters())
        else:
            self.dismiss(None)


def _day(text: str) -> date:
    """A day that a database can compare with."""
    return max(EARLIEST, min(cast(date, Day().parse(text)), LATEST))
