"""Going to the search box, and back step by step until nothing narrows the list and nothing is marked."""

from dataclasses import replace
from typing import TYPE_CHECKING

from cx_tui.domain.query import StatusFilter
from widgets.duties import Duty
from widgets.grid import Marks

if TYPE_CHECKING:
    from cx_tui.screens.customers.customers_screen import CustomersScreen


class SteppingBack(Duty):
    """Goes there, and back."""

    host: "CustomersScreen"
    _asked_for: Marks | None = None
    """The marks that esc would take away when it is pressed once more."""

    def action_search(self) -> None:
        """Go to the search box."""
        self.host.search.focus()

    def action_step_back(self) -> None:
        """One step back: out of the search box, then the search, the status, the marks are cleared."""
        screen, grid, query = self.host, self.host.grid, self.host.query_now
        if screen.focused is not grid:
            grid.focus()
        elif screen.search.value:
            screen.search.value = ""
        elif query.off:
            screen.narrowing.narrow_to(replace(query, off=()))
        elif query.status is not StatusFilter.ALL:
            screen.finding.ask(replace(query, status=StatusFilter.ALL))
        elif grid.marks.rows == self._asked_for:
            grid.marks.clear()
            self._asked_for = None
            screen.notify(f"The marks are gone; {screen.key_of('grid.marks_back')} brings them back.")
        elif grid.marks.rows:
            self._asked_for = grid.marks.rows
            number = screen.numbers.marked
            said = "All" if number is None else f"{number:,}"
            screen.notify(f"{said} stay marked; esc once more takes the marks away.")
