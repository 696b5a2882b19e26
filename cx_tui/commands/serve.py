"""The command that shows the program in browsers: `cx-tui serve`."""

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Callable
from typing import Any

from cx_tui.config import Loaded
from cx_tui.config.text import visible

PASSED = {"theme": "--theme"}
SWITCHES = {"read_only": "--read-only", "no_mouse": "--no-mouse", "ascii": "--ascii"}


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser this command."""
    parser = commands.add_parser("serve", help="the program in a browser")
    parser.add_argument(
        "--listen", metavar="ADDRESS", default=None,
        help="where browsers find it, usually 127.0.0.1:8022; port 0 takes a free one",
    )  # fmt: skip
    add_shared(parser)
    parser.set_defaults(do=_serve)


def passed_on(options: argparse.Namespace) -> tuple[list[str], dict[str, str]]:
    """The arguments and variables with which the programs are opened: as this command was, but for the
    database, whose password would stand in the list of processes."""
    given = vars(options)
    arguments = [flag for name, flag in SWITCHES.items() if name in given]
    for name, flag in PASSED.items():
        arguments += [flag, given[name]] if name in given else []
    for assignment in given.get("set", ()):
        arguments += ["--set", assignment]
    url = given.get("db")
    return arguments, {"CX_TUI_DB": url, "CX_TUI_DATABASE_URL": url} if url else {}


def _serve(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.working import serve_browsers

    gc.enable()
    arguments, variables = passed_on(options)
    asyncio.run(serve_browsers(loaded, {**os.environ, **variables}, options.listen, arguments, _say))
    return 0


def _say(what: str) -> None:
    print(f"cx-tui: {visible(what)}", file=sys.stderr, flush=True)
