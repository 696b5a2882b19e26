"""The pane beside a wide list: what belongs to the customer under the cursor, read when it rests there."""

from time import monotonic
from typing import TYPE_CHECKING

from cx_tui.errors import CxError
from cx_tui.screens.customers import side
from widgets.duties import Duty, work
from widgets.line import Line

if TYPE_CHECKING:
    from cx_tui.screens.customers.customers_screen import CustomersScreen

REST = 0.12
"""Seconds that the cursor rests before the pane asks anything: holding a key asks nothing."""
STALE = 5.0
"""Seconds after which the pane is read again."""


class SidePane(Duty):
    """Fills it, where there is room."""

    host: "CustomersScreen"
    _beside: side.Beside | None = None
    _beside_of: int | None = None
    _read_at = 0.0

    @property
    def _pane(self) -> Line:
        return self.host.query_one("#side", Line)

    def is_old(self) -> None:
        """Something was changed that is to be seen: what was read counts no more."""
        self._read_at = 0.0

    def show(self) -> None:
        """Show what belongs to the customer under the cursor."""
        if not (self.host.has_class("-wide") or self.host.has_class("-widest")):
            return
        values = self.host.values_here()
        if values is None:
            self._pane.show_lines([])
            return
        known = self._beside if self._beside_of == values["id"] else None
        self._pane.show_lines(side.lines(values, known, room=self._room))
        if known is None or monotonic() - self._read_at > STALE:
            self._read(values["id"])

    @work(exclusive=True, group="side")
    async def _read(self, customer_id: int) -> None:
        """Read what belongs to a customer, when the cursor rests on it."""
        await self.host.cx.pause(REST)
        try:
            self._beside = await side.read(await self.host.cx.services(), customer_id)
        except CxError:
            return
        self._beside_of, self._read_at = customer_id, monotonic()
        values = self.host.values_here()
        if values and values["id"] == customer_id:
            self._pane.show_lines(side.lines(values, self._beside, room=self._room))

    @property
    def _room(self) -> tuple[int, int]:
        width, height = self._pane.size
        return width, height
