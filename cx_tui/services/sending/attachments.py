"""The files that go with a message: whether they can, how large they are, and what is in them."""

from collections.abc import Sequence
from pathlib import Path

from cx_tui.config.text import visible
from cx_tui.domain.records import is_record
from cx_tui.errors import Refused

File = tuple[str, bytes]
"""A name, and what is in it."""

MOST = 25_000_000
"""Mail servers take no more, and many take less."""
LONGEST_NAME = 200

RATE_CARD = "rate-card"
"""The card on which customers would have rate cards: each would go to its own customer."""


def wrong(paths: Sequence[Path]) -> str | None:
    """What is wrong with files, if anything."""
    try:
        problem = next(filter(None, map(_problem, paths)), None)
        total = 0 if problem else sum(path.stat().st_size for path in paths)
    except (OSError, ValueError) as error:
        return f"the files can't be looked at: {getattr(error, 'strerror', None) or error}"
    if total > MOST:
        return f"they are {size(total)} together; mail servers take {size(MOST)} at most"
    return problem


def _problem(path: Path) -> str | None:
    shown = visible(path)
    if not path.exists():
        return f'there is no file "{shown}"'
    if not path.is_file():
        return f'"{shown}" is no file but a folder' if path.is_dir() else f'"{shown}" is no file'
    if visible(path.name) != path.name:
        return f'the name of "{shown}" has characters that can\'t be sent; rename it'
    if len(path.name) > LONGEST_NAME:
        return f"the name of a file can have {LONGEST_NAME} characters; rename it"
    try:
        with path.open("rb"):
            return None
    except OSError as error:
        return f'"{shown}" can\'t be read: {error.strerror}'


def read(paths: Sequence[Path]) -> tuple[File, ...]:
    """What is in files; Refused when one of them can't be read any more."""
    try:
        return tuple((path.name, path.read_bytes()) for path in paths)
    except OSError as error:
        raise Refused(
            f"{visible(error.filename)} can't be read: {error.strerror}; nothing was sent"
        ) from error


def in_words(files: Sequence[File]) -> str:
    """Files with their sizes."""
    return listed([(name, len(content)) for name, content in files])


def listed(files: Sequence[tuple[str, int]]) -> str:
    """Names with sizes."""
    said = [f"{name} {size(length)}" for name, length in files]
    both = " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))
    return f"{both} with each message" if both else ""


def size(bytes: int) -> str:
    """A size as people read it: "120 kB"."""
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if bytes >= unit:
            return f"{bytes / unit:.1f} {name}" if bytes < 10 * unit else f"{bytes / unit:,.0f} {name}"
    return f"{bytes} B"


def about_rate_cards() -> str:
    """What has to be known of rate cards by who attaches files."""
    if is_record(RATE_CARD):
        return ""
    return "No rate cards are kept here yet: name one as a file."
