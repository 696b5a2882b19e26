"""What stands under the card's tabs of calls, and on the pages of the calls of all customers."""

from abc import abstractmethod
from datetime import datetime
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from cx_tui.domain.calls.query import Condition
from cx_tui.screens.calls.call_list import call_records, latest_calls
from cx_tui.screens.calls.live_list import LiveList
from cx_tui.screens.calls.summary import SummaryList
from cx_tui.screens.card.customer_now import CustomerNow
from cx_tui.screens.list.base_list import BaseList
from cx_tui.screens.present import spaced
from cx_tui.screens.program import Program
from widgets.line import Line, Part


class CallsPart(Vertical):
    """A list of calls beneath its title; a line says more of the row under the cursor."""

    TITLE: ClassVar[str] = ""

    DEFAULT_CSS = """
    CallsPart {
        & > .title { height: 1; padding: 0 1; }
        & > BaseList { height: 1fr; }
        & > .detail { height: 1; padding: 0 1; background: $panel; }
    }
    """

    def __init__(self, customer: CustomerNow | None = None) -> None:
        super().__init__()
        self._customer = customer

    def compose(self) -> ComposeResult:
        """The title, the list, the detail."""
        glyphs = cast(Program, self.app).glyphs
        yield Line(classes="title", glyphs=glyphs)
        self.calls = self.made(self._customer.id if self._customer else None)
        yield self.calls
        yield Line(classes="detail", glyphs=glyphs)

    @abstractmethod
    def made(self, customer_id: int | None) -> BaseList:
        """The list."""

    @on(BaseList.Shown)
    def shown(self, event: BaseList.Shown) -> None:
        """The list was read, or its cursor moved."""
        event.stop()
        calls = self.calls
        # On a page of its own the header says what it is.
        title = [Part(self.TITLE if self._customer else "", "strong"), *calls.contents.standing()]
        self.query_one(".title", Line).show(*spaced(title))
        self.query_one(".detail", Line).show_lines([calls.contents.detail()])


class LatestCalls(CallsPart):
    """The newest calls."""

    TITLE = "Latest calls"

    def made(self, customer_id: int | None) -> BaseList:
        """A list that shows new ones by itself."""
        return latest_calls(customer_id)


class CallRecords(CallsPart):
    """All records of calls."""

    TITLE = "CDR"

    def __init__(
        self,
        customer: CustomerNow | None = None,
        between: tuple[datetime, datetime] | None = None,
        conditions: tuple[Condition, ...] = (),
    ) -> None:
        super().__init__(customer)
        self._between = between
        self._conditions = conditions

    def made(self, customer_id: int | None) -> BaseList:
        """A list that stays as it was asked for."""
        return call_records(customer_id, self._between, self._conditions)


class LiveCalls(CallsPart):
    """The calls that are up."""

    TITLE = "Dialogs"

    def made(self, customer_id: int | None) -> BaseList:
        """A list that keeps itself up to date."""
        return LiveList(customer_id)


class Summaries(CallsPart):
    """What was counted by hour, day, week and month."""

    TITLE = "Summary"

    def made(self, customer_id: int | None) -> BaseList:
        """The periods."""
        return SummaryList(customer_id)
