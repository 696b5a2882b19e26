"""The figures of the switch in the header: read now and then, more seldom when that takes long."""

from time import monotonic
from typing import TYPE_CHECKING

from cx_tui.errors import CxError
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.customers.customers_screen import CustomersScreen
    from cx_tui.services.calls.now import SwitchNow

FIGURES_EVERY = 10.0
SHARE, SELDOM = 20, 120.0
"""Figures that took long come seldom: after so many times what they took, and at the latest after so long."""


class SwitchFigures(Duty):
    """Reads them."""

    host: "CustomersScreen"
    now: "SwitchNow | None" = None
    """What the switch does, when that is known."""
    _not_before = 0.0

    def renew(self) -> None:
        """Read them again, when it is time."""
        if self.host.listing is not None and monotonic() >= self._not_before:
            self._not_before = monotonic() + FIGURES_EVERY
            self._read()

    @work(exclusive=True, group="figures")
    async def _read(self) -> None:
        """Read what the switch does now."""
        from cx_tui.services.calls.now import switch_now

        began = monotonic()
        try:
            self.now = await switch_now((await self.host.cx.services()).calls)
        except CxError:
            return  # the list says what is wrong
        if self.now is not None:  # the first look also loads what reads them, which says nothing
            took = SHARE * (monotonic() - began)
            self._not_before = monotonic() + min(SELDOM, max(FIGURES_EVERY, took))
        self.host.show_lines()
