"""The command line.  Data goes to stdout, talk to stderr; exit codes are fixed (see `ExitCode`)."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from cx_tui import __version__
from cx_tui.commands import (
    admission,
    approvals,
    background,
    calls,
    database,
    decide,
    files,
    grouping,
    history,
    listing,
    money,
    opt_outs,
    rates,
    recordings,
    reports,
    screen,
    send,
    serve,
    sql,
    switch,
    tracing,
    views,
)
from cx_tui.commands.talking import ExitCode, say
from cx_tui.config import Loaded, describe, load, paths
from cx_tui.config.text import quoted, visible, without_secrets
from cx_tui.errors import CxError, Misconfigured, Unavailable
from cx_tui.terminal import last_screen


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say."""
    options = make_parser().parse_args(with_orders(arguments))
    try:
        loaded = load(os.environ, flags_of(options))
        for warning in loaded.warnings:
            say(warning)
        code = int(options.do(options, loaded))
        sys.stdout.flush()
        return code
    except Misconfigured as error:
        say(error)
        return ExitCode.WRONG_USAGE
    except Unavailable as error:
        say(error)
        return ExitCode.DATABASE_AWAY
    except CxError as error:
        say(error)
        return ExitCode.FAILED
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Who read it has gone, as `head` does: what Python still has for it at its end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILED


def with_orders(arguments: Sequence[str]) -> list[str]:
    """The arguments, with what follows these options and may begin with a - written so that it is no option:
    an order that falls (`--sort -credit`), a condition that does not hold (`--where '-tags:vip'`)."""
    found: list[str] = []
    for argument in arguments:
        if found and found[-1] in ("--sort", "--where"):
            found[-1] = f"{found[-1]}={argument}"
        else:
            found.append(argument)
    return found


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong without obeying it, and without the secrets in it."""

    def error(self, message: str) -> NoReturn:
        """What is wrong, and the end."""
        last_screen.take_back()
        super().error(visible(without_secrets(message)))


def make_parser() -> argparse.ArgumentParser:
    """What can be written on the command line."""
    parser = Parser(prog="cx-tui", description="The customers of a VoIP switch, in a terminal.")
    parser.add_argument("--version", action="version", version=f"cx-tui {__version__}")
    parser.add_argument(
        "--linear", action="store_true",
        help="talk line by line, for screen readers and terminals that only print",
    )  # fmt: skip
    _add_shared(parser)
    parser.set_defaults(do=screen.open_program)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")

    screen.add_commands(commands, _add_shared)
    database.add_commands(commands, _add_shared)
    background.add_commands(commands, _add_shared)
    files.add_commands(commands, _add_shared)
    listing.add_commands(commands, _add_shared)
    grouping.add_commands(commands, _add_shared)
    views.add_commands(commands, _add_shared)
    sql.add_commands(commands, _add_shared)
    rates.add_commands(commands, _add_shared)
    send.add_commands(commands, _add_shared)
    opt_outs.add_commands(commands, _add_shared)
    admission.add_commands(commands, _add_shared)
    calls.add_commands(commands, _add_shared)
    tracing.add_commands(commands, _add_shared)
    recordings.add_commands(commands, _add_shared)
    money.add_commands(commands, _add_shared)
    decide.add_commands(commands, _add_shared)
    switch.add_commands(commands, _add_shared)
    reports.add_commands(commands, _add_shared)
    history.add_commands(commands, _add_shared)
    serve.add_commands(commands, _add_shared)
    approvals.add_commands(commands, _add_shared)

    info = commands.add_parser("info", help="paths, settings, and where each value came from")
    _add_shared(info)
    info.set_defaults(do=_info)
    return parser


def _add_shared(parser: argparse.ArgumentParser) -> None:
    """Every command takes these, before or after its name."""
    parser.add_argument(
        "--db", metavar="URL", default=argparse.SUPPRESS, help="sqlite:///file or postgresql://…"
    )
    parser.add_argument(
        "--theme", metavar="NAME", default=argparse.SUPPRESS, help="colours: cx-dark, cx-light …"
    )
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=argparse.SUPPRESS,
        help="any setting, such as refresh.seconds=5; may be given again",
    )
    for flag, text in (
        ("--read-only", "look, but change nothing"),
        ("--no-mouse", "leave the mouse to the terminal"),
        ("--plain-terminal", "draw as Textual does by itself, with many more bytes"),
        ("--ascii", "draw with ASCII signs only"),
    ):
        parser.add_argument(flag, action="store_true", default=argparse.SUPPRESS, help=text)


def flags_of(options: argparse.Namespace) -> dict[str, object]:
    """The settings that the command line gives: what --set says, and over it what the flags say."""
    given = vars(options)
    for assignment in given.get("set", ()):
        if "=" not in assignment:
            raise Misconfigured(
                f"command line: --set {quoted(without_secrets(assignment))} has no value; "
                "write it like refresh.seconds=5"
            )
    flags = {
        "database.url": given.get("db"),
        "database.read_only": True if "read_only" in given else None,
        "look.theme": given.get("theme"),
        "look.mouse": False if "no_mouse" in given else None,
        "look.plain_terminal": True if "plain_terminal" in given else None,
        "look.ascii": "on" if "ascii" in given else None,
    }
    # A flag that was not given says nothing: it must not take back what --set says.
    said = {key: value for key, value in flags.items() if value is not None}
    return {**dict(assignment.split("=", 1) for assignment in given.get("set", ())), **said}


def _info(options: argparse.Namespace, loaded: Loaded) -> int:
    print(f"cx-tui {__version__}\n")
    for name, path, there in paths(os.environ):
        print(f"{name:<10} {path}{'' if there else '  (not there)'}")
    print()
    rows = describe(loaded, os.environ)
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for key, value, origin in rows:
        print(f"{key:<{widths[0]}}  {value:<{widths[1]}}  {origin}")
    return ExitCode.OK
