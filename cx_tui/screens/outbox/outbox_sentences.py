"""What the outbox says: how far a job is, what is asked before something is done."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cx_tui.domain.outbox import WAITING, Job, State, Way
from cx_tui.domain.who import in_words
from cx_tui.screens.outbox.source import SHOWN, TONES, Counts, title_of
from cx_tui.screens.stakes import counted, short
from cx_tui.screens.times import away, exact
from widgets.line import Part

Line = str | Part
NOTHING = "Nothing was sent yet.\n\nMark customers in their list and press {key} to write to their contacts."


def numbers(counts: Counts) -> list[Part]:
    """How many messages are in which state."""
    return [
        Part(f"{counts[state]:,} {state.label.lower()}", TONES.get(state, ""))
        for state in SHOWN
        if counts.get(state)
    ]


def waiting(counts: Counts) -> int:
    """How many can still be cancelled."""
    return sum(counts.get(state, 0) for state in WAITING)


def first_line(job: Job, counts: Counts) -> list[Part]:
    """What a job is, and how far it is."""
    return [Part(short(title_of(job)), "strong"), *numbers(counts)]


def second_line(job: Job, counts: Counts, now: datetime) -> list[Part]:
    """By whom and when it was ordered, and when it is due."""
    ordered = f"{job.way.label} ordered {exact(job.at)} by {in_words(job.who, job.origin)}"
    due = f"due {away(job.due_at, now)}, {exact(job.due_at)}" if job.due_at > now and waiting(counts) else ""
    return [Part(ordered, "dim"), Part(due, "accent")]


def pause_lines(pauses: Mapping[str, tuple[datetime, str]], now: datetime) -> list[str]:
    """Why nothing is sent on a way, since when."""
    lines = []
    for way in Way:
        if way.value in pauses:
            since, said = pauses[way.value]
            here, today = since.astimezone(), now.astimezone().date()
            clock = f"{here:%H:%M}" if here.date() == today else f"{here:%Y-%m-%d %H:%M}"
            lines.append(f"! {way.label} is paused since {clock}: {said}; it is tried again by itself")
    return lines


def held_lines(jobs: Sequence[Job], held: Mapping[int, str]) -> list[str]:
    """Which jobs were stopped, and why."""
    return [f'! "{short(title_of(one), 40)}" is {held[one.id]}' for one in jobs if one.id in held]


def cancelling(job: Job, counts: Counts) -> list[Line]:
    """What cancelling means."""
    number, sent = waiting(counts), counts.get(State.SENT, 0)
    lines: list[Line] = [Part(short(title_of(job), 200), "strong"), ""]
    lines.append(f"{counted(number, 'message waits and is', 'messages wait and are')} not sent then.")
    if sent:
        lines.append(Part(f"{counted(sent, 'is', 'are')} sent already; that can't be taken back.", "warn"))
    lines.append(Part("What is being sent at this moment still goes out.", "dim"))
    return lines


def again(job: Job, state: State, number: int) -> list[Line]:
    """What sending again means."""
    lines: list[Line] = [Part(short(title_of(job), 200), "strong"), ""]
    one = number == 1
    lines.append(f"{'It is' if one else 'They are'} queued again, and sent like any other.")
    if state is State.UNKNOWN:
        lines.append(Part(MAYBE_TWICE if one else MAYBE_TWICE_EACH, "bad"))
    return lines


MAYBE_TWICE = "Nobody knows whether it was sent: the person may get it twice."
MAYBE_TWICE_EACH = "Nobody knows whether they were sent: some people may get it twice."


def which(state: State, number: int) -> str:
    """Messages of a state: "3 failed messages"."""
    return counted(number, f"{state.label.lower()} message")


def cancelled(number: int) -> str:
    """What was done."""
    if not number:
        return "None of it was still waiting."
    return f"{counted(number, 'message is', 'messages are')} cancelled."


def queued_again(number: int) -> str:
    """What was done."""
    if not number:
        return "None of them could be sent again: their states have changed."
    return f"{counted(number, 'message is', 'messages are')} queued again."
