"""The packages of customers: what is charged next, what is left of free minutes, and charging them now."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from cx_tui.domain.kinds import Money
from cx_tui.errors import CxError
from cx_tui.screens.list.record_contents import RecordContents
from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.list.rows import RecordRows
from cx_tui.screens.present import spaced
from cx_tui.screens.read_only import may_write
from cx_tui.terminal.in_order import OPENS
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from cx_tui.domain.money.outlook import Outlook
    from cx_tui.services.money.packages import Charge

MONEY = Money()
SHOWN = 10


class PackageContents(RecordContents):
    """The packages, and what becomes of each."""

    outlook: "Outlook | None" = None

    async def read(self) -> RecordRows:
        """The packages; on a card, with what is known of their future."""
        if self.host.scope.owner_id is not None:
            session = await self.host.cx.services()
            self.outlook = await session.money.outlooks.of(self.host.scope.owner_id)
        return await super().read()

    def detail(self) -> LineText:
        """What becomes of the package under the cursor."""
        if self.host.row is None or self.outlook is None:
            return super().detail()
        own = self.host.row.key
        parts = [Part(f"#{own}", "dim")]
        for one in self.outlook.upcoming:
            if one.own_id == own and not one.what.startswith("DID "):
                most = "at most " if one.at_most else ""
                amount = f"{most}{MONEY.show(one.amount)} {self.outlook.balance.currency}"
                parts.append(Part(f"next {amount} on {one.day}"))
        for left in self.outlook.minutes:
            if left.own_id == own:
                until = f" until {left.last}" if left.last else ""
                said = f"{left.left // 60:,} of {left.granted // 60:,} free minutes left{until}"
                parts.append(Part(said, "" if left.left else "warn"))
        if len(parts) == 1:
            parts.append(Part("nothing is charged in the next 2 months", "dim"))
        return LineText(spaced(parts))


class PackageList(RecordList):
    """The list of customers' packages."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("R", "run", "run", id="packages.run",
                tooltip="Show what is due, and charge it; also what waits for you after a long time."),
    ]  # fmt: skip

    CONTENTS = PackageContents

    @work(group="act", name=OPENS)
    async def action_run(self) -> None:
        """Show what is due, and charge it when the operator agrees."""
        from cx_tui.screens.confirm import Confirm

        if not may_write(self.screen):
            return
        day, of = datetime.now(UTC).date(), self.scope.owner_id
        try:
            packages = (await self.cx.services()).money.packages
            due = (await packages.simulate(day, of, catch_up=True)).charged
        except CxError as error:
            self.notify(f"{error}", severity="error")
            return
        if not due:
            self.notify("Nothing is due: every period up to today is charged.")
            return
        what = "1 charge" if len(due) == 1 else f"{len(due):,} charges"
        asked = Confirm(f"Book {what} of packages now?", _lines(due), "Charge", no="Leave")
        if not await self.app.push_screen_wait(asked):
            return
        try:
            ran = await packages.run(day, of, catch_up=True, keep=False)
        except CxError as error:
            self.notify(f"Nothing was charged: {error}.", severity="error", timeout=10)
            return
        waits = f"  {len(ran.waiting):,} still wait: {ran.waiting[0].waits}." if ran.waiting else ""
        self.notify(f"{ran.number:,} charged.{waits}", severity="warning" if waits else "information")
        await self.finding.again()


def _lines(due: "Sequence[Charge]") -> list[str]:
    """What would be charged, period by period."""
    lines = [
        f"{one.day}   {one.customer}, {one.package}: {MONEY.show(one.amount)} {one.currency}"
        for one in due[:SHOWN]
    ]
    return lines + ([f"and {len(due) - SHOWN:,} more"] if len(due) > SHOWN else [])
