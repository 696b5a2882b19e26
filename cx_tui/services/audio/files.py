"""Files of sound: which they are, how long they play, and how one is copied."""

import os
import shutil
import wave
from contextlib import suppress
from pathlib import Path

from cx_tui.errors import CxError, NotFound

SUFFIXES = (".wav", ".mp3", ".ogg", ".opus", ".gsm", ".ulaw", ".alaw", ".sln", ".g729", ".m4a", ".flac")
"""The formats of Asterisk, FreeSWITCH and rtpengine, the one that plays anywhere first."""

BYTES_A_SECOND = {".gsm": 1650, ".ulaw": 8000, ".alaw": 8000, ".sln": 16_000, ".g729": 1000}
"""Formats without a header: a second has always as many bytes."""


def is_sound(path: Path) -> bool:
    """Whether a file has sound, by its name."""
    return path.suffix.lower() in SUFFIXES


def seconds_of(path: Path, size: int) -> float | None:
    """How long a file plays; None when only a player could tell."""
    if a_second := BYTES_A_SECOND.get(path.suffix.lower()):
        return size / a_second
    if path.suffix.lower() == ".wav":
        # A WAV of GSM, as Asterisk writes it, is none to this library.
        with suppress(wave.Error, EOFError, OSError), wave.open(str(path)) as sound:
            return float(sound.getnframes() / (sound.getframerate() or 1))
    return None


def copy_private(source: Path, target: Path) -> None:
    """Copy a file to one that only its owner can read; one that is there is replaced in one step."""
    new = target.with_name(f".{target.name}.{os.urandom(6).hex()}")
    try:
        with source.open("rb") as read:
            number = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb") as written:
                shutil.copyfileobj(read, written)
        new.replace(target)
    except OSError as error:
        if not source.exists():
            raise NotFound(f"{source.name} is no longer there") from None
        raise CxError(f"{target} can't be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            new.unlink()
