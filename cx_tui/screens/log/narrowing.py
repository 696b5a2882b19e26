"""Narrowing the log: by title, who, what and when."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

from textual.widgets import Input

from cx_tui.domain.history import Act
from cx_tui.domain.kinds import Day
from cx_tui.screens.log.filters import A_DAY, WHEN, Filters
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.log.log_screen import LogScreen

EARLIEST, LATEST = date(1970, 1, 2), date(9999, 12, 30)


class LogNarrowing(Duty):
    """Narrows one log."""

    host: "LogScreen"

    def action_search(self) -> None:
        """Go to the box for the title."""
        self.host.query_one("#text", Input).focus()

    def action_who(self) -> None:
        """Go to the box for the person."""
        self.host.query_one("#who", Input).focus()

    def typed(self, box: Input) -> None:
        """Narrow the log while the operator types."""
        text, filters = box.value.strip(), self.host.filters
        filters = replace(filters, text=text) if box.id == "text" else replace(filters, who=text)
        self.host.ask(filters, wait=self.host.cx.settings.search.wait)

    @work(name=OPENS)
    async def action_what(self) -> None:
        """Choose the kind of operation."""
        from widgets.menu import Item, Menu

        items = [Item("", "All"), *(Item(act.value, act.label) for act in Act)]
        now = self.host.filters.act.value if self.host.filters.act else ""
        menu = Menu("Show operations of the kind", items, now, glyphs=self.host.cx.glyphs)
        chosen = await self.host.app.push_screen_wait(menu)
        if chosen is not None:
            act = next((act for act in Act if act.value == chosen), None)
            self.host.ask(replace(self.host.filters, act=act))

    @work(name=OPENS)
    async def action_when(self) -> None:
        """Choose the days."""
        from cx_tui.screens.ask import Ask
        from widgets.menu import Item, Menu

        items = [*(Item(value, label.capitalize()) for value, label in WHEN.items()), Item(A_DAY, "A day …")]
        now = self.host.filters.when if self.host.filters.when in WHEN else A_DAY
        menu = Menu("Show operations of", items, now, glyphs=self.host.cx.glyphs)
        chosen = await self.host.app.push_screen_wait(menu)
        if chosen == A_DAY:
            day = await self.host.app.push_screen_wait(
                Ask("Show the operations of this day", _day, does="show them", example=Day.example)
            )
            chosen = day.isoformat() if day else None
        if chosen is not None:
            self.host.ask(replace(self.host.filters, when=chosen))

    def action_step_back(self) -> None:
        """Out of the box, then show all, then leave."""
        if self.host.focused is not self.host.grid:
            self.host.grid.focus()
        elif self.host.filters:
            for box in self.host.query(Input):
                with box.prevent(Input.Changed):
                    box.value = ""
            self.host.ask(Filters())
        else:
            self.host.dismiss(None)


def _day(text: str) -> date:
    """A day that a database can compare with."""
    return max(EARLIEST, min(cast(date, Day().parse(text)), LATEST))
