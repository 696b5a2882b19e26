"""What an operator orders with an upload, and what becomes of each row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cx_tui.domain.fields import Field
from cx_tui.domain.kinds import Labelled
from cx_tui.domain.sheet_fields import sheet_fields
from cx_tui.errors import Misconfigured
from cx_tui.services.upload.record_keys import needed_of


class Mode(Labelled):
    """What may be done with a row."""

    CREATE = "create", "Create only"
    UPDATE = "update", "Update only"
    BOTH = "both", "Create and update"


class Verdict(Labelled):
    """What becomes of a row."""

    CREATE = "create", "Create"
    UPDATE = "update", "Update"
    UNCHANGED = "unchanged", "Unchanged"
    DUPLICATE = "duplicate", "Duplicate"
    ERROR = "error", "Error"


Values = Mapping[str, Mapping[str, str]]

REJECTED = (Verdict.DUPLICATE, Verdict.ERROR)
"""What is not written and needs a person."""


@dataclass(frozen=True)
class HowToRead:
    """What an operator chose about a file; empty is found out."""

    start_row: int = 1
    """The row of the header; the data are beneath it.  The first is the first that says anything."""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    """The name of a sheet, or its number."""
    has_header: bool = True
    """Else the data begin in the start row, and columns are known by their numbers."""
    decimal: str = ""
    """What stands before the decimals of numbers: a comma, or else a point."""


@dataclass(frozen=True)
class Order:
    """An upload: the file, how it is read, what its columns mean, what is to be done."""

    path: Path
    how: HowToRead
    mapping: Mapping[int, str]
    """The field of each column, by the column's place."""
    mode: Mode = Mode.BOTH
    dry_run: bool = False
    all_or_nothing: bool = False
    rejects: Path | None = None
    """Where the rows go that are rejected."""
    values: Values = field(default_factory=dict)
    """What is meant by texts of a column, by its field: `Aktiv` is Active."""
    profile: str = ""
    """The name of the mapping, if it has one."""
    record: str = "customer"
    """The kind of record that the rows are."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Texts of fields that have no column, for all rows: whose they are."""


def upload_fields(record: str = "customer") -> Mapping[str, Field]:
    """The fields that a column can be mapped to."""
    return sheet_fields(record)


def mapped_fields(order: Order, header: Sequence[str]) -> dict[str, Field]:
    """The fields that are mapped or given, by name; Misconfigured says what is wrong with the mapping."""
    every = upload_fields(order.record)
    places: dict[str, list[int]] = {}
    for place, name in order.mapping.items():
        if not 0 <= place < len(header):
            raise Misconfigured(f"there is no column {place + 1}; the file has {len(header)}")
        if name not in every:
            raise Misconfigured(f'there is no field "{name}"; there are {", ".join(every)}')
        places.setdefault(name, []).append(place + 1)
    for name, several in places.items():
        if len(several) > 1:
            columns = " and ".join(map(str, several))
            raise Misconfigured(f"{every[name].label} is mapped to columns {columns}; choose one of them")
    names = [*places, *(name for name in order.given if name not in places)]
    if missing := missing_of(order.record, names, order.mode):
        labels = " and ".join(every[name].label for name in missing)
        also = "; updating alone may go by External id instead" if order.record == "customer" else ""
        raise Misconfigured(f"no column is mapped to {labels}; there are {', '.join(header)}{also}")
    return {name: every[name] for name in names}


def missing_of(record: str, names: Collection[str], mode: Mode) -> list[str]:
    """The fields without which no row can be understood, and that have no column."""
    if record == "customer" and mode is Mode.UPDATE and "external_id" in names:
        return []
    return [name for name in needed_of(record) if name not in names]
