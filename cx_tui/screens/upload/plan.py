"""What an operator wants done with a file, and the command line that does it."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cx_tui.domain.declared import Declared
from cx_tui.domain.records import record_named
from cx_tui.domain.sheet_fields import owner_column
from cx_tui.services.upload.guessing import guess
from cx_tui.services.upload.order import HowToRead, Mode, missing_of, upload_fields
from cx_tui.services.upload.record_keys import needed_of

NOT_USED = "not used"
SHOWN = 200
"""So many rows of a file are shown beneath its header."""
TABLE_FILES = (".parquet", ".json")
"""Rejected rows of these are written as CSV."""
LOOKED_AT = 20
"""So many rows may stand above the header, as titles and notes do."""


@dataclass(frozen=True)
class Head:
    """The first rows of a file, and what was found out about it."""

    note: str = ""
    encoding: str = ""
    likely: Sequence[tuple[str, str]] = ()
    """When the encoding is a guess: what it may be, each with how a line in question reads in it."""
    delimiter: str = ""
    sheet: str = ""
    sheets: Sequence[str] = ()
    header_row: int = 1
    """The line of the header; 0 when the file names its columns otherwise."""
    numbers: Sequence[int] = ()
    """The line of the file in which each row begins."""
    rows: Sequence[Sequence[str]] = ()
    guessed: Mapping[int, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    decimal: str = ""
    profiles: Sequence[str] = ()

    @property
    def known(self) -> bool:
        """Whether the encoding is sure."""
        return not self.likely

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Head":
        """As the command line tells it."""
        return cls(
            str(event["note"]), str(event["encoding"]),
            [(str(one["encoding"]), str(one["line"])) for one in event["likely"]], str(event["delimiter"]),
            str(event["sheet"]), [str(name) for name in event["sheets"]], int(event["header_row"]),
            [int(number) for number in event["numbers"]],
            [[str(cell) for cell in row] for row in event["rows"]],
            {int(number) - 1: str(name) for number, name in event["mapping"].items()},
            event["values"], str(event["decimal"]), [str(name) for name in event["profiles"]],
        )  # fmt: skip

    def likely_header(self, record: str) -> int:
        """The line that names the most fields, where the first one names none; 0 if none names records."""
        found = [guess(row, record) for row in self.rows[:LOOKED_AT]]
        needed = set(needed_of(record)[-1:])
        named = [len(fields) if needed <= set(fields.values()) else 0 for fields in found]
        best = named.index(max(named)) if any(named) else 0
        return self.numbers[best] if best and not self.guessed else 0

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max(map(len, self.rows), default=0)

    def place_of(self, line: int) -> int | None:
        """Where the row stands that begins in this line."""
        return list(self.numbers).index(line) if line in self.numbers else None

    def header(self, start_row: int) -> Sequence[str]:
        """The titles of the columns, if the rows go as far."""
        place = self.place_of(start_row)
        return () if place is None else self.rows[place]


@dataclass(frozen=True)
class Plan:
    """A file, how it is read, what its columns are, what may be done."""

    path: Path
    how: HowToRead = HowToRead()
    header: Sequence[str] = ()
    guessed: Mapping[int, str] = field(default_factory=dict)
    mapping: Mapping[int, str] = field(default_factory=dict)
    mode: Mode = Mode.BOTH
    all_or_nothing: bool = False
    rejects: Path | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What is meant by texts of a column, by its field."""
    profile: str = ""
    """The name under which the mapping is kept."""
    record: str = "customer"
    """The kind of record that the rows are."""
    owner: str = ""
    """Whose they are, where no column says it."""

    @property
    def declared(self) -> Declared:
        """What is said of these records."""
        return record_named(self.record).declared

    def label(self, name: str) -> str:
        """What a field is called."""
        return upload_fields(self.record)[name].label if name else NOT_USED

    def meaning(self, name: str, text: str, value: str) -> "Plan":
        """A text of a field's column means this value; nothing takes that back."""
        said = {word: one for word, one in self.values.get(name, {}).items() if word != text}
        return replace(self, values={**self.values, name: {**said, text: value} if value else said})

    def mapped(self, place: int, name: str) -> "Plan":
        """A column is this field; another one that was it is not used any more."""
        rest = {other: field for other, field in self.mapping.items() if other != place and field != name}
        return replace(self, mapping={**rest, place: name} if name else rest)

    def missing(self) -> list[str]:
        """The labels of fields that are required and have no column."""
        every, there = upload_fields(self.record), self._there()
        if self.mode is Mode.UPDATE:
            return [every[name].label for name in missing_of(self.record, there, self.mode)]
        return [field.label for name, field in every.items() if field.required and name not in there]

    @property
    def blocked(self) -> bool:
        """Whether nothing can be done with the file as long as no column says of which record a row is."""
        return bool(self.needed())

    def needed(self) -> list[str]:
        """The labels of the fields without which no row can be understood, and that have no column."""
        every = upload_fields(self.record)
        return [every[name].label for name in missing_of(self.record, self._there(), self.mode)]

    def _there(self) -> set[str]:
        """The fields that have a column, or are said of all rows."""
        return {*self.mapping.values(), *({owner_column(self.declared)} if self.owner else ())}

    def reading(self) -> list[str]:
        """The arguments that show the file."""
        return [
            "upload",
            *self._what(),
            *self._how(),
            "--json",
            f"--show={SHOWN + self.how.start_row}",
            *self._file(),
        ]

    def doing(self, verdicts: Path, *, dry_run: bool) -> list[str]:
        """The arguments that judge the file, or upload it."""
        told = ["--json", f"--verdicts={verdicts}"]
        return ["upload", *self._what(), *self._how(), *told, *self._said(dry_run=dry_run), *self._file()]

    def command(self) -> str:
        """What judges the file and writes nothing, for whoever wants to type it."""
        file = str(self.path)
        said = [*self._what(), *self._how(), *self._said(dry_run=True)]
        return shlex.join(["cx-tui", "upload", *said, f"./{file}" if file.startswith("-") else file])

    def _said(self, *, dry_run: bool) -> list[str]:
        """What may be done, and what columns and their texts mean."""
        said = [f"--mode={self.mode.value}"]
        said += ["--dry-run"] if dry_run else []
        said += ["--all-or-nothing"] if self.all_or_nothing else []
        said += [f"--rejects={self.rejects}"] if self.rejects and not dry_run else []
        said += [f"--save-profile={self.profile}"] if self.profile and not dry_run else []
        said += [
            f"--value={name}:{text}={value}"
            for name, each in self.values.items()
            for text, value in each.items()
        ]
        return [*said, *self._map()]

    def _what(self) -> list[str]:
        """What the rows are, and whose."""
        if self.record == "customer":
            return []
        return [f"--record={self.record}", *([f"--owner={self.owner}"] if self.owner else [])]

    def _how(self) -> list[str]:
        how = self.how
        said = {"encoding": how.encoding, "delimiter": how.delimiter, "sheet": how.sheet}
        also = ["--no-header"] if not how.has_header else []
        also += [f"--decimal={'comma' if how.decimal == ',' else 'point'}"] if how.decimal else []
        given = (f"--{key}={text}" for key, text in said.items() if text)
        return [f"--start-row={how.start_row}", *given, *also]

    def _map(self) -> list[str]:
        """Every column that is mapped, and those that would be if nothing were said."""
        places = sorted({*self.mapping, *self.guessed})
        return [f"--map=#{place + 1}={self.mapping.get(place, '')}" for place in places]

    def _file(self) -> list[str]:
        return ["--", str(self.path)]


def rejects_of(path: Path) -> Path:
    """Where rejected rows go if nothing else is said: beside the file."""
    path = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    stem = path.stem.removesuffix(".rejects")
    again = "-again" if path.stem.endswith(".rejects") else ""
    suffix = path.suffix if path.suffix.lower() not in ("", *TABLE_FILES) else ".csv"
    return path.with_name(f"{stem}.rejects{again}{suffix}")
