"""The verdicts of the rows of a file as rows of a grid."""

import asyncio
from array import array
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

    @property
    def verdict(self) -> Verdict:
        """What becomes of the row."""
        value = self.said["verdict"] if self.said else Verdict.ERROR.value
        return next(verdict for verdict in Verdict if verdict.value == value)

    @property
    def why(self) -> str:
        """Why, or what it changes."""
        said = self.said or {}
        parts = [str(said.get("why") or ""), changes(said), str(said.get("warning") or "")]
        return "; ".join(filter(None, parts))


def changes(said: Mapping[str, Any]) -> str:
    """Which fields a row changes."""
    changed = said.get("changed")
    return f"changes {changed}" if changed else ""


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

    def __init__(self, verdicts: "Verdicts", only: Verdict | None) -> None:
        self._verdicts = verdicts
        self._only = only
        self._places: array[int] | None = None
        self._count = 0

    async def count(self) -> int:
        """How many there are."""
        await self._in_words(self._find)
        return self._count

    def _find(self) -> None:
        if self._only is not None:
            self._places = self._verdicts.places({self._only})
        self._count = len(self._verdicts) if self._places is None else len(self._places)

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """Those at these positions."""
        return await self._in_words(lambda: self._read(start, count))

    def _read(self, start: int, count: int) -> list[Row]:
        if self._places is None:
            return [_verdict_row(start + n, said) for n, said in enumerate(self._verdicts.rows(start, count))]
        found: list[Row] = []
        places = enumerate(self._places[start : start + count])
        for _, run in groupby(places, lambda pair: pair[1] - pair[0]):
            first, *rest = (place for _, place in run)
            for said in self._verdicts.rows(first, 1 + len(rest)):
                found.append(_verdict_row(start + len(found), said))
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


def _verdict_row(place: int, said: Mapping[str, Any]) -> VerdictRow:
    row = VerdictRow(place, {}, said=said)
    tone = upload_sentences.TONES[row.verdict]
    cells = {
        "line": Cell(f"{said['line']:,}", "dim"),
        "verdict": Cell(row.verdict.label, tone),
        "name": Cell(shorter(str(said["name"] or ""))),
        "why": Cell(shorter(row.why), "warn" if said.get("warning") and not said.get("why") else ""),
    }
    return VerdictRow(place, cells, said=said)
