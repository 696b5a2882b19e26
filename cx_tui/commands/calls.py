"""The commands of calls: import, list, export, summary, seal, check, recalculate, live, end."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cx_tui.config import Loaded
from cx_tui.errors import Misconfigured, NeedsApproval

if TYPE_CHECKING:
    from cx_tui.db.calls.manifest import CallFile
    from cx_tui.domain.calls.query import CallQuery
    from cx_tui.domain.calls.recalculation import Recalculation
    from cx_tui.services.calls.calls import Calls

OK, FAILED = 0, 1
LIMIT = 50

LISTED = (
    "invited_at", "customer_id", "cli", "dialled", "sip_code", "talk_ms", "charge", "currency", "carrier",
)  # fmt: skip
SUMMED = (
    "period", "attempts", "connected", "asr", "acd", "talk", "billed", "charge", "cost", "profit",
    "currency",
)  # fmt: skip
"""What is shown where nobody asked for JSON."""

Work = Callable[["Calls", argparse.Namespace, Loaded], Awaitable[int]]


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser these commands."""
    calls = commands.add_parser(
        "calls", help="records of calls: import, list, export, summary, seal, check …"
    )
    which = calls.add_subparsers(metavar="ACTION", title="actions", required=True)

    def action(name: str, help: str, work: Work, *, writes: bool = False) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = which.add_parser(name, help=help)
        parser.add_argument("--json", action="store_true", help="one object a line")
        parser.set_defaults(do=_doing(work, writes=writes))
        add_shared(parser)
        return parser

    _add_import(action("import", "bring files of calls in, each call once", _import, writes=True))
    listing = action("list", "calls, the newest first", _list)
    add_query(listing)
    listing.add_argument(
        "--sort", metavar="COLUMN", default="", help="such as --sort=-charge,start; - turns it round"
    )
    listing.add_argument("--limit", metavar="N", type=int, default=LIMIT, help=f"how many ({LIMIT})")
    export = action("export", "write calls into a file, moments in UTC", _export)
    export.add_argument("file", metavar="FILE", type=Path, help="ends with .csv or .parquet")
    add_query(export)
    summary = action("summary", "what was counted, by hour, day, week or month (UTC)", _summary)
    _add_customer(summary)
    _add_times(summary)
    summary.add_argument("--by", choices=("hour", "day", "week", "month"), default="day")
    groups = action(
        "groups", "calls by carrier, SIP code, ending or gate: ASR, ACD, the spread of PDD", _groups
    )
    add_query(groups)
    groups.add_argument("--by", choices=("carrier", "sip_code", "release", "gate"), default="carrier")
    seal = action("seal", "put days that are over into files, and let old ones go", _seal, writes=True)
    seal.add_argument("--day", metavar="D", type=_day, help="only this day")
    seal.add_argument("--month", metavar="M", type=_month, help="put a closed month together: 2026-05")
    action("check", "recount all calls, and name what differs", _check)
    _add_recalculate(
        action("recalculate", "recount a day, or price its calls again", _recalculate, writes=True)
    )
    live = action("live", "calls that are up", _live)
    _add_customer(live)
    end = action("end", "end a call that is up", _end, writes=True)
    end.add_argument("key", metavar="KEY", help="its key, as `calls live` shows it")


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
    parser.add_argument("--format", metavar="NAME", default="", help="what wrote it, if not recognised")
    parser.add_argument(
        "--map", metavar="FIELD=column", action="append", default=[], help="as talk=billsec:s"
    )
    parser.add_argument("--zone", metavar="Z", default="", help="the zone of times without one, such as UTC")
    parser.add_argument("--source", metavar="NAME", default="", help="the switch; without it the file's name")
    parser.add_argument("--dry-run", action="store_true", help="say what would come in, and bring in nothing")


def _add_customer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("customer", metavar="CUSTOMER", nargs="?", default="", help="a name, or #number")


