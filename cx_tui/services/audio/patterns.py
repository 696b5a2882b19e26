"""Where files are: a path with places to be filled in, such as /var/spool/voicemail/{username}.

What is filled in comes from a switch or an operator: it never leads out of the folder.
"""

import glob
import re
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path

PLACE = re.compile(r"\{(\w+)\}")


def filled(pattern: str, values: Mapping[str, str]) -> str | None:
    """A pattern with its values, as a pattern of file names; None where a value can't be part of a name."""
    if any(not is_name(values[place]) for place in PLACE.findall(pattern)):
        return None
    return PLACE.sub(lambda found: glob.escape(values[found[1]]), pattern)


def folders_of(pattern: str, values: Mapping[str, str]) -> list[Path]:
    """The folders that a pattern means with these values."""
    wanted = filled(pattern, values)
    root = root_of(pattern)
    if wanted is None or Path(wanted) == root:
        return [root] if wanted else []
    return sorted(root.glob(str(Path(wanted).relative_to(root))))


def is_name(text: str) -> bool:
    """Whether a text can stand in the name of one file."""
    return bool(text) and text not in (".", "..") and not re.search(r"[/\x00]", text)


def root_of(pattern: str) -> Path:
    """The folder above everything that a pattern can mean."""
    folders = Path(pattern).parent.parts
    return Path(*takewhile(lambda part: not PLACE.search(part) and not glob.has_magic(part), folders))
