"""Asking for a moment, later or earlier, and saying which one is understood."""

from datetime import UTC, datetime, timedelta, tzinfo

from cx_tui.domain.delay import EXAMPLE, earlier, later
from cx_tui.domain.kinds import BadValue
from cx_tui.screens.ask import Ask
from cx_tui.screens.times import exact

USUAL_MINUTES, LONGEST = 10, 24 * 60


class LocalClock(tzinfo):
    """The clock of this machine with its summer times, which `astimezone()` leaves out of other days."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return moment.replace(tzinfo=None).astimezone().utcoffset() if moment else None

    def tzname(self, moment: datetime | None) -> str | None:
        return moment.replace(tzinfo=None).astimezone().tzname() if moment else None

    def dst(self, moment: datetime | None) -> timedelta | None:
        return None

    def fromutc(self, moment: datetime) -> datetime:
        return moment.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)


def later_moment(title: str, does: str) -> Ask[datetime]:
    """A moment to come."""
    return Ask(
        title, lambda text: later(text, datetime.now(LocalClock())), does=does, example=EXAMPLE,
        explains=f"A delay or a moment: {EXAMPLE}", means=_on_the_calendar,
    )  # fmt: skip


def earlier_moment(title: str) -> Ask[datetime]:
    """A moment that has been."""
    return Ask(
        title, lambda text: earlier(text, datetime.now(LocalClock())), does="take it", example=EXAMPLE,
        explains=f"{EXAMPLE}; 2h is two hours ago", means=exact,
    )  # fmt: skip


def minutes_to_confirm() -> Ask[int]:
    """In how many minutes a change is turned back."""
    return Ask(
        "Save now, and turn it back in how many minutes unless confirmed?", _minutes, does="save",
        text=f"{USUAL_MINUTES}", means=_turned_back,
    )  # fmt: skip


def _on_the_calendar(due: datetime) -> str:
    here = due.astimezone()
    also = f" ({due:%H:%M} UTC)" if here.utcoffset() else ""
    return f"on {here:%A %Y-%m-%d at %H:%M %Z}{also}"


def _minutes(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= LONGEST):
        raise BadValue(f"write 1 to {LONGEST} minutes")
    return int(text)


def _turned_back(minutes: int) -> str:
    back = datetime.now().astimezone() + timedelta(minutes=minutes)
    return f"turned back at {back:%H:%M}, unless somebody confirms it on the board"
