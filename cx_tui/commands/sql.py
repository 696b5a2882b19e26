"""The command that asks the database in SQL: `cx-tui sql`."""

import argparse
import asyncio
import csv
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from cx_tui.config import Loaded
from cx_tui.errors import Misconfigured

GRACE = 0.4
"""Seconds that the database has beyond the limit to end it in order."""


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser this command."""
    parser = commands.add_parser(
        "sql", help="ask the database in SQL, which only reads: of v_customer, v_contact, v_rate …"
    )
    parser.add_argument(
        "query", metavar="QUERY", help="like: SELECT name, balance FROM v_customer; - is stdin"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a row, for programs")
    form.add_argument("--csv", action="store_true", help="CSV with a header")
    form.add_argument("--lists", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--limit-s", metavar="N", type=float, default=10.0, help="ended after N seconds (10)")
    add_shared(parser)
    parser.set_defaults(do=_sql)


def _sql(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.asked import sql
    from cx_tui.bootstrap.opening import database_url

    if options.limit_s <= 0:
        raise Misconfigured("--limit-s takes seconds above 0")
    query = sys.stdin.read() if options.query == "-" else options.query
    show = _shown(options)
    with _ended_after(options.limit_s):
        asyncio.run(sql(loaded, database_url(loaded, os.environ), os.environ, query, options.limit_s, show))
    return 0


@contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    """End this process when it is late: inside of one long step nothing else can."""
    from cx_tui.services.read_only_sql import took_too_long

    def end() -> None:
        os.write(2, f"cx-tui: {took_too_long(seconds)}\n".encode())
        os._exit(1)

    clock = threading.Timer(seconds + GRACE, end)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def _shown(options: argparse.Namespace) -> "_Json | _Lists | _Table":
    if options.json:
        return _Json()
    return _Lists() if options.lists else _Table("," if options.csv else "\t")


class _Lists:
    """A list a line, the names of the columns first: for the screen."""

    def names(self, names: Sequence[str]) -> None:
        print(json.dumps(list(names), ensure_ascii=False))

    def row(self, row: Sequence[Any]) -> None:
        print(json.dumps(list(row), ensure_ascii=False))


class _Json:
    """An object a line."""

    def __init__(self) -> None:
        self._names: Sequence[str] = ()

    def names(self, names: Sequence[str]) -> None:
        self._names = names

    def row(self, row: Sequence[Any]) -> None:
        print(json.dumps(dict(zip(self._names, row, strict=True)), ensure_ascii=False))


class _Table:
    """A header and lines."""

    def __init__(self, sign: str) -> None:
        self._writer = csv.writer(sys.stdout, delimiter=sign, lineterminator="\n")

    def names(self, names: Sequence[str]) -> None:
        self._writer.writerow(names)

    def row(self, row: Sequence[Any]) -> None:
        self._writer.writerow(["" if value is None else value for value in row])
