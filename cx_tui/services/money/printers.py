"""What a process that prints invoices does: a file is there in whole or not at all."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from cx_tui.domain.money.document import Document
from cx_tui.errors import CxError
from cx_tui.services.workers import Workers


def printers(count: int | None = None) -> Workers:
    """Processes that print documents into a folder, each named by its number: how many bytes they have."""
    return Workers("prints invoices", _begin, count=count)


def _begin() -> Callable[[Sequence[Document], Path], int]:
    return _print


def _print(documents: Sequence[Document], folder: Path) -> int:
    return sum(_whole(one, folder) for one in documents)


def _whole(document: Document, folder: Path) -> int:
    from cx_tui.services.money.printing import write_pdf

    path = folder / f"{document.file_name}.pdf"
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        size = write_pdf(document, half)
        half.replace(path)
    except OSError as error:
        raise CxError(f"{path} can't be written: {error.strerror}") from error
    finally:
        half.unlink(missing_ok=True)
    return size
