"""Operations, and the changes of one of them, as the rows of a grid."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from cx_tui.domain.differences import change_in_words
from cx_tui.domain.history import Act, Change, Operation
from cx_tui.screens.times import local
from widgets.grid import Cell, Column, Row

if TYPE_CHECKING:
    from cx_tui.services.history.log import Log
    from cx_tui.services.history.log_list import LogListing

T = TypeVar("T", bound=Operation | Change)
Draw = Callable[[Sequence[T]], Awaitable[Sequence[Row]]]

ACT_TONES = {Act.DELETE: "bad", Act.UNDO: "warn"}


@dataclass(frozen=True, slots=True)
class OperationRow(Row):
    """A grid's row that knows its operation."""

    operation: Operation | None = None


@dataclass(frozen=True, slots=True)
class ChangeRow(Row):
    """A grid's row that knows its change, and the name of its customer."""

    change: Change | None = None
    name: str = ""


class LogRows(Generic[T]):
    """The rows of a listing of the log."""

    def __init__(self, listing: "LogListing[T]", draw: Draw[T]) -> None:
        self.listing = listing
        self._draw = draw

    async def count(self) -> int:
        """How many there are."""
        return await self.listing.count()

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """The rows at these positions."""
        return await self._draw(await self.listing.rows(start, count))

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same rows as they are now."""
        found = await self.listing.again(keys)
        return {row.key: row for row in await self._draw(list(found.values()))}

    async def position(self, key: int) -> int | None:
        """Where it stands."""
        return await self.listing.position(key)

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The numbers at these positions."""
        return await self.listing.ids(start, count)


def operation_columns(width: int) -> tuple[Column, ...]:
    """The columns of the log; the title gets the room that the others leave."""
    title = max(26, min(60, width - (68 if width < 110 else 94)))
    return (
        Column("at", "When", 16, help="By your own clock."),
        Column("who", "Who", 8),
        Column("act", "What", 14),
        Column("title", "Title", title),
        Column("records", "Records", 9, "right"),
        Column("undone", "Undone", 6),
        Column("origin", "From", 24, grows=44),
    )


async def operation_rows(operations: Sequence[Operation]) -> list[Row]:
    """The cells of operations; what was undone is dim, and says so."""
    return [OperationRow(one.id, _operation_cells(one), operation=one) for one in operations]


def _operation_cells(one: Operation) -> dict[str, Cell]:
    tone = "dim" if one.undone_by else ""
    return {
        "at": Cell(local(one.at), tone),
        "who": Cell(one.who or "-", tone),
        "act": Cell(one.act.label, tone or ACT_TONES.get(one.act, "")),
        "title": Cell(one.title, tone),
        "records": Cell(f"{one.records:,}", tone),
        "undone": Cell(f"#{one.undone_by}" if one.undone_by else "", "warn"),
        "origin": Cell(one.origin, tone or "dim"),
    }


def change_columns() -> tuple[Column, ...]:
    """The columns of what an operation changed."""
    return (
        Column("name", "Customer", 22),
        Column("record", "Record", 15),
        Column("change", "Change", 36),
    )


def change_rows(log: "Log", *, arrow: str) -> Draw[Change]:
    """What makes the cells of changes, with the names of their customers."""

    async def draw(changes: Sequence[Change]) -> list[Row]:
        names = await log.names(sorted({one.customer_id for one in changes}))
        return [_change_row(one, names.get(one.customer_id, ""), arrow) for one in changes]

    return draw


def _change_row(one: Change, name: str, arrow: str) -> Row:
    cells = {
        "name": Cell(name or "purged", "" if name else "dim"),
        "record": Cell(f"{one.record} #{one.record_id}", "dim"),
        "change": Cell(change_in_words(one, arrow=arrow), "bad" if one.act is Act.DELETE else ""),
    }
    return ChangeRow(one.id, cells, change=one, name=name)
