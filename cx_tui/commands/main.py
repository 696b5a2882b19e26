"""The command line.  Data goes to stdout, talk to stderr; exit codes are fixed (see `ExitCode`)."""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn, cast

from cx_tui import __version__
from cx_tui.app import first_picture
from cx_tui.commands import (
    admission,
    approvals,
    calls,
    decide,
    files,
    grouping,
    history,
    listing,
    money,
    opt_outs,
    rates,
    reports,
    roles,
    send,
    serve,
    sql,
    switch,
    views,
)
from cx_tui.config import Loaded, describe, load, paths, without_secret
from cx_tui.config.text import quoted, visible, without_secrets
from cx_tui.errors import CxError, Misconfigured, Unavailable
from cx_tui.terminal import last_screen

DEMO_CUSTOMERS = 5_000


class ExitCode(IntEnum):
    """What a script can rely on."""

    OK = 0
    FAILED = 1
    WRONG_USAGE = 2
    DATABASE_AWAY = 3
    INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say."""
    options = make_parser().parse_args(with_orders(arguments))
    try:
        loaded = load(os.environ, flags_of(options))
        for warning in loaded.warnings:
            _say(warning)
        code = int(options.do(options, loaded))
        sys.stdout.flush()
        return code
    except Misconfigured as error:
        _say(error)
        return ExitCode.WRONG_USAGE
    except Unavailable as error:
        _say(error)
        return ExitCode.DATABASE_AWAY
    except CxError as error:
        _say(error)
        return ExitCode.FAILED
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Who read it has gone, as `head` does: what Python still has for it at its end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED


def with_orders(arguments: Sequence[str]) -> list[str]:
    """The arguments, with what follows these options and may begin with a - written so that it is no option:
    an order that falls (`--sort -credit`), a condition that does not hold (`--where '-tags:vip'`)."""
    found: list[str] = []
    for argument in arguments:
        if found and found[-1] in ("--sort", "--where"):
            found[-1] = f"{found[-1]}={argument}"
        else:
            found.append(argument)
    return found


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong without obeying it, and without the secrets in it."""

    def error(self, message: str) -> NoReturn:
        """What is wrong, and the end."""
        last_screen.take_back()
        super().error(visible(without_secrets(message)))


def make_parser() -> argparse.ArgumentParser:
    """What can be written on the command line."""
    parser = Parser(prog="cx-tui", description="The customers of a VoIP switch, in a terminal.")
    parser.add_argument("--version", action="version", version=f"cx-tui {__version__}")
    parser.add_argument(
        "--linear", action="store_true",
        help="talk line by line, for screen readers and terminals that only print",
    )  # fmt: skip
    _add_shared(parser)
    parser.set_defaults(do=_open)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")

    demo = commands.add_parser("demo", help="make a believable database and open it")
    _add_shared(demo)
    _add_seed(demo, DEMO_CUSTOMERS)
    demo.add_argument("--no-traffic", action="store_true", help="no calls come and go")
    demo.add_argument(
        "--switch",
        action="store_true",
        help="calls of a real Kamailio and SIPp on this machine, decided here",
    )
    demo.set_defaults(do=_demo)

    seed = commands.add_parser("seed", help="fill an empty database with believable customers")
    _add_shared(seed)
    _add_seed(seed, DEMO_CUSTOMERS)
    seed.set_defaults(do=_seed)

    database = commands.add_parser("db", help="the tables of the database")
    database.add_argument("action", choices=("upgrade", "check", "info", "copy", "roles"))
    database.add_argument("--from", dest="source", metavar="URL", default="", help="copy: what is copied")
    database.add_argument("--to", dest="target", metavar="URL", default="", help="copy: a new database")
    database.add_argument("--dry-run", action="store_true", help="roles: print the SQL, and change nothing")
    database.add_argument("--json", action="store_true", help="roles: what each may do, as JSON lines")
    _add_shared(database)
    database.set_defaults(do=_db)

    worker = commands.add_parser(
        "worker", help="make delayed changes and send messages when they are due, without a screen"
    )
    worker.add_argument("--once", action="store_true", help="do what is due now, and end")
    _add_shared(worker)
    worker.set_defaults(do=_worker)

    collect = commands.add_parser("collect", help="read the sources of calls that the settings name")
    collect.add_argument("--once", action="store_true", help="read what is new now, and end")
    _add_shared(collect)
    collect.set_defaults(do=_collect)

    files.add_commands(commands, _add_shared)
    listing.add_commands(commands, _add_shared)
    grouping.add_commands(commands, _add_shared)
    views.add_commands(commands, _add_shared)
    sql.add_commands(commands, _add_shared)
    rates.add_commands(commands, _add_shared)
    send.add_commands(commands, _add_shared)
    opt_outs.add_commands(commands, _add_shared)
    admission.add_commands(commands, _add_shared)
    calls.add_commands(commands, _add_shared)
    money.add_commands(commands, _add_shared)
    decide.add_commands(commands, _add_shared)
    switch.add_commands(commands, _add_shared)
    reports.add_commands(commands, _add_shared)
    history.add_commands(commands, _add_shared)
    serve.add_commands(commands, _add_shared)
    approvals.add_commands(commands, _add_shared)

    info = commands.add_parser("info", help="paths, settings, and where each value came from")
    _add_shared(info)
    info.set_defaults(do=_info)
    return parser


