"""The program on a screen, or line by line; and the demo."""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from cx_tui.app import first_picture
from cx_tui.commands.talking import ExitCode, making, say
from cx_tui.config import Loaded, without_secret
from cx_tui.errors import Misconfigured
from cx_tui.terminal import last_screen

DEMO_CUSTOMERS = 5_000


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """The demo, and its database alone."""
    demo = commands.add_parser("demo", help="make a believable database and open it")
    add_shared(demo)
    _add_seed(demo, DEMO_CUSTOMERS)
    demo.add_argument("--no-traffic", action="store_true", help="no calls come and go")
    demo.add_argument(
        "--switch",
        action="store_true",
        help="calls of a real Kamailio and SIPp on this machine, decided here",
    )
    demo.set_defaults(do=_demo)

    seed = commands.add_parser("seed", help="fill an empty database with believable customers")
    add_shared(seed)
    _add_seed(seed, DEMO_CUSTOMERS)
    seed.set_defaults(do=_seed)


def open_program(options: argparse.Namespace, loaded: Loaded) -> int:
    """Open the program and stay until it is left."""
    from cx_tui.bootstrap.opening import database_url
    from cx_tui.bootstrap.program import run_app, run_linear

    def keep(picture: str, size: tuple[int, int]) -> None:
        first_picture.keep(picture, size, sys.argv[1:], os.environ)

    if _is_linear(options):
        last_screen.take_back()
        asyncio.run(run_linear(loaded, database_url(loaded, os.environ), os.environ, sys.stdin, sys.stdout))
        return ExitCode.OK
    if not loaded.settings.start.last_rows:
        first_picture.forget(os.environ)
    return _on_screen(lambda: run_app(loaded, database_url(loaded, os.environ), keep_picture=keep))


def _is_linear(options: argparse.Namespace) -> bool:
    """Whether to talk line by line: asked for here or for all programs, or on a terminal that only prints."""
    is_dumb = sys.stdin.isatty() and os.environ.get("TERM", "dumb") == "dumb"
    return options.linear or os.environ.get("ACCESSIBLE", "") not in ("", "0") or is_dumb


def _demo(options: argparse.Namespace, loaded: Loaded) -> int:
    from contextlib import ExitStack
    from dataclasses import replace

    from cx_tui.bootstrap.demo import real_switch, seed_for_demo
    from cx_tui.bootstrap.program import run_app
    from cx_tui.decide.kamailio.playing import missing

    with ExitStack() as until_left:
        folder = Path(until_left.enter_context(tempfile.TemporaryDirectory(prefix="cx-tui-demo-")))
        own_database = loaded.settings.database.url
        if options.switch and own_database:
            raise Misconfigured("--switch calls with a database of its own: leave --db out")
        if options.switch and (lacking := missing()):
            raise Misconfigured(f"--switch needs a real switch: {lacking}")
        url = own_database or f"sqlite:///{folder / 'demo.db'}"
        gc.enable()
        asyncio.run(seed_for_demo(url, options.customers, options.seed, making))
        traffic = not (options.no_traffic or options.switch)
        if options.switch:
            say("starting Kamailio, SIPp, cx-tui decide and cx-tui collect")
            sources = until_left.enter_context(real_switch(url, folder, os.environ))
            loaded = loaded._replace(settings=replace(loaded.settings, sources=sources))
        return _on_screen(lambda: run_app(loaded, url, traffic=traffic, label="demo", catching=True))


def _on_screen(run_program: Callable[[], int]) -> int:
    if not sys.stdin.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        say("this needs a terminal with a full screen; without one use: cx-tui seed, db, info")
        return ExitCode.WRONG_USAGE
    # Textual draws there; what goes to stderr besides, such as a traceback, goes where that was sent.
    cast(Any, sys).__stderr__ = last_screen.terminal_file()
    return run_program()


def _seed(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.demo import seed_database
    from cx_tui.bootstrap.opening import database_url

    gc.enable()
    url = database_url(loaded, os.environ)
    asyncio.run(seed_database(url, options.customers, options.seed, making))
    say(f"{options.customers:,} customers are in {without_secret(url)}")
    return ExitCode.OK


def _add_seed(parser: argparse.ArgumentParser, customers: int) -> None:
    parser.add_argument("--customers", metavar="N", type=_number, default=customers, help=f"({customers:,})")
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="another seed makes other customers")


def _number(text: str) -> int:
    number = int(text.replace(",", "").replace("_", ""))
    if not 1 <= number <= 20_000_000:
        raise argparse.ArgumentTypeError("from 1 to 20,000,000 customers can be made")
    return number
