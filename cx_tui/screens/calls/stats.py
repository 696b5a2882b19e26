"""Plots of what is counted of calls, by hour, day, week or month (UTC): as many as there is room for.

Of all calls one figure beside the other; by carrier or SIP code one figure of each of them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from cx_tui.errors import CxError
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.calls.courses import BACK, SETS, Courses
from cx_tui.screens.calls.figures import period_text
from cx_tui.screens.calls.plotted import BALANCE, NO_CALLS, OF_EACH, PLOTTED, Plotted
from cx_tui.screens.calls.points import conditions_of, name_of, of_all, of_each
from cx_tui.screens.calls.reading import calls_of
from cx_tui.screens.calls.summary_contents import PERIODS
from cx_tui.screens.card.customer_now import CustomerNow
from cx_tui.screens.present import one_of
from cx_tui.screens.program import Program
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import LOOK
from widgets.line import Line, Part
from widgets.plot import Plot

if TYPE_CHECKING:
    from cx_tui.services.calls.over_time import Course
    from cx_tui.services.calls.stats import Stats as Found
    from cx_tui.services.calls.summaries import Period

ROWS = 8
"""Lines that a plot has at least."""
MOST = 4
EVERY = 5.0
SHARE = 4
"""A look waits so many times as long as the last one took."""


class Stats(Vertical):
    """The plots; their cursors go together."""

    BINDING_GROUP_TITLE = "The plots"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "period(1)", "hours/days/…", id="stats.period",
                tooltip="Show hours, days, weeks or months."),
        Binding("T", "period(-1)", "back", show=False, id="stats.period_back",
                tooltip="Go back to the shorter periods."),
        Binding("m", "figure(1)", "other figure", id="stats.figure",
                tooltip="Show the next figure first: attempts, ASR, ACD, channels, CPS, charge, PDD …"),
        Binding("M", "figure(-1)", "figure before", show=False, id="stats.figure_back",
                tooltip="Show the previous figure first."),
        Binding("c", "set(1)", "by carrier/code", id="stats.set",
                tooltip="Plot all calls, or each carrier, or each SIP code."),
        Binding("C", "set(-1)", "set before", show=False, id="stats.set_back",
                tooltip="Go back to the plots of all calls."),
        Binding("pagedown", "page(1)", "next plots", show=False, id="stats.page",
                tooltip="Show the plots that follow: of other figures, carriers or SIP codes."),
        Binding("pageup", "page(-1)", "plots before", show=False, id="stats.page_back",
                tooltip="Show the plots before."),
        Binding("b", "break_down", "table", id="stats.break_down",
                tooltip="Group these calls by carrier, SIP code or ending, with percentiles of PDD."),
        Binding(f"r,{LOOK}", "refresh", "refresh", show=False, id="stats.refresh",
                tooltip="Read them again."),
    ]  # fmt: skip

    DEFAULT_CSS = """
    Stats {
        padding: 0 1;
        & > .title { height: 1; }
        & > Plot { margin-bottom: 1; }
    }
    """

    def __init__(self, customer: CustomerNow | None = None) -> None:
        super().__init__()
        self._customer = customer
        self._customer_id = customer.id if customer else None
        self._period = "hour"
        self._set = ""
        self._courses = Courses(self._customer_id)
        self._looking_at: tuple[str, str] | None = None
        self._first = 0  # the first figure of all calls, or the first carrier or code
        self._figure = 0  # that of each carrier or code
        self._plotted = (*PLOTTED, BALANCE) if customer else PLOTTED
        self._found: Found | None = None
        self._begins: list[datetime] = []
        self._next_look = 0.0

    def command(self) -> str:
        """What is counted, as a command."""
        first = (datetime.now(UTC) - BACK[self._period]).isoformat(timespec="minutes")
        return words_of(
            "calls summary", self._customer_id, *option("by", self._period), *option("from", first)
        )

    def compose(self) -> ComposeResult:
        """Which periods, and the plots."""
        program = cast(Program, self.app)
        yield Line(classes="title", glyphs=program.glyphs)
        for _ in range(MOST):
            yield Plot(ascii=program.ascii)

    def on_mount(self) -> None:
        """Read now, and then as long as it is seen."""
        self.say()
        self.read()
        self.set_interval(EVERY, self.look)

    def on_resize(self, event: events.Resize) -> None:
        """So many plots as there is room for."""
        number = max(1, min(MOST, (event.size.height - 1) // (ROWS + 1)))
        for place, plot in enumerate(self.query(Plot)):
            plot.display = place < number
        self.say()
        self.draw()

    def focus_first(self) -> None:
        """Go to the first plot."""
        self.query(Plot).first().focus()

    def look(self) -> None:
        """Read again, when it is seen."""
        if self.region and monotonic() > self._next_look:
            self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the figures and show them."""
        began = monotonic()
        name = self._period
        try:
            calls = await calls_of(cast(Program, self.app))
            from cx_tui.services.calls.summaries import Period

            (period,) = (one for one in Period if one.value == name)
            first = datetime.now(UTC) - BACK[name]
            self._found = await calls.stats(period, self._customer_id, first)
        except CxError as error:
            self.query_one(".title", Line).show(Part(f"{error}; press r to try again", "bad"))
            return
        self._next_look = monotonic() + SHARE * (monotonic() - began)
        self.say()
        self.draw()
        self.look_at_calls()

    def look_at_calls(self) -> None:
        """Read what only the calls themselves tell, where it is shown and due, and not being read."""
        if self._found is None or not self._needs_calls:
            return
        place = (self._found.period.value, self._set)
        if place != self._looking_at and self._courses.are_due(*place):
            self._looking_at = place
            self._read_calls(self._found.period, self._set)

    @work(exclusive=True, group="calls")
    async def _read_calls(self, period: "Period", by: str) -> None:
        try:
            calls = await calls_of(cast(Program, self.app))
            await self._courses.read(calls, period, by, datetime.now(UTC) - BACK[period.value])
        except CxError as error:
            self.query_one(".title", Line).show(Part(f"{error}; press r to try again", "bad"))
            return
        finally:
            if self._looking_at == (period.value, by):
                self._looking_at = None
        self.say()
        self.draw()

    @property
    def _needs_calls(self) -> bool:
        """Whether something is shown that only the calls themselves tell."""
        return bool(self._set) or any(one.of_calls for one in self._in_view())

    @property
    def _known(self) -> "Sequence[Course] | None":
        """What the calls told, all of them first."""
        return self._courses.of(self._found.period.value, self._set) if self._found else None

    @property
    def _number(self) -> int:
        """How many plots there is room for."""
        return sum(plot.display for plot in self.query(Plot))

    def _in_view(self) -> list[Plotted]:
        """The figures of all calls that there is room for."""
        return [self._plotted[(self._first + at) % len(self._plotted)] for at in range(self._number)]

    def say(self) -> None:
        """Which periods are shown, of what."""
        kinds = [one_of(f"{one}s", chosen=one == self._period) for one in PERIODS]
        sets = [one_of(said, chosen=one == self._set) for one, said in SETS.items()]
        known = self._known
        standing = "reading …" if known is None and self._needs_calls else "UTC"
        if self._set and known:
            last = min(self._first + self._number, len(known) - 1)
            standing = f"{self._first + 1}-{last} of {len(known) - 1}  UTC"
        self.query_one(".title", Line).show(*kinds, Part("  ", "dim"), *sets, right=[Part(standing, "dim")])

    def draw(self) -> None:
        """Show the figures from the chosen one on."""
        if self._found is None:
            return
        now = datetime.now(UTC)
        self._begins = self._found.begins(now)
        plots = [plot for plot in self.query(Plot) if plot.display]
        shown = [None] * len(plots) if self._set else self._in_view()
        if self._set:
            wanted = range(self._first, self._first + len(plots))
            one = OF_EACH[self._figure]
            drawn = of_each(self._found, self._begins, self._set, self._known or [], wanted, one, now)
        else:
            drawn = of_all(self._found, self._begins, self._in_view(), self._known, now)
        said = ""
        for plot, of, (title, points, one) in zip(plots, shown, drawn, strict=True):
            nothing = self._nothing(of) if title else ""
            # Beneath each other the same sentence is read once.
            plot.show(title, points, one.show, unit=one.step, nothing=nothing if nothing != said else "")
            said = nothing

    def _nothing(self, one: Plotted | None) -> str:
        """What is missing where there is nothing to plot, and what to do."""
        if (one is None or one.of_calls) and self._known is None:
            return "Reading the calls …"
        if one is BALANCE:
            return "The balance was not kept in this time: t shows other periods."
        why = ": W says what stops calls" if self._customer else ": cx-tui collect reads the switches"
        counts = one is None or one.of_calls or one.none == NO_CALLS
        said = "No call was counted in this time" if counts else "No source was heard in this time"
        return f"{said}{why}, t shows other periods."

    @on(Plot.Moved)
    def moved(self, event: Plot.Moved) -> None:
        """The other plots show the same moment."""
        for plot in self.query(Plot):
            plot.cursor = min(event.place, len(plot.points) - 1)

    @on(Plot.Chosen)
    def chosen(self, event: Plot.Chosen) -> None:
        """Show the calls of a period."""
        from cx_tui.screens.calls.page import CallsPage
        from cx_tui.screens.calls.parts import CallRecords
        from cx_tui.services.calls.summaries import end_of

        if self._found is None:
            return
        period, at = self._found.period, self._begins[event.place]
        between = (at, end_of(period, at))
        of = self._customer.name if self._customer else "all customers"
        value = self._value_of(event.control)
        part = partial(CallRecords, self._customer, between, conditions_of(self._set, value))
        what = f"{name_of(self._set, value)} {period_text(period, at)}".strip()
        self.app.push_screen(CallsPage("CDR", part, of=of, what=f"{what} UTC"))

    def _value_of(self, plot: Plot) -> str:
        """The carrier or code of a plot; "" when it is of all calls."""
        place = 1 + self._first + list(self.query(Plot)).index(plot)
        return self._known[place].value if self._set and self._known else ""

    def action_period(self, by: int) -> None:
        """Show other periods."""
        self._period = PERIODS[(PERIODS.index(self._period) + by) % len(PERIODS)]
        self.say()
        self.read()

    def action_figure(self, by: int) -> None:
        """Begin with another figure."""
        if self._set:
            self._figure = (self._figure + by) % len(OF_EACH)
        else:
            self._first = (self._first + by) % len(self._plotted)
        self._shown_anew()

    def action_set(self, by: int) -> None:
        """Plot all calls, or each carrier or code."""
        sets = list(SETS)
        self._set = sets[(sets.index(self._set) + by) % len(sets)]
        self._first = 0
        self._shown_anew()

    def action_page(self, by: int) -> None:
        """Show the plots that follow, or those before."""
        moved = self._first + by * self._number
        if not self._set:
            self._first = moved % len(self._plotted)
        elif self._known and 0 <= moved < len(self._known) - 1:
            self._first = moved
        self._shown_anew()

    def _shown_anew(self) -> None:
        self.say()
        self.draw()
        self.look_at_calls()

    @work(group="act", name=OPENS)
    async def action_break_down(self) -> None:
        """Group the calls of the time that is shown."""
        from cx_tui.screens.calls.breakdown import BreakdownScreen

        now, name = datetime.now(UTC), self._period
        first = (now - BACK[name]).replace(minute=0, second=0, microsecond=0)
        first = first if name == "hour" else first.replace(hour=0)
        of = self._customer.name if self._customer else ""
        await self.app.push_screen_wait(BreakdownScreen(self._customer_id, first, of))

    def action_refresh(self) -> None:
        """Read them again."""
        self._courses.are_old()
        self.read()
