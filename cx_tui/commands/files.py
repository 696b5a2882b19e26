"""The commands that read and write files of records: upload and export."""

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cx_tui.commands import querying
from cx_tui.config import Loaded
from cx_tui.errors import CxError, Misconfigured, Unavailable

if TYPE_CHECKING:
    from cx_tui.services.upload.asking import Asked
    from cx_tui.services.upload.telling import Teller

OK, REJECTED = 0, 1

TABS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "bar": "|", "colon": ":"}


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser these commands."""
    upload = commands.add_parser("upload", help="create and update records from a CSV or XLSX file")
    querying.add_record(upload, "what the rows are: customer (default), contact, ip, rate …")
    add_upload_options(upload)
    add_shared(upload)
    upload.set_defaults(do=_upload)

    export = commands.add_parser("export", help="write records into a file that can be uploaded again")
    export.add_argument("file", metavar="FILE", type=Path, help="ends with .csv, .xlsx, .parquet or .json")
    querying.add_record(export, "what is written: customer (default), contact, ip, rate …")
    querying.add_query(export)
    export.add_argument(
        "--template", action="store_true", help="no records, but all columns and one example row"
    )
    add_shared(export)
    export.set_defaults(do=_export)


def add_upload_options(upload: argparse.ArgumentParser) -> None:
    """What can be said of a file that is uploaded."""
    upload.add_argument(
        "file", metavar="FILE", type=Path,
        help="CSV of any kind, also packed by gzip; XLSX; an export in Parquet or JSON; - is standard input",
    )  # fmt: skip
    upload.add_argument(
        "--map", metavar="COLUMN=FIELD", action="append", default=[], type=_pair,
        help="what a column is: its header or its number from 1, like Price=debit_limit or 3=name; #3 is the"
        " number even where a column is titled 3; without a field it is not used; may be given again",
    )  # fmt: skip
    upload.add_argument(
        "--owner", "--card", metavar="NAME", default="",
        help="whose records these are when no column says so: a customer, or the rate card of rates",
    )  # fmt: skip
    upload.add_argument(
        "--start-row", metavar="N", type=int, default=1, help="the row of the header (1); data are beneath it"
    )
    upload.add_argument(
        "--no-header", action="store_true", help="the data begin in the start row; map columns by number"
    )
    upload.add_argument(
        "--value", metavar="FIELD:TEXT=VALUE", action="append", default=[], type=_meant,
        help="what is meant by a text of a column, like status:Aktiv=Active; kept with the mapping",
    )  # fmt: skip
    upload.add_argument(
        "--decimal", choices=("point", "comma"), help="what stands before decimals (a point: 1,234.50)"
    )
    upload.add_argument("--profile", metavar="NAME", default="", help="use the mapping saved under this name")
    upload.add_argument("--save-profile", metavar="NAME", default="", help="save the mapping under this name")
    upload.add_argument(
        "--mode", choices=("create", "update", "both"), default="both", help="what may be done (both)"
    )
    upload.add_argument("--dry-run", action="store_true", help="judge every row, write nothing")
    upload.add_argument("--all-or-nothing", action="store_true", help="write nothing when a row is rejected")
    upload.add_argument("--rejects", metavar="FILE", type=Path, help="write rejected rows with their reasons")
    upload.add_argument("--verdicts", metavar="FILE", type=Path, help="write the verdict of every row (JSON)")
    upload.add_argument("--json", action="store_true", help="JSON lines: file, progress, verdicts, summary")
    upload.add_argument("--show", metavar="N", type=int, help="only show the first rows of the file")
    upload.add_argument(
        "--encoding", metavar="NAME", default="", help="such as utf-8, windows-1252 or shift-jis"
    )
    upload.add_argument(
        "--delimiter", metavar="SIGN", default="", type=_sign, help="what is between cells; tab for a tab"
    )
    upload.add_argument("--sheet", metavar="NAME", default="", help="a sheet: name or number (the first)")


def _pair(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not equals or not column:
        raise argparse.ArgumentTypeError(f"{text} must be written like COLUMN=field")
    return column.strip(), field.strip()


def _meant(text: str) -> tuple[str, str, str]:
    field, colon, rest = text.partition(":")
    word, equals, value = rest.rpartition("=")
    if not (colon and equals and field.strip() and word.strip()):
        raise argparse.ArgumentTypeError(f"{text} must be written like status:Aktiv=Active")
    return field.strip(), word.strip(), value.strip()


def _sign(text: str) -> str:
    sign = TABS.get(text, text)
    if sign and (len(sign) != 1 or sign in '"\n\r' or not sign.isascii()):
        raise argparse.ArgumentTypeError("a delimiter is one sign, such as ; or , or tab")
    return sign


def _collect_seldom() -> None:
    """Rows are no garbage: to look for it among them again and again takes up to a third of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


