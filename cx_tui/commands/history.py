"""The commands that show what was done and ordered: `cx-tui log`, `cx-tui outbox`, `cx-tui delayed`."""

import argparse
import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cx_tui.config import Loaded
from cx_tui.errors import Misconfigured

if TYPE_CHECKING:
    from cx_tui.domain.outbox import Job, Message, State
    from cx_tui.services.session import Session

AddShared = Callable[[argparse.ArgumentParser], None]
Work = Callable[["Session", argparse.Namespace], Awaitable[int]]
MOMENT = "2026-11-21T14:30, 14:30, or 8h for eight hours ago; without a zone in UTC"
LIMIT = 50
AT_ONCE = 500


def add_commands(commands: Any, add_shared: AddShared) -> None:
    """Teach a parser these commands."""
    log = commands.add_parser("log", help="what was done, the newest first; or what one operation changed")
    _add_customer(log)
    log.add_argument("--title", metavar="TEXT", default="", help="only titles that have this text")
    log.add_argument("--who", metavar="TEXT", default="", help="only what this person did, or from there")
    log.add_argument(
        "--act", metavar="NAME", default="", help="only this: create, update, bulk edit, upload …"
    )
    log.add_argument("--from", dest="first", metavar="MOMENT", default="", help=MOMENT)
    log.add_argument("--to", dest="until", metavar="MOMENT", default="", help="until before this moment")
    log.add_argument("--operation", metavar="N", type=int, help="what this operation changed, by its number")
    _finish(log, _log, add_shared)

    outbox = commands.add_parser("outbox", help="what was ordered to be sent, or the messages of a job")
    _add_customer(outbox)
    outbox.add_argument("--job", metavar="N", type=int, help="the messages of this job, by its number")
    outbox.add_argument("--state", metavar="NAME", default="", help="of a job: only messages in this state")
    outbox.add_argument("--to", metavar="TEXT", default="", help="messages to an address or a name like this")
    _finish(outbox, _outbox, add_shared)

    delayed = commands.add_parser("delayed", help="changes that wait for their time, the next first")
    _add_customer(delayed)
    delayed.add_argument("--all", action="store_true", help="those that are done or cancelled, too")
    _finish(delayed, _delayed, add_shared)


def _add_customer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "customer", metavar="CUSTOMER", nargs="?", default="",
        help="of this one only: the whole name, or #number; a deleted one too",
    )  # fmt: skip


def _finish(parser: argparse.ArgumentParser, work: Work, add_shared: AddShared) -> None:
    parser.add_argument("--limit", metavar="N", type=int, default=LIMIT, help=f"how many ({LIMIT})")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for programs")
    add_shared(parser)

    def do(options: argparse.Namespace, loaded: Loaded) -> int:
        from cx_tui.bootstrap.opening import open_money

        if options.limit < 0:
            raise Misconfigured("--limit takes 0 or more")

        async def worked() -> int:
            async with open_money(loaded, os.environ, read_only=True) as session:
                return await work(session, options)

        return asyncio.run(worked())

    parser.set_defaults(do=do)


async def _customer(session: "Session", options: argparse.Namespace) -> int | None:
    from cx_tui.services.reports.as_of import customer_ever_named

    return await customer_ever_named(session.database, options.customer) if options.customer else None


