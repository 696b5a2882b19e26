"""Delayed changes as the rows of a grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cx_tui.domain.differences import in_words
from cx_tui.domain.history import OPEN, SETTLED, DelayedChange, DelayedState
from cx_tui.screens.times import away, local
from widgets.grid import Cell, Column, Row

NARROW = 100
TONES = {DelayedState.HELD: "bad", DelayedState.DONE: "good", DelayedState.CANCELLED: "dim"}


@dataclass(frozen=True, slots=True)
class DelayedRow(Row):
    """A grid's row that knows its delayed change and the name of its customer."""

    change: DelayedChange | None = None
    name: str = ""


def board_rows(found: Sequence[tuple[DelayedChange, str]], arrow: str) -> list[DelayedRow]:
    """Delayed changes and the names of their customers as rows."""
    now = datetime.now(UTC)
    return [_row(change, name, now, arrow) for change, name in found]


def board_columns(width: int) -> tuple[Column, ...]:
    """The columns of the board; what will be changed gets the room that the others leave."""
    wide = width >= 110
    # How long it is until then says enough where there is no room for both.
    at, narrow = Column("at", "At", 16, help="By your own clock."), width < NARROW
    return (
        Column("due", "Due", 14, "right"),
        *(() if narrow else (at,)),
        Column("name", "Customer", 24 if wide else 14, grows=44),
        Column("state", "State", 10),
        Column("change", "Change", max(16, min(60, width - (103 if wide else 57)))),
        Column("who", "Ordered by", 10),
        Column("ordered", "Ordered", 16),
        *((at,) if narrow else ()),
    )


def _row(one: DelayedChange, name: str, now: datetime, arrow: str) -> DelayedRow:
    tone = "dim" if one.state in SETTLED else ""
    turns_back = one.reverts is not None and one.state is DelayedState.WAITING
    cells = {
        "due": Cell(away(one.due_at, now) if one.state in OPEN else "", tone),
        "at": Cell(local(one.due_at), tone),
        "name": Cell(name, tone),
        "state": Cell(
            "Turns back" if turns_back else one.state.label,
            "warn" if turns_back else TONES.get(one.state, ""),
        ),
        "change": Cell(in_words("customer", one.base, one.wanted, arrow=arrow), tone),
        "who": Cell(one.who or "-", tone),
        "ordered": Cell(local(one.created_at), "dim"),
    }
    return DelayedRow(one.id, cells, change=one, name=name)