def _upload(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.asked import upload
    from cx_tui.bootstrap.opening import database_url

    asked = asked_of(options)

    def work(teller: "Teller") -> int:
        return asyncio.run(upload(database_url(loaded, os.environ), os.environ, asked, teller))

    return uploading(options, loaded, asked, work)


def uploading(
    options: argparse.Namespace, loaded: Loaded, asked: "Asked", work: "Callable[[Teller], int]"
) -> int:
    """Upload a file as it is asked for, or show its beginning; says the exit code."""
    from cx_tui.services.upload.asking import show
    from cx_tui.services.upload.telling import ForPerson, ForProgram, Teller

    _collect_seldom()
    teller: Teller = ForPerson(_write, _say, _talk, asked.record)
    if options.json:
        teller = ForProgram(_write, each=options.verdicts is None, record=asked.record)
    try:
        if options.start_row < 1:
            raise Misconfigured("the first row is row 1")
        if options.show is not None:
            for line in show(asked, options.show, os.environ, as_json=options.json):
                _write(line)
            return OK
        if loaded.settings.database.read_only and not options.dry_run:
            raise Misconfigured("an upload changes the database; without --read-only, or with --dry-run")
        rejected = work(teller)
    except CxError as error:
        if options.json:
            teller.failed(str(error), _exit_code(error))
        raise
    return REJECTED if rejected else OK


def _exit_code(error: CxError) -> int:
    return 2 if isinstance(error, Misconfigured) else 3 if isinstance(error, Unavailable) else 1


def asked_of(options: argparse.Namespace) -> "Asked":
    """An upload as the options say it."""
    from cx_tui.domain.records import record_named
    from cx_tui.domain.sheet_fields import owner_column
    from cx_tui.services.upload.asking import Asked
    from cx_tui.services.upload.order import HowToRead, Mode

    how = HowToRead(
        options.start_row, options.encoding, options.delimiter, options.sheet, not options.no_header,
        {"comma": ",", "point": ".", None: ""}[options.decimal],
    )  # fmt: skip
    record = querying.record_of(options)
    declared = record_named(record).declared
    if not declared.uploads:
        raise Misconfigured(f"{declared.several} can't be uploaded; the screen makes and changes them")
    given: dict[str, str] = {}
    if options.owner:
        if not declared.owner:
            raise Misconfigured(f"{declared.several} belong to nobody; leave --owner and --card out")
        given[owner_column(declared)] = options.owner
    mode = next(mode for mode in Mode if mode.value == options.mode)
    return Asked(
        options.file, how, tuple(options.map), mode, dry_run=options.dry_run,
        all_or_nothing=options.all_or_nothing, rejects=options.rejects, verdicts=options.verdicts,
        values=tuple(options.value), profile=options.profile, save_as=options.save_profile, record=record,
        given=given,
    )  # fmt: skip


def _export(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.bootstrap.asked import export
    from cx_tui.bootstrap.opening import database_url
    from cx_tui.domain.records import record_named
    from cx_tui.services.export.exporting import write_template

    _collect_seldom()
    record = querying.record_of(options)
    if options.template:
        write_template(options.file, record)
        return OK
    view = querying.view_of(options, loaded)
    query = querying.query_of(options, view)
    count = asyncio.run(export(database_url(loaded, os.environ), options.file, query, _exporting))
    said = record_named(record).declared.so_many(count)
    print(f"cx-tui: {said} {'is' if count == 1 else 'are'} in {options.file}", file=sys.stderr)
    return OK


def _exporting(done: int, of: int) -> None:
    _talk(f"\r\x1b[Kexporting {done:,} of {of:,}" + ("\n" if done >= of else ""))


def _write(line: str) -> None:
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CxError(f"standard output can't be written: {error.strerror}") from error


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _talk(text: str) -> None:
    if sys.stderr.isatty():
        _say(text)
