"""The ledger of a customer: every amount that moved its balance, the newest first, and corrections of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.domain.kinds import BadValue, Money
from cx_tui.errors import CxError
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.card.customer_now import CustomerNow
from cx_tui.screens.header import Header
from cx_tui.screens.program import Program
from cx_tui.screens.read_only import may_write
from cx_tui.screens.reading_grid import ClosedGrid
from cx_tui.screens.times import exact
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import LOOK
from widgets.grid import Cell, Column, Row, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, Part

if TYPE_CHECKING:
    from cx_tui.domain.money.entry import Balance, Booked

MONEY, SIGNED = Money(), Money("-999999999999")
COUNT = 500
"""So many entries are read at once."""

COLUMNS = (
    Column("day", "Day", width=10, frozen=True, help="The day that it is about (UTC)."),
    Column("kind", "What", width=15, help="Why the balance moved."),
    Column("amount", "Amount", width=14, align="right", help="By how much it moved."),
    Column("total", "Ledger", width=15, align="right", help="The sum of all entries up to this one."),
    Column("reason", "Why", width=22, grows=50, help="The reason, or what it was booked for."),
    Column("who", "By", width=14, help="Who did it; empty is done by itself."),
)


@dataclass(frozen=True, slots=True)
class EntryRow(Row):
    """An entry that can say all of itself."""

    said: str = ""


class LedgerScreen(Screen[None]):
    """The entries, and what they add up to."""

    CSS_PATH = "ledger.tcss"
    TITLE = "ledger"
    AUTO_FOCUS = "#entries"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,insert", "correct", "correction", id="ledger.correct",
                tooltip="Move the balance by an amount, for a reason that stands in the ledger."),
        Binding("o", "older", "older", id="ledger.older", tooltip=f"Read {COUNT} older entries, too."),
        Binding(f"r,{LOOK}", "again", "refresh", id="ledger.again", tooltip="Read the ledger again."),
        Binding("escape", "leave", "back", id="ledger.leave", tooltip="Back to where you came from."),
    ]  # fmt: skip

    grid = getters.query_one("#entries", ClosedGrid)

    def __init__(self, customer: CustomerNow) -> None:
        super().__init__()
        self._customer = customer
        self._entries: list[Booked] = []
        self._wanted = COUNT
        self._balance: Balance | None = None

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def command(self) -> str:
        """The same as a command."""
        return words_of("balance", self._customer.id, *option("entries", self._wanted))

    def compose(self) -> ComposeResult:
        """What the customer has, the entries, the whole of one, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield ClosedGrid(COLUMNS, glyphs=glyphs, id="entries")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Read it."""
        self.watch(self.grid, "looked_at", self._say_more, init=False)
        self.query_one(Header).say(Part("Ledger", "strong"), of=self._customer.name)
        self.action_again()

    @work(exclusive=True, group="read")
    async def action_again(self) -> None:
        """Read it again; the cursor stays where it is."""
        try:
            ledger = (await self.cx.services()).money.ledger
            self._balance = await ledger.balance(self._customer.id)
            self._entries = await ledger.entries(self._customer.id, self._wanted)
        except CxError as error:
            self.notify(f"{error}", severity="error")
            return
        if self._entries:
            await self.grid.show(RowsAtHand([row_of(one) for one in self._entries]), keep=True)
        else:
            self.grid.notice("Nothing is booked yet: calls are when their day is over.", "dim")
        self._say()

    def action_older(self) -> None:
        """Read older entries, too."""
        if len(self._entries) < self._wanted:
            self.notify("These are all entries.")
            return
        self._wanted += COUNT
        self.action_again()

    @work(group="act", name=OPENS)
    async def action_correct(self) -> None:
        """Book a correction: how much, why, and then the operator agrees."""
        from cx_tui.screens.ask import Ask, required
        from cx_tui.screens.confirm import Confirm

        if self._balance is None or not may_write(self):
            return
        name, has = self._customer.name, self._balance
        amount = await self.app.push_screen_wait(
            Ask(
                f"Correct the balance of {name}: by how much?", _amount, does="go on",
                example="2.50 gives it to the customer, -2.50 takes it",
                explains=f"It has {MONEY.show(has.balance)} {has.currency}.",
                means=lambda amount: f"then {MONEY.show(has.balance + amount)} {has.currency}",
            )
        )  # fmt: skip
        if amount is None:
            return
        reason = await self.app.push_screen_wait(
            Ask(f"Correct the balance of {name}: why?", required, does="go on", example="stays in the ledger")
        )
        if reason is None:
            return
        lines = [
            f"{'+' if amount > 0 else ''}{MONEY.show(amount)} {has.currency}: {reason}",
            "An entry is never changed or deleted; another correction takes it back.",
        ]
        if not await self.app.push_screen_wait(Confirm("Book this correction?", lines, "Book", no="Leave")):
            return
        try:
            await (await self.cx.services()).money.ledger.correct(self._customer.id, amount, reason)
        except CxError as error:
            self.notify(f"Nothing was booked: {error}.", severity="error", timeout=10)
            return
        self.notify("The correction is booked.")
        self.action_again()

    def _say(self) -> None:
        has = self._balance
        if has is None:
            return
        more = len(self._entries) == self._wanted
        of_today = f"calls not booked yet {MONEY.show(-has.unbooked)}" if has.unbooked else ""
        parts = [
            Part(f"balance {MONEY.show(has.balance)} {has.currency}", "bad" if has.available <= 0 else ""),
            Part(f"entries {MONEY.show(has.booked)}", "dim"),
            Part(of_today, "dim"),
            Part("" if has.balance == has.ledger_sum else "they do not add up: run cx-tui db check", "bad"),
            Part(f"the newest {self._wanted:,}; o reads older ones" if more else "", "dim"),
        ]
        self.query_one(Header).say(Part("Ledger", "strong"), *parts, of=self._customer.name)
        self._say_more()

    def _say_more(self) -> None:
        """All of the entry under the cursor."""
        row = self.grid.cursor.row
        self.query_one("#detail", Line).show(Part(row.said if isinstance(row, EntryRow) else ""))

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)


def row_of(one: "Booked") -> EntryRow:
    """The row of an entry."""
    why = one.reason or one.source
    cells: dict[str, str | Cell] = {
        "day": f"{one.day}",
        "kind": one.kind.label,
        "amount": Cell(MONEY.show(one.amount), "" if one.amount < 0 else "good"),
        "total": Cell(MONEY.show(one.total), "bad" if one.total < 0 else ""),
        "reason": why,
        "who": Cell(one.who, "dim"),
    }
    turn = f", time {one.turn:,}" if one.turn > 1 else ""
    by = f" by {one.who}" if one.who else ""
    said = f"#{one.id}  {one.source}{turn}  booked {exact(one.at)}{by}  {one.reason}".rstrip()
    return EntryRow(one.id, cells, said=said)


def _amount(text: str) -> Decimal:
    """An amount that is not 0."""
    amount = Decimal(SIGNED.parse(text))
    if not amount:
        raise BadValue("write an amount that is not 0")
    return amount
