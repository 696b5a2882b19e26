"""Jobs as the rows of a grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cx_tui.domain.outbox import WAITING, Job, State
from cx_tui.screens.times import local
from widgets.grid import Cell, Column, Row

Counts = Mapping[State, int]
Found = Sequence[tuple[Job, Counts]]

TONES = {
    State.SENT: "good", State.DELAYED: "warn", State.FAILED: "bad", State.UNKNOWN: "warn",
    State.CANCELLED: "dim", State.SENDING: "accent", State.HELD: "bad",
}  # fmt: skip
SHOWN = (
    State.SENT, State.QUEUED, State.FAILED, State.HELD, State.DELAYED, State.SENDING, State.UNKNOWN,
    State.CANCELLED,
)  # fmt: skip
"""The states in the order of their columns."""


@dataclass(frozen=True, slots=True)
class JobRow(Row):
    """A grid's row that knows its job, and how many of its messages are in which state."""

    job: Job | None = None
    counts: Counts | None = None


def job_rows(found: Found) -> list[JobRow]:
    """Jobs with their counts as rows."""
    now = datetime.now(UTC)
    return [_row(job, counts, now) for job, counts in found]


def job_columns(width: int) -> tuple[Column, ...]:
    """The columns of the jobs; the subject gets the room that the others leave."""
    wide = width >= 110
    subject = max(26, min(60, width - 90))
    due = Column(
        "due", "Due", 11, help="Month, day and time of sending, if that is later; by your own clock."
    )
    states = [Column(one.value, one.label, max(6, len(one.label)), "right") for one in SHOWN]
    return (
        Column("at", "When", 16, help="By your own clock."),
        Column("way", "Way", 6),
        # Few wait for a moment: where there is no room for all, the numbers come first.
        *((due,) if wide else ()),
        Column("subject", "Subject", subject, help="For an SMS, the beginning of its text."),
        Column("all", "All", 6, "right", help="How many messages there are."),
        *states,
        *(() if wide else (due,)),
        Column("who", "Who", 10),
    )


def _row(job: Job, counts: Counts, now: datetime) -> JobRow:
    waits = any(counts.get(state) for state in WAITING)
    cells = {
        "at": Cell(local(job.at)),
        "who": Cell(job.who or "-"),
        "way": Cell(job.way.label),
        "subject": Cell(title_of(job)),
        "all": Cell(f"{sum(counts.values()):,}"),
        "due": Cell(_due(job) if waits and job.due_at > now else "", "accent"),
        **{state.value: _number(state, counts.get(state, 0)) for state in SHOWN},
    }
    return JobRow(job.id, cells, job=job, counts=counts)


def _due(job: Job) -> str:
    return f"{job.due_at.astimezone():%m-%d %H:%M}"


def _number(state: State, number: int) -> Cell:
    return Cell(f"{number:,}" if number else "", TONES.get(state, ""))


def title_of(job: Job) -> str:
    """What a job is about, in one line."""
    return job.subject or job.body[:200].strip().partition("\n")[0]
