"""A file of finished calls, read in parts: what it is, how it was understood, its calls and its bad rows."""

import csv
import io
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO
from unicodedata import category

import polars as pl

from cx_tui.domain.calls.call import Call
from cx_tui.errors import CxError, Misconfigured
from cx_tui.ingest.adapter import Recognise, nobody
from cx_tui.ingest.files import json_cdr, paired
from cx_tui.ingest.files.blocks import LINE, BadRow, Block, blocks, opened
from cx_tui.ingest.files.building import Builder
from cx_tui.ingest.files.columns import has_offsets
from cx_tui.ingest.files.formats import BY_NAME, FORMATS, Format, Shape, any_shape, recognised
from cx_tui.ingest.files.legs import SecondLegs, Tries
from cx_tui.ingest.guessing import guess
from cx_tui.ingest.mapping import MOMENTS, Mapping, check, explained, zone_of

HEAD = 2**18
BATCH = 500
"""Calls: what is brought in by one transaction."""
AT_ONCE = 65_536
"""Rows of a Parquet file."""

JSON_CDR = Format("freeswitch-json", "FreeSWITCH, json_cdr", Mapping())
PARQUET = Format("parquet", "Parquet, by a mapping", Mapping())
NAMES = (*(one.name for one in FORMATS), JSON_CDR.name)


@dataclass(frozen=True)
class Part:
    """Some calls of a file, what is wrong with other rows, and where the file is read to."""

    calls: list[Call]
    bad: list[BadRow]
    left: int = 0
    """Rows that are other legs of calls."""
    offset: int = 0
    line: int = 1


@dataclass(frozen=True)
class CallFile:
    """A file whose format is known.  Reading it twice gives calls with the same keys."""

    path: Path
    source: str
    format: Format
    mapping: Mapping
    columns: tuple[str, ...]
    header: bool = False
    separator: str = ","
    recognise: Recognise = nobody
    zone: str = ""
    customer: int | None = None
    """Whose calls they all are, when the file does not say it."""

    @property
    def in_one_piece(self) -> bool:
        """Whether it is written at once, and not line by line."""
        return self.format in (JSON_CDR, PARQUET) or self.path.suffix == ".gz"

    def understood(self) -> list[tuple[str, str]]:
        """How it is read, in rows of two: for a person to look at before anything is brought in."""
        if self.format is JSON_CDR:
            how = [
                ("times", "microseconds since 1970"),
                ("key", "uuid"),
                ("rows that count", "legs that came in"),
            ]
        elif self.format.paired:
            times = self.zone or "time_hires, seconds since 1970"
            how = [
                ("times", f"{times}; an INVITE's is that of its answer, so that no time of ringing is known"),
                ("key", "callid + from_tag"),
                ("rows that count", "an INVITE that was refused, or one with its BYE"),
            ]
        else:
            how = explained(self.mapping)
        return [("file", str(self.path)), ("format", self.format.label), ("source", self.source), *how]

    def parts(self, *, offset: int = 0, line: int = 1, whole: bool = True) -> Iterator[Part]:
        """The file from a position on, a block after the other.  Unless it is `whole`, the last line that
        has no end yet is left for later."""
        if self.format is PARQUET:
            yield from self._parquet()
            return
        with opened(self.path) as file:
            if self.format is JSON_CDR:
                yield from self._json(file)
                return
            middle = offset > 0
            if self.header and not offset:
                offset, line = len(file.readline()), 2
            found = blocks(file, self.columns, self.separator, offset=offset, line=line, whole=whole)
            if self.format.paired:
                yield from self._paired(found, middle=middle, whole=whole)
            else:
                yield from self._rows(found, offset, line, whole=whole)

    def _rows(
        self, found: Iterable[Block], offset: int = 0, line: int = 1, *, whole: bool = True
    ) -> Iterator[Part]:
        builder = Builder(self.mapping, self.source, self.recognise, self.customer)
        second, tries = None, Tries()
        if self.mapping.second_leg and len(self.mapping.key) == 1:
            second = SecondLegs(self.mapping.key[0], self.mapping.second_leg)
            found = second.without(found)
        last, left = None, 0
        for block in found:
            made = builder.made_of(block.frame)
            calls = tries.joined(made.calls, made.groups) if self.mapping.one_call else made.calls
            now = second.left if second else 0
            if not self.mapping.one_call:
                offset, line = block.end, block.line
            # While a call waits for more tries, the position stays before it: reading it again is harmless.
            yield Part(calls, [*block.bad, *made.bad], made.left + now - left, offset, line)
            last, left, offset, line = block, now, block.begin, block.first
        if last and whole and (calls := tries.rest()):
            yield Part(calls, [], 0, last.end, last.line)

    def _paired(self, found: Iterable[Block], *, middle: bool, whole: bool) -> Iterator[Part]:
        """While an INVITE waits for its BYE, the position stays before it."""
        pairs, offset, line = paired.Pairs(self.source, self.zone, from_the_middle=middle), 0, 1
        for block in found:
            made = list(pairs.calls(block))
            calls = [self._whose(one) for one in made if isinstance(one, Call)]
            bad = [one for one in made if isinstance(one, BadRow)]
            offset, line = pairs.position or (block.end, block.line)
            yield Part(calls, [*block.bad, *bad], 0, offset, line)
        if whole and (rest := list(pairs.rest())):
            yield Part([], rest, 0, offset, line)

    def _json(self, file: IO[bytes]) -> Iterator[Part]:
        found = json_cdr.objects(file)
        while some := list(islice(found, BATCH)):
            calls, bad, left = [], [], 0
            for one in some:
                try:
                    call = None if one.wrong else json_cdr.call_of(one.value, self.source, self.recognise)
                    wrong = one.wrong
                except ValueError as error:
                    call, wrong = None, str(error)
                if wrong:
                    bad.append(BadRow(one.line, wrong))
                elif call:
                    calls.append(self._whose(call))
                else:
                    left += 1
            yield Part(calls, bad, left, file.tell(), some[-1].line)

    def _whose(self, call: Call) -> Call:
        return call if self.customer is None else replace(call, customer_id=self.customer)

    def _parquet(self) -> Iterator[Part]:
        scan = pl.scan_parquet(self.path).select(self.mapping.columns)
        height = scan.select(pl.len()).collect().item()

        def found() -> Iterator[Block]:
            for begin in range(0, height, AT_ONCE):
                frame = scan.slice(begin, AT_ONCE).collect()
                numbers = pl.int_range(begin + 1, begin + frame.height + 1, eager=True)
                yield Block(
                    frame.with_columns(numbers.alias(LINE)), (), 0, 0, begin + 1, begin + frame.height + 1
                )

        yield from self._rows(found())


