"""The form of a customer: with its neighbours in the list, delayed saving, and who else is editing it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from cx_tui.domain.history import Editor, open_by
from cx_tui.domain.records.customer import Customer
from cx_tui.errors import CxError, NeedsApproval
from cx_tui.screens.form.record import RecordForm
from cx_tui.screens.read_only import may_write
from cx_tui.services.records.drafts import Draft
from cx_tui.terminal.in_order import OPENS
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.services.session import Session

SEEN_EVERY = 8.0
"""Seconds between two looks at who else is here."""

Step = Callable[[int], Awaitable[int | None]]
"""The customer that stands so far below in the list."""

Show = Callable[[], Awaitable[None]]
"""Shows in the list what was saved."""


class CustomerForm(RecordForm):
    """A customer's form."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "step(-1)", "customer before", show=False, id="customer_form.before",
                tooltip="Go to the customer above in the list."),
        Binding("f7", "step(1)", "next customer", id="customer_form.next",
                tooltip="Go to the next customer in the list."),
        Binding("f8", "delay", "delay", id="customer_form.delay",
                tooltip="Have these changes made later: after a delay, or at a moment."),
        Binding("f4", "save_to_confirm", "save, confirm", show=False, id="customer_form.to_confirm",
                tooltip="Save now; it is turned back by itself unless somebody confirms it in time."),
    ]  # fmt: skip

    def __init__(
        self,
        session: "Session",
        base: Customer | None,
        *,
        step: Step | None = None,
        show: Show | None = None,
        draft: Draft | None = None,
    ) -> None:
        self._session = session
        self._step = step
        self._show = show
        self._others: list[Editor] = []
        self._newest = base.version if base else 1
        self._is_left = False
        self._is_looking = self._has_to_look = False
        super().__init__(session.records, "customer", base, draft=draft)

    def on_mount(self) -> None:
        """Say that this customer is being edited, and look for others who do."""
        self.look_around()
        self.set_interval(SEEN_EVERY, self.look_around)

    @work(exclusive=False, group="presence")
    async def look_around(self) -> None:
        """Say that this form is open, and see who else has the customer open or has saved it.

        One look after the other: where nothing answers, each would take another connection."""
        self._has_to_look = True
        if self._is_looking:
            return
        self._is_looking = True
        try:
            while self._has_to_look:
                self._has_to_look = False
                with suppress(CxError):  # the save will say it, should it still be so
                    await self._look()
        finally:
            self._is_looking = False

    async def _look(self) -> None:
        if self.base is None or self.cx.settings.database.read_only:
            return
        self._others = await self._session.presence.at(self.base.id)
        self._newest = (await self.records.get(self.base.id)).version
        self.show_header()

    def header(self) -> list[Part]:
        """Which customer this is, and who else is here."""
        parts = super().header()
        if self._others:
            parts.append(Part(f"   ! {open_by(self._others)}", "warn", keep=True))
        if self.base and self._newest > self.base.version and not self._saved_meanwhile():
            parts.append(Part("   ! saved by others meanwhile", "warn", keep=True))
        return parts

    async def show_saved(self) -> None:
        """Bring the list up to date, which is not on the screen yet."""
        if self._show:
            await self._show()

    @work(group="save", name=OPENS)
    async def action_delay(self) -> None:
        """Have what was changed made later."""
        from cx_tui.screens.moments import later_moment
        from cx_tui.screens.stakes import counted

        if self.base is None or self.cx.settings.database.read_only:
            why = "A new customer can't be delayed" if self.base is None else "This is a read-only session"
            self.notify(f"{why}.", severity="warning")
            return
        wanted = self.wanted()
        if wanted is None or not await self._agreed(wanted, "choose when"):
            return
        title = f"When should {counted(len(wanted), 'field')} be changed?"
        due = await self.app.push_screen_wait(later_moment(title, "order it"))
        if due is None:
            return
        try:
            await self._session.delayed.order(self._as_typed_from(), wanted, due)
        except NeedsApproval as need:
            self.notify(f"Not ordered: {need}; save it now (F10) to ask for one.", severity="warning")
            return
        except CxError as error:
            self.notify(f"Not ordered: {error}. What you typed is kept.", severity="error", timeout=10)
            return
        self.notify(f"It will be changed on {due.astimezone():%Y-%m-%d at %H:%M}; the board shows it.")
        self.leave()

    @work(group="save", name=OPENS)
    async def action_save_to_confirm(self) -> None:
        """Save what was changed, to be turned back unless somebody confirms it in time."""
        from cx_tui.screens.moments import minutes_to_confirm

        if self.base is None or not may_write(self, "nothing can be saved", ("change", "customer")):
            return
        wanted = self.wanted()
        if wanted is None or not await self._agreed(wanted, "choose when"):
            return
        minutes = await self.app.push_screen_wait(minutes_to_confirm())
        if minutes is None:
            return
        try:
            written, number = await self._session.delayed.save_to_confirm(
                self._as_typed_from(), wanted, minutes
            )
        except NeedsApproval as need:
            if await self._asked_for(need):
                self.leave()
            return
        except CxError as error:
            self.notify(f"Not saved: {error}. What you typed is kept.", severity="error", timeout=10)
            return
        self.saved(written.record, wanted)
        await self.show_saved()
        if number is not None:
            self.app.notify(
                f"It is turned back in {minutes} min unless it is confirmed: on the board, key s."
            )
        self.leave()

    @work(group="leave", name=OPENS)
    async def action_step(self, by: int) -> None:
        """Go to a neighbour, when everything here is saved."""
        if self._step is None or self.base is None or self.writing:
            return
        if self.form.changed:
            self.notify("Save (F10) or close (esc) first: there are unsaved changes.", severity="warning")
            return
        customer_id = await self._step(by)
        if customer_id is None:
            self.notify("There is no further customer in that direction of the list.")
            return
        try:
            self.base = await self._session.records.get(customer_id)
        except CxError as error:
            self.notify(str(error), severity="error")
            return
        self._others, self._newest = [], self.base.version
        self.drop_draft()
        self.begin()
        self.fill(self.form)
        self.show_header()
        await self._get_up()
        self.look_around()

    def leave(self, *, keep: bool = False) -> None:
        """Close the form, and say so meanwhile: keys do not wait until somebody else has written."""
        self._is_left = True
        self.app.run_worker(self._get_up(), group="presence")
        super().leave(keep=keep)

    async def on_unmount(self) -> None:
        """Say that this form is closed, where the program ends with it."""
        if not self._is_left:
            await self._get_up()

    async def _get_up(self) -> None:
        """Say that this session has nothing open; a database that is away forgets it by itself."""
        if self.base is not None and not self.cx.settings.database.read_only:
            with suppress(CxError, TimeoutError):
                await asyncio.wait_for(self._session.presence.leave(), 1.0)
