"""What was asked for on a command line, carried out: the file is read, its columns mapped, it is uploaded."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from cx_tui.config import folders
from cx_tui.errors import CxError, Misconfigured
from cx_tui.services.session import Session
from cx_tui.services.upload.mappings import Known, Mappings, mapped
from cx_tui.services.upload.opening import kept
from cx_tui.services.upload.order import HowToRead, Mode, Order, mapped_fields, upload_fields
from cx_tui.services.upload.preview import preview
from cx_tui.services.upload.reading import read
from cx_tui.services.upload.telling import LONGEST_LINE, Teller, in_brief, printable, shown, table
from cx_tui.services.upload.uploading import Listener, Upload
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
    values: Sequence[tuple[str, str, str]] = ()
    """What is meant by texts: field, text, value."""
    profile: str = ""
    """The name of the mapping to be used."""
    save_as: str = ""
    """The name under which the mapping is kept for other files."""
    record: str = "customer"
    """The kind of record that the rows are."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Texts of fields that have no column."""

    def known(self, header: Sequence[str], mappings: Mappings) -> Known:
        """What is known of a file with this header, with what was said about it now."""
        known = mappings.named(self.profile, header) if self.profile else mappings.known(header)
        values = {name: dict(each) for name, each in known.values.items()}
        for name, text, value in self.values:
            values.setdefault(_field(name, self.record), {})[text] = value
        return Known(mapped(header, known.columns, self.columns), values, self.how.decimal or known.decimal)

    def order(self, path: Path, known: Known) -> Order:
        """The order for a file of which this is known."""
        how = replace(self.how, decimal=known.decimal or ".")
        return Order(
            path, how, known.columns, self.mode, self.dry_run, self.all_or_nothing, self.rejects,
            known.values, self.profile or self.save_as, self.record, self.given,
        )  # fmt: skip


def _field(name: str, record: str) -> str:
    """A field by its name or label."""
    for key, one in upload_fields(record).items():
        if name.casefold() in (key.casefold(), one.label.casefold()):
            return key
    raise Misconfigured(f'there is no field "{name}"; there are {", ".join(upload_fields(record))}')


async def carry_out(
    session: Session,
    mappings: Mappings,
    asked: Asked,
    teller: Teller,
    also: Listener = lambda rows: None,
) -> int:
    """Upload a file; says how many rows were rejected.  Who else is to hear of its rows is told too."""
    with kept(asked.path) as path:
        sheet = await asyncio.to_thread(read, path, asked.how)
        known = asked.known(sheet.header, mappings)
        order = asked.order(path, known)
        mapped_fields(order, sheet.header)
        if asked.save_as:
            mappings.save(asked.save_as, sheet.header, known)
        teller.file(sheet, order.mapping)
        with ExitStack() as files:
            writer = None
            if asked.verdicts:
                writer = files.enter_context(VerdictWriter(asked.verdicts, asked.record))

            def listen(rows: pl.DataFrame) -> None:
                teller.verdicts(rows)
                also(rows)
                if writer:
                    writer.add(rows)

            upload = upload_of(order)(session.database, session.who, order, sheet, teller.progress, listen)
            summary = await upload.run()
    try:
        teller.summary(order, summary)
    except CxError as error:
        raise CxError(f"{in_brief(order, summary)}; but {error}") from error
    finally:
        mappings.keep(sheet.header, known)
        await upload.settle()
    return summary.rejected


def upload_of(order: Order) -> type[Upload]:
    """What uploads such a file."""
    if order.record == "customer":
        return Upload
    from cx_tui.services.upload.record_uploading import RecordUpload

    return RecordUpload


def show(asked: Asked, rows: int, env: Mapping[str, str], *, as_json: bool) -> list[str]:
    """The first rows of a file with what was found out about it, as lines."""
    with kept(asked.path) as path:
        found = preview(path, asked.how, max(rows, asked.how.start_row))
    mappings = Mappings(folders.state_dir(env), asked.record)
    header = found.header if asked.how.has_header else [""] * max(map(len, found.rows), default=0)
    known = asked.known(header, mappings)
    if as_json:
        return [shown(found, known, mappings.names())]
    sheets = f"; sheets {', '.join(found.sheets)}" if len(found.sheets) > 1 else ""
    likely = [f"  {one.name:<11} {printable(one.line[:LONGEST_LINE])}" for one in found.likely]
    return [found.note + sheets, *likely, *table(found.rows, found.numbers)]