def _add_shared(parser: argparse.ArgumentParser) -> None:
    """Every command takes these, before or after its name."""
    parser.add_argument(
        "--db", metavar="URL", default=argparse.SUPPRESS, help="sqlite:///file or postgresql://…"
    )
    parser.add_argument(
        "--theme", metavar="NAME", default=argparse.SUPPRESS, help="colours: cx-dark, cx-light …"
    )
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=argparse.SUPPRESS,
        help="any setting, such as refresh.seconds=5; may be given again",
    )
    for flag, text in (
        ("--read-only", "look, but change nothing"),
        ("--no-mouse", "leave the mouse to the terminal"),
        ("--plain-terminal", "draw as Textual does by itself, with many more bytes"),
        ("--ascii", "draw with ASCII signs only"),
    ):
        parser.add_argument(flag, action="store_true", default=argparse.SUPPRESS, help=text)


def _add_seed(parser: argparse.ArgumentParser, customers: int) -> None:
    parser.add_argument("--customers", metavar="N", type=_number, default=customers, help=f"({customers:,})")
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="another seed makes other customers")


def _number(text: str) -> int:
    number = int(text.replace(",", "").replace("_", ""))
    if not 1 <= number <= 20_000_000:
        raise argparse.ArgumentTypeError("from 1 to 20,000,000 customers can be made")
    return number


def flags_of(options: argparse.Namespace) -> dict[str, object]:
    """The settings that the command line gives: what --set says, and over it what the flags say."""
    given = vars(options)
    for assignment in given.get("set", ()):
        if "=" not in assignment:
            raise Misconfigured(
                f"command line: --set {quoted(without_secrets(assignment))} has no value; "
                "write it like refresh.seconds=5"
            )
    flags = {
        "database.url": given.get("db"),
        "database.read_only": True if "read_only" in given else None,
        "look.theme": given.get("theme"),
        "look.mouse": False if "no_mouse" in given else None,
        "look.plain_terminal": True if "plain_terminal" in given else None,
        "look.ascii": "on" if "ascii" in given else None,
    }
    # A flag that was not given says nothing: it must not take back what --set says.
    said = {key: value for key, value in flags.items() if value is not None}
    return {**dict(assignment.split("=", 1) for assignment in given.get("set", ())), **said}


