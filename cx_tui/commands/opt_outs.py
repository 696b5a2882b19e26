"""The command for those who want no more messages: `cx-tui opt-outs`."""

import argparse
import asyncio
import csv
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from cx_tui.config import Loaded
from cx_tui.domain.outbox import Way
from cx_tui.errors import Misconfigured


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser this command."""
    parser = commands.add_parser("opt-outs", help="list who wants no more e-mail or SMS, or add somebody")
    parser.add_argument(
        "--add", metavar="WHO", action="append", default=[],
        help="an address, a number or the token of an unsubscribe link; repeatable, or - for lines of them",
    )  # fmt: skip
    parser.add_argument(
        "--way", choices=[*(way.value for way in Way), "both"], default="email", help="of what; usually email"
    )
    parser.add_argument("--json", action="store_true", help="JSON lines instead of CSV")
    add_shared(parser)
    parser.set_defaults(do=_opt_outs)


def _opt_outs(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.asked import opt_outs
    from cx_tui.bootstrap.opening import database_url

    if options.add and loaded.settings.database.read_only:
        raise Misconfigured("an opt-out is written down; leave out --read-only")
    ways = [way for way in Way if options.way in (way.value, "both")]
    names = [line for each in options.add for line in (_lines() if each == "-" else [each])]
    url = database_url(loaded, os.environ)
    found, missing = asyncio.run(opt_outs(url, os.environ, ways, names))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if not options.json:
        writer.writerow(["customer_id", "customer", "contact", "email", "mobile", "opted_out_of"])
    for one in found:
        out_of = [way.value for way in one.ways]
        row = [one.customer_id, one.customer, one.name, one.email, one.mobile]
        if options.json:
            names_of = ("customer_id", "customer", "contact", "email", "mobile")
            values = {**dict(zip(names_of, row, strict=True)), "opted_out_of": out_of}
            sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
        else:
            writer.writerow([*row, " ".join(out_of)])
    for sentence in missing:
        sys.stderr.write(f"cx-tui: {sentence}\n")
    return 1 if missing else 0


def _lines() -> list[str]:
    return [line.strip() for line in sys.stdin if line.strip()]
