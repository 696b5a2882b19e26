"""`cx-tui send`: a message to all contacts of some customers, without a screen; or what would happen."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from cx_tui.domain.outbox import UNTRIED, Job, Reach, State, Way
from cx_tui.domain.query import CustomerQuery
from cx_tui.domain.selection import Selection
from cx_tui.domain.templates import known_fields, unknown
from cx_tui.errors import CxError, Invalid, Misconfigured, Unavailable
from cx_tui.services.sending.attachments import in_words
from cx_tui.services.sending.draft_message import DraftMessage, check
from cx_tui.services.sending.orders import Ordered
from cx_tui.services.sending.recipients import Recipient
from cx_tui.services.session import Session

LOOK_AGAIN = 0.3
"""Seconds between two looks at how far it is."""

FAILED, WRONG_SETTINGS = 1, 2


@dataclass(frozen=True)
class Announcement:
    """Whom to tell what."""

    query: CustomerQuery
    wanted: DraftMessage


class Reporter(Protocol):
    """Tells somebody how it goes."""

    def people(self, way: Way, customers: int, reached: dict[Reach, int], segments: int) -> None:
        """Who would get it; an SMS also takes so many segments in all."""

    def works(self, sentence: str) -> None:
        """What was tried and works."""

    def wrong(self, part: str, sentence: str) -> None:
        """What is wrong."""

    def progress(self, what: str, done: int, of: int) -> None:
        """How far it is."""

    def ordered(self, job: Job, messages: int) -> None:
        """It is stored, and sent from now on whatever happens."""

    def summary(self, states: dict[State, int], stopped: str) -> None:
        """What became of it, and why it stopped before its end, if it did."""


async def rehearse(session: Session, announced: Announcement, reporter: Reporter) -> int:
    """Say what would happen and all that is wrong, and send nothing; says the exit code."""
    code = 0
    customers, recipients = await _people(session, announced)
    segments = 0
    try:
        segments = await session.outbox.rehearse(
            announced.wanted, recipients, partial(reporter.progress, "writing")
        )
    except Invalid as error:
        code = FAILED
        for part, sentence in {**error.problems, **_unknown_fields(announced.wanted)}.items():
            for each in sentence.split("\n"):
                reporter.wrong(part, each)
    reached = _counted(recipients)
    reporter.people(announced.wanted.way, customers, reached, segments)
    if announced.wanted.files:
        reporter.works(in_words(announced.wanted.files))
    if not reached[Reach.WILL]:
        code = FAILED
        reporter.wrong("recipients", "nobody of them can be reached")
    return max(code, await _try_server(session, announced.wanted.way, reporter))


def _unknown_fields(wanted: DraftMessage) -> dict[str, str]:
    """Every field that is not known, with its line and column: not only the first of each part."""
    parts = {"subject": wanted.subject, "body": wanted.body}
    found = {part: unknown(text, known_fields()) for part, text in parts.items()}
    return {part: "\n".join(map(str, problems)) for part, problems in found.items() if problems}


async def _try_server(session: Session, way: Way, reporter: Reporter) -> int:
    try:
        reporter.works(await session.delivery.test_connection(way))
    except CxError as error:
        reporter.wrong("settings" if isinstance(error, Misconfigured) else "server", str(error))
        return WRONG_SETTINGS if isinstance(error, Misconfigured) else FAILED
    return 0


async def order(session: Session, announced: Announcement, reporter: Reporter) -> Ordered:
    """Store the messages for everybody; Misconfigured when there is no server to send them."""
    check(announced.wanted)
    await session.delivery.ready(announced.wanted.way)
    customers, recipients = await _people(session, announced)
    reporter.people(announced.wanted.way, customers, _counted(recipients), 0)
    job = await session.outbox.order(announced.wanted, recipients, partial(reporter.progress, "queuing"))
    reporter.ordered(job, job.messages)
    return job


async def send(session: Session, job: Job, ending: asyncio.Event, reporter: Reporter) -> int:
    """Send until all were tried, the server takes none, or it shall end; says the exit code."""
    watching = asyncio.ensure_future(_watch(session, job, reporter))
    stopped, left = "", 1
    try:
        while left and not stopped and not ending.is_set():
            tally = await session.delivery.run_way(job.way, ending)
            stopped = str(tally.trouble or "")
            left = _untried(await session.outbox.counts(job.id))
            if left and not tally.states:
                # Another program is at them.
                with suppress(TimeoutError):
                    await asyncio.wait_for(ending.wait(), LOOK_AGAIN)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    states = await session.outbox.counts(job.id)
    stopped = stopped or (await session.outbox.held([job.id])).get(job.id, "")
    reporter.summary(states, stopped)
    return 0 if set(states) <= {State.SENT} else FAILED


async def _watch(session: Session, job: Job, reporter: Reporter) -> None:
    while True:
        with suppress(Unavailable):
            states = await session.outbox.counts(job.id)
            reporter.progress("sending", sum(states.values()) - _untried(states), sum(states.values()))
        await asyncio.sleep(LOOK_AGAIN)


async def _people(session: Session, announced: Announcement) -> tuple[int, list[Recipient]]:
    everybody = Selection(frozenset(), all_but=True, query=announced.query)
    customers = await session.bulk.chosen(everybody)
    return len(customers), await session.outbox.recipients(announced.wanted.way, customers)


def _counted(recipients: Sequence[Recipient]) -> dict[Reach, int]:
    found = Counter(one.reach for one in recipients)
    return {reach: found[reach] for reach in Reach}


def _untried(states: dict[State, int]) -> int:
    return sum(states.get(state, 0) for state in UNTRIED)
