"""`cx-tui send`: a message to all contacts of some customers, without a screen; or what would happen."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from cx_tui.domain.outbox import UNTRIED, Job, Reach, State, Way
from cx_tui.domain.query import Query
from cx_tui.domain.selection import Selection
from cx_tui.domain.templates import known_fields, unknown
from cx_tui.errors import CxError, Invalid, Misconfigured, Refused, Unavailable
from cx_tui.services.sending.attachments import in_words
from cx_tui.services.sending.draft_message import DraftMessage, check
from cx_tui.services.sending.recipients import Recipient
from cx_tui.services.session import Session

LOOK_AGAIN = 0.3
"""Seconds between two looks at how far it is."""

FAILED, WRONG_SETTINGS = 1, 2


@dataclass(frozen=True)
class Announcement:
    """Whom to tell what; with a template its text stands in for what is not given."""

    query: Query
    wanted: DraftMessage
    template: str = ""
    referral: bool = False
    test: str = ""
    """An address of one's own that alone gets it, as the first of them would."""
    empty_too: bool = False
    """Whether it is sent although some subjects or texts would be empty."""


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
    announced = await _with_template(session, announced)
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
    for part, sentence in (await _doubts(session, announced, recipients, strict=code == 0)).items():
        code = FAILED
        reporter.wrong(part, sentence)
    if not reached[Reach.WILL]:
        code = FAILED
        reporter.wrong("recipients", "none of them can be reached")
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


async def _with_template(session: Session, announced: Announcement) -> Announcement:
    """The same, with the text of the template that is named, or of the one for referrals."""
    wanted = announced.wanted
    if announced.template:
        found = await session.outbox.template(announced.template, wanted.way)
    elif announced.referral and not wanted.body:
        templates = await session.outbox.templates()
        fitting = [one for one in templates if one.referral and one.way is wanted.way]
        found = min(fitting, key=lambda one: not one.id)  # one's own, unless there is none
    else:
        return announced
    given = replace(wanted, body=wanted.body or found.body, subject=wanted.subject or found.subject)
    return replace(announced, wanted=given)


async def _doubts(
    session: Session, announced: Announcement, recipients: Sequence[Recipient], *, strict: bool
) -> dict[str, str]:
    """What a person would be asked about first: parts that would be empty, and what is too large."""
    if not strict:
        return {}
    doubts = {}
    try:
        await session.delivery.refuse_too_large(announced.wanted)
    except Refused as error:
        doubts["files"] = str(error)
    empty = await session.outbox.empties(announced.wanted, recipients)
    for part, number in zip(("subject", "body"), empty, strict=True):
        if number and not announced.empty_too:
            doubts[part] = f"it would be empty for {number:,} of them; --allow-empty sends it anyway"
    return doubts


async def order(session: Session, announced: Announcement, reporter: Reporter) -> Job:
    """Store the messages for everybody; Misconfigured when there is no server to send them."""
    announced = await _with_template(session, announced)
    check(announced.wanted)
    await session.delivery.ready(announced.wanted.way)
    customers, recipients = await _people(session, announced)
    if announced.test:
        return await _order_test(session, announced, recipients, reporter)
    if doubts := await _doubts(session, announced, recipients, strict=True):
        raise Invalid({part: f"{part}: {said}" for part, said in doubts.items()})
    reporter.people(announced.wanted.way, customers, _counted(recipients), 0)
    job = await session.outbox.order(announced.wanted, recipients, partial(reporter.progress, "queuing"))
    reporter.ordered(job, job.messages)
    return job


async def _order_test(
    session: Session, announced: Announcement, recipients: Sequence[Recipient], reporter: Reporter
) -> Job:
    """Store one message to oneself, as the first who can be reached would see it."""
    like = next((one for one in recipients if one.reach is Reach.WILL), None)
    if like is None:
        raise Refused("none of them can be reached, so there are no values to fill a test with")
    job = await session.outbox.order_test(announced.wanted, announced.test, like)
    reporter.ordered(job, 1)
    return job


async def send(session: Session, job: Job, ending: asyncio.Event, reporter: Reporter) -> int:
    """Send until all were tried, the server takes none, or it shall end; says the exit code."""
    watching = asyncio.ensure_future(_watch(session, job, reporter))
    stopped, left = "", int(job.due_at <= datetime.now(UTC))
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
    well = {State.SENT} if job.due_at <= datetime.now(UTC) else {State.SENT, State.QUEUED}
    return 0 if set(states) <= well else FAILED


async def _watch(session: Session, job: Job, reporter: Reporter) -> None:
    while True:
        with suppress(Unavailable):
            states = await session.outbox.counts(job.id)
            reporter.progress("sending", sum(states.values()) - _untried(states), sum(states.values()))
        await asyncio.sleep(LOOK_AGAIN)


async def _people(session: Session, announced: Announcement) -> tuple[int, list[Recipient]]:
    wanted = announced.wanted
    return await people_of(session, announced.query, wanted.way, service=wanted.service)


async def people_of(
    session: Session, query: Query, way: Way, *, service: bool
) -> tuple[int, list[Recipient]]:
    """How many customers a query has, and their contacts."""
    customers = await session.bulk.chosen(Selection(frozenset(), all_but=True, query=query))
    return len(customers), await session.outbox.recipients(way, customers, service=service)


def _counted(recipients: Sequence[Recipient]) -> dict[Reach, int]:
    found = Counter(one.reach for one in recipients)
    return {reach: found[reach] for reach in Reach}


def _untried(states: dict[State, int]) -> int:
    return sum(states.get(state, 0) for state in UNTRIED)
