"""Which screen is shown before anything is loaded: that of the last run with the same command, settings,
terminal and size.  A key holds all of these, so that nobody sees another database, or another layout."""

import hashlib
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from cx_tui import __version__
from cx_tui.config import folders
from cx_tui.errors import CxError
from cx_tui.terminal import last_screen

KEPT = 16
"""Screens that are kept: a few terminals, sizes and databases."""
OURS = ("CX_TUI_", "PG")
"""Variables that begin like this may name another database."""
TERMINAL = ("TERM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "USER", "ACCESSIBLE")


def show(arguments: Sequence[str], env: Mapping[str, str]) -> None:
    """Show the screen of the last run, if it was the same in all that matters."""
    with suppress(OSError, ValueError, CxError):
        if sys.stdin.isatty():
            size = os.get_terminal_size(sys.stdin.fileno())
            last_screen.show(str(_file(arguments, env, size)), size)


def keep(text: str, size: tuple[int, int], arguments: Sequence[str], env: Mapping[str, str]) -> None:
    """Keep a screen for the next run with the same command."""
    with suppress(OSError, CxError):  # a full or read-only home must not disturb the end
        folder = folders.private_dir(_folder(env))
        folders.write_private(_file(arguments, env, size), text)
        kept = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime)
        for file in kept[:-KEPT]:
            file.unlink()


def forget(env: Mapping[str, str]) -> None:
    """Keep none of them any longer."""
    for file in _folder(env).glob("*"):
        file.unlink(missing_ok=True)


def _folder(env: Mapping[str, str]) -> Path:
    return folders.state_dir(env) / "screens"


def _file(arguments: Sequence[str], env: Mapping[str, str], size: tuple[int, int]) -> Path:
    named = sorted((name, env[name]) for name in env if name.startswith(OURS) or name in TERMINAL)
    settings = [_stamp(file) for file in folders.config_files(env)]
    key = (__version__, tuple(arguments), str(Path.cwd()), tuple(size), named, settings)
    return _folder(env) / hashlib.sha256(repr(key).encode()).hexdigest()[:32]


def _stamp(file: Path) -> tuple[str, int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return str(file), stat.st_mtime_ns, stat.st_size
