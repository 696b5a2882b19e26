"""What an export says: which customers, which kind of file, what was written."""

from datetime import datetime
from pathlib import Path

from cx_tui.domain.query import Query, StatusFilter
from cx_tui.screens.stakes import customers

FORMATS = {".csv": "CSV", ".xlsx": "XLSX, a spreadsheet", ".parquet": "Parquet", ".json": "JSON"}
MARKED, LISTED, ALL = "marked", "listed", "all"


def narrowed(query: Query) -> str:
    """What narrows a list, in words."""
    parts = [f'with "{query.search}"'] if query.search else []
    if query.status is not StatusFilter.ALL:
        parts.append(f"with the status {query.status.label}")
    return " and ".join(parts)


def which(choice: str, number: int | None, query: Query) -> str:
    """Which customers, with their number if it is known."""
    many = customers(number) if number is not None else "customers"
    if choice == MARKED:
        return f"the {many} marked in the list"
    if choice == ALL or not narrowed(query):
        return f"all {many}" if number is None or number > 1 else many
    return f"the {many} {narrowed(query)}"


def usual_path(folder: str) -> str:
    """Where an export goes if nothing else is said."""
    return f"{folder}customers-{datetime.now().astimezone():%Y-%m-%d}.csv"


def with_suffix(text: str, suffix: str) -> str:
    """A path as it was typed, with another ending."""
    known = next((one for one in FORMATS if text.lower().endswith(one)), "")
    return text[: len(text) - len(known)] + suffix if not text.endswith("/") else text


def written(number: int, path: Path) -> str:
    """What was done."""
    return f"{customers(number)} {'is' if number == 1 else 'are'} in {path}, which only you can read."
