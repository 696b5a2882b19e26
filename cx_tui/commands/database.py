"""The tables of the database: made, checked, copied, shared out among roles."""

import argparse
import asyncio
import os
from collections.abc import Callable
from typing import Any

from cx_tui.commands import roles
from cx_tui.commands.talking import ExitCode, say
from cx_tui.config import Loaded
from cx_tui.errors import Misconfigured


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """What is done with the tables."""
    database = commands.add_parser("db", help="the tables of the database")
    database.add_argument("action", choices=("upgrade", "check", "info", "copy", "roles"))
    database.add_argument("--from", dest="source", metavar="URL", default="", help="copy: what is copied")
    database.add_argument("--to", dest="target", metavar="URL", default="", help="copy: a new database")
    database.add_argument("--dry-run", action="store_true", help="roles: print the SQL, and change nothing")
    database.add_argument("--json", action="store_true", help="roles: what each may do, as JSON lines")
    add_shared(database)
    database.set_defaults(do=_db)


def _db(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.opening import database_url
    from cx_tui.services import database

    if options.action == "copy":
        return _copy(options)
    url = database_url(loaded, os.environ)
    if options.action == "roles":
        return roles.make(url, dry_run=options.dry_run, as_json=options.json)
    if options.action == "upgrade":
        say(asyncio.run(database.upgrade(url)))
        return ExitCode.OK
    if options.action == "check":
        wrong, mended = asyncio.run(database.check(url))
        for sentence in wrong or ["the tables are as the program expects them"]:
            say(sentence)
        if mended:
            say(f"the contacts of {mended:,} customers were counted wrongly; they have been recounted")
        return ExitCode.FAILED if wrong else ExitCode.OK
    for name, value in asyncio.run(database.info(url)):
        print(f"{name:<12} {value}")
    return ExitCode.OK


def _copy(options: argparse.Namespace) -> int:
    from cx_tui.services.copying import copy_database

    if not (options.source and options.target):
        raise Misconfigured("say both: cx-tui db copy --from URL --to URL")

    def tell(table: str, done: int, of: int) -> None:
        say(f"{table:<20} {done:>12,} of {of:,}")

    copied = asyncio.run(copy_database(options.source, options.target, tell))
    for sentence in copied.differences:
        say(sentence)
    rows, tables = sum(copied.rows.values()), len(copied.rows)
    if copied.differences:
        say("the copy is not the same: was the source written to?  Begin again with a new database")
        return ExitCode.FAILED
    went_on = ", going on where it was broken off" if copied.went_on else ""
    say(f"{rows:,} rows of {tables} tables were copied{went_on}; counts and sums are the same")
    return ExitCode.OK
