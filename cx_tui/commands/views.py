"""The commands for saved views: `cx-tui view list`, `export` and `import`."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cx_tui.config import Loaded
from cx_tui.errors import Misconfigured


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser these commands."""
    view = commands.add_parser("view", help="list saved views, write them into a file, take them from one")
    acts = view.add_subparsers(dest="act", required=True, metavar="ACT")

    one = acts.add_parser("list", help="the views that are yours or shared")
    one.add_argument("--json", action="store_true", help="one JSON object a line, for programs")
    add_shared(one)
    one.set_defaults(do=_list)

    one = acts.add_parser("export", help="write views into a TOML file; - is standard output")
    one.add_argument("file", metavar="FILE")
    one.add_argument("--name", metavar="NAME", action="append", default=[], help="only this one; repeatable")
    add_shared(one)
    one.set_defaults(do=_export)

    one = acts.add_parser("import", help="take views from a TOML file; - is standard input")
    one.add_argument("file", metavar="FILE")
    one.add_argument("--replace", action="store_true", help="change views of yours that have the same names")
    add_shared(one)
    one.set_defaults(do=_import)


def _list(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.opening import database_url, open_views

    async def show() -> None:
        async with open_views(database_url(loaded, os.environ), os.environ, read_only=True) as views:
            for view in await views.offered():
                if options.json:
                    said = {**view.values(), "operator": view.operator}
                    print(json.dumps(said, ensure_ascii=False))
                else:
                    whose = f"shared by {view.operator}" if view.shared else "private"
                    print(f"{view.name}\t{view.listed}\t{whose}\t{view.query.typed}")

    asyncio.run(show())
    return 0


def _export(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.opening import database_url, open_views

    async def read() -> str:
        async with open_views(database_url(loaded, os.environ), os.environ, read_only=True) as views:
            return await views.as_file(options.name)

    text = asyncio.run(read())
    if options.file == "-":
        sys.stdout.write(text)
        return 0
    try:
        Path(options.file).write_text(text, "utf-8")
    except OSError as error:
        raise Misconfigured(f"{options.file} can't be written: {error.strerror}") from None
    return 0


def _import(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.opening import database_url, open_views

    if loaded.settings.database.read_only:
        raise Misconfigured("views are kept in the database; import them without --read-only")
    try:
        text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8"
        raise Misconfigured(f"{options.file} can't be read: {reason}") from None

    async def take() -> tuple[list[str], list[str]]:
        async with open_views(database_url(loaded, os.environ), os.environ, read_only=False) as views:
            return await views.take_file(text, over=options.replace)

    taken, left = asyncio.run(take())
    for sentence in left:
        print(f"cx-tui: {sentence}", file=sys.stderr)
    print(f"cx-tui: {len(taken)} view{'' if len(taken) == 1 else 's'} taken", file=sys.stderr)
    return 1 if left else 0
