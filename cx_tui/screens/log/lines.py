"""What is said of the operation under the cursor, and of a log without operations."""

from collections.abc import Sequence

from cx_tui.domain.differences import change_in_words
from cx_tui.domain.history import Change, Operation
from cx_tui.domain.who import in_words
from cx_tui.screens.log.filters import Filters
from cx_tui.screens.log.undone import many
from cx_tui.screens.present import spaced
from cx_tui.screens.times import exact
from widgets.line import LineText, Part


def detail(
    operation: Operation | None, changes: Sequence[Change] | None, name: str, *, arrow: str
) -> list[LineText]:
    """Three lines: what it was, who did it and exactly when, and what it changed."""
    if operation is None:
        return []
    first = [
        Part(operation.title or operation.act.label, "strong"),
        Part(f"#{operation.id}", "dim"),
        Part(f"undone by #{operation.undone_by}" if operation.undone_by else "", "warn"),
        Part(f"undoes #{operation.undoes}" if operation.undoes else "", "dim"),
    ]
    host = operation.host and f"on {operation.host}"
    second = [
        Part(operation.act.label),
        Part(exact(operation.at), "dim"),
        Part(f"by {in_words(operation.who, operation.origin, host)}"),
        Part(as_whom(operation), "dim"),
    ]
    return [LineText(spaced(part)) for part in (first, second, [_changed(operation, changes, name, arrow)])]


def as_whom(operation: Operation) -> str:
    """The login at the database, and its role: where that has logins."""
    if not operation.role:
        return ""
    return f"as {operation.login} ({operation.role})"


def _changed(operation: Operation, changes: Sequence[Change] | None, name: str, arrow: str) -> Part:
    if changes and (operation.records == 1 or name):
        record = changes[0]
        of = f"of {many(operation.records, 'record')}; {name}: " if operation.records > 1 else ""
        kind = f"{record.record} #{record.record_id}: " if not of else ""
        return Part(f"{kind}{of}{change_in_words(record, arrow=arrow)}")
    if operation.records == 1 and changes is None:
        return Part("…", "dim")
    if not operation.records:
        return Part("it changed no records", "dim")
    return Part(f"{many(operation.records, 'record')}; enter shows each", "dim")


def nothing_here(filters: Filters, name: str) -> str:
    """What to do when no operation is shown."""
    if filters:
        return "No operation matches.\n\nesc shows all"
    whom = f" to {name}" if name else ""
    return f"Nothing has been done{whom} yet.\n\nEvery saved change is listed here."
