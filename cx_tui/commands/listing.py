"""The command that lists records: `cx-tui list`."""

import argparse
import asyncio
import json
import os
from collections.abc import Callable
from typing import Any

from cx_tui.commands import querying
from cx_tui.config import Loaded
from cx_tui.errors import Misconfigured


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser this command."""
    parser = commands.add_parser("list", help="list records, one a line")
    querying.add_record(parser, "what is listed: customer (default), contact, ip, rate …")
    querying.add_query(parser)
    parser.add_argument(
        "--columns", metavar="A,B", default="", help="these columns, in this order (those of the screen)"
    )
    parser.add_argument("--sort", metavar="A,-B", default="", help="in this order, a - before what falls")
    parser.add_argument("--limit", metavar="N", type=int, help="list no more than N")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for programs")
    add_shared(parser)
    parser.set_defaults(do=_list)


def _list(options: argparse.Namespace, loaded: Loaded) -> int:
    from dataclasses import replace

    from cx_tui.bootstrap.asked import list_records
    from cx_tui.bootstrap.opening import database_url
    from cx_tui.services.lists.printing import as_json, as_text, columns_of, usual_columns_of

    if options.limit is not None and options.limit < 0:
        raise Misconfigured("--limit takes 0 or more")
    view = querying.view_of(options, loaded)
    query = querying.query_of(options, view)
    known = columns_of(query.record)
    names = list(filter(None, (name.strip() for name in options.columns.split(","))))
    if unknown := [name for name in names if name not in known]:
        there = ", ".join(known)
        raise Misconfigured(f'there is no column "{unknown[0]}"; there are {there}')
    if not names and view and not options.json:
        # The view says what is shown, where it says anything.
        shown = [text.split(":")[0].rstrip("!") for text in view.columns]
        names = [name for name in shown if name in known]
    if not names:
        names = ["id", *(known if options.json else usual_columns_of(query.record))]
        names = list(dict.fromkeys(names))
    if options.sort:
        query = replace(query, sort=querying.sorts_of(options.sort, list(known)))
    told = as_json if options.json else as_text
    if not options.json:
        print("\t".join(known[name].label for name in names))

    def show(row: Any) -> None:
        print(
            json.dumps(told(query.record, names, row), ensure_ascii=False)
            if options.json
            else told(query.record, names, row)
        )

    url = database_url(loaded, os.environ)
    asyncio.run(list_records(url, query, names, options.limit, show))
    return 0
