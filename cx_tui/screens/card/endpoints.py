"""The lists of addresses and SIP users: how long each takes to answer, and the voicemail of a user."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cx_tui.domain.records.ip import Ip
from cx_tui.errors import CxError
from cx_tui.screens.list.acts import Foresee, RecordActs
from cx_tui.screens.list.record_list import RecordList
from cx_tui.terminal.in_order import OPENS
from widgets.duties import work

if TYPE_CHECKING:
    from cx_tui.services.session import Session


LATENCY = Binding(
    "p", "latency", "latency", id="endpoints.latency",
    tooltip="Ask this endpoint again and again, and show how long its answers take.",
)  # fmt: skip


class EndpointActs(RecordActs):
    """What is done to addresses and SIP users besides what is done to every record."""

    def foresees(self, record: Any) -> Foresee | None:
        """Whose calls an address shares or takes is said before it is saved."""
        owner = getattr(record, "customer_id", None) or self.host.scope.owner_id
        if owner is None or self.host.declared.name != Ip.declared.name:
            return None

        async def foresee(values: Mapping[str, Any]) -> list[str]:
            several = values.get("address")
            if record is not None:
                wished = [replace(record, **values)]
            else:
                now = datetime.now(UTC)
                new = {"id": 0, "created_at": now, "changed_at": now, "customer_id": owner}
                wished = [Ip(**{**new, **values, "address": one}) for one in several or ()]
            return await (await self.host.cx.services()).addresses_foreseen(wished)

        return foresee

    async def under_cursor(self) -> Any:
        """The record under the cursor; nothing, said in words, when it can't be read."""
        if self.host.row is None:
            return None
        try:
            records = (await self.host.cx.services()).records_of[self.host.declared.name]
            return await records.get(self.host.row.key)
        except CxError as error:
            self.host.notify(f"It can't be opened: {error}.", severity="error")
            return None

    @work(group="act", name=OPENS)
    async def action_latency(self) -> None:
        """Show how long the endpoint under the cursor takes to answer."""
        from cx_tui.screens.latency.latency_screen import LatencyScreen

        endpoint = await self.under_cursor()
        if endpoint is None:
            return

        async def find(session: "Session") -> Any:
            return session.latency_of(endpoint)

        name = getattr(endpoint, self.host.declared.names)
        await self.host.app.push_screen_wait(LatencyScreen(name, find))

    @work(group="act", name=OPENS)
    async def action_messages(self) -> None:
        """Show the voicemail messages of the SIP user under the cursor."""
        from cx_tui.screens.audio.voicemail import VoicemailScreen

        user = await self.under_cursor()
        if user is not None:
            await self.host.app.push_screen_wait(VoicemailScreen(user))


class IpList(RecordList):
    """Addresses."""

    BINDINGS: ClassVar[list[BindingType]] = [LATENCY]

    ACTS = EndpointActs


class SipUserList(RecordList):
    """SIP users."""

    BINDINGS: ClassVar[list[BindingType]] = [
        LATENCY,
        Binding("m", "messages", "voicemail", id="sip_users.messages",
                tooltip="Show the voicemail messages of this user: save them, delete them, set the PIN."),
    ]  # fmt: skip

    ACTS = EndpointActs
