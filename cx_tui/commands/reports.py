"""The commands that tell of the database: `cx-tui as-of`, `cx-tui hand-over` and `cx-tui evidence`."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cx_tui.config import Loaded
from cx_tui.errors import Misconfigured

if TYPE_CHECKING:
    from cx_tui.services.reports.as_of import AsOf
    from cx_tui.services.session import Session

AddShared = Callable[[argparse.ArgumentParser], None]
MOMENT = "2026-11-21T14:30, 14:30, or 8h for eight hours ago; without a zone in UTC"


def add_commands(commands: Any, add_shared: AddShared) -> None:
    """Teach a parser these commands."""
    parser = commands.add_parser("as-of", help="a customer as it was at a moment, or what differs at two")
    parser.add_argument("customer", metavar="CUSTOMER", help="the whole name, or #number; a deleted one too")
    parser.add_argument("moment", metavar="MOMENT", help=MOMENT)
    parser.add_argument("second", metavar="SECOND", nargs="?", help="show what differs at this moment")
    parser.add_argument("--and", dest="other", metavar="MOMENT", help="the same as SECOND")
    _finish(parser, _as_of, add_shared)

    parser = commands.add_parser(
        "hand-over", aliases=["handover"], help="what the next shift must know, as text for a ticket"
    )
    parser.add_argument("--since", metavar="MOMENT", required=True, help=MOMENT)
    _finish(parser, _hand_over, add_shared)

    parser = commands.add_parser(
        "evidence", help="identity, limits, gates, last calls and changes of a customer"
    )
    parser.add_argument("customer", metavar="CUSTOMER", help="the whole name, or #number")
    parser.add_argument("--mask", action="store_true", help="nobody in it can be called or written to")
    parser.add_argument("-o", "--output", metavar="FILE", help="write it into a file that is not there yet")
    _finish(parser, _evidence, add_shared)


def _finish(
    parser: argparse.ArgumentParser,
    work: "Callable[[Session, argparse.Namespace], Awaitable[int]]",
    add_shared: AddShared,
) -> None:
    parser.add_argument("--json", action="store_true", help="JSON lines, for programs")
    add_shared(parser)

    def do(options: argparse.Namespace, loaded: Loaded) -> int:
        async def worked() -> int:
            from cx_tui.bootstrap.opening import open_money

            async with open_money(loaded, os.environ, read_only=True) as session:
                return await work(session, options)

        return asyncio.run(worked())

    parser.set_defaults(do=do)


def _moment(text: str) -> datetime:
    from cx_tui.domain.delay import earlier
    from cx_tui.domain.kinds import BadValue

    try:
        return earlier(text, datetime.now(UTC))
    except BadValue as error:
        raise Misconfigured(str(error)) from None


def _write(found: Any) -> None:
    print(json.dumps(found, ensure_ascii=False))


async def _as_of(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.services.reports.as_of import as_of, customer_ever_named

    if options.second and options.other:
        raise Misconfigured("write the second moment once: as an argument, or with --and")
    second = options.second or options.other
    moments = sorted(_moment(text) for text in filter(None, (options.moment, second)))
    customer_id = await customer_ever_named(session.database, options.customer)
    found = await as_of(session.database, customer_id, *moments)
    if second:
        _tell_difference(found[0], found[1], as_json=options.json)
    else:
        _tell_state(found[0], as_json=options.json)
    for doubt in found[0].doubts:
        print(f"cx-tui: {doubt}", file=sys.stderr)
    return 0


def _tell_state(then: "AsOf", *, as_json: bool) -> None:
    from cx_tui.domain.differences import differences, shown

    for one in then.records.values():
        if as_json:
            _write(
                {"record": one.record, "id": one.id, "at": then.moment.isoformat(), "values": dict(one.texts)}
            )
            continue
        print(f"{one.name}  (#{one.id})")
        for each in differences(one.record, {}, one.texts):
            print(f"    {each.label:<20} {_line(shown(one.record, each.name, each.after))}")


def _tell_difference(first: "AsOf", second: "AsOf", *, as_json: bool) -> None:
    from cx_tui.domain.differences import shown
    from cx_tui.services.reports.as_of import between

    for one in between(first, second):
        known, fields = one.one, one.differences()
        if as_json:
            before, after = (
                {each.name: getattr(each, side) for each in fields} for side in ("before", "after")
            )
            _write(
                {"record": known.record, "id": known.id, "what": one.what, "before": before, "after": after}
            )
            continue
        print(f"{known.name}  (#{known.id}) was {one.what}")
        for each in fields:
            texts = (_line(shown(known.record, each.name, text)) for text in (each.before, each.after))
            print(f"    {each.label:<20} {' -> '.join(texts)}")


def _line(text: str) -> str:
    return " / ".join(text.splitlines())


async def _hand_over(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.services.reports.hand_over import hand_over

    found = await hand_over(session.database, _moment(options.since))
    if options.json:
        for one in found.as_objects():
            _write(one)
    else:
        print(found.as_text(), end="")
    return 0


async def _evidence(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.services.reports.evidence import evidence
    from cx_tui.services.reports.written import write_new

    found = await evidence(session, await session.admission.customer_named(options.customer))
    text = (
        json.dumps(found.as_object(mask=options.mask), ensure_ascii=False) + "\n"
        if options.json
        else found.as_text(mask=options.mask)
    )
    if not options.output:
        print(text, end="")
        return 0
    write_new(Path(options.output), text)
    print(f"cx-tui: the evidence of {found.customer} is in {options.output}", file=sys.stderr)
    return 0