def open_calls(
    path: Path,
    source: str,
    *,
    format: str = "",
    mapping: Mapping | None = None,
    zone: str = "",
    recognise: Recognise = nobody,
    customer: int | None = None,
) -> CallFile:
    """The file, understood; `customer` is whose calls they are when its rows do not say it.  CxError says
    what it is that can't be, or what has still to be said of it."""
    if zone:
        zone_of(zone)
    return replace(
        _understood(path, source, format, mapping or Mapping(), zone, recognise), customer=customer
    )


def _understood(
    path: Path, source: str, format: str, mapping: Mapping, zone: str, recognise: Recognise
) -> CallFile:
    try:
        if _starts(path) == b"PAR1":
            return _parquet(path, source, mapping, zone, recognise)
        with opened(path) as file:
            head = file.read(HEAD)
    except FileNotFoundError:
        raise Misconfigured(f"there is no file {path}") from None
    except (OSError, EOFError) as error:
        raise CxError(f"{path.name} can't be read: {error}") from None
    if not head.strip():
        raise CxError(f"there is nothing in {path.name}")
    if _is_json(head) if not format else format == JSON_CDR.name:
        return CallFile(path, source, JSON_CDR, Mapping(), (), recognise=recognise)
    return _text(path, source, head, format, mapping, zone, recognise)


def batches(parts: Iterable[Part], size: int = BATCH) -> Iterator[Part]:
    """The same calls in parts of at most so many, whose last one alone has the position."""
    for part in parts:
        if len(part.calls) <= size:
            yield part
            continue
        cuts = range(0, len(part.calls), size)
        for begin in cuts:
            calls, last = part.calls[begin : begin + size], begin + size >= len(part.calls)
            yield replace(part, calls=calls) if last else Part(calls, [])


