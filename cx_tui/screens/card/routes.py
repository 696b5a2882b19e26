"""The list of ingress routes, from which one gets to the recordings of their customer's calls."""

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from cx_tui.errors import CxError
from cx_tui.screens.list.record_list import RecordList
from cx_tui.terminal.in_order import OPENS


class RouteList(RecordList):
    """Ingress routes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "recordings", "recordings", id="routes.recordings",
                tooltip="Show the recordings of this customer's calls, and save them."),
    ]  # fmt: skip

    @work(group="act", name=OPENS)
    async def action_recordings(self) -> None:
        """Show the recordings of the customer's calls."""
        from cx_tui.screens.audio.recordings import RecordingsScreen

        try:
            session = await self.cx.services()
            owner = self.scope.owner_id
            if owner is None and self.row is not None:
                owner = (await session.records_of["route"].get(self.row.key)).customer_id
            if owner is None:
                return
            customer = await session.records.get(owner)
        except CxError as error:
            self.notify(f"They can't be shown: {error}.", severity="error")
            return
        await self.app.push_screen_wait(RecordingsScreen(customer.id, customer.name))
