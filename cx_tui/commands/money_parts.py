"""What the commands of money share: how they run, what they read, and how they show rows."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cx_tui.config import Loaded
from cx_tui.domain.kinds import BadValue
from cx_tui.errors import Misconfigured

if TYPE_CHECKING:
    from cx_tui.services.session import Session

OK, FAILED = 0, 1

Work = Callable[["Session", argparse.Namespace], Awaitable[int]]
AddShared = Callable[[argparse.ArgumentParser], None]


def group(commands: Any, name: str, help: str) -> Any:
    """A command that has actions."""
    parser = commands.add_parser(name, help=help)
    return parser.add_subparsers(metavar="ACTION", title="actions", required=True)


def finish(
    parser: argparse.ArgumentParser,
    work: Work,
    add_shared: AddShared,
    *,
    writes: Callable[[argparse.Namespace], bool] = lambda _: True,
) -> None:
    """Say what an action does; one that only reads never needs a database that can be written."""
    parser.add_argument("--json", action="store_true", help="one object a line")
    add_shared(parser)

    def do(options: argparse.Namespace, loaded: Loaded) -> int:
        from cx_tui.bootstrap.opening import open_money

        async def worked() -> int:
            read_only = loaded.settings.database.read_only
            if read_only and writes(options):
                raise Misconfigured("this changes the database; leave out --read-only")
            async with open_money(loaded, os.environ, read_only=not writes(options)) as session:
                return await work(session, options)

        return asyncio.run(worked())

    parser.set_defaults(do=do)


def only_reads(options: argparse.Namespace) -> bool:
    """It changes nothing."""
    return False


def unless_simulated(options: argparse.Namespace) -> bool:
    """It changes something unless it is simulated."""
    return not options.simulate


def amount(text: str) -> Decimal:
    """An amount as a person types it."""
    from cx_tui.domain.kinds import Money

    try:
        found = Money("-999999999999").parse(text)
    except BadValue as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not isinstance(found, Decimal):
        raise argparse.ArgumentTypeError("write an amount, such as 12.50")
    return found


def day(text: str) -> date:
    """A day as a person types it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day; write one like 2026-06-16") from None


def show(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], options: argparse.Namespace) -> None:
    """Objects as JSON lines, or their columns as a table."""
    if options.json:
        for row in rows:
            print(
                json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False),
                flush=True,
            )
        return
    cells = [[_cell(row.get(name)) for name in columns] for row in rows]
    if cells:
        widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
        for line in (columns, *cells):
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def talk(text: str) -> None:
    """Tell a person something, beside what a program reads."""
    print(f"cx-tui: {text}", file=sys.stderr)


def _plain(value: Any) -> Any:
    """A value as JSON has it: amounts as texts, as no digit may be lost."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _cell(value: Any) -> str:
    text = "" if value is None else str(_plain(value))
    return "".join(sign if sign.isprintable() else "�" for sign in text)
