"""The card and the form of one customer, from which one goes on to the next of the list."""

from typing import TYPE_CHECKING

from cx_tui.errors import CxError
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.domain.records.customer import Customer
    from cx_tui.screens.customers.customers_screen import CustomersScreen
    from cx_tui.services.records.drafts import Draft


class Cards(Duty):
    """Opens them."""

    host: "CustomersScreen"

    def action_card(self) -> None:
        """Open the card of the customer under the cursor."""
        if row := self.host.row:
            self.open(row.key, str(row.values["name"]) if row.values else "")

    @work(group="form", exclusive=True, name=OPENS)
    async def open(self, customer_id: int, name: str = "", tab: str = "") -> None:
        """Open a customer's card, and show what was changed there."""
        if not await self.host.session():
            return
        from cx_tui.screens.card import CardScreen

        changed = await self.host.app.push_screen_wait(CardScreen(customer_id, name, step=self.step, tab=tab))
        await self.host.show_changes(ordered=bool(changed))

    def action_contacts(self) -> None:
        """Show the contacts of the customer under the cursor: the first tab of its card."""
        if row := self.host.row:
            self.open(row.key, str(row.values["name"]) if row.values else "", "Main")

    @work(group="form", exclusive=True, name=OPENS)
    async def open_form(self, customer_id: int | None, draft: "Draft | None" = None) -> None:
        """Open the form of a customer, or of a new one, and show what was saved."""
        session = await self.host.session()
        customer: Customer | None = None
        if session is None:
            return
        from cx_tui.screens.form import CustomerForm

        try:
            customer = await session.records.get(customer_id) if customer_id is not None else None
        except CxError as error:
            self.host.notify(f"It can't be opened: {error}.", severity="error")
            return
        step = None if draft else self.step
        form = CustomerForm(session, customer, step=step, show=self.host.show_changes, draft=draft)
        if (
            await self.host.app.push_screen_wait(form)
            and customer is None
            and form.saving.saved_id is not None
        ):
            await self.host.show_changes(ordered=True)
            await self.host.grid.moves.to_key(form.saving.saved_id)

    async def step(self, by: int) -> int | None:
        """Move the cursor of the list, and say which customer is there."""
        place = self.host.grid.cursor.position + by
        if not 0 <= place < self.host.grid.rows.total:
            return None
        await self.host.grid.moves.to_position(place)
        row = self.host.row
        return row.key if row else None
