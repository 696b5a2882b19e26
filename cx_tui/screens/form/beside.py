"""What an operator wants to know of a customer while editing it, beside the fields where there is room."""

from contextlib import suppress
from typing import TYPE_CHECKING, cast

from textual import work

from cx_tui.errors import CxError
from cx_tui.screens.card.customer_now import CustomerNow
from cx_tui.screens.customers import side
from cx_tui.screens.program import Program
from widgets.grid import Glyphs
from widgets.line import Line

if TYPE_CHECKING:
    from cx_tui.screens.form.customer import CustomerForm

ROOMY = 110
"""From so many columns there is room beside the fields."""
REST = 0.12
"""Seconds after which it is read: the form comes first."""


class BesideForm(Line):
    """How the customer stands, its contacts, its calls, its last changes."""

    DEFAULT_CSS = """
    BesideForm { dock: right; width: 32; height: 100%; margin: 1 0; padding: 0 1; background: $panel; }
    """

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__(glyphs=glyphs)

    def tell(self) -> None:
        """Say it of the customer in the form, where there is room."""
        form = cast("CustomerForm", self.screen)
        roomy = form.base is not None and self.app.size.width >= ROOMY
        form.set_class(roomy, "-roomy")
        if roomy and form.base:
            self._tell_of(form.base.id)

    @work(exclusive=True, group="side")
    async def _tell_of(self, customer_id: int) -> None:
        """Say it of this customer."""
        program = cast(Program, self.app)
        await program.pause(REST)
        customer = CustomerNow(customer_id)
        with suppress(CxError):  # the form says what is wrong
            session = await program.services()
            if await customer.read(session):
                found = await side.read(session, customer_id)
                self.show_lines(side.lines(customer.values, found, room=(self.size.width, self.size.height)))
