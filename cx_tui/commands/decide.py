"""The command of the server that switches ask: `cx-tui decide`."""

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Callable
from typing import Any

from cx_tui.config import Loaded
from cx_tui.config.text import visible


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser this command."""
    parser = commands.add_parser("decide", help="a server that switches ask whether a call may pass")
    parser.add_argument(
        "--listen",
        metavar="ADDRESS",
        default=None,
        help="where HTTP is answered, usually 127.0.0.1:5190; or none",
    )
    parser.add_argument(
        "--evapi", metavar="ADDRESS", action="append", default=None,
        help="the evapi of a Kamailio: 127.0.0.1:5191; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--fresh", action="store_true", help="read everything from the database, not from the snapshot"
    )
    parser.add_argument("--snapshot", action="store_true", help="only bring the snapshot up to date, and end")
    add_shared(parser)
    parser.set_defaults(do=_decide)


def _decide(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.opening import database_url
    from cx_tui.bootstrap.working import decide_calls, keep_snapshot

    gc.enable()
    url = database_url(loaded, os.environ)
    if options.snapshot:
        os.nice(10)  # calls that are decided beside it come first
        print(asyncio.run(keep_snapshot(url, os.environ)))
        return 0
    asyncio.run(
        decide_calls(loaded, url, os.environ, options.listen, options.evapi, _say, fresh=options.fresh)
    )
    return 0


def _say(what: str) -> None:
    print(f"cx-tui: {visible(what)}", file=sys.stderr, flush=True)
