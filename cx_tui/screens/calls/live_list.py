"""The calls that are up: a list that keeps itself up to date, and from which calls are ended."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from cx_tui.domain.calls.key import key_of
from cx_tui.domain.calls.live import LiveCall, State
from cx_tui.domain.calls.live_query import NEWEST_FIRST, LiveQuery
from cx_tui.domain.query import Sort
from cx_tui.errors import CxError
from cx_tui.screens.calls.columns import LENGTH
from cx_tui.screens.calls.reading import Names, calls_of
from cx_tui.screens.list.base_list import KEYS, BaseList
from cx_tui.screens.present import spaced
from cx_tui.screens.program import Program
from cx_tui.screens.read_only import may_write
from cx_tui.screens.stakes import counted, to_type
from cx_tui.terminal.in_order import OPENS
from widgets.grid import Cell, Column, Grid, Marks, Row, RowSource, SortKey
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from widgets.column_chooser import Choice

EVERY = 0.5
"""Seconds between two looks at what is up: a call is seen within a second of its start."""
SHARE = 4
"""A look waits so many times as long as the last one took: 30,000 calls must not be all that is done."""
NAMED = 8
"""So many calls are named before they are ended."""

COLUMNS = (
    Column("invited", "Since", 8, help="When the call arrived, by your own clock."),
    Column("state", "State", 12, help="A ghost is a call that its switch no longer knows, but never ended."),
    Column("length", "Length", 6, "right", help="Since it was answered; before, since it came (dim)."),
    Column("customer_id", "Customer", 20),
    Column("cli", "From", 15, help="The caller's number."),
    Column("dialled", "To", 15, help="The number as it was dialled."),
    Column("carrier", "Carrier", 15),
    Column("auth", "Known by", 14, help="What the customer was recognised by."),
    Column("src_ip", "Address", 16),
    Column("number", "Sent as", 16, help="The number as it was sent to the carrier."),
    Column("source", "Switch", 12),
    Column("source_key", "Key", 28, help="The key of the call at its switch."),
)
TONES = {State.ANSWERED: "good", State.RINGING: "accent", State.GHOST: "warn", State.STARTED: "dim"}


@dataclass(frozen=True, slots=True)
class LiveRow(Row):
    """A row that knows its call."""

    call: LiveCall | None = None


class LiveRows:
    """The calls that are up: all keys, and in full only those that are looked at."""

    def __init__(self, program: Program, names: Names | None) -> None:
        self.order: Sequence[int] = ()
        self._program = program
        self._names = names

    def renew(self, keys: Sequence[int]) -> bool:
        """Take what is up now; whether the same calls stand in the same order."""
        before, self.order = self.order, keys
        return before == keys

    async def calls(self, keys: Collection[int]) -> Mapping[int, LiveCall]:
        """Those of these calls that are up."""
        return await (await calls_of(self._program)).live_calls(keys)

    async def count(self) -> int:
        """How many there are."""
        return len(self.order)

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """The rows at these positions; a call that has ended since it was looked for has an empty one."""
        keys = await self.keys(start, count)
        found = await self.again(keys)
        return [found.get(key) or LiveRow(key, {}, gone=True) for key in keys]

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same rows as they are now."""
        found = await self.calls(keys)
        names = await self._names.of(one.customer_id for one in found.values()) if self._names else {}
        now = datetime.now(UTC)
        return {key: _row(key, call, names, now) for key, call in found.items()}

    async def position(self, key: int) -> int | None:
        """Where a call stands."""
        return self.order.index(key) if key in self.order else None

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The keys at these positions."""
        return self.order[start : start + count]


class LiveList(BaseList, inherit_bindings=False):
    """Live calls of a customer, or of all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,delete", "end", "end call", id="calls.end",
                tooltip="End the marked calls, or this one; asks first, and is noted in the log."),
        Binding("slash", "search", "search", id="list.search",
                tooltip="Show only calls that have a text in a number, carrier, address or key."),
        KEYS["list.columns"],
        KEYS["list.copy_cell"],
        KEYS["list.refresh"],
        KEYS["list.back"],
    ]  # fmt: skip

    PLACEHOLDER = "any number, carrier, address or key"

    def command(self) -> str:
        """The calls that are up, as a command."""
        of = f" '#{self.query_now.customer_id}'" if self.query_now.customer_id is not None else ""
        return f"cx-tui calls live{of}"

    def __init__(self, customer_id: int | None) -> None:
        super().__init__()
        self.query_now = LiveQuery(customer_id)
        self._names = Names(self.cx) if customer_id is None else None
        self._rows = LiveRows(self.cx, self._names)
        self._next_look = 0.0
        self._looking = False
        self.up: Counter[State] = Counter()

    def on_mount(self) -> None:
        """Look again and again while it is on the screen."""
        super().on_mount()
        self.set_interval(EVERY, self.look)

    # What is shown

    def first_columns(self) -> Sequence[Column]:
        """All but whose calls they are, where that is known."""
        return [one for one in COLUMNS if self._names or one.key != "customer_id"]

    def first_sort(self) -> Sequence[SortKey]:
        """The newest first: there something happens."""
        return [SortKey(one.column, one.descending) for one in self.query_now.sort]

    async def read(self) -> RowSource:
        """What is up."""
        self._rows.renew(await self._wanted())
        return self._rows

    async def number(self, rows: RowSource) -> int | None:
        """How many there are."""
        return await rows.count()

    @work(group="look")
    async def look(self) -> None:
        """Show what has changed, unless nobody sees it or the last look is not over."""
        began = monotonic()
        if self._looking or not self.grid.region or began < self._next_look or self.read_at is None:
            return
        self._looking = True
        try:
            if self._rows.renew(await self._wanted()):
                await self.grid.changes.fetch()
            else:
                # Whoever is at the top sees what is new; any other row stays where it is.
                await self.grid.show(
                    self._rows, keep=bool(self.grid.marks.rows) or self.grid.cursor.position > 0
                )
                self._forget_marks()
                self.grid.notice("" if self._rows.order else self.nothing_here(), "dim")
        except CxError as error:
            self.grid.notice(f"{error}\n\npress r to try again", "bad")
        finally:
            self._looking = False
            self._next_look = monotonic() + SHARE * (monotonic() - began) - EVERY
        self.post_message(self.Shown())

    def _forget_marks(self) -> None:
        marks = self.grid.marks.rows
        if marks and not marks.all_but and (gone := marks.keys - set(self._rows.order)):
            self.grid.marks.rows = Marks(marks.keys - gone)

    async def _wanted(self) -> Sequence[int]:
        calls, query = await calls_of(self.cx), self.query_now
        self.up = Counter(await calls.live_states(query))
        return await calls.live_keys(query)

    def nothing_here(self) -> str:
        """What to do when no call is up."""
        if self.query_now.search:
            return f'No live call has "{self.query_now.search}".\n\nesc clears the search'
        return "No call is up at this moment.\n\nA new one is shown as soon as it begins."

    def standing(self) -> list[Part]:
        """How many are up, and how far they are."""
        parts = [Part(f"{self.up.total():,} up", "" if self.up else "dim")]
        parts += [
            Part(f"{self.up[state]:,} {state.label.lower()}", TONES[state])
            for state in reversed(State)
            if self.up[state]
        ]
        if marked := self.grid.marks.count:
            parts.append(Part(f"{marked:,} marked", "accent"))
        return parts

    def detail(self) -> LineText:
        """The whole cell, and what its column means."""
        row, column = self.grid.cursor.row, self.grid.cursor.column
        if row is None or column is None:
            return LineText()
        text = row.cell(column.key).text
        return LineText(
            spaced([Part(f"{column.title}: {text or 'empty'}", "" if text else "dim")]),
            [Part(column.help, "dim")],
        )

    def narrow(self, text: str) -> None:
        """Show only calls that have a text."""
        self.query_now = replace(self.query_now, search=text)
        self.find(wait=self.cx.settings.search.wait)

    def order(self, sort: Sequence[SortKey]) -> None:
        """Order them."""
        self.grid.columns.sort = sort
        wanted = tuple(Sort(one.column, one.descending) for one in sort)
        self.query_now = replace(self.query_now, sort=wanted or NEWEST_FIRST)
        self.find()

    def choices(self) -> "tuple[Sequence[Choice], Sequence[Column]]":
        """Every column."""
        from widgets.column_chooser import Choice

        return [Choice(one, "Call") for one in COLUMNS], self.first_columns()

    def keep_columns(self) -> None:
        """They are kept until the list is closed."""

    # Acts

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """A call that is up has no record yet."""
        event.stop()
        self.notify("This call is still up; its record comes when it has ended.  x ends it.")

    @work(group="act", name=OPENS)
    async def action_end(self) -> None:
        """End the marked calls, or the one under the cursor."""
        from cx_tui.screens.confirm import Confirm

        wanted = await self._chosen_calls()
        if not wanted or not may_write(self.screen, "no call can be ended"):
            return
        number = len(wanted)
        title = f"End {counted(number, 'call')}?"
        lines = self._stakes(wanted)
        asked = Confirm(title, lines, yes="End", no="Let them talk", typed=to_type(number))
        if not await self.app.push_screen_wait(asked):
            return
        # Meanwhile some have ended by themselves.
        session = await self.cx.services()
        try:
            up = await self._rows.calls([key_of(call.source, call.source_key) for call in wanted])
            still = list(up.values())
            found = await session.end_calls(still) if still else ()
        except CxError as error:
            self.notify(f"The log does not say that calls were ended: {error}.", severity="error")
            return
        said = Counter(one.sentence for one in found)
        said["Ended by itself"] += number - len(still)
        words = "; ".join(f"{sentence}: {many:,}" for sentence, many in said.items() if many)
        sure = all(one.ending and one.ending.value == "ended" for one in found)
        self.notify(words, severity="information" if sure else "warning")
        self.grid.marks.rows = Marks.NONE
        self.find(keep=True)

    async def _chosen_calls(self) -> list[LiveCall]:
        marks, row = self.grid.marks.rows, self.grid.cursor.row
        if marks:
            return list((await self._rows.calls([key for key in self._rows.order if key in marks])).values())
        return [row.call] if isinstance(row, LiveRow) and row.call else []

    def _stakes(self, wanted: Sequence[LiveCall]) -> list[str | Part]:
        """What it means: who talks, and for how many customers."""
        customers = {call.customer_id for call in wanted}
        talking = sum(call.state is State.ANSWERED for call in wanted)
        ghosts = sum(call.state is State.GHOST for call in wanted)
        lines: list[str | Part] = [
            f"{counted(talking, 'call')} of {counted(len(customers), 'customer')} "
            f"{'is' if talking == 1 else 'are'} being talked on: both sides are cut off."
        ]
        if ghosts:
            lines.append(f"{counted(ghosts, 'ghost')}: up at no switch any more, so only forgotten here.")
        lines += [
            f"from {call.cli or 'no number'} to {call.dialled}, {call.state.label.lower()}"
            for call in wanted[:NAMED]
        ]
        if len(wanted) > NAMED:
            lines.append(Part(f"and {len(wanted) - NAMED:,} more", "dim"))
        return lines


def _since(call: LiveCall) -> datetime:
    return call.answered or call.invited


def _row(key: int, call: LiveCall, names: Mapping[int, str], now: datetime) -> LiveRow:
    state = call.state
    seconds = max(0.0, ((call.ghost or now) - _since(call)).total_seconds())
    cells: dict[str, str | Cell] = {
        "invited": f"{call.invited.astimezone():%H:%M:%S}",
        "customer_id": names.get(call.customer_id or 0, f"#{call.customer_id or '?'}"),
        "state": Cell(state.label, TONES[state]),
        "length": Cell(LENGTH.show(seconds), "" if call.answered else "dim"),
        **{name: getattr(call, name) for name in ("cli", "dialled", "carrier", "auth", "src_ip", "number")},
        "source": call.source,
        "source_key": call.source_key,
    }
    return LiveRow(key, cells, call=call)
