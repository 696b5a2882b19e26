"""The command that sends: `cx-tui send`."""

import argparse
import asyncio
import gc
import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cx_tui.commands import querying
from cx_tui.config import Loaded
from cx_tui.domain.delay import later
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.outbox import Job, Reach, State, Way
from cx_tui.domain.query import Query
from cx_tui.errors import Misconfigured

if TYPE_CHECKING:
    from cx_tui.services.sending.command import Announcement
    from cx_tui.services.session import Session

LARGEST = 1_000_000


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser this command."""
    send = commands.add_parser("send", help="send e-mail or SMS to the contacts of customers")
    send.set_defaults(record="customer")
    send.add_argument("way", choices=[way.value for way in Way])
    querying.add_query(send)
    send.add_argument("--all", action="store_true", help="to all customers, without choosing any")
    send.add_argument("--subject", metavar="S", default="", help="needed for e-mail; may have fields, too")
    send.add_argument("--body", metavar="FILE", help="Markdown with fields like {{ customer.name }}; or -")
    send.add_argument("--text", metavar="T", default="", help="the text itself, instead of a --body")
    send.add_argument("--template", metavar="NAME", default="", help="the stored text of this name")
    send.add_argument("--referral", action="store_true", help="the referral text, unless --body is given")
    send.add_argument(
        "--at", metavar="WHEN", default="", help="send later: 2h, tomorrow 8:00, a date and time"
    )
    send.add_argument(
        "--test", metavar="ADDRESS", default="", help="only to this address, as the first would see it"
    )
    send.add_argument("--service", action="store_true", help="a service notice: also to who has opted out")
    send.add_argument("--allow-empty", action="store_true", help="although some texts would be empty")
    send.add_argument(
        "--attach", metavar="FILE", action="append", type=Path, default=[], help="goes with each; repeatable"
    )
    send.add_argument("--dry-run", action="store_true", help="say what would happen and what is wrong")
    send.add_argument(
        "--who", action="store_true", help="only list the contacts: who would get it, who not and why"
    )
    send.add_argument("--json", action="store_true", help="JSON lines")
    add_shared(send)
    send.set_defaults(do=_send)


def _send(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.asked import rehearse_sending, send
    from cx_tui.bootstrap.opening import database_url

    gc.enable()
    query = querying.query_of(options, querying.view_of(options, loaded))
    url = database_url(loaded, os.environ)
    if options.who:
        return _who(options, loaded, url, query)
    announced, reporter = _asked(options, query), ForProgram() if options.json else ForPerson()
    if options.dry_run:
        return asyncio.run(rehearse_sending(loaded, url, os.environ, announced, reporter))
    if loaded.settings.database.read_only:
        raise Misconfigured("sending is written down; without --read-only, or with --dry-run")
    if announced.query.which == Query().which and not options.all and not options.test:
        raise Misconfigured(
            "this would go to everybody; choose with --search, --where, --status or --view, or say --all"
        )
    return asyncio.run(send(loaded, url, os.environ, announced, reporter))


def _who(options: argparse.Namespace, loaded: Loaded, url: str, query: Query) -> int:
    """List the contacts, those who would not get it first."""
    from cx_tui.bootstrap.opening import asking

    way = next(way for way in Way if way.value == options.way)

    async def ask(session: "Session") -> int:
        from cx_tui.services.sending.command import people_of

        _, found = await people_of(session, query, way, service=options.service)
        found.sort(key=lambda one: one.reach is Reach.WILL)
        names = await session.log.names(sorted({one.customer_id for one in found}))
        for one in found:
            customer = names.get(one.customer_id, "")
            if options.json:
                said = {"customer_id": one.customer_id, "customer": customer, "name": one.name}
                _write(
                    json.dumps({**said, "address": one.address, "reach": one.reach.value}, ensure_ascii=False)
                )
            else:
                _write("\t".join((one.reach.label, one.name or "-", customer, one.address)))
        return 0

    return asyncio.run(asking(loaded, url, os.environ, ask, writes=False))


def _asked(options: argparse.Namespace, query: Query) -> "Announcement":
    from cx_tui.services.sending import attachments
    from cx_tui.services.sending.command import Announcement
    from cx_tui.services.sending.draft_message import DraftMessage

    way = next(way for way in Way if way.value == options.way)
    if problem := attachments.wrong(options.attach):
        raise Misconfigured(f"nothing is sent with these files: {problem}")
    if not (options.body or options.text or options.template or options.referral):
        raise Misconfigured(
            "there is nothing to send; give a --text, name a --body or a --template, or say --referral"
        )
    files = attachments.read(options.attach)
    body = _read(options.body) if options.body else options.text.strip()
    wanted = DraftMessage(way, body, options.subject, files, _moment(options.at), options.service)
    return Announcement(query, wanted, options.template, options.referral, options.test, options.allow_empty)


def _moment(text: str) -> datetime | None:
    """When it shall be sent; None is now."""
    from cx_tui.screens.moments import LocalClock

    if not text.strip():
        return None
    try:
        return later(text, datetime.now(LocalClock()))
    except BadValue as error:
        raise Misconfigured(f"--at: {error}") from None


def _read(name: str) -> str:
    try:
        content = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else _read_file(Path(name))
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise Misconfigured(f"{name} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Misconfigured(f"{name} is not UTF-8 text") from None
    if len(content) > LARGEST:
        raise Misconfigured(f"{name} has more than {LARGEST:,} bytes; is it the right file?")
    return text.replace("\r\n", "\n").rstrip()


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


class ForPerson:
    """Sentences; how far it is, only on a terminal."""

    def people(self, way: Way, customers: int, reached: dict[Reach, int], segments: int) -> None:
        from cx_tui.screens.stakes import counted

        contacts = (Reach.NO_ADDRESS, Reach.NOT_VALID, Reach.OPTED_OUT, Reach.SAME)
        others = ", ".join(f"{reached[reach]:,} {reach.label}" for reach in contacts)
        will = counted(reached[Reach.WILL], "contact")
        _write(f"{counted(customers, 'customer')}; {will} will get it by {way.label}")
        _write(f"others: {others}")
        if without := reached[Reach.NOBODY]:
            _write(f"{counted(without, 'customer')} without any contact")
        if segments:
            _write(f"{counted(segments, 'SMS segment')} in all")

    def works(self, sentence: str) -> None:
        _write(f"ok: {sentence}")

    def wrong(self, part: str, sentence: str) -> None:
        _write(f"wrong: {part}: {sentence}")

    def progress(self, what: str, done: int, of: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{what} {done:,} of {of:,}" + ("\n" if done >= of else ""))
            sys.stderr.flush()

    def ordered(self, job: Job, messages: int) -> None:
        from cx_tui.screens.stakes import counted

        _write(f"{counted(messages, 'message')} {'is' if messages == 1 else 'are'} stored as job {job.id}")

    def summary(self, states: dict[State, int], stopped: str) -> None:
        _write(", ".join(f"{number:,} {state.label.lower()}" for state, number in sorted(states.items())))
        if stopped:
            _write(
                f"stopped: {stopped}; what is queued is sent by the program or a worker, when that is over"
            )


class ForProgram:
    """JSON lines, each with its `event`."""

    def people(self, way: Way, customers: int, reached: dict[Reach, int], segments: int) -> None:
        counts = {reach.value: number for reach, number in reached.items()}
        _say("people", way=way.value, customers=customers, contacts=counts, segments=segments)

    def works(self, sentence: str) -> None:
        _say("works", said=sentence)

    def wrong(self, part: str, sentence: str) -> None:
        _say("wrong", part=part, said=sentence)

    def progress(self, what: str, done: int, of: int) -> None:
        _say("progress", what=what, done=done, of=of)

    def ordered(self, job: Job, messages: int) -> None:
        _say("ordered", job=job.id, messages=messages)

    def summary(self, states: dict[State, int], stopped: str) -> None:
        counts = {state.value: number for state, number in sorted(states.items())}
        _say("summary", states=counts, stopped=stopped)


def _say(event: str, **values: object) -> None:
    _write(json.dumps({"event": event, **values}, ensure_ascii=False))


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