def _add_times(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", metavar="T", type=_moment, help="from this moment on")
    parser.add_argument("--to", dest="until", metavar="T", type=_moment, help="until before this moment")


def add_query(parser: argparse.ArgumentParser) -> None:
    """The options that choose calls."""
    _add_customer(parser)
    _add_times(parser)
    parser.add_argument("--where", metavar="EXPR", default="", help="such as: carrier = alpha and talk > 60")


def _add_recalculate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--day", metavar="D", type=_day, help="the day (UTC)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--credit", action="store_true", help="only what was charged")
    what.add_argument("--summaries", action="store_true", help="all that was counted")
    what.add_argument("--rate", action="store_true", help="new prices, by the cards of today")
    what.add_argument(
        "--duration", metavar="MIN=NEW", type=_lengths, help="calls of MIN seconds and more get NEW"
    )
    what.add_argument("--undo", metavar="N", type=int, help="turn a change back, by its number")
    parser.add_argument("--customer", metavar="C", default="", help="only this one")
    parser.add_argument("--reason", metavar="R", action="append", default=[], help="only calls that ended so")
    parser.add_argument("--apply", action="store_true", help="do it; without it the difference is only shown")
    parser.add_argument("--ask", metavar="REASON", help="ask for a second person where one is needed")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a moment; write it like 2026-06-16T12:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day; write it like 2026-06-16") from None


def _month(text: str) -> date:
    return _day(f"{text}-01")


def _lengths(text: str) -> tuple[int, int]:
    least, _, new = text.partition("=")
    try:
        found = round(float(least) * 1000), round(float(new) * 1000)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} must be written like 7200=60, in seconds") from None
    if min(found) < 0:
        raise argparse.ArgumentTypeError("a call can't be shorter than 0 seconds")
    return found


def _doing(work: Work, *, writes: bool) -> Callable[[argparse.Namespace, Loaded], int]:
    def do(options: argparse.Namespace, loaded: Loaded) -> int:
        if writes and loaded.settings.database.read_only and not getattr(options, "dry_run", False):
            raise Misconfigured("this changes the database; start it without --read-only")

        async def run() -> int:
            from cx_tui.bootstrap.opening import open_calls

            async with open_calls(loaded, os.environ) as calls:
                return await work(calls, options, loaded)

        return asyncio.run(run())

    return do


