"""What finds the record that a row of a file speaks of, and what a record looks at to judge itself."""

from collections.abc import Iterator
from functools import cache
from inspect import isfunction
from types import CodeType
from typing import Any

from cx_tui.domain.fields import fields_of
from cx_tui.domain.record import Record
from cx_tui.domain.records import record_named
from cx_tui.domain.sheet_fields import owner_column, sheet_fields

Key = tuple[str, ...]


@cache
def keys_of(record: str) -> tuple[Key, ...]:
    """The columns of a file that find a record, the first of them whose values are there: what is one
    record's alone; else what is so taken together; else the owner with what it is named by."""
    kind = record_named(record)
    declared, fields = kind.declared, sheet_fields(record)
    owner = owner_column(declared)
    alone = [name for name, field in fields.items() if field.unique][:1]
    if declared.together:
        owned = tuple(owner if name == declared.owner_id else name for name in declared.together)
    else:
        owned = tuple(filter(None, (owner, *(declared.matched or (declared.names,)))))
    if not alone:
        return (owned,)
    return (tuple(alone),) if fields[alone[0]].required else (tuple(alone), owned)


def needed_of(record: str) -> list[str]:
    """The columns without which no row can be understood."""
    fields = sheet_fields(record)
    found = [name for key in keys_of(record) for name in key if fields[name].required]
    owner = owner_column(record_named(record).declared)
    return list(dict.fromkeys(filter(None, (owner, *found))))


@cache
def looked_at(record: str) -> frozenset[str]:
    """The fields that a record looks at when it says what is wrong between them, read off its code: rows
    that agree in these are judged once."""
    kind = record_named(record)
    return frozenset(_names(kind, kind.problems, set())) & frozenset(fields_of(kind))


def _names(kind: type[Record], function: Any, seen: set[CodeType]) -> Iterator[str]:
    """The names in a function, and in those of ours that it asks."""
    code = function.__code__
    if code in seen:
        return
    seen.add(code)
    for name in _words(code):
        yield name
        inner = getattr(kind, name, None)
        inner = inner.fget if isinstance(inner, property) else inner
        for other in (inner, function.__globals__.get(name)):
            if isfunction(other):
                yield from _names(kind, other, seen)


def _words(code: CodeType) -> Iterator[str]:
    """The names of attributes, and texts that may be such names, of some code."""
    yield from code.co_names
    waiting = list(code.co_consts)
    while waiting:
        constant = waiting.pop()
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, tuple | frozenset):
            waiting += constant
        elif isinstance(constant, CodeType):
            yield from _words(constant)
