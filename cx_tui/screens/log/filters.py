"""Which operations the log shows, as the operator chose them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cx_tui.domain.history import Act, LogQuery
from widgets.line import Part

ANY, TODAY, WEEK, MONTH, A_DAY = "", "today", "7 days", "30 days", "a day"

WHEN = {ANY: "any time", TODAY: "today", WEEK: "last 7 days", MONTH: "last 30 days"}
BACK = {WEEK: timedelta(days=7), MONTH: timedelta(days=30)}


@dataclass(frozen=True)
class Filters:
    """What narrows the log."""

    text: str = ""
    who: str = ""
    act: Act | None = None
    when: str = ANY
    """One of WHEN, or a day such as 2026-11-21."""

    def __bool__(self) -> bool:
        return self != Filters()

    def query(self, customer_id: int | None, now: datetime) -> LogQuery:
        """What is asked of the log; days are those of the operator's clock."""
        since, until = self._span(now)
        return LogQuery(customer_id, self.who, self.act, self.text, since, until)

    def _span(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        if self.when == ANY:
            return None, None
        if self.when in BACK:
            return now - BACK[self.when], None
        day = now.astimezone().date() if self.when == TODAY else date.fromisoformat(self.when)
        return midnight(day), midnight(day + timedelta(days=1)) if day < date.max else None

    def chips(self, *, ascii: bool) -> list[Part]:
        """The choices as chips that open their menus."""
        sign = "v" if ascii else "▾"
        what = self.act.label if self.act else "All"
        when = WHEN.get(self.when, self.when)
        return [
            Part("what ", "dim"),
            Part(f"{what} {sign}", "accent" if self.act else "dim", "screen.what"),
            Part("   when ", "dim"),
            Part(f"{when} {sign}", "accent" if self.when else "dim", "screen.when"),
        ]


def midnight(day: date) -> datetime:
    """The beginning of a day by the operator's clock."""
    return datetime.combine(day, time()).astimezone()
