"""How commands talk: their exit codes, and what they say beside their data."""

import sys
from enum import IntEnum

from cx_tui.config.text import visible
from cx_tui.terminal import last_screen


class ExitCode(IntEnum):
    """What a script can rely on."""

    OK = 0
    FAILED = 1
    WRONG_USAGE = 2
    DATABASE_AWAY = 3
    INTERRUPTED = 130


def say(what: object) -> None:
    """A sentence on stderr."""
    last_screen.take_back()
    for line in str(what).split("\n"):
        print(f"cx-tui: {visible(line)}", file=sys.stderr)


def making(done: int, of: int) -> None:
    """How many customers of a demo are made."""
    if sys.stderr.isatty():
        print(
            f"\rmaking customers {done:,} of {of:,}",
            end="\n" if done >= of else "",
            file=sys.stderr,
            flush=True,
        )
