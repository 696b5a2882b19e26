"""What the list of live calls shows, and looks at again and again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from cx_tui.domain.calls.live import State
from cx_tui.domain.calls.live_query import NEWEST_FIRST
from cx_tui.domain.query import Sort
from cx_tui.errors import CxError
from cx_tui.screens.calls.live_rows import COLUMNS, TONES, LiveRows
from cx_tui.screens.calls.reading import Names, calls_of
from cx_tui.screens.list.contents import ListContents
from cx_tui.screens.present import spaced
from widgets.duties import work
from widgets.grid import Column, Marks, RowSource, SortKey
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from cx_tui.screens.calls.live_list import LiveList
    from widgets.column_chooser import Choice

EVERY = 0.5
"""Seconds between two looks at what is up: a call is seen within a second of its start."""
SHARE = 4
"""A look waits so many times as long as the last one took: 30,000 calls must not be all that is done."""


class LiveContents(ListContents):
    """Live calls of a customer, or of all."""

    host: "LiveList"
    placeholder = "any number, carrier, address or key"

    def __init__(self, host: "LiveList") -> None:
        super().__init__(host)
        self._names = Names(host.cx) if host.query_now.customer_id is None else None
        self.live = LiveRows(host.cx, self._names)
        self._next_look = 0.0
        self._looking = False
        self.up: Counter[State] = Counter()

    def first_columns(self) -> Sequence[Column]:
        """All but whose calls they are, where that is known."""
        return [one for one in COLUMNS if self._names or one.key != "customer_id"]

    def first_sort(self) -> Sequence[SortKey]:
        """The newest first: there something happens."""
        return [SortKey(one.column, one.descending) for one in self.host.query_now.sort]

    async def read(self) -> RowSource:
        """What is up."""
        self.live.renew(await self._up_now())
        return self.live

    async def number(self, rows: RowSource) -> int | None:
        """How many there are."""
        return await rows.count()

    @work(group="look")
    async def look(self) -> None:
        """Show what has changed, unless nobody sees it or the last look is not over."""
        began = monotonic()
        if self._looking or not self.host.grid.region or began < self._next_look or self.host.read_at is None:
            return
        self._looking = True
        try:
            if self.live.renew(await self._up_now()):
                await self.host.grid.changes.fetch()
            else:
                # Whoever is at the top sees what is new; any other row stays where it is.
                await self.host.grid.show(
                    self.live, keep=bool(self.host.grid.marks.rows) or self.host.grid.cursor.position > 0
                )
                self._forget_marks()
                self.host.grid.notice("" if self.live.order else self.nothing_here(), "dim")
        except CxError as error:
            self.host.grid.notice(f"{error}\n\npress r to try again", "bad")
        finally:
            self._looking = False
            self._next_look = monotonic() + SHARE * (monotonic() - began) - EVERY
        self.host.post_message(self.host.Shown())

    def _forget_marks(self) -> None:
        marks = self.host.grid.marks.rows
        if marks and not marks.all_but and (gone := marks.keys - set(self.live.order)):
            self.host.grid.marks.rows = Marks(marks.keys - gone)

    async def _up_now(self) -> Sequence[int]:
        calls, query = await calls_of(self.host.cx), self.host.query_now
        self.up = Counter(await calls.live_states(query))
        return await calls.live_keys(query)

    def nothing_here(self) -> str:
        """What to do when no call is up."""
        if self.host.query_now.search:
            return f'No live call has "{self.host.query_now.search}".\n\nesc clears the search'
        return "No call is up at this moment.\n\nA new one is shown as soon as it begins."

    def standing(self) -> list[Part]:
        """How many are up, and how far they are."""
        parts = [Part(f"{self.up.total():,} up", "" if self.up else "dim")]
        parts += [
            Part(f"{self.up[state]:,} {state.label.lower()}", TONES[state])
            for state in reversed(State)
            if self.up[state]
        ]
        if marked := self.host.grid.marks.count:
            parts.append(Part(f"{marked:,} marked", "accent"))
        return parts

    def detail(self) -> LineText:
        """The whole cell, and what its column means."""
        row, column = self.host.grid.cursor.row, self.host.grid.cursor.column
        if row is None or column is None:
            return LineText()
        text = row.cell(column.key).text
        return LineText(
            spaced([Part(f"{column.title}: {text or 'empty'}", "" if text else "dim")]),
            [Part(column.help, "dim")],
        )

    def narrow(self, text: str) -> None:
        """Show only calls that have a text."""
        self.host.query_now = replace(self.host.query_now, search=text)
        self.host.finding.find(wait=self.host.cx.settings.search.wait)

    def order(self, sort: Sequence[SortKey]) -> None:
        """Order them."""
        self.host.grid.columns.sort = sort
        wanted = tuple(Sort(one.column, one.descending) for one in sort)
        self.host.query_now = replace(self.host.query_now, sort=wanted or NEWEST_FIRST)
        self.host.finding.find()

    def choices(self) -> "Sequence[Choice]":
        """Every column."""
        from widgets.column_chooser import Choice

        return [Choice(one, "Call") for one in COLUMNS]

    def usual_columns(self) -> Sequence[Column]:
        """Those that are shown at first."""
        return self.first_columns()

    def keep_columns(self) -> None:
        """They are kept until the list is closed."""
