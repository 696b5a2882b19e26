"""The layers, the weakest first, become one Settings; what is wrong in any of them becomes a sentence."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from cx_tui.config import folders
from cx_tui.config.files import entries, read_settings_file, text_of
from cx_tui.config.settings import OF_ANY_NAME, SETTINGS, TABLES, Settings, is_setting, setting_of
from cx_tui.config.sources import SOURCE_SETTINGS, check_name, sources_of
from cx_tui.config.text import quoted, visible, without_secret
from cx_tui.errors import Misconfigured

Given = tuple[str, object, str]  # key, value, where it was given


class Loaded(NamedTuple):
    """The settings, where each came from by its dotted key, and warnings as sentences."""

    settings: Settings
    origins: Mapping[str, str]
    warnings: tuple[str, ...]


def load(
    env: Mapping[str, str], flags: Mapping[str, object], read: Callable[[Path], bytes] = read_settings_file
) -> Loaded:
    """Read all layers; Misconfigured says in one sentence what is wrong and where."""
    files = [(path, list(_from_file(path, env, read))) for path in folders.config_files(env)]
    layers = [*(given for _, given in files), _from_env(env), _from_flags(flags)]
    values: dict[str, dict[str, Any]] = {table: {} for table in (*TABLES, *OF_ANY_NAME)}
    origins = dict.fromkeys(SETTINGS, "default")
    foreign = [path for path, _ in files if others_can_write(path)]
    for path, given in files:
        for key, value, origin in given if path in foreign else ():
            if setting_of(key).secret and str(value).startswith("command:"):
                raise Misconfigured(
                    f"{origin}: others than you can write this file, so its command for {key} is not run; "
                    f"run: chmod go-w {visible(path)}"
                )
    for key, value, origin in chain(*layers):
        table, _, name = key.partition(".")
        values[table][name] = _checked(key, value, origin)
        origins[key] = origin
    tables = {table: replace(getattr(Settings, table), **values[table]) for table in TABLES}
    sources = sources_of(values["calls"], origins)
    settings = Settings(**tables, calls=MappingProxyType(sources), keys=MappingProxyType(values["keys"]))
    readable = (_readable_secret(path, key, value) for path, given in files for key, value, _ in given)
    writable = (_writable(path) for path in foreign)
    return Loaded(settings, MappingProxyType(origins), tuple(filter(None, (*writable, *readable))))


def _checked(key: str, value: object, origin: str) -> object:
    definition = setting_of(key)
    try:
        return definition.kind.check(value)
    except ValueError as error:
        # No cause: a traceback would show a secret.
        wrong = "can't be used as it is" if definition.secret else f"is {quoted(value)}"
        raise Misconfigured(f"{origin}: {visible(key)} {wrong}; {error}") from None


def _from_file(path: Path, env: Mapping[str, str], read: Callable[[Path], bytes]) -> Iterator[Given]:
    name, text = visible(path), text_of(path, read)
    if text is None and env.get("CX_TUI_CONFIG") and path == folders.user_config_file(env):
        raise Misconfigured(f"environment CX_TUI_CONFIG names {name}, which is not there")
    for keys, value, line in entries(name, text) if text else ():
        origin, key = f"{name} line {line}", ".".join(keys)
        if key in TABLES or key in OF_ANY_NAME or (keys[0] == "calls" and len(keys) == 2):
            raise Misconfigured(f'{origin}: "{key}" is {quoted(value)}; make it a table, [{key}]')
        if keys[0] != "keys" and (len(keys) != (3 if keys[0] == "calls" else 2) or not is_setting(key)):
            raise Misconfigured(f"{origin}: {_no_setting(key)}")
        if keys[0] == "calls":
            check_name(key, origin)
        yield key, value, origin


def _from_env(env: Mapping[str, str]) -> Iterator[Given]:
    """An empty variable counts as not set."""
    for definition in SETTINGS.values():
        for name in definition.env:
            if text := env.get(name):
                yield definition.key, definition.kind.read(text), f"environment {name}"


def _from_flags(flags: Mapping[str, object]) -> Iterator[Given]:
    """A flag that is None was not given; text is parsed, anything else is a value already."""
    for key, value in flags.items():
        if not is_setting(key):
            raise Misconfigured(f"command line: {_no_setting(key)}")
        if key.startswith("calls."):
            check_name(key, "command line")
        definition = setting_of(key)
        if value is not None:
            parsed = definition.kind.read(value) if isinstance(value, str) else value
            yield key, parsed, f"flag {definition.flag or visible(key)}"


def others_can_write(path: Path) -> bool:
    """Whether somebody else than the operator, and root, can write a file."""
    try:
        there = path.stat()
    except OSError:
        return False
    return bool(there.st_mode & 0o022) or there.st_uid not in (0, os.geteuid())


def _writable(path: Path) -> str:
    name = visible(path)
    return f"others than you can write the settings in {name}; if that is not meant, run: chmod go-w {name}"


def _readable_secret(path: Path, key: str, value: object) -> str:
    if setting_of(key).secret and without_secret(str(value)) != value:
        with suppress(OSError):
            if path.stat().st_mode & 0o077:
                name = visible(path)
                return f"{name} holds a password and others than you can read it; run: chmod 600 {name}"
    return ""


def _no_setting(key: str) -> str:
    from difflib import get_close_matches  # imported here: only mistakes need it

    table, _, name = key.rpartition(".")
    if table.startswith("calls."):
        known = [f"{table}.{each}" for each in SOURCE_SETTINGS]
    else:
        known = [each for each in SETTINGS if each.startswith(f"{table}.")]
    known = known or [*TABLES, *OF_ANY_NAME, *SETTINGS]
    # Compared by their last parts: the table in front would make any two of one table alike.
    close = get_close_matches(name, named := {each.rpartition(".")[2]: each for each in known}, 1)
    hint = f'did you mean "{named[close[0]]}"?' if close else f"there are {', '.join(known)}"
    return f"there is no setting {quoted(key)}; {hint}"
