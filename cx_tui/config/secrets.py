"""Secrets: a setting says where one is, never what it is.  It is read when it is used.

    file:/etc/cx-tui/smtp       the first line of a file that only you can read (mode 0600)
    env:SMTP_PASSWORD           an environment variable
    command:pass show smtp      the first line that a command prints
    keyring:smtp                the system keyring: service "cx-tui", this user name

So no secret is on a command line, in the settings, or in what `cx-tui info` shows of them.
"""

import os
import re
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from cx_tui.config.kinds import TEXT, Kind
from cx_tui.config.text import visible
from cx_tui.errors import Misconfigured

SOURCE = re.compile(r"(file:(?:/|~/)|env:(?=[A-Za-z_])|command:(?=\S)|keyring:(?=\S)).+")
LARGEST = 4096
PATIENCE = 30.0
"""Seconds for a command: some ask a person, or a server."""


def _check_source(value: object) -> object:
    source = TEXT.check(value)
    if source and not SOURCE.fullmatch(str(source)):
        raise ValueError(f"say where the secret is, not what it is: {SECRET.takes}")
    return source


SECRET = Kind("file:/path, env:NAME, command:words or keyring:name", _check_source)


def read_secret(key: str, source: str, env: Mapping[str, str], *, whole: bool = False) -> str:
    """The secret behind the setting `key`: its first line, or the `whole` of it, as a private key has many.

    Misconfigured says in one sentence why it can't be had.
    """
    way, _, where = source.partition(":")
    try:
        content = _read(way, where, env)
        secret = _text(content) if whole else _first_line(content)
    except ValueError as error:
        raise Misconfigured(f"{key}: {error}") from None  # no cause: it could hold the secret
    if not secret:
        raise Misconfigured(f"{key}: {visible(source)} holds nothing")
    return secret


def variables_of(settings: object) -> list[str]:
    """The environment variables that settings name as the places of secrets."""
    tables = (vars(table) for table in vars(settings).values() if hasattr(table, "__dict__"))
    named = (value for table in tables for value in table.values() if isinstance(value, str))
    return [value.removeprefix("env:") for value in named if value.startswith("env:")]


def _read(way: str, where: str, env: Mapping[str, str]) -> bytes:
    if way == "file":
        return _file(Path(where).expanduser())
    if way == "env":
        return os.fsencode(env.get(where, ""))
    if way == "command":
        return _printed_by(_words(where))
    return _kept_in_keyring(where)


def _first_line(content: bytes) -> str:
    return _text(content).partition("\n")[0].rstrip("\r")


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise ValueError("the secret is not UTF-8 text") from None


def _file(path: Path) -> bytes:
    name = visible(path)
    try:
        # Not waiting: a pipe that nobody writes to would hold the program up.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise ValueError(f"{name} is not a file")
            if mode & 0o077:
                raise ValueError(f"others than you can read {name}; run: chmod 600 {name}")
            return file.read(LARGEST)
    except OSError as error:
        raise ValueError(f"{name} can't be read: {error.strerror}") from None


def _words(command: str) -> list[str]:
    import shlex  # imported here, as all below: most starts need no secret

    try:
        return shlex.split(command)
    except ValueError:
        raise ValueError("a quote in the command is not closed") from None


def _printed_by(words: Sequence[str]) -> bytes:
    import subprocess

    name = visible(words[0])
    try:
        # A session of its own: what asks for a passphrase must not draw on our screen.
        done = subprocess.run(  # noqa: S603  # the operator's own command
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, start_new_session=True
        )
    except subprocess.TimeoutExpired:
        raise ValueError(f"the command {name} did not end within {PATIENCE:.0f} s") from None
    except OSError as error:
        raise ValueError(f"the command {name} can't be run: {error.strerror}") from None
    if done.returncode:
        raise ValueError(f"the command {name} failed with exit code {done.returncode}")
    return done.stdout[:LARGEST]


def _kept_in_keyring(name: str) -> bytes:
    from importlib import import_module

    try:
        keyring = import_module("keyring")
    except ImportError:
        # The same entry: this is how the library names them, too.
        return _printed_by(["secret-tool", "lookup", "service", "cx-tui", "username", name])
    try:
        return str(keyring.get_password("cx-tui", name) or "").encode()
    except Exception:  # its backends raise whatever they like, and some of it holds values
        raise ValueError("the system keyring can't be opened; is there one in this session?") from None
