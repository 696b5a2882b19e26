"""One setting: a field of a dataclass that knows all there is to know about it."""

from collections.abc import Iterator
from dataclasses import field, fields
from typing import Any, NamedTuple, TypeVar

from cx_tui.config.kinds import Kind

T = TypeVar("T")


class Setting(NamedTuple):
    """One setting: its dotted key and all there is to know about it."""

    key: str
    default: object
    kind: Kind
    help: str
    env: tuple[str, ...] = ()
    flag: str = ""
    secret: bool = False


def setting(default: T, kind: Kind, help: str, *, env: str = "", flag: str = "", secret: bool = False) -> T:
    """A field of a table of settings; `env` is a name beside, `flag` one instead of, that from its key."""
    more = {"kind": kind, "help": help, "env": env, "flag": flag, "secret": secret}
    return field(default=default, repr=not secret, metadata=more)


def settings_of(table: str, holder: Any, *, by_environment: bool = True) -> Iterator[Setting]:
    """The settings of a table, from the fields of the class that holds them."""
    for each in fields(holder):
        key, more = f"{table}.{each.name}", each.metadata
        names = tuple(filter(None, ["CX_TUI_" + key.upper().replace(".", "_"), more["env"]]))
        flag = more["flag"] or f"--set {key}=…"
        env = names if by_environment else ()
        yield Setting(key, each.default, more["kind"], more["help"], env, flag, more["secret"])
