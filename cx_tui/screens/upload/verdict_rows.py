"""The verdicts of the rows of a file as rows of a grid."""

import asyncio
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from cx_tui.errors import CxError
from cx_tui.screens.upload import upload_sentences
from cx_tui.screens.upload.source import shorter
from cx_tui.services.upload.order import Verdict
from widgets.grid import Cell, Column, Row

if TYPE_CHECKING:
    from cx_tui.services.upload.verdicts import Verdicts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class VerdictRow(Row):
    """A grid's row that knows its verdict."""

    said: Mapping[str, Any] | None = None
    arrow: str = "→"

    @property
    def verdict(self) -> Verdict:
        """What becomes of the row."""
        value = self.said["verdict"] if self.said else Verdict.ERROR.value
        return next(verdict for verdict in Verdict if verdict.value == value)

    @property
    def why(self) -> str:
        """Why, or what it changes."""
        said = self.said or {}
        parts = [str(said.get("why") or ""), ", ".join(self.changes), str(said.get("warning") or "")]
        return "; ".join(filter(None, parts))

    @property
    def changes(self) -> list[str]:
        """What it changes: each field as it is, and as it will be."""
        return [in_words(change, self.arrow) for change in (self.said or {}).get("changes") or ()]


def in_words(change: Mapping[str, Any], arrow: str) -> str:
    """What becomes of a field: "Channels 5 → 10"."""
    before, after = (
        " / ".join(str(change[when] or "").splitlines()) or "(empty)" for when in ("before", "after")
    )
    return f"{change['field']} {before} {arrow} {after}"


def verdict_columns(width: int) -> tuple[Column, ...]:
    """The columns of the verdicts; why gets the room that the others leave."""
    name = 18 if width < 100 else 28
    return (
        Column("line", "Line", 9, "right", frozen=True, help="The line of the file."),
        Column("verdict", "Verdict", 9),
        Column("name", "Name", name),
        Column("why", "Why, or what changes", max(20, width - name - 29)),
    )


class VerdictRows:
    """The verdicts in a file, all of them or only some, read where one looks."""

    def __init__(self, verdicts: "Verdicts", only: Verdict | None, arrow: str) -> None:
        self._arrow = arrow
        self._verdicts = verdicts
        self.only = only
        self._places: array[int] | None = None
        self._count = 0

    async def count(self) -> int:
        """How many there are."""
        await self._in_words(self._find)
        return self._count

    def _find(self) -> None:
        if self.only is not None:
            self._places = self._verdicts.places({self.only})
        self._count = len(self._verdicts) if self._places is None else len(self._places)

    async def change_after(self, position: int, by: int) -> int | None:
        """Where the next row stands that changes a customer, or with -1 the one before, if there is one."""
        return await self._in_words(lambda: self._change_after(position, by))

    def _change_after(self, position: int, by: int) -> int | None:
        if self.only is not None:
            beside = position + by
            return beside if self.only is Verdict.UPDATE and 0 <= beside < self._count else None
        places = self._verdicts.places({Verdict.UPDATE})
        at = bisect_right(places, position) if by > 0 else bisect_left(places, position) - 1
        return places[at] if 0 <= at < len(places) else None

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """Those at these positions."""
        return await self._in_words(lambda: self._read(start, count))

    def _read(self, start: int, count: int) -> list[Row]:
        if self._places is None:
            return [
                _verdict_row(start + n, said, self._arrow)
                for n, said in enumerate(self._verdicts.rows(start, count))
            ]
        found: list[Row] = []
        places = enumerate(self._places[start : start + count])
        for _, run in groupby(places, lambda pair: pair[1] - pair[0]):
            first, *rest = (place for _, place in run)
            for said in self._verdicts.rows(first, 1 + len(rest)):
                found.append(_verdict_row(start + len(found), said, self._arrow))
        return found

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same: they do not change."""
        return {row.key: row for key in keys for row in await self.rows(key, 1)}

    async def position(self, key: int) -> int | None:
        """Where a row stands: a key is a position here."""
        return key if key < self._count else None

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The keys at these positions."""
        return range(start, min(start + count, self._count))

    async def _in_words(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(work)
        except (OSError, ValueError) as error:
            raise CxError(f"the verdicts can't be read: {error}; check the file again") from error


def _verdict_row(place: int, said: Mapping[str, Any], arrow: str) -> VerdictRow:
    row = VerdictRow(place, {}, said=said, arrow=arrow)
    tone = upload_sentences.TONES[row.verdict]
    cells = {
        "line": Cell(f"{said['line']:,}", "dim"),
        "verdict": Cell(row.verdict.label, tone),
        "name": Cell(shorter(str(said["name"] or ""))),
        "why": Cell(shorter(row.why), "warn" if said.get("warning") and not said.get("why") else ""),
    }
    return VerdictRow(place, cells, said=said, arrow=arrow)
