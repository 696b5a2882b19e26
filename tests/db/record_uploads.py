"""Uploads of records of any kind as tests make them: a text becomes a file, and the file is uploaded."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cx_tui.services.session import Session
from cx_tui.services.upload.asking import upload_of
from cx_tui.services.upload.guessing import guess
from cx_tui.services.upload.order import HowToRead, Mode, Order
from cx_tui.services.upload.reading import read
from cx_tui.services.upload.uploading import Summary
from cx_tui.services.upload.verdicts import lines_of

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Done:
    """What became of an upload: a verdict for each row, as a program reads it."""

    summary: Summary
    rows: list[dict[str, Any]]

    @property
    def verdicts(self) -> list[str]:
        """The verdicts in the order of the file."""
        return [row["verdict"] for row in self.rows]

    def why(self, line: int) -> str:
        """Why the row of a line is rejected."""
        return str(next(row["why"] for row in self.rows if row["line"] == line))

    def changes(self, line: int) -> list[tuple[str, str, str]]:
        """What the row of a line changes: fields, as they are and as they will be."""
        row = next(row for row in self.rows if row["line"] == line)
        return [(one["field"], one["before"], one["after"]) for one in row["changes"] or ()]


async def sent(
    session: Session, record: str, what: str | Path, *, given: Mapping[str, str] = NOTHING, **more: Any
) -> Done:
    """Upload a file, or a text of one, whose headers say what its columns are."""
    if isinstance(what, Path):
        return await _sent(session, record, what, given, more)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{record}.csv"
        path.write_text(what, "utf-8")
        return await _sent(session, record, path, given, more)


async def _sent(
    session: Session, record: str, path: Path, given: Mapping[str, str], more: Mapping[str, Any]
) -> Done:
    how = HowToRead()
    sheet = read(path, how)
    order = Order(path, how, guess(sheet.header, record), Mode.BOTH, record=record, given=given)
    order = replace(order, **more)
    rows: list[dict[str, Any]] = []

    def listen(part: Any) -> None:
        rows.extend(map(json.loads, lines_of(part, record)))

    summary = await upload_of(order)(session.database, session.who, order, sheet, listener=listen).run()
    return Done(summary, rows)
