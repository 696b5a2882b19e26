"""What an export says: which records, which kind of file, what was written."""

from datetime import datetime
from pathlib import Path

from cx_tui.domain.declared import Declared
from cx_tui.domain.query import Query, StatusFilter
from cx_tui.domain.records import record_named
from cx_tui.screens.upload.files import file_name_of

FORMATS = {".csv": "CSV", ".xlsx": "XLSX, a spreadsheet", ".parquet": "Parquet", ".json": "JSON"}
MARKED, LISTED, ALL = "marked", "listed", "all"


def narrowed(query: Query) -> str:
    """What narrows a list, in words."""
    parts = [f'with "{query.typed}"'] if query.typed else []
    if query.status is not StatusFilter.ALL:
        parts.append(f"with the status {query.status.label}")
    return " and ".join(parts)


def declared_of(query: Query) -> Declared:
    """What is said of the kind of records that a query asks for."""
    return record_named(query.record).declared


def which(choice: str, number: int | None, query: Query) -> str:
    """Which records, with their number if it is known."""
    declared = declared_of(query)
    many = declared.so_many(number) if number is not None else declared.several
    if choice == MARKED:
        return f"the {many} marked in the list"
    if query.owner_id is not None:
        many += f" of this {record_named(declared.owner).declared.one}"
    if choice == ALL or not narrowed(query):
        return f"all {many}" if number is None or number > 1 else many
    return f"the {many} {narrowed(query)}"


def usual_path(folder: str, query: Query) -> str:
    """Where an export goes if nothing else is said."""
    return f"{folder}{file_name_of(declared_of(query))}-{datetime.now().astimezone():%Y-%m-%d}.csv"


def with_suffix(text: str, suffix: str) -> str:
    """A path as it was typed, with another ending."""
    known = next((one for one in FORMATS if text.lower().endswith(one)), "")
    return text[: len(text) - len(known)] + suffix if not text.endswith("/") else text


def written(number: int, path: Path, query: Query) -> str:
    """What was done."""
    many = declared_of(query).so_many(number)
    return f"{many} {'is' if number == 1 else 'are'} in {path}, which only you can read."
