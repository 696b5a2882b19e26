"""The files that go with a message: their paths as they are typed, and what is in them."""

import asyncio
from pathlib import Path

from cx_tui.errors import Refused
from cx_tui.screens.stakes import listed
from widgets.text import visible

BETWEEN = "; "
MOST = 25_000_000
"""Mail servers take no more, and many take less."""
LONGEST_NAME = 200
OFFERED = 200


def paths_in(text: str) -> list[Path]:
    """The paths in a text."""
    return [_path(part) for part in text.split(BETWEEN.strip()) if part.strip()]


def _path(typed: str) -> Path:
    path = Path(typed.strip())
    try:
        return path.expanduser()
    except RuntimeError:  # the home of nobody known
        return path


def wrong(text: str) -> str | None:
    """What is wrong with the files of a text, if anything."""
    try:
        paths = paths_in(text)
        problem = next(filter(None, map(_problem, paths)), None)
        total = 0 if problem else sum(path.stat().st_size for path in paths)
    except (OSError, ValueError) as error:
        return f"the files can't be looked at: {getattr(error, 'strerror', None) or error}"
    if total > MOST:
        return f"they are {size(total)} together; mail servers take {size(MOST)} at most"
    return problem


def _problem(path: Path) -> str | None:
    if not path.exists():
        return f'there is no file "{path}"'
    if not path.is_file():
        return f'"{path}" is no file but a folder' if path.is_dir() else f'"{path}" is no file'
    if visible(path.name) != path.name:
        return f'the name of "{path}" has characters that can\'t be sent; rename it'
    if len(path.name) > LONGEST_NAME:
        return f"the name of a file can have {LONGEST_NAME} characters; rename it"
    with path.open("rb"):
        return None


def in_words(text: str) -> str:
    """The files of a text with their sizes."""
    try:
        sizes = {path.name: path.stat().st_size for path in paths_in(text)}
    except OSError:
        return ""
    said = listed([f"{name} {size(length)}" for name, length in sizes.items()])
    return f"{said} with each message" if said else ""


def size(bytes: int) -> str:
    """A size as people read it: "120 kB"."""
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if bytes >= unit:
            return f"{bytes / unit:.1f} {name}" if bytes < 10 * unit else f"{bytes / unit:,.0f} {name}"
    return f"{bytes} B"


async def read(text: str) -> tuple[tuple[str, bytes], ...]:
    """The files of a text: their names, and what is in them."""
    return await asyncio.to_thread(_read, paths_in(text))


def _read(paths: list[Path]) -> tuple[tuple[str, bytes], ...]:
    try:
        return tuple((path.name, path.read_bytes()) for path in paths)
    except OSError as error:
        raise Refused(f"{error.filename} can't be read: {error.strerror}; nothing was sent") from error


async def completions(typed: str, present: str = "") -> list[str]:
    """How the last path of a text can go on; for nothing typed, how the present text can."""
    whole = typed or (present if present.rstrip().endswith(BETWEEN.strip()) else "")
    before, between, last = whole.rpartition(BETWEEN.strip())
    found = await asyncio.to_thread(_beginning_with, last.strip())
    return [f"{before}{between}{' ' if between else ''}{path}" for path in found]


def _beginning_with(typed: str) -> list[str]:
    folder, slash, name = typed.rpartition("/")
    try:
        entries = list(_path(folder + slash if slash else ".").iterdir())
    except (OSError, ValueError):
        return []
    names = [
        f"{folder}{slash}{entry.name}{'/' if _is_folder(entry) else ''}"
        for entry in entries
        if entry.name.startswith(name or "") and (name.startswith(".") or not entry.name.startswith("."))
    ]
    return sorted(names)[:OFFERED]


def _is_folder(entry: Path) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
