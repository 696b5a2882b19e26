"""The calls that are up: a list that keeps itself up to date, and from which calls are ended."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from cx_tui.domain.calls.live_query import LiveQuery
from cx_tui.screens.calls.live_acts import LiveActs
from cx_tui.screens.calls.live_contents import EVERY, LiveContents
from cx_tui.screens.list.base_list import KEYS, BaseList
from cx_tui.screens.list.cell_copying import CellCopying
from widgets.grid import Grid

if TYPE_CHECKING:
    pass


class LiveList(BaseList, inherit_bindings=False):
    """Live calls of a customer, or of all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,delete", "end", "end call", id="calls.end",
                tooltip="End the marked calls, or this one; asks first, and is noted in the log."),
        Binding("slash", "search", "search", id="list.search",
                tooltip="Show only calls that have a text in a number, carrier, address or key."),
        KEYS["list.columns"],
        KEYS["list.copy_cell"],
        KEYS["list.refresh"],
        KEYS["list.back"],
    ]  # fmt: skip

    def __init__(self, customer_id: int | None) -> None:
        super().__init__()
        self.query_now = LiveQuery(customer_id)
        self.showing = LiveContents(self)
        self.made_of(self.showing, self.showing, CellCopying(self), LiveActs(self))

    def on_mount(self) -> None:
        """Look again and again while it is on the screen."""
        super().on_mount()
        self.set_interval(EVERY, self.showing.look)

    def command(self) -> str:
        """The calls that are up, as a command."""
        of = f" '#{self.query_now.customer_id}'" if self.query_now.customer_id is not None else ""
        return f"cx-tui calls live{of}"

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """A call that is up has no record yet."""
        event.stop()
        self.notify("This call is still up; its record comes when it has ended.  x ends it.")
