"""The form of a customer: with its neighbours in the list, delayed saving, and who else is editing it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.domain.records.customer import Customer
from cx_tui.errors import CxError
from cx_tui.screens.form.beside import BesideForm
from cx_tui.screens.form.delaying import Delaying
from cx_tui.screens.form.presence import Presence
from cx_tui.screens.form.record import RecordForm
from cx_tui.services.records.drafts import Draft
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import AFTER, BEFORE, LATER
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.domain.news import News
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
        Binding(BEFORE, "step(-1)", "customer before", show=False, id="customer_form.before",
                tooltip="Go to the customer above in the list."),
        Binding(AFTER, "step(1)", "next customer", id="customer_form.next",
                tooltip="Go to the next customer in the list."),
        Binding(LATER, "delay", "delay", id="customer_form.delay",
                tooltip="Have these changes made later: after a delay, or at a moment."),
        Binding("ctrl+t", "save_to_confirm", "save, confirm", show=False, id="customer_form.to_confirm",
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
        self.session = session
        self._step = step
        self._is_left = False
        super().__init__(session.records, "customer", base, draft=draft)
        self.saving.show = show
        self.presence = Presence(self, base.version if base else 1)
        self.duties = (self.saving, Delaying(self))

    def on_mount(self) -> None:
        """Say that this customer is being edited, and look for others who do."""
        self.presence.look_around()
        self.query_one(BesideForm).tell()
        self.set_interval(SEEN_EVERY, self.presence.look_around)

    def compose(self) -> ComposeResult:
        """The form, and beside it what is known of the customer."""
        yield from super().compose()
        yield BesideForm(glyphs=self.cx.glyphs)

    def on_resize(self) -> None:
        """Where there is room, it is shown."""
        self.query_one(BesideForm).tell()

    def follow(self, news: "News") -> None:
        """Others have done something: what stands beside the form follows if it is of this customer."""
        super().follow(news)
        if self.base and news.may_concern(self.base.id):
            self.query_one(BesideForm).tell()

    def header(self) -> list[Part]:
        """Which customer this is, and who else is here."""
        return [*super().header(), *self.presence.said()]

    @work(group="leave", name=OPENS)
    async def action_step(self, by: int) -> None:
        """Go to a neighbour, when everything here is saved."""
        if self._step is None or self.base is None or self.saving.writing:
            return
        if self.form.changed:
            self.notify("Save (F10) or close (esc) first: there are unsaved changes.", severity="warning")
            return
        customer_id = await self._step(by)
        if customer_id is None:
            self.notify("There is no further customer in that direction of the list.")
            return
        try:
            self.base = await self.session.records.get(customer_id)
        except CxError as error:
            self.notify(str(error), severity="error")
            return
        self.presence.begin(self.base.version)
        self.drop_draft()
        self.begin()
        self.fill(self.form)
        self.show_header()
        self.query_one(BesideForm).tell()
        await self.presence.leave()
        self.presence.look_around()

    def leave(self, *, keep: bool = False) -> None:
        """Close the form, and say so meanwhile: keys do not wait until somebody else has written."""
        self._is_left = True
        self.app.run_worker(self.presence.leave(), group="presence")
        super().leave(keep=keep)

    async def on_unmount(self) -> None:
        """Say that this form is closed, where the program ends with it."""
        if not self._is_left:
            await self.presence.leave()
