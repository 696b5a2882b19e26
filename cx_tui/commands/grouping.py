"""The command that groups records and totals them: `cx-tui group`."""

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
    parser = commands.add_parser("group", help="group records, and total each group; currencies apart")
    querying.add_record(parser, "what is grouped: customer (default), contact, ip, rate …")
    parser.add_argument("--by", metavar="A[,B]", default="", help="the columns by which they are grouped")
    parser.add_argument(
        "--total",
        metavar="T,U",
        default="",
        help="count (default), sum:A, min:A, max:A, avg:A, distinct:A, ratio:A",
    )
    parser.add_argument("--pivot", metavar="C", default="", help="the values of this column side by side")
    parser.add_argument(
        "--having", metavar="COND", default="",
        help="only groups of which this holds, like: 'count>100 sum:credit<0'",
    )  # fmt: skip
    querying.add_query(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for programs")
    add_shared(parser)
    parser.set_defaults(do=_group)


def _group(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.asked import grouped
    from cx_tui.bootstrap.opening import database_url
    from cx_tui.services.lists.grouping import grouping_of

    view = querying.view_of(options, loaded)
    query = querying.query_of(options, view)
    by = options.by or ",".join(view.groups if view else ())
    totals = options.total or ",".join(view.totals if view else ()) or "count"
    if not by:
        raise Misconfigured("say by what they are grouped: --by A,B, or --view with one that has groups")
    pivot = options.pivot or (view.pivot if view else "")
    having = options.having or (view.having if view else "")
    grouping = grouping_of(query.record, by, totals, pivot, having)
    found = asyncio.run(grouped(database_url(loaded, os.environ), query, grouping))
    if options.json:
        for group in found:
            print(json.dumps(group, ensure_ascii=False))
        return 0
    flat = [_flat(group) for group in found]
    titles = list(dict.fromkeys(name for group in flat for name in group))
    print("\t".join(titles))
    for group in flat:
        print("\t".join("" if group.get(name) is None else str(group[name]) for name in titles))
    return 0


def _flat(group: dict[str, Any]) -> dict[str, Any]:
    """A group as one line: what stands side by side has a title of its own."""
    found = {name: value for name, value in group.items() if name != "pivot"}
    for value, totals in group.get("pivot", {}).items():
        for name, total in totals.items():
            found[f"{value or '(none)'} {name}"] = total
    return found
