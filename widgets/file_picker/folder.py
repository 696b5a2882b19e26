"""What is in a folder, and how a path goes on: looked at in a thread, since disks may be slow or far."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

MOST = 20_000
"""So many names of a folder are read."""
UP = ".."


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a folder."""

    name: str
    folder: bool
    wanted: bool = False
    size: int = 0
    changed: float = 0.0
    note: str = ""

    @property
    def text(self) -> str:
        """Its name as it stands in a path."""
        return f"{self.name}/" if self.folder else self.name

    @property
    def says(self) -> str:
        """Its size, or what else is to be said of it."""
        return self.note or ("" if self.folder else size_in_words(self.size))

    @property
    def when(self) -> str:
        """When it was changed, by the operator's clock."""
        if not self.changed:
            return ""
        with suppress(OSError, OverflowError, ValueError):
            return f"{datetime.fromtimestamp(self.changed).astimezone():%Y-%m-%d %H:%M}"
        return ""


def size_in_words(size: int) -> str:
    """A size as people read it: "120 kB"."""
    for unit, name in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}" if size < 10 * unit else f"{size / unit:,.0f} {name}"
    return f"{size} B"


def cleaned(text: str) -> str:
    """A path as it was typed, or pasted with the quotes or the escapes of a shell or a file manager."""
    text = text.strip("\r\n").strip()
    if text.startswith("file://"):
        return unquote(urlsplit(text).path)
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    if "\\ " in text and not os.path.lexists(os.path.expanduser(text)):  # noqa: PTH111  text, not yet a path
        return text.replace("\\ ", " ")
    return text


def begun_anew(text: str) -> str:
    """A path that was typed behind another one, as // and /~/ say, without that one."""
    begin = max(text.rfind("//"), text.rfind("/~/"))
    return text[begin + 1 :] if begin > 0 and not text.startswith("file:") else text


def path_of(text: str) -> Path:
    """The whole path that was typed."""
    path = Path(cleaned(text))
    with suppress(RuntimeError):  # the home of nobody known
        path = path.expanduser()
    return Path(os.path.abspath(path))  # noqa: PTH100  ".." goes as it is read, whatever links there are


def split(text: str) -> tuple[str, str]:
    """The folder of a path as it was typed, and the beginning of a name in it."""
    text = cleaned(text)
    if text in ("~", UP) or text.endswith(f"/{UP}"):
        return f"{text}/", ""
    folder, slash, name = text.rpartition("/")
    return folder + slash, name


def entries_of(folder: str, suffixes: Collection[str]) -> list[Entry]:
    """What is in a folder: the wanted files, folders, then the others.  OSError says what is wrong."""
    found = []
    with os.scandir(path_of(folder or ".")) as listing:
        for place, one in enumerate(listing):
            if place >= MOST:
                break
            found.append(_entry(one, suffixes))
    return sorted(found, key=_place)


def _place(entry: Entry) -> tuple[bool, bool, float, str]:
    """The newest of the wanted files come first."""
    newest = -entry.changed if entry.wanted else 0.0
    return not entry.wanted, not entry.folder, newest, entry.name.casefold()


def _entry(one: os.DirEntry[str], suffixes: Collection[str]) -> Entry:
    try:
        if one.is_dir():
            return Entry(one.name, True)
        known = one.stat()
    except OSError:
        return Entry(one.name, False)
    wanted = os.path.splitext(one.name)[1].lower() in suffixes  # noqa: PTH122  a name, not a path
    return Entry(one.name, False, wanted, known.st_size, known.st_mtime)


def matching(entries: Sequence[Entry], name: str) -> list[Entry]:
    """The entries that a name begins, then those that have it; hidden ones only when they are asked for."""
    wanted = name.casefold()
    seen = [one for one in entries if name.startswith(".") or not one.name.startswith(".")]
    first = [one for one in seen if one.name.casefold().startswith(wanted)]
    return first + [
        one for one in seen if wanted in one.name.casefold() and not one.name.casefold().startswith(wanted)
    ]


def completed(entries: Sequence[Entry], name: str) -> str:
    """How a name goes on as far as there is no choice."""
    begun = [one for one in matching(entries, name) if one.name.startswith(name)]
    if not begun:
        same = [one for one in matching(entries, name) if one.name.casefold().startswith(name.casefold())]
        begun = same if len(same) == 1 else []
    if len(begun) == 1:
        return begun[0].text
    return _common([one.name for one in begun]) or name


def _common(names: Sequence[str]) -> str:
    """What all names begin with: what the first and the last of them do."""
    first, last = min(names, default=""), max(names, default="")
    return next((first[:n] for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), first)
