"""Plots of what is counted of calls, by hour, day, week or month (UTC): as many as there is room for."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from cx_tui.domain.calls.figures import Figures
from cx_tui.errors import CxError
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.calls.figures import period_in_short, period_text
from cx_tui.screens.calls.plotted import BALANCE, NO_CALLS, PLOTTED, Plotted, Span
from cx_tui.screens.calls.reading import calls_of
from cx_tui.screens.calls.summary import PERIODS
from cx_tui.screens.card.customer_now import CustomerNow
from cx_tui.screens.present import one_of
from cx_tui.screens.program import Program
from cx_tui.terminal.in_order import OPENS
from widgets.line import Line, Part
from widgets.plot import Plot, Point

if TYPE_CHECKING:
    from cx_tui.services.calls.stats import Stats as Found
    from cx_tui.services.calls.summaries import Period, Summary

BACK = {
    "hour": timedelta(hours=47),
    "day": timedelta(days=60),
    "week": timedelta(weeks=52),
    "month": timedelta(days=1_000),
}
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
                tooltip="Show the next figure first: attempts, ASR, ACD, channels, CPS, charge …"),
        Binding("M", "figure(-1)", "figure before", show=False, id="stats.figure_back",
                tooltip="Show the previous figure first."),
        Binding("b", "break_down", "by carrier", id="stats.break_down",
                tooltip="Group these calls by carrier, SIP code or ending, with percentiles of PDD."),
        Binding("r,f5", "refresh", "refresh", show=False, id="stats.refresh", tooltip="Read them again."),
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
        self._first = 0
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

    def say(self) -> None:
        """Which periods are shown."""
        kinds = [one_of(f"{one}s", chosen=one == self._period) for one in PERIODS]
        self.query_one(".title", Line).show(*kinds, Part(" UTC", "dim"))

    def draw(self) -> None:
        """Show the figures from the chosen one on."""
        if self._found is None:
            return
        now = datetime.now(UTC)
        self._begins = self._found.begins(now)
        currency = _currency(self._found.summaries)
        spans = _spans(self._found, self._begins, "", now)
        in_currency = _spans(self._found, self._begins, currency, now)
        for place, plot in enumerate(self.query(Plot)):
            one = self._plotted[(self._first + place) % len(self._plotted)]
            unit = currency if one.money else one.unit
            shown = in_currency if one.money else spans
            points = [_point(self._found.period, span, one, unit, now) for span in shown]
            plot.show(
                f"{one.label} {unit}".strip(), points, one.show, unit=one.step, nothing=self._nothing(one)
            )

    def _nothing(self, one: Plotted) -> str:
        """What is missing where there is nothing to plot, and what to do."""
        if one is BALANCE:
            return "The balance was not kept in this time: t shows other periods."
        why = ": W says what stops calls" if self._customer else ": cx-tui collect reads the switches"
        said = (
            "No call was counted in this time" if one.none == NO_CALLS else "No source was heard in this time"
        )
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
        part = partial(CallRecords, self._customer, between)
        self.app.push_screen(CallsPage("CDR", part, of=f"of {of}, {period_text(period, at)} UTC"))

    def action_period(self, by: int) -> None:
        """Show other periods."""
        self._period = PERIODS[(PERIODS.index(self._period) + by) % len(PERIODS)]
        self.say()
        self.read()

    def action_figure(self, by: int) -> None:
        """Begin with another figure."""
        self._first = (self._first + by) % len(self._plotted)
        self.draw()

    @work(group="act", name=OPENS)
    async def action_break_down(self) -> None:
        """Group the calls of the time that is shown."""
        from cx_tui.screens.calls.breakdown import BreakdownScreen

        now, name = datetime.now(UTC), self._period
        first = (now - BACK[name]).replace(minute=0, second=0, microsecond=0)
        first = first if name == "hour" else first.replace(hour=0)
        of = f" of {self._customer.name}" if self._customer else ""
        what = f"since {first:%Y-%m-%d %H:%M} UTC{of}"
        await self.app.push_screen_wait(BreakdownScreen(self._customer_id, first, what))

    def action_refresh(self) -> None:
        """Read them again."""
        self.read()


def _currency(found: Sequence["Summary"]) -> str:
    """The currency of most calls: amounts of others can't be added to it."""
    calls: Counter[str] = Counter()
    for one in found:
        calls[one.currency] += one.sums.attempts
    return calls.most_common(1)[0][0] if calls else ""


def _spans(found: "Found", begins: Sequence[datetime], currency: str, now: datetime) -> list[Span]:
    """What is known of each period, its sums in one currency or in all."""
    from cx_tui.services.calls.summaries import end_of

    sums = _sums(found.summaries, currency)
    return [
        Span(
            at, min(now, end_of(found.period, at)), sums.get(at), found.peaks.get(at), found.balances.get(at)
        )
        for at in begins
    ]


def _point(period: "Period", span: Span, one: Plotted, unit: str, now: datetime) -> Point:
    """What is plotted of a period; what is not known is a gap."""
    value = one.of(span)
    text = one.none if value is None else f"{one.show(value)} {unit}".strip()
    so_far = " so far" if span.ends == now else ""
    label, short = period_text(period, span.begins) + so_far, period_in_short(period, span.begins)
    return Point(label, short, None if value is None else float(value), text)


def _sums(found: Sequence["Summary"], currency: str) -> dict[datetime, Figures]:
    """The sums of periods, of one currency or of all."""
    sums: dict[datetime, Figures] = {}
    for one in found:
        if not currency or one.currency == currency:
            sums.setdefault(one.begins, Figures()).add(one.sums)
    return sums
