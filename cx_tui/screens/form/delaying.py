"""Changes of a customer that are made later, or turned back unless somebody confirms them."""

from typing import TYPE_CHECKING

from cx_tui.errors import CxError, NeedsApproval
from cx_tui.screens.read_only import may_write
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.form.customer import CustomerForm


class Delaying(Duty):
    """Has what is typed into one form changed so."""

    host: "CustomerForm"

    @work(group="save", name=OPENS)
    async def action_delay(self) -> None:
        """Have what was changed made later."""
        from cx_tui.screens.moments import later_moment
        from cx_tui.screens.stakes import counted

        if self.host.base is None or self.host.cx.settings.database.read_only:
            why = (
                "A new customer can't be delayed" if self.host.base is None else "This is a read-only session"
            )
            self.host.notify(f"{why}.", severity="warning")
            return
        wanted = self.host.saving.wanted()
        if wanted is None or not await self.host.saving.agreed(wanted, "choose when"):
            return
        title = f"When should {counted(len(wanted), 'field')} be changed?"
        due = await self.host.app.push_screen_wait(later_moment(title, "order it"))
        if due is None:
            return
        try:
            await self.host.session.delayed.order(self.host.saving.as_typed_from(), wanted, due)
        except NeedsApproval as need:
            self.host.notify(f"Not ordered: {need}; save it now (F10) to ask for one.", severity="warning")
            return
        except CxError as error:
            self.host.notify(f"Not ordered: {error}. What you typed is kept.", severity="error", timeout=10)
            return
        self.host.notify(f"It will be changed on {due.astimezone():%Y-%m-%d at %H:%M}; the board shows it.")
        self.host.leave()

    @work(group="save", name=OPENS)
    async def action_save_to_confirm(self) -> None:
        """Save what was changed, to be turned back unless somebody confirms it in time."""
        from cx_tui.screens.moments import minutes_to_confirm

        if self.host.base is None or not may_write(self.host, "nothing can be saved", ("change", "customer")):
            return
        wanted = self.host.saving.wanted()
        if wanted is None or not await self.host.saving.agreed(wanted, "choose when"):
            return
        minutes = await self.host.app.push_screen_wait(minutes_to_confirm())
        if minutes is None:
            return
        try:
            written, number = await self.host.session.delayed.save_to_confirm(
                self.host.saving.as_typed_from(), wanted, minutes
            )
        except NeedsApproval as need:
            if await self.host.saving.asked_for(need):
                self.host.leave()
            return
        except CxError as error:
            self.host.notify(f"Not saved: {error}. What you typed is kept.", severity="error", timeout=10)
            return
        self.host.saving.saved(written.record, wanted)
        if self.host.saving.show:
            await self.host.saving.show()
        if number is not None:
            self.host.app.notify(
                f"It is turned back in {minutes} min unless it is confirmed: on the board, key s."
            )
        self.host.leave()
