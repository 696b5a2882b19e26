"""What is to be known of a file before it is read; all of it may take a moment, on a disk that is far."""

import re
from pathlib import Path

from cx_tui.domain.declared import Declared
from widgets.file_picker.folder import size_in_words
from widgets.text import visible

Stamp = tuple[int, int]
"""What a file can be known by: its size and when it was written."""


def typable(path: Path | None) -> str:
    """A path as it can stand in a box; nothing when its name has what can't be typed."""
    text = str(path or "")
    return text if visible(text) == text else ""


def why_not_read(path: Path) -> str:
    """What is wrong with a file that is to be read, if anything."""
    try:
        if path.is_dir():
            return f"{path} is a folder; choose a file in it"
        if not path.exists():
            return f"there is no file {path}"
        if not path.is_file():
            return f"{path} is no file"
        path.open("rb").close()
    except (OSError, ValueError) as error:
        return f"{path.name} can't be read: {getattr(error, 'strerror', None) or error}"
    return ""


def size_of(path: Path) -> str:
    """How large a file is, in words."""
    try:
        return size_in_words(path.stat().st_size)
    except OSError:
        return ""


def stamp_of(path: Path) -> Stamp | None:
    """What a file can be known by: another one means that somebody wrote into it."""
    try:
        known = path.stat()
    except OSError:
        return None
    return known.st_size, known.st_mtime_ns


def file_name_of(declared: Declared) -> str:
    """The beginning of the name of a file of such records."""
    return re.sub(r"\W+", "-", declared.many.lower())