async def _log(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.domain.history import Act, LogQuery

    customer = await _customer(session, options)
    if options.operation is not None:
        return await _changes(session, options, customer)
    act = _member(Act, options.act, "kind of operation")
    first, until = _moment(options.first), _moment(options.until)
    listing = session.log.listing(LogQuery(customer, options.who, act, options.title, first, until))
    end = min(options.limit, await listing.count())
    for start in range(0, end, AT_ONCE):
        for one in await listing.rows(start, min(AT_ONCE, end - start)):
            _show(
                options.json,
                {
                    "id": one.id, "at": _said(one.at), "who": one.who, "origin": one.origin,
                    "act": one.act.value, "title": one.title, "records": one.records, "undoes": one.undoes,
                    "undone_by": one.undone_by,
                },
            )  # fmt: skip
    return 0


async def _changes(session: "Session", options: argparse.Namespace, customer: int | None) -> int:
    from cx_tui.domain.differences import in_words

    listing = session.log.changed(options.operation, customer)
    end = min(options.limit, await listing.count())
    for start in range(0, end, AT_ONCE):
        found = await listing.rows(start, min(AT_ONCE, end - start))
        names = await session.log.names(sorted({one.customer_id for one in found}))
        for one in found:
            change = in_words(one.record, one.before, one.after, arrow="->")
            _show(
                options.json,
                {
                    "record": one.record, "id": one.record_id, "customer": names.get(one.customer_id, ""),
                    "act": one.act.value, "change": change,
                },
                only_json={"before": dict(one.before), "after": dict(one.after)},
            )  # fmt: skip
    return 0


async def _outbox(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.domain.outbox import State

    customer = await _customer(session, options)
    state = _member(State, options.state, "state")
    if state and options.job is None:
        raise Misconfigured("--state is of the messages of one job; name it with --job N")
    if options.job is not None:
        last, left = 0, options.limit
        while left > 0:
            some = await session.outbox.messages(
                options.job, min(AT_ONCE, left), last, [state] if state else ()
            )
            for one in some:
                _show(options.json, _message(one))
            if not some:
                break
            last, left = some[-1].id, left - len(some)
        return 0
    if options.to or customer is not None:
        for one, _ in (await session.outbox.found(options.to, customer))[: options.limit]:
            _show(options.json, _message(one))
        return 0
    for job, counts in await session.outbox.jobs(options.limit):
        _show(options.json, _job(job, counts))
    return 0


def _job(job: "Job", counts: "dict[State, int]") -> dict[str, Any]:
    states = {state.value: number for state, number in sorted(counts.items()) if number}
    return {
        "id": job.id, "at": _said(job.at), "due": _said(job.due_at), "who": job.who, "way": job.way.value,
        "subject": job.subject or job.body.partition("\n")[0], "messages": states,
    }  # fmt: skip


def _message(one: "Message") -> dict[str, Any]:
    return {
        "id": one.id, "job": one.job_id, "way": one.way.value, "state": one.state.value, "to": one.name,
        "address": one.address, "sent": _said(one.sent_at), "due": _said(one.due_at), "answer": one.answer,
    }  # fmt: skip


async def _delayed(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.domain.differences import in_words
    from cx_tui.domain.history import OPEN, SETTLED

    customer = await _customer(session, options)
    found = await session.delayed.board(OPEN, customer)
    if options.all:
        found += await session.delayed.board(SETTLED, customer, latest=True)
    for one, name in found[: options.limit]:
        _show(
            options.json,
            {
                "id": one.id, "due": _said(one.due_at), "customer": name, "state": one.state.value,
                "change": in_words("customer", one.base, one.wanted, arrow="->"), "who": one.who,
                "ordered": _said(one.created_at), "why": one.said,
            },
        )  # fmt: skip
    return 0


def _show(as_json: bool, found: dict[str, Any], only_json: dict[str, Any] | None = None) -> None:
    if as_json:
        print(json.dumps({**found, **(only_json or {})}, ensure_ascii=False))
        return
    from cx_tui.config.text import visible

    print("\t".join(visible(_text(value)) for value in found.values()))


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{number:,} {name}" for name, number in value.items())
    return "" if value is None else str(value)


def _said(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def _moment(text: str) -> datetime | None:
    from cx_tui.domain.delay import earlier
    from cx_tui.domain.kinds import BadValue

    try:
        return earlier(text, datetime.now(UTC)) if text else None
    except BadValue as error:
        raise Misconfigured(str(error)) from None


def _member(choices: Any, said: str, what: str) -> Any:
    if not said:
        return None
    for one in choices:
        if said.casefold() in (one.value, one.label.casefold()):
            return one
    raise Misconfigured(f'there is no {what} "{said}"; there are {", ".join(one.value for one in choices)}')
