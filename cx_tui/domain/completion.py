"""What can stand where somebody types in a search box: columns, then values; never taken unasked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cx_tui.domain.columns import ListColumn
from cx_tui.domain.filter_values import (
    ALIASES,
    SPECIAL,
    STATES,
    filter_columns,
    is_ordered,
    relations,
    resolved,
)
from cx_tui.domain.kinds import Ago, Choice, Day, Flag, Moment, Several
from cx_tui.domain.search import plain_letters
from cx_tui.domain.warnings import WARNINGS

MOST = 8
TOKEN = re.compile(r'(?:^|[\s(])-?([^\s()"]*)$')
TERM = re.compile(r"([^\W\d_][\w.-]*)(!=|<=|>=|:>=|:<=|:>|:<|:|=|<|>|~)([^,]*,)*([^,]*)")


@dataclass(frozen=True)
class Offer:
    """What could stand there: the text that takes the place of what was typed from `start` on."""

    start: int
    text: str
    help: str = ""


def offers(typed: str, record: str) -> list[Offer]:
    """What can follow at the end of a text."""
    token = TOKEN.search(typed)
    if token is None or typed.count('"') % 2:
        return []
    word = token[1]
    if term := TERM.fullmatch(word):
        value = term[4]
        start = len(typed) - len(value)
        found = [Offer(start, text, said) for text, said in _values(term[1], term[2], value, record)]
        return [] if [one.text for one in found] == [value] else found[:MOST]
    if len(word) < 2 or not word[0].isalpha():
        return []
    return [Offer(len(typed) - len(word), text, said) for text, said in _names(word, record)][:MOST]


def column_asked(typed: str, record: str) -> tuple[ListColumn, str] | None:
    """The column whose values somebody types at the end of a text, and how the value begins."""
    token = TOKEN.search(typed)
    term = TERM.fullmatch(token[1]) if token else None
    if term is None:
        return None
    relation, key = resolved(record, term[1].lower().replace("-", "_"))
    column = None if relation else filter_columns(record).get(key)
    return (column, term[4]) if column and term[2] in (":", "=", "!=") else None


def _names(beginning: str, record: str) -> Iterator[tuple[str, str]]:
    said = plain_letters(beginning).replace("-", "_")
    seen: set[str] = set()
    columns = filter_columns(record)
    for name, column in sorted(columns.items(), key=lambda one: len(one[0])):
        if name.startswith(said) and column.name not in seen:
            seen.add(column.name)
            yield name.replace("_", "-") + (":" if not is_ordered(column.kind) else ""), column.label
    for name in (*SPECIAL, *(ALIASES if record == "customer" else ())):
        if name.startswith(said) and name not in columns:
            yield f"{name}:", "state" if name in SPECIAL else ALIASES[name]
    relation, dot, begun = said.partition(".")
    for name, kind in relations(record).items():
        if not dot and name.startswith(said) and f"{name}:" not in seen:
            yield f"{name.replace('_', '-')}.", "one that belongs to it"
        elif dot and name == relation:
            for key, column in filter_columns(kind).items():
                if key.startswith(begun) and column.name not in seen:
                    seen.add(column.name)
                    yield f"{name.replace('_', '-')}.{key.replace('_', '-')}:", column.label


def _values(key: str, op: str, beginning: str, record: str) -> Iterator[tuple[str, str]]:
    key = key.lower().replace("-", "_")
    said = plain_letters(beginning)
    for text, meant in _all_values(key, op, record):
        if plain_letters(text.strip('"')).startswith(said):
            yield text, meant


def _all_values(key: str, op: str, record: str) -> Iterator[tuple[str, str]]:
    relation, key = resolved(record, key)
    if key in ("has", "no") and not relation:
        yield from ((name.replace("_", "-"), "") for name in (*filter_columns(record), *relations(record)))
        return
    if key == "is" and not relation:
        yield from ((state, "") for state in (STATES if record == "customer" else ()))
        return
    if key == "warn" and not relation:
        yield from ((rule.code, rule.sentence) for rule in WARNINGS)
        return
    kind_of = relations(record).get(relation, "") if relation else record
    column = filter_columns(kind_of).get(key) if kind_of else None
    if column is None:
        return
    kind = column.kind
    if isinstance(kind, Flag):
        yield from (("yes", ""), ("no", ""))
    elif isinstance(kind, Choice | Several):
        for one in kind.choices:
            label = one.label
            yield (f'"{label}"' if re.search(r"[\s,]", label) else label), ""
    elif isinstance(kind, Moment | Day | Ago):
        for text, said in (
            ("today", ""), ("yesterday", ""), ("7d", "within 7 days"), ("now-7d", "7 days ago"),
            ("30d", "within 30 days"),
        ):  # fmt: skip
            if text[0].isalpha() or op in (":", "="):
                yield text, said
