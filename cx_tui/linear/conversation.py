"""The conversation: find a customer, then say what to do with it."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import TYPE_CHECKING

from cx_tui.domain.filter_values import is_filter, read_filter
from cx_tui.domain.filters import BadFilter, written
from cx_tui.domain.kinds import Money
from cx_tui.domain.query import Query
from cx_tui.errors import CxError, NotFound
from cx_tui.linear.editing import Editing
from cx_tui.linear.showing import Showing, counted
from cx_tui.linear.talk import Left, Talk

if TYPE_CHECKING:
    from cx_tui.services.lists.listing import Listing
    from cx_tui.services.session import Session

PAGE = 20
COLUMNS = ("id", "name", "status", "credit", "balance", "currency", "warnings", "live")
WHAT = ("find a customer", "new customer", "quit")
ACTS = ("show", "edit", "why can it not call")


class Conversation:
    """What one operator says and is told."""

    def __init__(self, session: "Session", talk: Talk, *, place: str, read_only: bool) -> None:
        self._session = session
        self._talk = talk
        self._place = place
        self._showing = Showing(session, talk)
        self._editing = Editing(session, talk, read_only=read_only)

    async def run(self) -> None:
        """Talk until the operator leaves."""
        self._talk.say(f"CX TUI, line by line. Database {self._place}, operator {self._session.who.name}.")
        try:
            while (what := self._talk.choose("What do you want to do?", WHAT, "leaves")) not in (None, 2):
                await self._do(self._find() if what == 0 else self._make())
        except Left:
            pass
        self._talk.say("Left CX TUI.")

    async def _do(self, act: Awaitable[None]) -> None:
        """Do something; what is wrong is said, and the conversation goes on."""
        try:
            await act
        except CxError as error:
            self._talk.say(f"That did not work: {error}.")

    async def _make(self) -> None:
        made = await self._editing.make()
        if made is not None:
            await self._customer(made)

    async def _find(self) -> None:
        said = self._talk.ask(
            "Which customer? A part of the name, #12, or conditions like credit<0; empty goes back:"
        )
        if said.startswith("#") and said[1:].isdecimal():
            await self._customer(int(said[1:]))
            return
        while said:
            query = self._query(said)
            again = await self._results(query) if query else ""
            said = again or self._talk.ask("Which customer? Empty goes back:")
            if again is None:
                return

    def _query(self, said: str) -> Query | None:
        if not is_filter(said):
            return Query(search=said)
        try:
            return replace(Query(), where=written(read_filter(said, "customer")))
        except BadFilter as error:
            self._talk.say(f"These conditions can't be understood: {error}.")
            return None

    async def _results(self, query: Query) -> str | None:
        """Go through what was found: another search that was typed, or None to go back."""
        listing = await self._session.customers.list(query)
        total = await self._talk.while_working(listing.exact_count())
        self._talk.say(f"{counted(total, 'customer')} found.".capitalize())
        start, shown = 0, -1
        while total:
            if start != shown:
                await self._page(listing, start, total)
                shown = start
            more = "m for more, " if start + PAGE < total else ""
            said = self._talk.ask(f"Number of a result, {more}or another search; empty goes back:")
            if not said:
                return None
            if said == "m" and more:
                start += PAGE
            elif not said.isdecimal():
                return said
            elif 1 <= int(said) <= total:
                for one in await listing.ids(int(said) - 1, 1):
                    await self._customer(one)
            else:
                self._talk.say(f"There is no result {said}; there are {total:,}.")
        return ""

    async def _page(self, listing: "Listing", start: int, total: int) -> None:
        rows = await self._talk.while_working(listing.rows(start, PAGE, COLUMNS))
        for place, row in enumerate(rows, start + 1):
            credit = f"{Money().show(row['balance'])} {row['currency']}"
            self._talk.say(
                f"Result {place} of {total:,}: {row['name']}, {row['status'].label}, balance {credit}, "
                f"{counted(row['live'], 'call')} up, {counted(row['warnings'], 'warning')}"
            )

    async def _customer(self, customer_id: int) -> None:
        try:
            name = (await self._session.records.get(customer_id)).name
        except NotFound:
            self._talk.say(f"There is no customer with the number {customer_id}.")
            return
        while (
            act := self._talk.choose(f"{name}, customer {customer_id}. What now?", ACTS, "goes back")
        ) is not None:
            doing = (self._showing.show, self._editing.edit, self._showing.why)[act]
            await self._do(doing(customer_id))
