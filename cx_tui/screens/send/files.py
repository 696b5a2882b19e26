"""The files that go with a message: their paths as they are typed."""

import asyncio
from pathlib import Path

from cx_tui.services.sending import attachments
from cx_tui.services.sending.attachments import File

BETWEEN = "; "
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
    return attachments.wrong(paths_in(text))


def in_words(text: str) -> str:
    """The files of a text with their sizes."""
    try:
        return attachments.listed([(path.name, path.stat().st_size) for path in paths_in(text)])
    except OSError:
        return ""


async def read(text: str) -> tuple[File, ...]:
    """The files of a text: their names, and what is in them."""
    return await asyncio.to_thread(attachments.read, paths_in(text))


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
