"""[sources.NAME]: where calls come from, a table for each source; its name is the source in the records."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cx_tui.config.kinds import TEXT, URL, Kind, choice, number
from cx_tui.config.setting import Setting, setting, settings_of
from cx_tui.config.text import quoted, visible
from cx_tui.errors import Misconfigured

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
KINDS = ("folder", "kamailio", "simulator")
ONLY_FOR = {
    "folder": "folder",
    "pattern": "folder",
    "format": "folder",
    "map": "folder",
    "rpc": "kamailio",
    "database": "kamailio",
    "table": "kamailio",
    "spare": "kamailio",
    "profile": "kamailio",
    "rate": "simulator",
}
"""Settings that one kind of source has alone."""


def _check_zone(value: object) -> object:
    from zoneinfo import ZoneInfo  # imported here: most starts have no sources

    name = str(TEXT.check(value))
    try:
        return ZoneInfo(name).key if name else name
    except (KeyError, ValueError, OSError):
        raise ValueError(f"give {ZONE.takes}") from None


def _check_words(value: object) -> object:
    words = value.split() if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(one, str) and "=" in one for one in words):
        raise ValueError(f"give {WORDS.takes}")
    return tuple(str(TEXT.check(one)) for one in words)


def _check_rpc(value: object) -> object:
    address = str(TEXT.check(value))
    if address and not re.fullmatch(r"https?://[^\s/?#@]+/\S*|unix:/\S+", address):
        raise ValueError(f"give {RPC.takes}")
    return address


ZONE = Kind("the name of a time zone, like Europe/Vienna or UTC", _check_zone)
WORDS = Kind('a list like ["talk=billsec:s", "key=uniqueid+sequence"]', _check_words)
RPC = Kind("an address like http://127.0.0.1:5060/RPC or unix:/run/kamailio/rpc.sock", _check_rpc)
SOURCE = choice(*KINDS)
SECONDS = number(float, "a number of seconds", 0.2, 3600)
RATE = number(float, "a number of calls", 0.1, 1000)


@dataclass(frozen=True)
class CallSource:
    """One source of calls."""

    kind: str = setting("folder", SOURCE, "What it is: a folder of call files, a Kamailio, or the simulator.")
    folder: str = setting("", TEXT, "The folder whose files are read as they grow.")
    pattern: str = setting("*", TEXT, "Which of its files: *.csv.")
    format: str = setting("", TEXT, "The format of the files; without it, it is found from their first row.")
    zone: str = setting("", ZONE, "The clock that times without a zone are on.")
    map: tuple[str, ...] = setting((), WORDS, "Which column is what, where the format does not say it.")
    rpc: str = setting("", RPC, "Kamailio's JSON-RPC: live calls, and ending them.")
    database: str = setting("", URL, "The database that has Kamailio's records.", secret=True)
    table: str = setting("acc_cdrs", TEXT, "The table of the records.")
    spare: str = setting(
        "", TEXT, "The folder into which Kamailio writes records while that database does not answer."
    )
    profile: str = setting("customer", TEXT, "The dialog profile whose value is the customer.")
    seconds: float = setting(1.0, SECONDS, "How often to look for what is new.")
    rate: float = setting(40.0, RATE, "How many calls begin in a second of the busy hour.")


SOURCE_SETTINGS: Mapping[str, Setting] = {
    each.key.rpartition(".")[2]: each
    for each in settings_of("sources.NAME", CallSource, by_environment=False)
}


def is_source_key(key: str) -> bool:
    """Whether a dotted key is a setting of a source."""
    parts = key.split(".")
    return len(parts) == 3 and parts[0] == "sources" and parts[2] in SOURCE_SETTINGS


def check_name(key: str, origin: str) -> None:
    """Refuse the name of a source that could not stand in records and keys."""
    name = key.split(".")[1]
    if not NAME.fullmatch(name):
        raise Misconfigured(
            f"{origin}: {quoted(name)} is not a name for a source; use letters, digits, - and _"
        )


def sources_of(given: Mapping[str, Any], origins: Mapping[str, str]) -> dict[str, CallSource]:
    """The sources of the settings by name; `given` has their values by NAME.setting."""
    tables: dict[str, dict[str, Any]] = {}
    for key, value in given.items():
        name, _, each = key.partition(".")
        tables.setdefault(name, {})[each] = value
    return {name: _source(name, table, origins) for name, table in tables.items()}


def _source(name: str, table: Mapping[str, Any], origins: Mapping[str, str]) -> CallSource:
    shown = visible(name)

    def wrong(each: str, sentence: str) -> Misconfigured:
        return Misconfigured(f"{origins[f'sources.{name}.{each}']}: {sentence}")

    if "kind" not in table:
        raise wrong(next(iter(table)), f"[sources.{shown}] has no kind; say {SOURCE.takes}")
    kind = table["kind"]
    for each in table:
        if each in ONLY_FOR and ONLY_FOR[each] != kind:
            raise wrong(
                each, f"sources.{shown}.{each} is only for sources of kind {ONLY_FOR[each]}, not {kind}"
            )
    source = CallSource(**table)
    if kind == "folder" and not source.folder:
        raise wrong("kind", f"[sources.{shown}] has no folder; say which folder is to be watched")
    if kind == "kamailio" and not (source.rpc or source.database):
        raise wrong("kind", f"[sources.{shown}] has neither rpc nor database; give one of them, or both")
    return source


def names(source: CallSource) -> tuple[str, ...]:
    """The settings that a source of this kind has."""
    every = (each.name for each in fields(source))
    return tuple(each for each in every if ONLY_FOR.get(each, source.kind) == source.kind)
