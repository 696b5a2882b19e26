"""Where CX TUI keeps its files: the XDG folders, and how private files are written.

Worked out by hand: platformdirs costs 20 ms at start.  Every folder follows from an environment mapping.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cx_tui.errors import CxError, Misconfigured

APP = "cx-tui"
CONFIG_NAME = "config.toml"


def config_files(env: Mapping[str, str]) -> list[Path]:
    """The settings files that are looked for, the weakest first."""
    return [*_system_config_files(env), user_config_file(env)]


def user_config_file(env: Mapping[str, str]) -> Path:
    """The operator's own settings file; CX_TUI_CONFIG names another one."""
    if named := env.get("CX_TUI_CONFIG"):
        return Path(named)
    return _folder(env, "XDG_CONFIG_HOME", ".config") / CONFIG_NAME


def data_dir(env: Mapping[str, str]) -> Path:
    """The folder of the embedded database."""
    return _folder(env, "XDG_DATA_HOME", ".local/share")


def state_dir(env: Mapping[str, str]) -> Path:
    """The folder of what is remembered from one start to the next."""
    return _folder(env, "XDG_STATE_HOME", ".local/state")


def cache_dir(env: Mapping[str, str]) -> Path:
    """The folder of what may be deleted at any time."""
    return _folder(env, "XDG_CACHE_HOME", ".cache")


def private_dir(path: Path) -> Path:
    """Make the folder, for its owner only, unless it is there already."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CxError(f"the folder {path} can't be made: {error.strerror}") from error
    return path


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step, readable by its owner only; a failure leaves the old one as it was."""
    data = text.encode()
    # Not tempfile, which costs 9 ms at start.  In the same folder, because a rename can't cross file systems.
    new = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        _write_new(new, data)
        new.replace(path)
    except OSError as error:
        raise CxError(f"{path} can't be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            new.unlink()


def _write_new(path: Path, data: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        # Without it a power cut just after the rename can leave an empty file.
        os.fsync(file.fileno())


def _system_config_files(env: Mapping[str, str]) -> list[Path]:
    listed = env.get("XDG_CONFIG_DIRS")
    folders = listed.split(":") if listed else ["/etc"]
    # XDG puts the most important folder first.
    return [Path(folder, APP, CONFIG_NAME) for folder in reversed(folders) if os.path.isabs(folder)]


def _folder(env: Mapping[str, str], variable: str, below_home: str) -> Path:
    """XDG: a variable that is empty or holds a relative path counts as not set."""
    base = env.get(variable, "")
    return (Path(base) if os.path.isabs(base) else _home(env) / below_home) / APP


def _home(env: Mapping[str, str]) -> Path:
    named = env.get("HOME", "")
    if os.path.isabs(named):
        return Path(named)
    import pwd

    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError as error:
        raise Misconfigured("there is no home folder; set HOME to one") from error
