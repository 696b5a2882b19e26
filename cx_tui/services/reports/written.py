"""Writing a report into a file of its own, that only its owner can read."""

import os
from pathlib import Path

from cx_tui.errors import Misconfigured


def write_new(path: Path, text: str) -> None:
    """Write a text into a file that is not there yet."""
    try:
        number = os.open(path.expanduser(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Misconfigured(f"{path} is there already; choose another name, or delete it first") from None
    except OSError as error:
        raise Misconfigured(f"{path} can't be written: {error.strerror}") from error
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(text)