async def _import(calls: "Calls", options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.ingest.mapping import parse
    from cx_tui.services.calls.importing import bring_in

    done = await bring_in(
        calls, options.files, source=options.source, format=options.format,
        mapping=parse(options.map) if options.map else None, zone=options.zone, dry_run=options.dry_run,
        tell=lambda file: _talk("\n".join(f"{name}: {said}" for name, said in file.understood())),
    )  # fmt: skip
    for sentence in done.bad:
        _talk(sentence)
    found = {**vars(done.tally), "errors": done.errors}
    if options.json:
        _write(found)
    else:
        print(", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in found.items()))
    return FAILED if done.errors else OK


async def query_of(calls: "Calls", options: argparse.Namespace) -> "CallQuery":
    """The calls that the options choose."""
    from cx_tui.domain.calls.query import NEWEST_FIRST, SORTED, CallQuery, conditions_of
    from cx_tui.domain.query import Sort

    said = [one for one in getattr(options, "sort", "").split(",") if one]
    sort = tuple(Sort(NAMED.get(one.lstrip("-"), one.lstrip("-")), one.startswith("-")) for one in said)
    for one in sort:
        if one.column not in SORTED:
            raise Misconfigured(
                f"calls can't be ordered by {one.column}; choose from {', '.join(sorted(SORTED))}"
            )
    return CallQuery(
        await _customer(calls, options.customer), options.first, options.until, conditions_of(options.where),
        sort or NEWEST_FIRST,
    )  # fmt: skip


NAMED = {"invited_at": "start", "ringing_at": "ringing", "answered_at": "answered", "ended_at": "ended"}
"""What columns are called in what is written, and where calls are kept."""


async def _customer(calls: "Calls", said: str) -> int | None:
    return await calls.customer_named(said) if said else None


async def _list(calls: "Calls", options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.services.calls.written import call_object

    found = await calls.list(await query_of(calls, options)).rows(0, options.limit)
    _show((call_object(one) for one in found), LISTED, options)
    return OK


async def _export(calls: "Calls", options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.services.calls.written import write_calls

    number = await write_calls(calls.list(await query_of(calls, options)), options.file)
    _talk(f"{number:,} calls are in {options.file}, moments in UTC")
    return OK


async def _summary(calls: "Calls", options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.services.calls.summaries import Period
    from cx_tui.services.calls.written import summary_object

    customer = await _customer(calls, options.customer)
    (period,) = [one for one in Period if one.value == options.by]
    found = await calls.summaries.by(period, customer, options.first, options.until)
    _show((summary_object(one) for one in found), SUMMED, options)
    return OK


async def _groups(calls: "Calls", options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.services.calls.breakdown import break_down

    found = await break_down(calls, await query_of(calls, options), options.by)
    rows = [
        {
            options.by: one.value or "all calls", "attempts": one.attempts, "connected": one.connected,
            "asr": one.asr, "acd": one.acd, "talk": one.talk_ms / 1000,
            "pdd50": one.pdd[0], "pdd90": one.pdd[1], "pdd99": one.pdd[2], "peak_cps": one.cps,
        }
        for one in found
    ]  # fmt: skip
    _show(rows, tuple(rows[0]) if rows else (), options)
    return OK


async def _seal(calls: "Calls", options: argparse.Namespace, loaded: Loaded) -> int:
    if options.month:
        files = await calls.put_together(options.month)
        _talk(f"{options.month:%Y-%m} is in {len(files):,} files by customer")
        return OK
    if options.day:
        made = await calls.sealing.seal(options.day)
        sealed = [(options.day, made)] if made else []
    else:
        sealed = [one async for one in calls.seal_due(loaded.settings.calls.hot_days)]
    found = [_sealed(day, one) for day, one in sealed]
    _show(found, ("day", "generation", "calls", "path", "bytes"), options)
    if loaded.settings.calls.keep_days and not options.day:
        gone = await calls.let_go(loaded.settings.calls.keep_days)
        _talk(f"the calls of {gone:,} days were let go")
    if calls.mirrored:
        brought = await calls.mirrored.bring()
        _talk(f"ClickHouse got {len(brought):,} days")
    return OK


def _sealed(day: date, made: "CallFile") -> Mapping[str, Any]:
    sums = made.sums
    return {
        "day": f"{day}", "generation": made.generation, "calls": sums.calls, "path": made.path,
        "bytes": made.bytes,
    }  # fmt: skip


async def _check(calls: "Calls", options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.services.calls.written import plain

    code = OK
    async for one in calls.differences():
        code = FAILED
        found = {name: plain(value) for name, value in vars(one).items()}
        _write({**found, "sentence": str(one)}) if options.json else print(one)
    if code == OK:
        _talk("what is counted is what the calls say")
    return code


async def _recalculate(calls: "Calls", options: argparse.Namespace, loaded: Loaded) -> int:
    if options.undo is not None:
        await calls.recalculating.undo(options.undo)
        _talk(f"change {options.undo} is undone")
        return OK
    plan = await calls.dry_run(_recalculation(options, await _customer(calls, options.customer)))
    found = [
        {
            "customer": one.customer_id, "currency": one.currency, "calls": one.calls,
            "before": f"{one.before:f}", "after": f"{one.after:f}",
        }
        for one in plan.changes
    ]  # fmt: skip
    _show(found, ("customer", "currency", "calls", "before", "after"), options)
    for why in plan.unpriced:
        _talk(f"calls would lose their price: {why}")
    if not options.apply:
        _talk("nothing was changed; --apply does it" if found else "nothing would change")
        return OK
    try:
        number = await calls.recalculate(plan)
    except NeedsApproval as need:
        if options.ask is None:
            raise NeedsApproval(f"{need}; --ask REASON asks for one", need.wish) from None
        request = await calls.ask_to_recalculate(need, options.ask)
        _talk(f"asked for; cx-tui approvals approve {request} does it, by another person")
        return OK
    _talk(f"done; --undo {number} turns it back" if number else "done")
    return OK


def _recalculation(options: argparse.Namespace, customer: int | None) -> "Recalculation":
    from cx_tui.domain.calls.call import Release
    from cx_tui.domain.calls.recalculation import Operation, Recalculation

    chosen = [one for one in Operation if getattr(options, one.value)]
    if options.day is None or not chosen:
        raise Misconfigured("say --day, and one of --credit, --summaries, --rate, --duration MIN=NEW")
    known = {one.value: one for one in Release}
    if wrong := [one for one in options.reason if one not in known]:
        raise Misconfigured(f"calls don't end by {wrong[0]}; choose from {', '.join(known)}")
    least, new = options.duration or (0, 0)
    return Recalculation(
        day=options.day, operation=chosen[0], customer_id=customer, minimum_ms=least, new_ms=new,
        releases=tuple(known[one] for one in options.reason),
    )  # fmt: skip


async def _live(calls: "Calls", options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.services.calls.written import live_object

    found = await calls.live(await _customer(calls, options.customer))
    columns = ("live_key", "source", "customer_id", "cli", "dialled", "carrier", "state", "invited")
    _show((live_object(one) for one in found), columns, options)
    return OK


async def _end(calls: "Calls", options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.domain.calls.ending import Ending

    ending = await calls.end(options.key)
    if options.json:
        _write({"key": options.key, "ending": ending.value})
    else:
        print(ending.label)
    return FAILED if ending is Ending.NOT_THERE else OK


def _show(found: Iterable[Mapping[str, Any]], columns: Sequence[str], options: argparse.Namespace) -> None:
    """Objects as JSON lines, or some of their columns as a table."""
    if options.json:
        for one in found:
            _write(one)
        return
    rows = [[_cell(one[name]) for name in columns] for one in found]
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return "".join(sign if sign.isprintable() else "�" for sign in text)


def _write(found: Mapping[str, Any]) -> None:
    print(json.dumps(found, ensure_ascii=False), flush=True)


def _talk(text: str) -> None:
    print(f"cx-tui: {text}", file=sys.stderr)
