"""What Stats needs the calls themselves for: read when it is looked at, and again as long as it is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from cx_tui.domain.calls.query import CallQuery

if TYPE_CHECKING:
    from cx_tui.services.calls.calls import Calls
    from cx_tui.services.calls.over_time import Course
    from cx_tui.services.calls.summaries import Period

BACK = {
    "hour": timedelta(hours=47),
    "day": timedelta(days=60),
    "week": timedelta(weeks=52),
    "month": timedelta(days=1_000),
}
"""How far the plots of each period go back."""
AGAIN = 30.0
"""Seconds until calls are looked at again."""
SHARE = 10
"""And so many times as long as it took."""

SETS = {"": "all", "carrier": "carriers", "sip_code": "SIP codes"}
"""What is plotted: sums of all calls, or each carrier's, or those of each code."""


class Courses:
    """Calls over time by carrier or code, of those periods that were looked at."""

    def __init__(self, customer_id: int | None) -> None:
        self._customer_id = customer_id
        self._found: dict[tuple[str, str], Sequence[Course]] = {}
        self._due: dict[tuple[str, str], float] = {}

    def of(self, period: str, by: str) -> "Sequence[Course] | None":
        """The courses, all calls first; None when they were not read yet."""
        return self._found.get((period, by))

    def are_due(self, period: str, by: str) -> bool:
        """Whether it is time to look at the calls."""
        return monotonic() > self._due.get((period, by), 0.0)

    def are_old(self) -> None:
        """Have all of them looked at anew when they are shown."""
        self._due.clear()

    async def read(self, calls: "Calls", period: "Period", by: str, first: datetime) -> None:
        """Look at the calls since a moment; the period that it is in is whole."""
        from cx_tui.services.calls.over_time import over_time
        from cx_tui.services.calls.summaries import begin_of

        began = monotonic()
        place = (period.value, by)
        query = CallQuery(self._customer_id, begin_of(period, first))
        self._found[place] = await over_time(calls, query, period, by)
        self._due[place] = monotonic() + AGAIN + SHARE * (monotonic() - began)
