"""A list of finished calls: any number of them, filtered, ordered, opened, copied and written to a file."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.key import key_of_call
from cx_tui.domain.calls.query import NEWEST_FIRST, CallQuery, Condition
from cx_tui.domain.view import sort_text
from cx_tui.errors import CxError
from cx_tui.screens.calls.call_acts import CallActs
from cx_tui.screens.calls.call_contents import CallContents
from cx_tui.screens.calls.columns import LATEST, RECORDS
from cx_tui.screens.calls.reading import calls_of
from cx_tui.screens.calls.source import CallRow
from cx_tui.screens.list.base_list import KEYS, BaseList
from widgets.grid import Grid

if TYPE_CHECKING:
    pass

FOLLOWS = 2.0
"""Seconds between two looks whether there is a newer call."""


class CallsList(BaseList, inherit_bindings=False):
    """Calls of a customer, or of all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "filter", id="list.search",
                tooltip="Filter the calls: carrier = alpha and talk > 60, or the first digits of a number."),
        Binding("S", "simulate", "simulate", id="calls.simulate",
                tooltip="Send this call through every gate, as it was and as of now, side by side."),
        Binding("E", "export", "download", id="list.export",
                tooltip="Write these calls into a CSV or Parquet file, times in UTC."),
        Binding("Z", "zone", "clock", show=False, id="calls.zone",
                tooltip="Choose the clock of times: your own, UTC, the customer's, or another one."),
        KEYS["list.columns"],
        KEYS["list.copy_cell"],
        KEYS["list.copy_rows"],
        KEYS["list.refresh"],
        KEYS["list.back"],
    ]  # fmt: skip

    DEFAULT_CSS = "CallsList { & .search Input { max-width: 100; } }"

    def __init__(
        self,
        customer_id: int | None,
        *,
        columns: Sequence[str] = RECORDS,
        follows: bool = False,
        between: tuple[datetime, datetime] | None = None,
    ) -> None:
        super().__init__()
        self.query_now = CallQuery(customer_id, *(between or ()))
        self._follows = follows
        place = f"calls-{'latest' if follows else 'cdr'}{'' if customer_id else '-all'}"
        contents = CallContents(self, columns, place)
        self.made_of(contents, contents, contents, CallActs(self))

    def on_mount(self) -> None:
        """Look now and then whether something is new, where the newest are shown."""
        super().on_mount()
        if self._follows:
            self.set_interval(FOLLOWS, self.follow)

    def command(self) -> str:
        """These calls, as a command."""
        query = self.query_now
        words = [
            "cx-tui",
            "calls",
            "list",
            *([f"#{query.customer_id}"] if query.customer_id is not None else []),
        ]
        words += ["--from", query.first.isoformat()] if query.first else []
        words += ["--to", query.until.isoformat()] if query.until else []
        where = " and ".join(f'{one.field} {one.operator} "{one.value}"' for one in query.conditions)
        words += ["--where", where] if where else []
        if query.sort != NEWEST_FIRST:
            words.append(f"--sort={','.join(map(sort_text, query.sort))}")
        return shlex.join(words)

    @property
    def call(self) -> Call | None:
        """The call under the cursor."""
        row = self.grid.cursor.row
        return row.call if isinstance(row, CallRow) else None

    @work(exclusive=True, group="follow")
    async def follow(self) -> None:
        """Show what is new above the first row, while that is where one looks."""
        grid = self.grid
        if not grid.region or grid.scroll_offset.y or self.search.has_focus or not self.query_now.by_start:
            return
        try:
            newest = await (await calls_of(self.cx)).list(self.query_now).rows(0, 1)
        except CxError:
            return  # the list says it when it is read
        first = grid.rows.visible[0].key if grid.rows.visible else None
        if newest and key_of_call(newest[0]) != first:
            self.finding.find(keep=bool(grid.marks.rows) or grid.cursor.position > 0, asked=False)

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """Show all of a call."""
        from cx_tui.screens.calls.call_screen import CallScreen

        event.stop()
        if isinstance(event.row, CallRow) and event.row.call:
            name = event.row.cell("customer_id").text
            self.app.push_screen(CallScreen(event.row.call, name))


def latest_calls(customer_id: int | None) -> CallsList:
    """The newest calls, which come by themselves."""
    return CallsList(customer_id, columns=LATEST, follows=True)


def call_records(
    customer_id: int | None,
    between: tuple[datetime, datetime] | None = None,
    conditions: tuple[Condition, ...] = (),
) -> CallsList:
    """The records, of all days or between two moments, which stay as they were asked for."""
    found = CallsList(customer_id, between=between)
    found.query_now = replace(found.query_now, conditions=conditions)
    return found
