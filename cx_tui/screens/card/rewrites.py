"""The list of rewrite rules, where a number can be tried on those of an address or a SIP user."""

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from cx_tui.errors import CxError
from cx_tui.screens.list.record_list import RecordList
from cx_tui.terminal.in_order import OPENS


class RewriteList(RecordList):
    """Rewrite rules."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "try", "try a number", id="rewrites.try",
                tooltip="Type a number, and see what each of these rules makes of it."),
    ]  # fmt: skip

    @work(group="act", name=OPENS)
    async def action_try(self) -> None:
        """Try a number on the rules of the row's address or user."""
        from cx_tui.screens.admission.try_rewrites import TryRewrites

        if self.row is None:
            self.notify("There is no rule to try a number on; + adds one.")
            return
        try:
            session = await self.cx.services()
            rule = await session.records_of["rewrite"].get(self.row.key)
            rules = await session.rewrites_beside(rule)
        except CxError as error:
            self.notify(f"The rules can't be read: {error}.", severity="error")
            return
        values = self.row.values or {}
        name = values.get("ip_name") or values.get("sip_user_name") or ""
        await self.app.push_screen_wait(TryRewrites(f"{name}", rules))
