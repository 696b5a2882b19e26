"""Views as TOML: a table for each, to be kept in git or passed on."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cx_tui.domain.filter_values import read_filter
from cx_tui.domain.filters import BadFilter, written
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.query import Query, StatusFilter
from cx_tui.domain.records import is_record
from cx_tui.domain.view import KEYS, View, columns_of, sort_of, sort_text

NAMES = (
    "name", "records", "shared", "key", "first", "status", "search", "filter", "off", "sort", "columns",
    "groups", "totals", "pivot", "only_groups",
)  # fmt: skip
LISTS = ("off", "sort", "columns", "groups", "totals")
FLAGS = ("shared", "first")


class FiledView(Mapping[str, Any]):
    """A view of a file: the view, the key that opens it, and whether its list begins with it."""

    def __init__(self, view: View, key: int | None = None, *, first: bool = False) -> None:
        self.view = view
        self.key = key
        self.first = first

    def __getitem__(self, name: str) -> Any:
        query = self.view.query
        told = {
            "name": self.view.name, "records": query.record, "shared": self.view.shared, "key": self.key,
            "first": self.first, "status": "" if query.status is StatusFilter.ALL else query.status.value,
            "search": query.search, "filter": query.where, "off": list(query.off),
            "sort": [sort_text(one) for one in query.sort], "columns": list(self.view.columns),
            "groups": list(self.view.groups), "totals": list(self.view.totals), "pivot": self.view.pivot,
            "only_groups": self.view.having,
        }  # fmt: skip
        return told[name]

    def __iter__(self) -> Any:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


def as_toml(views: Iterable[FiledView]) -> str:
    """Views as the text of a file; what says nothing is left out."""
    tables = []
    for view in views:
        lines = [
            f"{name} = {_toml(value)}" for name, value in view.items() if value not in ("", [], None, False)
        ]
        tables.append("\n".join(["[[view]]", *lines]))
    return "\n\n".join(tables) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def from_toml(text: str) -> list[FiledView]:
    """The views of a file; BadValue says what is wrong with it, and where."""
    import tomli

    try:
        tables = tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError) as error:
        raise BadValue(f"it is no TOML: {error}") from None
    if unknown := [name for name in tables if name != "view"]:
        raise BadValue(f'"{unknown[0]}" is nothing that a file of views has; a view begins with [[view]]')
    found = tables.get("view", [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadValue("a view begins with [[view]], in two brackets")
    return [_read(number, one) for number, one in enumerate(found, 1)]


def _read(number: int, said: Mapping[str, Any]) -> FiledView:
    name = said.get("name", "")
    where = f"view {number}" + (f' ("{name}")' if isinstance(name, str) and name else "")
    if not isinstance(name, str) or not name.strip():
        raise BadValue(f"{where} has no name")
    try:
        return _view(said)
    except BadValue as error:
        raise BadValue(f"{where}: {error}") from None


def _view(said: Mapping[str, Any]) -> FiledView:
    if unknown := [name for name in said if name not in NAMES]:
        raise BadValue(f'there is no "{unknown[0]}"; there are {", ".join(NAMES)}')
    record = _text(said, "records") or "customer"
    if not is_record(record):
        raise BadValue(f'there is no kind of record "{record}"')
    key = said.get("key")
    if key is not None and (isinstance(key, bool) or not isinstance(key, int) or key not in KEYS):
        raise BadValue("key is a number from 1 to 9")
    for flag in FLAGS:
        if not isinstance(said.get(flag, False), bool):
            raise BadValue(f"{flag} is true or false")
    sort = tuple(map(sort_of, _texts(said, "sort")))
    if unknown := [one.column for one in sort if one.column not in columns_of(record)]:
        raise BadValue(f'there is no column "{unknown[0]}" to sort by')
    where = _filter(_text(said, "filter"), record)
    query = Query(
        _text(said, "search"), _status(_text(said, "status")), sort, record, where=where,
        off=_texts(said, "off"),
    )  # fmt: skip
    view = View(
        _text(said, "name").strip(), query, _texts(said, "columns"), _texts(said, "groups"),
        _texts(said, "totals"), _text(said, "pivot"), _text(said, "only_groups"), said.get("shared", False),
    )  # fmt: skip
    return FiledView(view, key, first=said.get("first", False))


def _filter(text: str, record: str) -> str:
    """A filter in its one way to be written."""
    if not text:
        return ""
    try:
        return written(read_filter(text, record))
    except BadFilter as error:
        raise BadValue(f"filter: {error.problems[0].sentence}") from None


def _status(text: str) -> StatusFilter:
    known = {status.value: status for status in StatusFilter}
    if (text or "all") not in known:
        raise BadValue(f'there is no status "{text}"; there are {", ".join(known)}')
    return known[text or "all"]


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or re.search(r"[\x00-\x1f]", value):
        raise BadValue(f"{name} is a text of one line, in quotes")
    return value


def _texts(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value: Sequence[Any] = said.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadValue(f'{name} is a list of texts, like ["name", "status"]')
    return tuple(value)