def _starts(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _is_json(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n[")[:1] == b"{"


def _text(
    path: Path, source: str, head: bytes, format: str, given: Mapping, zone: str, recognise: Recognise
) -> CallFile:
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    separator = max(",;\t|", key=text.partition("\n")[0].count)
    first = next(csv.reader(text.splitlines(keepends=True), delimiter=separator), [])
    if any(category(letter) == "Cc" for letter in "".join(first)):
        raise CxError(f"the first row of {path.name} is not text; is it a file of calls?")
    shape = _shape(path, first, format)
    if shape.format.paired and "missed" in path.name:
        raise CxError(f"{path.name} has a row for each try that failed; import acc or acc_cdrs instead")
    zone = zone or shape.format.zone
    mapping = shape.format.mapping.for_columns(shape.columns).with_(given).in_zone(zone)
    found = CallFile(
        path, source, shape.format, mapping, tuple(shape.columns), shape.header, separator, recognise, zone
    )
    if shape.format.paired:
        if paired.needs_zone(shape.columns) and not zone:
            raise Misconfigured("the times of acc have no zone: say on which clock they are, like --zone UTC")
        return found
    check(mapping, shape.columns, with_offset=_with_offsets(found, head))
    return found


def _shape(path: Path, first: list[str], format: str) -> Shape:
    shape = recognised(first)
    if format and format not in BY_NAME:
        raise Misconfigured(f'there is no format "{format}"; there are {", ".join(NAMES)}')
    if format and (shape is None or shape.format.name != format):
        wanted = BY_NAME[format]
        if wanted.with_header:
            missing = ", ".join(sorted(wanted.with_header - set(first)))
            raise Misconfigured(f"{path.name} is not {wanted.label}: its header has no {missing}")
        columns = wanted.names(first) if wanted.names else None
        if not columns:
            raise Misconfigured(f"{path.name} is not {wanted.label}: its first row is another")
        return Shape(wanted, columns, header=False)
    return shape or any_shape(first)


def _with_offsets(found: CallFile, head: bytes) -> set[str]:
    """The columns of times that say their zone themselves, as far as the head tells."""
    clocks = {one.column for name, one in found.mapping.fields.items() if name in MOMENTS and one.on_a_clock}
    clocks &= set(found.columns)
    lines = head.split(b"\n", 1)[-1] if found.header else head
    for block in blocks(io.BytesIO(lines), found.columns, found.separator, whole=len(head) < HEAD):
        return {one for one in clocks if has_offsets(block.frame[one])}
    return set()


def _parquet(path: Path, source: str, given: Mapping, zone: str, recognise: Recognise) -> CallFile:
    try:
        schema = pl.read_parquet_schema(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise CxError(f"{path.name} can't be read as Parquet: {str(error).splitlines()[0]}") from None
    mapping = guess(list(schema)).with_(given)
    if problem := _numbers_without_unit(schema, mapping):
        raise Misconfigured(problem)
    aware = {name for name, kind in schema.items() if getattr(kind, "time_zone", None)}
    mapping = mapping.in_zone(zone)
    offsets = aware | set(_parquet_offsets(path, mapping, schema))
    check(mapping, list(schema), with_offset=offsets)
    return CallFile(path, source, PARQUET, mapping, tuple(schema), recognise=recognise, zone=zone)


def _numbers_without_unit(schema: Mapping_[str, pl.DataType], mapping: Mapping) -> str:
    for name, one in mapping.fields.items():
        kind = schema.get(one.column)
        if name in MOMENTS and kind is not None and kind.is_numeric() and one.on_a_clock:
            return f"{one.column} holds numbers: say their unit, --map {name}={one.column}:s (or ms, us)"
    return ""


def _parquet_offsets(path: Path, mapping: Mapping, schema: Mapping_[str, pl.DataType]) -> Iterator[str]:
    texts = [
        one.column
        for name, one in mapping.fields.items()
        if name in MOMENTS and one.on_a_clock and schema.get(one.column) == pl.String
    ]
    if texts:
        head = pl.scan_parquet(path).select(texts).head(200).collect()
        yield from (one for one in texts if has_offsets(head[one]))
