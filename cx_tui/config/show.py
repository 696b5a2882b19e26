"""What `cx-tui info`, the header and the README show of the settings."""

import re
from collections.abc import Mapping
from pathlib import Path

from cx_tui.config import folders
from cx_tui.config.layers import Loaded
from cx_tui.config.setting import Setting
from cx_tui.config.settings import KEYS, SETTINGS, Settings
from cx_tui.config.sources import SOURCE_SETTINGS, names
from cx_tui.config.text import visible, without_secret


def label_of(settings: Settings) -> str:
    """A short name of the database; with the host, because test and production often share a name."""
    url = settings.database.url
    if settings.database.label or not url:
        return settings.database.label or "embedded"
    from urllib.parse import unquote  # imported here: an embedded database needs none

    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return visible(Path(rest.partition("?")[0]).stem)
    server, _, name = rest.rpartition("@")[2].partition("?")[0].partition("/")
    host = re.sub(r":[0-9]*\Z", "", server)
    return visible(unquote(" on ".join(filter(None, [name, host])))) or scheme


def describe(loaded: Loaded, env: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Rows for `cx-tui info`: setting, value, where it came from; secrets are hidden."""
    shown = {key: _value_shown(each, loaded.settings, env) for key, each in SETTINGS.items()}
    shown |= _sources_shown(loaded.settings)
    shown |= {f"keys.{name}": value for name, value in loaded.settings.keys.items()}
    origins = loaded.origins
    return [(visible(key), visible(value), origins.get(key, "default")) for key, value in shown.items()]


def _sources_shown(settings: Settings) -> dict[str, str]:
    """What each source of calls has, as far as its kind has it."""
    return {
        f"calls.{name}.{each}": without_secret(str(value))
        if SOURCE_SETTINGS[each].secret
        else visible(value if not isinstance(value, tuple) else " ".join(value))
        for name, source in settings.calls.items()
        for each in names(source)
        for value in [getattr(source, each)]
    }


def _value_shown(definition: Setting, settings: Settings, env: Mapping[str, str]) -> str:
    table, _, name = definition.key.partition(".")
    value = getattr(getattr(settings, table), name)
    if definition.key == "database.label":
        return label_of(settings)
    if definition.key == "database.url" and not value:
        return f"embedded SQLite in {folders.data_dir(env)}"
    return without_secret(value) if definition.secret else visible(value)


def paths(env: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Rows for `cx-tui info`: what it is, its path, whether it is there."""
    rows = [("settings", path) for path in folders.config_files(env)]
    places = {"data": folders.data_dir, "state": folders.state_dir, "cache": folders.cache_dir}
    rows += [(name, folder(env)) for name, folder in places.items()]
    return [(name, visible(path), _is_there(path)) for name, path in rows]


def settings_table() -> list[tuple[str, str, str, str, str, str]]:
    """Rows for the README: setting, what it takes, default, environment, flag, help."""
    return [
        (each.key, each.kind.takes, _usual(each), ", ".join(each.env), each.flag, each.help)
        for each in [*SETTINGS.values(), *SOURCE_SETTINGS.values(), KEYS]
    ]


def _usual(each: Setting) -> str:
    return "" if each.default == () else visible(each.default)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a folder above it can't be looked into
        return False
