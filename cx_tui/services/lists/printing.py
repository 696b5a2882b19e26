"""Rows of lists as a command prints them: an object for a program, a line for a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from cx_tui.domain.columns import USUAL, ListColumn, list_columns, record_columns, usual_columns
from cx_tui.domain.kinds import Reference, Secret

Row = Mapping[str, Any]


def columns_of(record: str) -> dict[str, ListColumn]:
    """All columns that a list of such records can have; secrets are in none."""
    every = list_columns() if record == "customer" else record_columns(record)
    return {name: one for name, one in every.items() if not isinstance(one.kind, Secret)}


def usual_columns_of(record: str) -> tuple[str, ...]:
    """The columns that a list has at first."""
    return USUAL if record == "customer" else usual_columns(record, owned=False)


def as_json(record: str, names: Sequence[str], row: Row) -> dict[str, Any]:
    """A row as an object: numbers and truths as such, all else as the text that an upload reads."""
    every = columns_of(record)
    return {name: _plain(every[name], row[name]) for name in names}


def as_text(record: str, names: Sequence[str], row: Row) -> str:
    """A row as a line: the values as a person likes to read them, a tab between them."""
    every = columns_of(record)
    return "\t".join(" ".join(_shown(every[name], row[name]).split()) for name in names)


def _plain(column: ListColumn, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    # A reference comes with the name of what it refers to.
    return value if isinstance(column.kind, Reference) else column.kind.write(value)


def _shown(column: ListColumn, value: Any) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(column.kind, Reference) else column.kind.show(value)
