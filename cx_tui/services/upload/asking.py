"""What was asked for on a command line, carried out: the file is read, its columns mapped, it is uploaded."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cx_tui.config import folders
from cx_tui.services.session import Session
from cx_tui.services.upload.mappings import Mappings, mapped
from cx_tui.services.upload.order import HowToRead, Mode, Order, mapped_fields
from cx_tui.services.upload.preview import preview
from cx_tui.services.upload.reading import read
from cx_tui.services.upload.telling import Teller, shown, table
from cx_tui.services.upload.uploading import Upload
from cx_tui.services.upload.verdicts import VerdictWriter


@dataclass(frozen=True)
class Asked:
    """An upload as it was asked for."""

    path: Path
    how: HowToRead
    columns: Sequence[tuple[str, str]] = ()
    """What was said of columns: header or number, and field."""
    mode: Mode = Mode.BOTH
    dry_run: bool = False
    all_or_nothing: bool = False
    rejects: Path | None = None
    verdicts: Path | None = None

    def order(self, header: Sequence[str], mappings: Mappings) -> Order:
        """The order for a file with this header."""
        mapping = mapped(header, mappings.of(header), self.columns)
        return Order(self.path, self.how, mapping, self.mode, self.dry_run, self.all_or_nothing, self.rejects)


async def carry_out(session: Session, mappings: Mappings, asked: Asked, teller: Teller) -> int:
    """Upload a file; says how many rows were rejected."""
    sheet = await asyncio.to_thread(read, asked.path, asked.how)
    order = asked.order(sheet.header, mappings)
    mapped_fields(order, sheet.header)
    teller.file(sheet, order.mapping)
    with ExitStack() as files:
        writer = files.enter_context(VerdictWriter(asked.verdicts)) if asked.verdicts else None

        def listen(rows: pl.DataFrame) -> None:
            teller.verdicts(rows)
            if writer:
                writer.add(rows)

        upload = Upload(session.database, session.who, order, sheet, teller.progress, listen)
        summary = await upload.run()
    teller.summary(order, summary)
    mappings.keep(sheet.header, order.mapping)
    await upload.settle()
    return summary.rejected


def show(asked: Asked, rows: int, env: Mapping[str, str], *, as_json: bool) -> list[str]:
    """The first rows of a file with what was found out about it, as lines."""
    found = preview(asked.path, asked.how, max(rows, asked.how.start_row))
    header = found.rows[asked.how.start_row - 1] if len(found.rows) >= asked.how.start_row else []
    mapping = mapped(header, Mappings(folders.state_dir(env)).of(header), asked.columns)
    if as_json:
        return [shown(found, mapping)]
    sheets = f"; sheets {', '.join(found.sheets)}" if len(found.sheets) > 1 else ""
    return [found.note + sheets, *table(found.rows)]
