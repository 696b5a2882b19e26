"""What an upload says while it works: lines for a person, or JSON lines for a program.

A program reads an object a line.  Its `event` is `file` (what was found, how columns are mapped),
`progress` (what is done, how many lines of how many, how many a second), `verdict` (one row), `summary`
or `error` (the last line, with the exit code).
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import polars as pl

from cx_tui.domain.records import record_named
from cx_tui.services.upload.encoding import Likely
from cx_tui.services.upload.judged import VERDICT, WARNING, WHY, changes_of
from cx_tui.services.upload.mappings import Known
from cx_tui.services.upload.order import REJECTED, Order, Verdict, upload_fields
from cx_tui.services.upload.preview import Preview
from cx_tui.services.upload.sheet import LINE, Sheet
from cx_tui.services.upload.uploading import Summary
from cx_tui.services.upload.verdicts import lines_of

OFTEN = 0.2
"""Seconds between two words about the progress."""
NAMED = 20
"""So many rejected rows are named to a person, and as many changes; the rest is counted."""
LONGEST_VALUE = 60
"""So much of a value is shown beside what it becomes."""

LONGEST_LINE = 200
"""So much of a line in question is shown."""

Write = Callable[[str], None]


class Teller(Protocol):
    """Tells somebody what becomes of an upload."""

    def file(self, sheet: Sheet, mapping: Mapping[int, str]) -> None:
        """What was found out about the file."""

    def progress(self, what: str, done: int, of: int) -> None:
        """How far it is."""

    def verdicts(self, rows: pl.DataFrame) -> None:
        """What becomes of some rows."""

    def summary(self, order: Order, summary: Summary) -> None:
        """What it came to."""

    def failed(self, why: str, exit_code: int) -> None:
        """It could not be done."""


class Pace:
    """How fast something goes, and whether it is time to say so."""

    def __init__(self) -> None:
        self._what = ""
        self._began = self._said = 0.0

    def of(self, what: str, done: int, of: int) -> float | None:
        """How many are done in a second, if it is to be said now: at times, and when all are done."""
        now = time.monotonic()
        if what != self._what:
            self._what, self._began, self._said = what, now, 0.0
        if now - self._said < OFTEN and done < of:
            return None
        self._said = now
        return done / (now - self._began) if now > self._began else 0.0


class ForProgram:
    """JSON lines."""

    def __init__(self, write: Write, *, each: bool, record: str = "customer") -> None:
        self._write = write
        self._record = record
        self._each = each
        self._pace = Pace()

    def file(self, sheet: Sheet, mapping: Mapping[int, str]) -> None:
        self._say(
            "file", note=sheet.note, header=sheet.header, lines=sheet.lines, likely=_likely(sheet.likely),
            mapping={str(place + 1): name for place, name in mapping.items()},
        )  # fmt: skip

    def progress(self, what: str, done: int, of: int) -> None:
        pace = self._pace.of(what, done, of)
        if pace is not None:
            self._say("progress", what=what, done=done, of=of, per_second=round(pace))

    def verdicts(self, rows: pl.DataFrame) -> None:
        if self._each:
            for line in lines_of(rows, self._record):
                self._write('{"event":"verdict",' + line[1:])

    def summary(self, order: Order, summary: Summary) -> None:
        self._say("summary", dry_run=order.dry_run, **facts(summary))

    def failed(self, why: str, exit_code: int) -> None:
        self._say("error", message=why, exit=exit_code)

    def _say(self, event: str, **more: Any) -> None:
        self._write(json.dumps({"event": event, **more}, ensure_ascii=False))


class ForPerson:
    """Lines of text: the first rows that are rejected or warned of, and a summary."""

    def __init__(self, write: Write, say: Write, talk: Write, record: str = "customer") -> None:
        """What it came to is written, what is to be known of the file is said, and only while somebody looks
        on is it told how far it is."""
        self._write = write
        self._record = record
        self._say = say
        self._talk = talk
        self._pace = Pace()
        self._named = self._changed = 0

    def file(self, sheet: Sheet, mapping: Mapping[int, str]) -> None:
        labels = {name: field.label for name, field in upload_fields(self._record).items()}
        columns = (
            f"{title or place + 1} → {labels.get(mapping.get(place, ''), 'not used')}"
            for place, title in enumerate(sheet.header)
        )
        self._say(f"{sheet.note}; {', '.join(columns)}\n")
        for one in sheet.likely:
            self._say(f"  {one.name:<11} {printable(one.line[:LONGEST_LINE])}\n")

    def progress(self, what: str, done: int, of: int) -> None:
        pace = self._pace.of(what, done, of)
        if pace is not None:
            self._talk(f"\r\x1b[K{what}: {done:,} of {of:,}, {pace:,.0f} a second")

    def verdicts(self, rows: pl.DataFrame) -> None:
        self._say_rejected(rows)
        updates = rows.filter(pl.col(VERDICT) == Verdict.UPDATE.value).head(NAMED - self._changed)
        for line, changes in changes_of(updates, self._record).iter_rows():
            said = ", ".join(in_words(change, "->") for change in changes)
            self._write(f"line {line:,}: update: {printable(said)}")
        self._changed += len(updates)

    def _say_rejected(self, rows: pl.DataFrame) -> None:
        if self._named >= NAMED:
            return
        rejected = pl.col(VERDICT).is_in([verdict.value for verdict in REJECTED])
        shown = rows.filter(rejected | pl.col(WARNING).is_not_null()).head(NAMED - self._named)
        for row in shown.select(LINE, VERDICT, WHY, WARNING).iter_rows(named=True):
            what = row[VERDICT] if row[WHY] else "warning"
            self._write(f"line {row[LINE]:,}: {what}: {row[WHY] or row[WARNING]}")
        self._named += len(shown)

    def summary(self, order: Order, summary: Summary) -> None:
        self._talk("\r\x1b[K")
        will = "would be " if order.dry_run else ""
        counted = summary.counts
        for verdict, what in (
            (Verdict.CREATE, f"{will}created"), (Verdict.UPDATE, f"{will}updated"),
            (Verdict.UNCHANGED, "unchanged"), (Verdict.DUPLICATE, "duplicates"), (Verdict.ERROR, "errors"),
        ):  # fmt: skip
            self._write(f"{counted[verdict]:>11,} {what}")
        if summary.warnings:
            self._write(f"{summary.warnings:>11,} warnings")
        if not order.dry_run and not summary.written:
            self._write("nothing was written: all or nothing was asked for")
        if summary.put.operation_id:
            self._write(f"operation {summary.put.operation_id} in the log, where it can be undone")

    def failed(self, why: str, exit_code: int) -> None:
        self._talk("\r\x1b[K")


def in_words(change: Mapping[str, str | None], arrow: str) -> str:
    """What becomes of a field: "Channels 5 -> 10"."""
    before, after = (_short(change[when] or "") for when in ("before", "after"))
    return f"{change['field']} {before} {arrow} {after}"


def _short(text: str) -> str:
    short = text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
    return " / ".join(short.splitlines()) or "(empty)"


def facts(summary: Summary) -> dict[str, Any]:
    """A summary as a program reads it."""
    return {
        "rows": summary.rows,
        "counts": {verdict.value: number for verdict, number in summary.counts.items()},
        "warnings": summary.warnings,
        "rejected": summary.rejected,
        "written": summary.written,
        "created": summary.put.created,
        "updated": summary.put.updated,
        "operation": summary.put.operation_id,
    }


def in_brief(order: Order, summary: Summary) -> str:
    """What an upload came to, in one line."""
    if order.dry_run or not summary.written:
        return "nothing was written"
    created = record_named(order.record).declared.so_many(summary.put.created)
    said = (
        f"{created} {'was' if summary.put.created == 1 else 'were'} created, {summary.put.updated:,} changed"
    )
    return f"{said}: operation {summary.put.operation_id} in the log" if summary.put.operation_id else said


LONGEST_SHOWN = 10_000
"""Nobody reads more of a cell; a file that is no table may have one of megabytes."""


def shown(preview: Preview, known: Known, profiles: Sequence[str]) -> str:
    """The beginning of a file, for a program."""
    said: dict[str, Any] = {
        "event": "show", "note": preview.note, "encoding": preview.encoding, "known": preview.known,
        "likely": _likely(preview.likely), "delimiter": preview.delimiter, "sheet": preview.sheet,
        "sheets": list(preview.sheets), "header_row": preview.header_row, "numbers": list(preview.numbers),
        "rows": [[cell[:LONGEST_SHOWN] for cell in row] for row in preview.rows],
        "mapping": {str(place + 1): name for place, name in known.columns.items()},
        "values": known.values, "decimal": known.decimal, "profiles": list(profiles),
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False)


def _likely(found: Sequence[Likely]) -> list[dict[str, str]]:
    return [{"encoding": one.name, "line": one.line[:LONGEST_LINE]} for one in found]


def printable(text: str) -> str:
    """A text that can do nothing to a terminal."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)


def table(rows: Sequence[Sequence[str]], numbers: Sequence[int], widest: int = 24) -> list[str]:
    """Rows as aligned lines, for a person; nothing unprintable comes to the terminal."""
    texts = [[printable(cell[:widest]) for cell in row] for row in rows]
    count = max(map(len, texts), default=0)
    widths = [
        max((len(row[place]) for row in texts if place < len(row)), default=0) for place in range(count)
    ]
    return [
        f"{number:>4}  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        for number, row in zip(numbers, texts, strict=True)
    ]
