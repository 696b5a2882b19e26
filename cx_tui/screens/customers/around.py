"""What stands around the list and takes a question of its own: the figures of the switch, the pane beside."""

from time import monotonic

from textual import getters, work

from cx_tui.errors import CxError
from cx_tui.screens.customers import side
from cx_tui.screens.customers.source import CustomerRow
from cx_tui.screens.customers.watching import WatchingScreen
from widgets.line import Line

FIGURES_EVERY = 10.0
SHARE, SELDOM = 20, 120.0
"""Figures that took long come seldom: after so many times what they took, and at the latest after so long."""
REST = 0.12
"""Seconds that the cursor rests before the pane asks anything: holding a key asks nothing."""
STALE = 5.0
"""Seconds after which the pane is read again."""


class AroundScreen(WatchingScreen):
    """A screen with a pane beside its list where there is room."""

    pane = getters.query_one("#side", Line)

    _figures_not_before = 0.0
    _beside: side.Beside | None = None
    _beside_of: int | None = None
    _beside_at = 0.0

    @property
    def is_wide(self) -> bool:
        """Whether the pane is shown."""
        return self.has_class("-wide") or self.has_class("-widest")

    def on_screen_resume(self) -> None:
        """Another screen has gone: what it changed is to be seen."""
        self._beside_at = 0.0

    def show_lines(self) -> None:
        """Say how things stand; now and then the figures are read again."""
        super().show_lines()
        if self.listing is not None and monotonic() >= self._figures_not_before:
            self._figures_not_before = monotonic() + FIGURES_EVERY
            self.look_at_switch()

    @work(exclusive=True, group="figures")
    async def look_at_switch(self) -> None:
        """Read what the switch does now."""
        from cx_tui.services.calls.now import switch_now

        began = monotonic()
        try:
            self.switch_now = await switch_now((await self.cx.services()).calls)
        except CxError:
            return  # the list says what is wrong
        if self.switch_now is not None:  # the first look also loads what reads them, which says nothing
            took = SHARE * (monotonic() - began)
            self._figures_not_before = monotonic() + min(SELDOM, max(FIGURES_EVERY, took))
        super().show_lines()

    def show_detail(self) -> None:
        """Say more of the customer under the cursor, and in the pane what belongs to it."""
        super().show_detail()
        if not self.is_wide:
            return
        row = self.grid.cursor.row
        values = row.values if isinstance(row, CustomerRow) else None
        if values is None:
            self.pane.show_lines([])
            return
        known = self._beside if self._beside_of == values["id"] else None
        self.pane.show_lines(side.lines(values, known, room=self._room))
        if known is None or monotonic() - self._beside_at > STALE:
            self.read_beside(values["id"])

    @work(exclusive=True, group="side")
    async def read_beside(self, customer_id: int) -> None:
        """Read what belongs to a customer, when the cursor rests on it."""
        await self.cx.pause(REST)
        try:
            self._beside = await side.read(await self.cx.services(), customer_id)
        except CxError:
            return
        self._beside_of, self._beside_at = customer_id, monotonic()
        row = self.grid.cursor.row
        if isinstance(row, CustomerRow) and row.values and row.values["id"] == customer_id:
            self.pane.show_lines(side.lines(row.values, self._beside, room=self._room))

    @property
    def _room(self) -> tuple[int, int]:
        width, height = self.pane.size
        return width, height
