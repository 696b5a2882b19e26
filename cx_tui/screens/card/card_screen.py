"""The card's shell: the header, the tabs, and the keys that work on every tab."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from cx_tui.errors import CxError
from cx_tui.screens.card.customer_now import CustomerNow
from cx_tui.screens.card.tabs import TABS, Tab
from cx_tui.screens.following import Follower
from cx_tui.screens.header import Header
from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.present import one_of
from cx_tui.screens.program import Program
from cx_tui.screens.read_only import Needs, may_write, offered
from cx_tui.terminal.in_order import OPENS
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part

if TYPE_CHECKING:
    from cx_tui.domain.news import News
    from cx_tui.services.session import Session

WIDE = 110
"""From so many columns the tabs stand at the left, one beneath the other."""

NEEDS: Needs = {"send": ("send", "")}

Step = Callable[[int], Awaitable[int | None]]
"""The customer that stands so far below in the list."""


class CardScreen(Follower):
    """The card of a customer; dismissed with whether anything was changed from it."""

    CSS_PATH = "card.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "tab(-1)", "tab before", show=False, id="card.before",
                tooltip="Go to the previous tab."),
        Binding("right_square_bracket", "tab(1)", "tabs", id="card.next", tooltip="Go to the next tab."),
        *(
            Binding(f"{place % 10}", f"go({place - 1})", tab.name, show=False,
                    id=f"card.tab_{tab.name.lower()}", tooltip=f"Go to the tab {tab.name}.")
            for place, tab in enumerate(TABS[:10], 1)
        ),
        Binding("e", "edit", "edit customer", id="card.edit", tooltip="Change fields of this customer."),
        Binding("z", "log", "log", show=False, id="card.log", tooltip="Show what was done to this customer."),
        Binding("n", "step(1)", "next customer", show=False, id="card.next_customer",
                tooltip="Go to the next customer of the list, on the same tab."),
        Binding("N", "step(-1)", "customer before", show=False, id="card.customer_before",
                tooltip="Go to the previous customer, on the same tab."),
        Binding("W", "why", "why no calls", id="card.why",
                tooltip="Show why this customer can't call: every gate in order."),
        Binding("S", "simulate", "simulate", show=False, id="card.simulate",
                tooltip="Try a call of this customer, through every gate."),
        Binding("F", "number", "follow a number", show=False, id="card.number",
                tooltip="Follow a number through the rules, routes, rates and carriers of this customer."),
        Binding("s", "send", "send", show=False, id="card.send",
                tooltip="Send e-mail or SMS to the contacts of this customer."),
        Binding("B", "evidence", "evidence", show=False, id="card.evidence",
                tooltip="Put together what a ticket needs: identity, limits, gates, calls, changes."),
        Binding("escape", "leave", "back", id="card.leave", tooltip="Back to the list of customers."),
    ]  # fmt: skip

    content = getters.query_one("#content", Vertical)

    def command(self) -> str:
        """All that the card knows of the customer, as a command."""
        return f"cx-tui list --where id={self.customer.id} --json"

    def __init__(self, customer_id: int, name: str = "", *, step: Step | None = None, tab: str = "") -> None:
        super().__init__()
        self.customer = CustomerNow(customer_id, name)
        self.changed = False
        self._reading = False
        self._step = step
        self._built: dict[str, Widget] = {}
        wanted = tab or self.cx.workspace.last_tab()
        self.tab: Tab = next((each for each in TABS if each.name == wanted), TABS[0])

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def compose(self) -> ComposeResult:
        """The header, the tabs, what stands under the tab, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield Line(glyphs=glyphs, id="standing")
        with Horizontal(id="body"):
            yield Line(glyphs=glyphs, id="tabs")
            yield Vertical(id="content")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Show the tab that was used last."""
        self.title = f"the card of {self.customer.name}"
        self.show_lines()
        self.open_tab(self.tab)
        self.keep_up()

    def follow(self, news: "News") -> None:
        """Others have done something: the card and its lists follow if it is of this customer."""
        if news.may_concern(self.customer.id):
            super().follow(news)
        for shown in self.query(RecordList):
            shown.following.follow(news)

    def on_resize(self, event: events.Resize) -> None:
        """Wide screens have the tabs at the left."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.call_after_refresh(self.show_lines)

    # The header

    @work(group="keep-up")
    async def keep_up(self) -> None:
        """Read how the customer stands, unless that is being done."""
        if self._reading:
            return
        self._reading = True
        try:
            there = await self.customer.read(await self.cx.services())
        except CxError:
            return  # the lists say it
        finally:
            self._reading = False
        if there:
            self.title = f"the card of {self.customer.name}"
        elif not self.customer.values and self.is_current:
            self.notify("It can't be opened: it has been deleted in the meantime.", severity="error")
            self.dismiss(True)
            return
        self.show_lines()

    def show_lines(self) -> None:
        """Say whose card it is, how it stands, and which tabs there are."""
        number = Part(f"#{self.customer.id}", "dim")
        header = self.query_one(Header)
        header.inner = self.tab.name
        header.say(Part(self.customer.name or "…", "strong"), number, *self.customer.goes_on())
        self.query_one("#standing", Line).show_lines(self.customer.lines())
        self.query_one("#tabs", Line).show_lines(self._tab_lines())

    def _tab_lines(self) -> list[LineText]:
        parts = [self._tab_parts(place, tab) for place, tab in enumerate(TABS)]
        if self.has_class("-wide"):
            return [LineText(pair) for pair in parts]
        # In one line, what does not fit is before or after the tab where one is.
        here, room = TABS.index(self.tab), self.size.width - 4
        fits = (start for start in range(here + 1) if _width(parts[start : here + 1]) <= room)
        shown = parts[next(fits, here) :]
        return [LineText([each for pair in shown for each in (*pair, Part(" "))])]

    def _tab_parts(self, place: int, tab: Tab) -> list[Part]:
        """A tab with the digit that opens it, as far as there are digits."""
        digit = f"{(place + 1) % 10}" if place < 10 else " "
        name = one_of(tab.name, f"screen.go({place})", chosen=tab is self.tab)
        return [Part(digit, "dim"), name if name.tone == "accent" else name._replace(tone="")]

    # Tabs

    @work(group="tab", exclusive=True)
    async def open_tab(self, tab: Tab) -> None:
        """Show what stands under a tab; what was shown before stays as it is."""
        self.tab = tab
        self.cx.workspace.keep_last_tab(tab.name)
        for name, widget in self._built.items():
            widget.display = name == tab.name
        if tab.name not in self._built:
            self._built[tab.name] = tab.build(self.customer)
            await self.content.mount(self._built[tab.name])
        self.show_lines()
        shown = self._built[tab.name]
        places = shown.query("Grid, Plot")
        if places and not shown.has_focus_within:
            places.first().focus()

    def awaits(self, key: str) -> bool:
        """Keys act on what is under the tab, which says itself whether its rows are here: they wait for the
        tab, but for the key that leaves."""
        if key == "escape":
            return False
        if any(worker.group in ("tab", "step") and not worker.is_finished for worker in self.workers):
            return True
        if self.focused is None:
            # Its focus comes a message after its tab.
            shown = self._built.get(self.tab.name)
            return shown is None or any(each.focusable for each in shown.query("*"))
        return False

    def action_tab(self, by: int) -> None:
        """Go some tabs further."""
        self.open_tab(TABS[(TABS.index(self.tab) + by) % len(TABS)])

    def action_go(self, place: int) -> None:
        """Go to a tab."""
        self.open_tab(TABS[place])

    # Acts

    @on(RecordList.Changed)
    def list_changed(self) -> None:
        """Something that belongs to the customer was changed."""
        self.changed = True
        self.keep_up()

    @on(RecordList.Left)
    def left(self) -> None:
        """There was nothing to step back from in the list."""
        self.action_leave()

    @work(group="form", exclusive=True, name=OPENS)
    async def action_edit(self) -> None:
        """Change fields of this customer."""
        from cx_tui.screens.form import CustomerForm

        session = await self._session()
        if session is None:
            return
        try:
            base = await session.records.get(self.customer.id)
        except CxError as error:
            self.notify(f"It can't be opened: {error}.", severity="error")
            return
        if await self.app.push_screen_wait(CustomerForm(session, base)):
            self.changed = True
            self.keep_up()

    @work(group="act", name=OPENS)
    async def action_log(self) -> None:
        """Show what was done to this customer."""
        from cx_tui.screens.log import LogScreen

        await self.app.push_screen_wait(LogScreen(self.customer.id, self.customer.name))
        self.keep_up()

    @work(group="act", name=OPENS)
    async def action_send(self) -> None:
        """Write to the contacts of this customer."""
        from cx_tui.domain.selection import Selection
        from cx_tui.screens.send import SendScreen

        if may_write(self, "nothing can be sent", NEEDS["send"]):
            await self.app.push_screen_wait(SendScreen(Selection(frozenset({self.customer.id}))))

    @work(group="act", name=OPENS)
    async def action_evidence(self) -> None:
        """Put together what a ticket needs."""
        from cx_tui.screens.reports.report_screen import EvidenceScreen

        await self.app.push_screen_wait(EvidenceScreen(self.customer.id, self.customer.name))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of what the login may not do are not offered."""
        return offered(self, NEEDS, action)

    @work(group="act", name=OPENS)
    async def action_why(self) -> None:
        """Show why this customer can't call."""
        from cx_tui.screens.admission.why import WhyScreen

        await self.app.push_screen_wait(WhyScreen([self.customer.id]))
        self.keep_up()

    @work(group="act", name=OPENS)
    async def action_simulate(self) -> None:
        """Try a call of this customer."""
        from cx_tui.screens.admission.simulate import SimulateScreen

        session = await self._session()
        if session is None:
            return
        try:
            standings = await session.admission.why([self.customer.id])
        except CxError as error:
            self.notify(f"It can't be simulated: {error}.", severity="error")
            return
        if standings:
            await self.app.push_screen_wait(SimulateScreen(standings[0].customer))

    @work(group="act", name=OPENS)
    async def action_number(self) -> None:
        """Follow a number through every step."""
        from cx_tui.screens.admission.number import NumberScreen

        await self.app.push_screen_wait(NumberScreen(self.customer.id, self.customer.name))

    @work(group="step", exclusive=True)
    async def action_step(self, by: int) -> None:
        """Go to another customer of the list, on the same tab."""
        found = await self._step(by) if self._step else None
        if found is None:
            self.notify("There is no other customer in that direction.")
            return
        self.customer = CustomerNow(found)
        for widget in self._built.values():
            await widget.remove()
        self._built.clear()
        self.keep_up()
        self.open_tab(self.tab)

    def action_leave(self) -> None:
        """Back to the list of customers."""
        self.dismiss(self.changed)

    async def _session(self) -> "Session | None":
        try:
            return await self.cx.services()
        except CxError as error:
            self.notify(f"{error}", severity="error")
            return None


def _width(parts: list[list[Part]]) -> int:
    return sum(len(part.text) for pair in parts for part in pair) + 2 * len(parts)
