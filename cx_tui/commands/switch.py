"""The command that writes what a switch needs: `cx-tui switch kamailio`."""

import argparse
import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cx_tui.config import Loaded

FILE = """
The records go into a file of SQLite, which is for trying out: when calls end at the same moment, some of
their records can be lost.  For real traffic write --records postgresql://user:password@host/name.
"""
NEXT = """
Then, on Debian, as root:

  apt-get install kamailio kamailio-extra-modules kamailio-json-modules {packages}
{tables}  kamailio -c -f {cfg}                  # is the configuration right?
  kamailio -f {cfg} -DD -E                # the switch, with its log on the screen
  cx-tui decide --evapi {evapi}        # in another terminal: who decides

Live calls and records come into the program with these settings:

  [sources.switch]
  kind = "kamailio"
  rpc = "http://{rpc}/RPC"
  database = "{records}"
{spare}"""


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser this command."""
    parser = commands.add_parser("switch", help="write the configuration of a switch that asks decide")
    parser.add_argument("kind", choices=["kamailio"])
    parser.add_argument("--out", metavar="FOLDER", default="kamailio", help="where it is written: kamailio")
    parser.add_argument("--sip", metavar="ADDRESS", default="127.0.0.1:5060", help="where SIP comes in")
    parser.add_argument("--rpc", metavar="ADDRESS", default="127.0.0.1:5080", help="where JSON-RPC comes in")
    parser.add_argument("--evapi", metavar="ADDRESS", default="127.0.0.1:5191", help="where decide connects")
    parser.add_argument("--records", metavar="URL", default="", help="the database of records; else a file")
    parser.add_argument(
        "--fallback", choices=["refuse", "pass"], default="refuse",
        help="calls while nobody decides: refuse them, or pass those of the addresses that are known now",
    )  # fmt: skip
    parser.add_argument(
        "--digest", choices=["MD5", "SHA-256"], default="MD5",
        help="how SIP users prove themselves: MD5, which every telephone can",
    )  # fmt: skip
    add_shared(parser)
    parser.set_defaults(do=_switch)


def _switch(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.opening import database_url, whole_world
    from cx_tui.decide.kamailio.configuration import Wanted, write

    wanted = Wanted(
        Path(options.out), options.sip, options.rpc, options.evapi, options.records,
        longest=loaded.settings.decide.longest, digest=options.digest,
    )  # fmt: skip
    known = None
    if options.fallback == "pass":
        known = asyncio.run(whole_world(database_url(loaded, os.environ)))
    written = write(wanted, known)
    for path in written:
        print(path)
    on_sqlite = wanted.records_url.startswith("sqlite:")
    if on_sqlite:
        print(FILE.rstrip())
    print(
        NEXT.format(
            packages="kamailio-sqlite-modules" + ("" if on_sqlite else " kamailio-postgres-modules"),
            tables="" if on_sqlite else f"  psql {wanted.records_url} -f {written[1]}\n",
            cfg=written[0], evapi=wanted.evapi, rpc=wanted.rpc, records=wanted.records_url,
            spare=f'  spare = "{wanted.spare}"\n' if wanted.spare else "",
        )
    )  # fmt: skip
    return 0
