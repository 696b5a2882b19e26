"""Very many calls made at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import repeat
from typing import Any

from cx_tui.domain.calls.call import Call

DEFAULTS = {one.name: one.default for one in fields(Call)}


def calls_of(values: Mapping[str, Iterable[Any]]) -> Iterator[Call]:
    """Calls with these values, one behind the other; other fields are as they are in a new call.

    Slots are set by their descriptors: a frozen class sets them one by one through `object.__setattr__`,
    which takes twice as long as all else of the reading.
    """
    columns = [values.get(name, repeat(default)) for name, default in DEFAULTS.items()]
    setters = [getattr(Call, name).__set__ for name in DEFAULTS]
    new = object.__new__
    for row in zip(*columns, strict=False):
        call = new(Call)
        for put, value in zip(setters, row, strict=True):
            put(call, value)
        yield call
