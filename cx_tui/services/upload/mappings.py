"""How columns were mapped, remembered for each set of headers in the operator's state folder."""

import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from cx_tui.config import folders
from cx_tui.errors import CxError, Misconfigured
from cx_tui.services.upload.guessing import folded_header, guess
from cx_tui.services.upload.order import upload_fields


class Mappings:
    """The remembered mappings of an operator; one that can't be read or kept is none."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / "uploads"

    def of(self, header: Sequence[str]) -> dict[int, str]:
        """The mapping of a file with this header: as it was the last time, else as it is guessed."""
        try:
            kept = json.loads(self._path(header).read_text("utf-8"))
            found = {int(place): str(name) for place, name in kept.items()}
        except (AttributeError, OSError, RecursionError, ValueError):
            return guess(header)
        fits = all(place < len(header) for place in found) and set(found.values()) <= set(upload_fields())
        return found if fits else guess(header)

    def keep(self, header: Sequence[str], mapping: Mapping[int, str]) -> None:
        """Remember a mapping for files with this header."""
        try:
            folders.private_dir(self._folder)
            folders.write_private(self._path(header), json.dumps(dict(mapping)))
        except CxError:
            return  # a full or read-only home must not disturb the work

    def _path(self, header: Sequence[str]) -> Path:
        titles = list(map(folded_header, header))
        # The first rows of a sheet do not show how many columns without titles there are.
        while titles and not titles[-1]:
            titles.pop()
        return self._folder / f"{zlib.crc32(chr(10).join(titles).encode()):08x}-{len(titles)}.json"


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
