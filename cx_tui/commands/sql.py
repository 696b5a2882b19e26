"""The command that asks the database in SQL: `cx-tui sql`."""

import argparse
import asyncio
import csv
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from cx_tui.config import Loaded
from cx_tui.errors import Misconfigured


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
    parser.add_argument("--limit-s", metavar="N", type=float, default=10.0, help="ended after N seconds (10)")
    add_shared(parser)
    parser.set_defaults(do=_sql)


def _sql(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap import database_url, sql

    if options.limit_s <= 0:
        raise Misconfigured("--limit-s takes seconds above 0")
    query = sys.stdin.read() if options.query == "-" else options.query
    show = _Json() if options.json else _Table("," if options.csv else "\t")
    asyncio.run(sql(database_url(loaded, os.environ), query, options.limit_s, show.names, show.row))
    return 0


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
