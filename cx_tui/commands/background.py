"""What runs without a screen: the worker, and the sources of calls."""

import argparse
import asyncio
import gc
import os
from collections.abc import Callable
from typing import Any

from cx_tui.commands.talking import ExitCode, say
from cx_tui.config import Loaded
from cx_tui.errors import Misconfigured


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """The worker, and the collector."""
    worker = commands.add_parser(
        "worker", help="make delayed changes and send messages when they are due, without a screen"
    )
    worker.add_argument("--once", action="store_true", help="do what is due now, and end")
    add_shared(worker)
    worker.set_defaults(do=_worker)

    collect = commands.add_parser("collect", help="read the sources of calls that the settings name")
    collect.add_argument("--once", action="store_true", help="read what is new now, and end")
    add_shared(collect)
    collect.set_defaults(do=_collect)


def _worker(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.opening import database_url
    from cx_tui.bootstrap.working import work

    gc.enable()
    if loaded.settings.database.read_only:
        raise Misconfigured("a worker changes the database; start it without --read-only")
    url = database_url(loaded, os.environ)
    asyncio.run(work(loaded, url, os.environ, once=options.once, say=say))
    return ExitCode.OK


def _collect(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.working import collect

    gc.enable()
    if loaded.settings.database.read_only:
        raise Misconfigured("calls change the database; start it without --read-only")
    unread = asyncio.run(collect(loaded, os.environ, once=options.once, say=say))
    return ExitCode.FAILED if unread else ExitCode.OK
