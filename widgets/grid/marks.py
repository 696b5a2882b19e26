"""Which rows are marked: these, or all but these, so that a million marks cost nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar


@dataclass(frozen=True)
class Marks:
    """A set of marked keys, or with `all_but` of the keys that are not."""

    keys: frozenset[int] = frozenset()
    all_but: bool = False

    NONE: ClassVar[Marks]
    ALL: ClassVar[Marks]

    def __contains__(self, key: int) -> bool:
        return (key in self.keys) != self.all_but

    def __bool__(self) -> bool:
        return self.all_but or bool(self.keys)

    def count(self, total: int) -> int:
        """How many of `total` rows are marked."""
        return max(0, total - len(self.keys)) if self.all_but else len(self.keys)

    def toggled(self, key: int) -> Marks:
        """With this one key marked if it was not, else not."""
        return replace(self, keys=self.keys ^ {key})

    def with_keys(self, keys: Iterable[int]) -> Marks:
        """With these marked too."""
        return replace(self, keys=self.keys.difference(keys) if self.all_but else self.keys.union(keys))

    def without(self, keys: Iterable[int]) -> Marks:
        """With these no longer marked."""
        return replace(self, keys=self.keys.union(keys) if self.all_but else self.keys.difference(keys))

    def inverted(self) -> Marks:
        """With every row the other way round."""
        return replace(self, all_but=not self.all_but)


NONE = Marks.NONE = Marks()
ALL = Marks.ALL = Marks(all_but=True)
