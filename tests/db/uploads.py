"""Uploads as tests make them: a table of texts becomes a file, and the file is uploaded."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from cx_tui.services.session import Session
from cx_tui.services.upload.guessing import guess
from cx_tui.services.upload.order import HowToRead, Mode, Order
from cx_tui.services.upload.reading import read
from cx_tui.services.upload.uploading import Summary, Upload

ROW = ("line", "verdict", "why", "changed")


@dataclass(frozen=True)
class Uploaded:
    """What became of an upload."""

    summary: Summary
    rows: list[tuple[Any, ...]]
    """Line, verdict, why, what is changed."""
    warnings: dict[int, str]

    @property
    def verdicts(self) -> list[str]:
        """The verdicts in the order of the file."""
        return [row[1] for row in self.rows]


def file_of(path: Path, text: str | Sequence[Sequence[str]]) -> Path:
    """A file of lines as they are written here, or of rows of cells."""
    if isinstance(text, str):
        path.write_text("\n".join(line.strip() for line in text.strip().split("\n")) + "\n", "utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(text)
    return path


async def uploaded(session: Session, path: Path, mode: Mode = Mode.BOTH, **more: Any) -> Uploaded:
    """Upload a file whose headers say what its columns are."""
    how = more.pop("how", HowToRead())
    sheet = read(path, how)
    mapping = more.pop("mapping", None) or guess(sheet.header)
    order = replace(Order(path, how, mapping, mode), **more)
    parts: list[pl.DataFrame] = []
    summary = await Upload(session.database, session.who, order, sheet, listener=parts.append).run()
    rows = [row for part in parts for row in part.select(ROW).iter_rows()]
    warned = [part.select("line", "warning").drop_nulls() for part in parts]
    return Uploaded(summary, rows, {line: said for part in warned for line, said in part.iter_rows()})
