"""The lists of alerts and of customers' contracts: testing the one, signing the other."""

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from cx_tui.errors import CxError
from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.read_only import may_write
from cx_tui.terminal.in_order import OPENS


class AlertList(RecordList):
    """The list of alerts."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "test", "test", id="alerts.test",
                tooltip="Show what this alert would do now, and would have done in the last 7 days."),
    ]  # fmt: skip

    @work(group="act", name=OPENS)
    async def action_test(self) -> None:
        """Show what an alert would do and would have done; nothing is done."""
        from cx_tui.domain.money.replaying import in_words
        from cx_tui.screens.progress import Progress
        from cx_tui.screens.telling import Telling

        if self.row is None:
            return
        try:
            session = await self.cx.services()
            title = (await session.records_of["alert"].get(self.row.key)).title
            now = await session.money.alerts.test(title)
        except CxError as error:
            self.notify(f"{error}", severity="error")
            return
        found = await self.app.push_screen_wait(
            Progress("Looking at the last 7 days", lambda _: session.money.alerts.replay(title))
        )
        if found is None:
            return
        value = "not known" if now.value is None else f"{now.value:,.2f}".removesuffix(".00")
        lines = [
            f"{now.alert.area.label} of {now.customer} is {value} now: {now.step.label}.",
            f"It would be told to {', '.join(now.to) or 'nobody; add recipients'}.",
        ]
        if now.gets_penalty:
            lines.append(f"The status would be Penalty for {now.alert.penalty:,} minutes.")
        await self.app.push_screen_wait(Telling(f"Test of {title}", [*lines, "", *in_words(*found)]))


class ContractList(RecordList):
    """The list of customers' contracts."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "sign", "sign", id="contracts.sign",
                tooltip="Record who signed this contract; calls that it stopped pass at once."),
    ]  # fmt: skip

    @work(group="act", name=OPENS)
    async def action_sign(self) -> None:
        """Write down a signature."""
        from cx_tui.screens.ask import Ask, required

        if self.row is None or not may_write(self.screen):
            return
        by = await self.app.push_screen_wait(
            Ask(
                "Who signed this contract?", required, does="write it down", example="Ana Novak",
                explains="Calls that stopped because it was not signed pass from now on.",
            )
        )  # fmt: skip
        if by is None:
            return
        try:
            await (await self.cx.services()).money.contracts.sign(self.row.key, by)
        except CxError as error:
            self.notify(f"Not signed: {error}.", severity="error", timeout=10)
            return
        self.notify(f"Signed by {by}.")
        await self.finding.again()