def _open(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap import database_url, run_app, run_linear

    def keep(picture: str, size: tuple[int, int]) -> None:
        first_picture.keep(picture, size, sys.argv[1:], os.environ)

    if _is_linear(options):
        last_screen.take_back()
        asyncio.run(run_linear(loaded, database_url(loaded, os.environ), os.environ, sys.stdin, sys.stdout))
        return ExitCode.OK
    if not loaded.settings.start.last_rows:
        first_picture.forget(os.environ)
    return _on_screen(lambda: run_app(loaded, database_url(loaded, os.environ), keep_picture=keep))


def _is_linear(options: argparse.Namespace) -> bool:
    """Whether to talk line by line: asked for here or for all programs, or on a terminal that only prints."""
    is_dumb = sys.stdin.isatty() and os.environ.get("TERM", "dumb") == "dumb"
    return options.linear or os.environ.get("ACCESSIBLE", "") not in ("", "0") or is_dumb


def _demo(options: argparse.Namespace, loaded: Loaded) -> int:
    from contextlib import ExitStack
    from dataclasses import replace

    from cx_tui.bootstrap import real_switch, run_app, seed_for_demo
    from cx_tui.decide.kamailio.playing import missing

    with ExitStack() as until_left:
        folder = Path(until_left.enter_context(tempfile.TemporaryDirectory(prefix="cx-tui-demo-")))
        own_database = loaded.settings.database.url
        if options.switch and own_database:
            raise Misconfigured("--switch calls with a database of its own: leave --db out")
        if options.switch and (lacking := missing()):
            raise Misconfigured(f"--switch needs a real switch: {lacking}")
        url = own_database or f"sqlite:///{folder / 'demo.db'}"
        gc.enable()
        asyncio.run(seed_for_demo(url, options.customers, options.seed, _progress))
        traffic = not (options.no_traffic or options.switch)
        if options.switch:
            _say("starting Kamailio, SIPp, cx-tui decide and cx-tui collect")
            sources = until_left.enter_context(real_switch(url, folder, os.environ))
            loaded = loaded._replace(settings=replace(loaded.settings, sources=sources))
        return _on_screen(lambda: run_app(loaded, url, traffic=traffic, label="demo", catching=True))


def _on_screen(run_program: Callable[[], int]) -> int:
    if not sys.stdin.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        _say("this needs a terminal with a full screen; without one use: cx-tui seed, db, info")
        return ExitCode.WRONG_USAGE
    # Textual draws there; what goes to stderr besides, such as a traceback, goes where that was sent.
    cast(Any, sys).__stderr__ = last_screen.terminal_file()
    return run_program()


def _seed(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap import database_url, seed_database

    gc.enable()
    url = database_url(loaded, os.environ)
    asyncio.run(seed_database(url, options.customers, options.seed, _progress))
    _say(f"{options.customers:,} customers are in {without_secret(url)}")
    return ExitCode.OK


def _db(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap import database_url
    from cx_tui.services import database

    if options.action == "copy":
        return _copy(options)
    url = database_url(loaded, os.environ)
    if options.action == "roles":
        return roles.make(url, dry_run=options.dry_run, as_json=options.json)
    if options.action == "upgrade":
        _say(asyncio.run(database.upgrade(url)))
        return ExitCode.OK
    if options.action == "check":
        wrong, mended = asyncio.run(database.check(url))
        for sentence in wrong or ["the tables are as the program expects them"]:
            _say(sentence)
        if mended:
            _say(f"the contacts of {mended:,} customers were counted wrongly; they have been recounted")
        return ExitCode.FAILED if wrong else ExitCode.OK
    for name, value in asyncio.run(database.info(url)):
        print(f"{name:<12} {value}")
    return ExitCode.OK


def _copy(options: argparse.Namespace) -> int:
    from cx_tui.services.copying import copy_database

    if not (options.source and options.target):
        raise Misconfigured("say both: cx-tui db copy --from URL --to URL")

    def say(table: str, done: int, of: int) -> None:
        _say(f"{table:<20} {done:>12,} of {of:,}")

    copied = asyncio.run(copy_database(options.source, options.target, say))
    for sentence in copied.differences:
        _say(sentence)
    rows, tables = sum(copied.rows.values()), len(copied.rows)
    if copied.differences:
        _say("the copy is not the same: was the source written to?  Begin again with a new database")
        return ExitCode.FAILED
    went_on = ", going on where it was broken off" if copied.went_on else ""
    _say(f"{rows:,} rows of {tables} tables were copied{went_on}; counts and sums are the same")
    return ExitCode.OK


def _worker(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap import database_url, work

    gc.enable()
    if loaded.settings.database.read_only:
        raise Misconfigured("a worker changes the database; start it without --read-only")
    url = database_url(loaded, os.environ)
    asyncio.run(work(loaded, url, os.environ, once=options.once, say=_say))
    return ExitCode.OK


def _collect(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap import collect

    gc.enable()
    if loaded.settings.database.read_only:
        raise Misconfigured("calls change the database; start it without --read-only")
    unread = asyncio.run(collect(loaded, os.environ, once=options.once, say=_say))
    return ExitCode.FAILED if unread else ExitCode.OK


def _info(options: argparse.Namespace, loaded: Loaded) -> int:
    print(f"cx-tui {__version__}\n")
    for name, path, there in paths(os.environ):
        print(f"{name:<10} {path}{'' if there else '  (not there)'}")
    print()
    rows = describe(loaded, os.environ)
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for key, value, origin in rows:
        print(f"{key:<{widths[0]}}  {value:<{widths[1]}}  {origin}")
    return ExitCode.OK


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(
            f"\rmaking customers {done:,} of {of:,}",
            end="\n" if done >= of else "",
            file=sys.stderr,
            flush=True,
        )


def _say(what: object) -> None:
    last_screen.take_back()
    for line in str(what).split("\n"):
        print(f"cx-tui: {visible(line)}", file=sys.stderr)
