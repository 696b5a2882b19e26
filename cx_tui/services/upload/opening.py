"""Opening a file that is uploaded: packed by gzip or not, and what comes through a pipe kept meanwhile."""

import gzip
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from cx_tui.errors import CxError, Misconfigured

GZIP = b"\x1f\x8b"
LARGEST = 2**31
STDIN = Path("-")
PIECE = 2**20


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file to be read; one that is packed by gzip is unpacked on the way."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP
            file.seek(0)
            if packed:
                with gzip.open(file) as unpacked:
                    yield cast(IO[bytes], unpacked)
            else:
                yield file
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise CxError(f"{path.name} is packed by gzip and damaged; pack it again") from None
    except OSError as error:
        raise CxError(f"{path.name} can't be read: {error.strerror or error}") from None


def is_packed(path: Path) -> bool:
    """Whether a file is packed by gzip."""
    with path.open("rb") as file:
        return file.read(2) == GZIP


@contextmanager
def kept(path: Path) -> Iterator[Path]:
    """A file that can be read more than once: what comes from standard input (`-`) or through a pipe is
    written into one that is gone at the end."""
    if path != STDIN and not path.is_fifo() and not path.is_char_device():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="cx-tui-") as folder:
        copy = Path(folder) / ("stdin" if path == STDIN else path.name)
        try:
            with copy.open("wb") as new:
                if path == STDIN:
                    _copy(sys.stdin.buffer, new)
                else:
                    with path.open("rb") as pipe:
                        _copy(pipe, new)
        except OSError as error:
            raise CxError(f"{path} can't be kept to be read: {error.strerror}") from error
        yield copy


def _copy(pipe: BinaryIO, new: BinaryIO) -> None:
    left = LARGEST
    while piece := pipe.read(PIECE):
        left -= len(piece)
        if left < 0:
            raise CxError("more than 2 GiB came through the pipe; split it")
        new.write(piece)


def check(path: Path) -> None:
    """Refuse what can't be read."""
    if not path.is_file():
        raise Misconfigured(f"there is no file {path}")
    if path.stat().st_size > LARGEST:
        raise CxError(f"{path.name} is larger than 2 GiB; split it")
    try:
        path.open("rb").close()
    except OSError as error:
        raise CxError(f"{path.name} can't be read: {error.strerror}") from None
