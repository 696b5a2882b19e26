"""The panel at the right in which the columns of a list are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from widgets.duties import Duty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from widgets.column_chooser import Choice, ColumnChooser
    from widgets.grid import Column


class HasColumns(Protocol):
    """What knows which columns a list may have."""

    def choices(self) -> Sequence[Choice]:
        """All columns that may be shown."""

    def usual_columns(self) -> Sequence[Column]:
        """Those that usually are."""

    def keep_columns(self) -> None:
        """The operator changed them."""


class ColumnPanel(Duty):
    """Opens it, closes it, and shows at once what is chosen in it."""

    host: Any
    """A list, or the screen of one: it has `grid`, `table` and `make_room`."""

    def __init__(self, host: Any, columns: HasColumns) -> None:
        super().__init__(host)
        self._columns = columns
        self.chooser: ColumnChooser | None = None

    def action_columns(self) -> None:
        """Open the panel, or close it."""
        from widgets.column_chooser import ColumnChooser

        if self.chooser:
            self.close()
            return
        self.host.make_room()
        self.chooser = ColumnChooser(
            self._columns.choices(), self.host.grid.columns.shown, self._columns.usual_columns(),
            ascii=self.host.cx.ascii,
        )  # fmt: skip
        self.host.table.mount(self.chooser)
        self.chooser.focus()

    def chosen(self, columns: Sequence[Column]) -> None:
        """Show the chosen columns at once, and keep them."""
        self.host.grid.columns.show(columns)
        self._columns.keep_columns()

    def changed(self, columns: Sequence[Column]) -> None:
        """Keep the layout that the operator made with the grid's keys."""
        self._columns.keep_columns()
        if self.chooser:
            self.chooser.set_shown(columns)

    def close(self) -> None:
        """Close the panel."""
        if self.chooser:
            self.chooser.remove()
            self.chooser = None
            self.host.grid.focus()
