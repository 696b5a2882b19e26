"""The payments of a customer, and beneath them how far its credit goes and what its balance did."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.css.query import NoMatches

from cx_tui.domain.kinds import Hours, Money
from cx_tui.errors import CxError
from cx_tui.screens.card.customer_now import CustomerNow
from cx_tui.screens.card.lists import Lists
from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.present import spaced
from cx_tui.screens.program import Program
from cx_tui.terminal.in_order import OPENS
from widgets.line import Line, LineText, Part
from widgets.plot import Plot, Point

if TYPE_CHECKING:
    from cx_tui.domain.money.outlook import Outlook

EVERY = 10.0
"""Seconds between two looks."""
SOON = 24
"""Hours: credit that ends before is pointed out."""
MONEY, HOURS = Money(), Hours()
NOTHING = "Nothing has moved the balance yet: + adds a payment."
NEXT = 3
"""So many coming charges are told."""


class Payments(Vertical):
    """The list of payments, three lines of credit, and the plot of the balance."""

    BINDING_GROUP_TITLE = "Payments"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "ledger", "ledger", id="payments.ledger",
                tooltip="Show all that ever moved this balance, and correct it for a reason."),
    ]  # fmt: skip

    DEFAULT_CSS = """
    Payments {
        & > Lists { height: 1fr; }
        & > .credit { height: 3; padding: 0 1; }
        & > Plot { height: 7; padding: 0 1; }
    }
    """

    def __init__(self, customer: CustomerNow) -> None:
        super().__init__()
        self._customer = customer

    def compose(self) -> ComposeResult:
        """The list, the lines, the plot."""
        program = cast(Program, self.app)
        yield Lists(("payment",), self._customer)
        yield Line(classes="credit", glyphs=program.glyphs)
        yield Plot(ascii=program.ascii)

    def on_mount(self) -> None:
        """Read now, and then as long as it is seen."""
        self.read()
        self.set_interval(EVERY, self.look)

    @work(group="act", name=OPENS)
    async def action_ledger(self) -> None:
        """Show the entries of the ledger."""
        from cx_tui.screens.money.ledger_screen import LedgerScreen

        await self.app.push_screen_wait(LedgerScreen(self._customer))
        self.read()

    def look(self) -> None:
        """Read again, when it is seen."""
        if self.region:
            self.read()

    @on(RecordList.Changed)
    def changed(self) -> None:
        """A payment moved the balance."""
        self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read how far the credit goes, and show it."""
        try:
            session = await cast(Program, self.app).services()
            outlook = await session.money.outlooks.of(self._customer.id)
        except CxError as error:
            self._say([LineText([Part(f"{error}; it is read again soon", "bad")])])
            return
        self._say(lines_of(outlook))
        points = [
            Point(f"{day:%a %d %b %Y}", f"{day:%d %b}", float(amount), f"{MONEY.show(amount)} {currency}")
            for day, amount in outlook.days
            for currency in (outlook.balance.currency,)
        ]
        moved = any(amount for _, amount in outlook.days)
        try:
            self.query_one(Plot).show(
                "Balance at the end of each day (UTC)", points if moved else [], _short, nothing=NOTHING
            )
        except NoMatches:
            return  # it is being closed

    def _say(self, lines: Sequence[LineText]) -> None:
        try:
            self.query_one(".credit", Line).show_lines(list(lines))
        except NoMatches:
            return


def lines_of(outlook: "Outlook") -> list[LineText]:
    """How far the credit goes, how far the day's limit does, and what is charged next."""
    return [LineText(spaced(parts)) for parts in (_credit(outlook), _daily(outlook), _next(outlook))]


def _credit(outlook: "Outlook") -> list[Part]:
    balance, hours = outlook.balance, outlook.hours_left
    currency = balance.currency
    left = Part(f"{MONEY.show(balance.available)} {currency} left", "bad" if balance.available <= 0 else "")
    spent = f"{MONEY.show(outlook.hourly)} {currency} an hour in the last 3 hours"
    if not outlook.spent_lately:
        return [left, Part("nothing was spent in the last 3 hours", "dim")]
    if hours is None:
        return [left, Part(spent, "dim")]
    lasts = f"lasts about {HOURS.show(hours)}"
    return [left, Part(f"! {lasts}", "warn") if hours < SOON else Part(lasts), Part(spent, "dim")]


def _daily(outlook: "Outlook") -> list[Part]:
    reset = f"starts again in {HOURS.show(outlook.hours_to_reset)} (00:00 UTC)"
    today = MONEY.show(outlook.spent_today)
    if outlook.daily_limit is None:
        return [Part(f"spent today {today}"), Part("no daily limit", "dim"), Part(reset, "dim")]
    reached = outlook.spent_today >= outlook.daily_limit
    parts = [
        Part(f"spent today {today} of {MONEY.show(outlook.daily_limit)}", "bad" if reached else ""),
        Part("no calls until then" if reached else "", "bad"),
    ]
    if (hours := outlook.daily_hours_left) is not None:
        parts.append(Part(f"reached in about {HOURS.show(hours)}", "warn"))
    return [*parts, Part(reset, "dim")]


def _next(outlook: "Outlook") -> list[Part]:
    if not outlook.upcoming:
        return [Part("no package or DID is charged in the next 2 months", "dim")]
    parts = [Part("next")]
    for one in outlook.upcoming[:NEXT]:
        most = "at most " if one.at_most else ""
        parts.append(Part(f"{one.day} {one.what} {most}{MONEY.show(one.amount)}"))
    if more := len(outlook.upcoming) - NEXT:
        parts.append(Part(f"and {more:,} more" if more > 0 else "", "dim"))
    return parts


def _short(amount: float) -> str:
    for unit, sign in ((1_000_000, "m"), (1_000, "k")):
        if abs(amount) >= unit:
            return f"{amount / unit:.4g}{sign}"
    return f"{amount:.4g}"
