"""The gates of a trace as the rows of a grid, and the way to what each of them looks at."""

from collections.abc import Sequence
from dataclasses import dataclass

from cx_tui.domain.admission.call import Step, Where
from widgets.grid import Cell, Column, Row

COLUMNS = (
    Column("state", "", width=2),
    Column("gate", "Gate", width=14, help="The gates, in the order in which a call meets them."),
    Column("value", "Value", width=22, help="What decided."),
    Column("sentence", "Why", width=120, help="What was found, and what to do."),
)

SIGNS = {"passed": ("✓", "good"), "refused": ("✗", "bad"), "not reached": ("·", "dim")}
ASCII_SIGNS = {"passed": ("+", "good"), "refused": ("x", "bad"), "not reached": (".", "dim")}


@dataclass(frozen=True, slots=True)
class GateRow(Row):
    """A row that knows where its gate can be mended."""

    where: Where | None = None


def gate_rows(steps: Sequence[Step], *, ascii: bool) -> list[GateRow]:
    """The gates of a trace."""
    signs = ASCII_SIGNS if ascii else SIGNS
    rows = []
    for place, step in enumerate(steps, 1):
        sign, tone = signs[step.state]
        text = "dim" if step.state == "not reached" else ("bad" if step.state == "refused" else "")
        cells = {
            "state": Cell(sign, tone),
            "gate": Cell(step.gate, text),
            "value": Cell(step.value, text),
            "sentence": Cell(step.sentence, text),
        }
        rows.append(GateRow(place, cells, where=step.where))
    return rows
