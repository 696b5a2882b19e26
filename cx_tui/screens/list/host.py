"""What the duties of lists of records need of the list that they are of: a widget, or the screen of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.containers import Horizontal
    from textual.widgets import Input

    from cx_tui.domain.query import Query
    from cx_tui.screens.list.arranging import Arranging
    from cx_tui.screens.list.asking import Asking
    from cx_tui.screens.list.grouping import Grouping
    from cx_tui.screens.list.narrowing import Narrowing
    from cx_tui.screens.list.numbers import Numbers
    from cx_tui.screens.list.opened_view import OpenedView
    from cx_tui.screens.program import Program
    from cx_tui.services.lists.listing import Listing
    from widgets.grid import Grid


class ListHost(Protocol):
    """A list of records that is searched, narrowed, ordered and grouped."""

    query_now: Query
    listing: Listing | None
    numbers: Numbers
    narrowing: Narrowing
    grouping: Grouping
    opened_view: OpenedView

    @property
    def app(self) -> Any:
        """Textual's own."""

    @property
    def notify(self) -> Any:
        """Textual's own."""

    @property
    def run_worker(self) -> Any:
        """Textual's own."""

    @property
    def query_one(self) -> Any:
        """Textual's own."""

    @property
    def finding(self) -> Asking:
        """What asks for the rows."""

    @property
    def arranging(self) -> Arranging:
        """What arranges the columns."""

    @property
    def cx(self) -> Program:
        """The program."""

    @property
    def grid(self) -> Grid:
        """The rows."""

    @property
    def search(self) -> Input:
        """The search box."""

    @property
    def table(self) -> Horizontal:
        """The grid, and the panels beside it."""

    def values_here(self) -> Mapping[str, Any] | None:
        """The values of the row under the cursor."""

    def search_shown(self) -> None:
        """Something stands in the search box."""

    def make_room(self) -> None:
        """A panel is about to be opened."""
