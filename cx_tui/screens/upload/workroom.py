"""A private folder for the verdicts of one upload screen; it goes with the screen."""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from cx_tui.config import folders
from cx_tui.errors import CxError

OLD = 86_400.0
"""Seconds after which a folder was left behind by a program that was killed."""


class Workroom:
    """Where the verdicts are written."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._files = 0

    def file(self) -> Path:
        """A new file; those before it are no longer needed.  CxError says why there can be none."""
        if self._folder is None:
            self._folder = _made()
        for old in self._folder.iterdir():
            old.unlink(missing_ok=True)
        self._files += 1
        return self._folder / f"verdicts-{self._files}"

    def clear(self) -> None:
        """Nothing is needed any more."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _made() -> Path:
    above = folders.private_dir(folders.cache_dir(os.environ) / "uploads")
    try:
        for one in above.iterdir():
            with suppress(OSError):
                if time.time() - one.stat().st_mtime > OLD:
                    shutil.rmtree(one, ignore_errors=True)
        return Path(tempfile.mkdtemp(dir=above))
    except OSError as error:
        raise CxError(f"{above} can't be written: {error.strerror}") from error
