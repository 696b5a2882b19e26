"""How columns were mapped, remembered for each set of headers and under names in the state folder."""

import dataclasses
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cx_tui.config import folders
from cx_tui.errors import CxError, Misconfigured
from cx_tui.services.upload.guessing import folded_header, guess
from cx_tui.services.upload.order import Values, upload_fields

LONGEST_NAME = 60


@dataclass(frozen=True)
class Known:
    """What is known of files of one kind: their columns, what is meant by texts, how numbers are written."""

    columns: Mapping[int, str]
    values: Values = dataclasses.field(default_factory=dict)
    decimal: str = ""


class Mappings:
    """The remembered mappings of an operator; one that can't be read or kept is none."""

    def __init__(self, state_dir: Path, record: str = "customer") -> None:
        self._record = record
        self._folder = state_dir / "uploads"
        if record != "customer":
            self._folder /= record

    def of(self, header: Sequence[str]) -> Mapping[int, str]:
        """The columns of a file with this header: as they were the last time, else as they are guessed."""
        return self.known(header).columns

    def known(self, header: Sequence[str]) -> Known:
        """What is known of files with this header: as it was the last time, else as it is guessed."""
        found = _read(self._path(header), self._record) if any(header) else None
        fits = found and all(place < len(header) for place in found.columns)
        return found if found and fits else Known(guess(header, self._record))

    def keep(self, header: Sequence[str], known: Known) -> None:
        """Remember what was said of files with this header; one without titles is known by a name only."""
        if not any(header):
            return
        try:
            _write(self._path(header), _as_json(known))
        except CxError:
            return  # a full or read-only home must not disturb the work

    def names(self) -> list[str]:
        """The names under which mappings were saved."""
        try:
            return sorted(map(_name_of, (self._folder / "profiles").glob("*.json")), key=str.casefold)
        except OSError:
            return []

    def named(self, name: str, header: Sequence[str]) -> Known:
        """The mapping that was saved under a name, for a file with this header."""
        try:
            said = json.loads(self._named(name).read_text("utf-8"))
            titles = {str(title): str(column) for title, column in said["titles"].items()}
            kept = _known(said)
        except (AttributeError, KeyError, OSError, RecursionError, TypeError, ValueError):
            there = ", ".join(self.names()) or "none yet"
            raise Misconfigured(f'there is no mapping "{name}"; saved are: {there}') from None
        return Known(mapped(header, {}, list(titles.items())), kept.values, kept.decimal)

    def save(self, name: str, header: Sequence[str], known: Known) -> None:
        """Keep a mapping under a name: columns by their titles, those without one by their numbers."""
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise Misconfigured(f"the name of a mapping has 1 to {LONGEST_NAME} characters on one line")
        titles = {}
        for place, column in known.columns.items():
            title = header[place] if place < len(header) else ""
            alone = title and [folded_header(one) for one in header].count(folded_header(title)) == 1
            titles[title if alone and _number(title) is None else f"#{place + 1}"] = column
        _write(self._named(name), {**_as_json(known), "titles": titles})

    def _named(self, name: str) -> Path:
        return self._folder / "profiles" / f"{name.strip().encode().hex()}.json"

    def _path(self, header: Sequence[str]) -> Path:
        titles = list(map(folded_header, header))
        # The first rows of a sheet do not show how many columns without titles there are.
        while titles and not titles[-1]:
            titles.pop()
        return self._folder / f"{zlib.crc32(chr(10).join(titles).encode()):08x}-{len(titles)}.json"


def _name_of(path: Path) -> str:
    try:
        return bytes.fromhex(path.stem).decode()
    except ValueError:
        return path.stem


def _as_json(known: Known) -> dict[str, Any]:
    columns = {str(place): name for place, name in known.columns.items()}
    values = {name: dict(said) for name, said in known.values.items()}
    return {"columns": columns, "values": values, "decimal": known.decimal}


def _known(said: Mapping[str, Any]) -> Known:
    columns = {int(place): str(name) for place, name in said["columns"].items()}
    values = {str(name): {str(a): str(b) for a, b in each.items()} for name, each in said["values"].items()}
    return Known(columns, values, "," if said["decimal"] == "," else "")


def _read(path: Path, record: str) -> Known | None:
    """What is kept in a file; None if it can't be used."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        # Before values and decimals were kept, there were only columns.
        known = _known(kept if "columns" in kept else {"columns": kept, "values": {}, "decimal": ""})
    except (AttributeError, KeyError, OSError, RecursionError, TypeError, ValueError):
        return None
    return known if {*known.columns.values(), *known.values} <= set(upload_fields(record)) else None


def _write(path: Path, what: Mapping[str, Any]) -> None:
    folders.private_dir(path.parent)
    folders.write_private(path, json.dumps(what, ensure_ascii=False))


def mapped(
    header: Sequence[str], found: Mapping[int, str], said: Sequence[tuple[str, str]]
) -> dict[int, str]:
    """A mapping with what an operator says about columns, by header or number from 1: that is stronger.

    With # before it, a number is never taken for a header.
    """
    chosen = dict(found)
    for column, name in said:
        place = _place(header, column)
        for other in [other for other, field in chosen.items() if field == name]:
            del chosen[other]
        chosen[place] = name
    for column, name in said:
        chosen[_place(header, column)] = name
    return {place: name for place, name in chosen.items() if name}


def _place(header: Sequence[str], column: str) -> int:
    number = _number(column.removeprefix("#"))
    if column.startswith("#") and number is not None:
        if not 1 <= number <= len(header):
            raise Misconfigured(f"there is no column {number}; the file has {len(header)}")
        return number - 1
    same = [place for place, title in enumerate(header) if folded_header(title) == folded_header(column)]
    if len(same) > 1:
        numbers = " and ".join(str(place + 1) for place in same)
        raise Misconfigured(
            f'columns {numbers} are both called "{column}"; say which by its number, like #{same[0] + 1}'
        )
    by_number = number is not None and 1 <= number <= len(header)
    if same and number is not None and by_number and same != [number - 1]:
        raise Misconfigured(
            f'"{column}" is the title of column {same[0] + 1} and the number of another one;'
            f" write #{same[0] + 1} or #{number}"
        )
    if same:
        return same[0]
    if number is not None and by_number:
        return number - 1
    raise Misconfigured(f'there is no column "{column}"; there are {", ".join(filter(None, header))}')


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
