"""Asking what a list shows: another question makes the one before void."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from widgets.duties import Duty
from widgets.grid import Marks

if TYPE_CHECKING:
    from cx_tui.domain.query import Query
    from cx_tui.screens.list.host import ListHost


class Asking(Duty):
    """Asks for one list."""

    host: ListHost

    @abstractmethod
    def find(self, *, wait: float = 0.0, keep: bool = False) -> Any:
        """Show what is asked for."""

    def ask(self, query: Query, *, wait: float = 0.0) -> None:
        """Ask another question; the old rows stay until the answer is there."""
        before, self.host.query_now = self.host.query_now, query
        if query == before:
            return
        if self.host.grid.marks.rows.all_but and query.which != before.which:
            self.host.grid.marks.rows = Marks.NONE
            self.host.notify("All rows were marked; this is a different list now, so the marks are gone.")
        self.find(wait=wait)
