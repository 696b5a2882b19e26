"""Groups in memory: made coarser, put in other orders, laid side by side, without asking anybody."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cx_tui.domain.columns import ListColumn
from cx_tui.domain.groups import COUNT, Parts, added
from cx_tui.domain.kinds import Reference


@dataclass(frozen=True)
class Group:
    """What has the same values in some columns, and in its currency."""

    key: tuple[Any, ...]
    currency: str | None
    parts: Parts


@dataclass(frozen=True)
class Groups:
    """The groups by some columns.  `distinct` columns have parts that can't be added up."""

    keys: tuple[ListColumn, ...]
    names: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    has_currency: bool = False
    _rolled: dict[tuple[str, ...], "Groups"] = field(default_factory=dict, compare=False, repr=False)

    def can_give(self, keys: Sequence[str], names: Sequence[tuple[str, str]]) -> bool:
        """Whether groups by these columns with these parts follow from these."""
        if any(act == "distinct" for act, _ in self.names):
            return False
        there = {column.name for column in self.keys}
        return set(keys) <= there and set(names) <= set(self.names)

    def rolled(self, keys: Sequence[str]) -> "Groups":
        """The groups by some of the columns, in their order."""
        wanted = tuple(keys)
        if wanted == tuple(column.name for column in self.keys):
            return self
        if wanted not in self._rolled:
            self._rolled[wanted] = self._roll(wanted)
        return self._rolled[wanted]

    def _roll(self, wanted: tuple[str, ...]) -> "Groups":
        places = [next(at for at, one in enumerate(self.keys) if one.name == name) for name in wanted]
        together: dict[tuple[Any, ...], list[Parts]] = defaultdict(list)
        for group in self.groups:
            key = tuple(group.key[at] for at in places)
            together[(group.currency, *key)].append(group.parts)
        found = [
            Group(tuple(key), currency, added(self.names, several))
            for (currency, *key), several in together.items()
        ]
        found.sort(key=order_of)
        columns = tuple(self.keys[at] for at in places)
        return Groups(columns, self.names, tuple(found), self.has_currency)

    def know(self, keys: Sequence[str], asked: "Groups") -> None:
        """Groups by some of the columns that were asked for: their parts can't be added up."""
        self._rolled[tuple(keys)] = asked

    def only(self, keys: Sequence[str], holds: Callable[[Group], bool]) -> "Groups":
        """What belongs to those groups by some of the columns of which something holds."""
        places = [next(at for at, one in enumerate(self.keys) if one.name == name) for name in keys]
        kept = {(group.currency, group.key) for group in self.rolled(keys).groups if holds(group)}
        left = (g for g in self.groups if (g.currency, tuple(g.key[at] for at in places)) in kept)
        return replace(self, groups=tuple(left), _rolled={})

    def together(self, names: Sequence[tuple[str, str]]) -> "Groups":
        """The same, whatever the currency: only of parts that are no amounts."""
        several: dict[tuple[Any, ...], list[Parts]] = defaultdict(list)
        for group in self.groups:
            several[group.key].append(group.parts)
        groups = tuple(Group(key, None, added(names, parts)) for key, parts in several.items())
        return Groups(self.keys, tuple(names), groups)

    def whole(self) -> list[Group]:
        """All of it in one group, of each currency."""
        return list(self.rolled(()).groups)

    def sorted(self, by: Callable[[Group], Any], *, descending: bool) -> list[Group]:
        """The groups in another order; those without a value stand last."""
        filled = [group for group in self.groups if by(group) is not None]
        empty = [group for group in self.groups if by(group) is None]
        return sorted(filled, key=by, reverse=descending) + empty

    def key_text(self, column: ListColumn, value: Any) -> Any:
        """A value of a column as programs read it."""
        if value is None or isinstance(value, bool | int | float):
            return value
        return value if isinstance(column.kind, Reference) else column.kind.write(value)

    def key_shown(self, column: ListColumn, value: Any) -> str:
        """A value of a column as people read it."""
        if value is None or value in ("", (), []):
            return "(none)"
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(value) if isinstance(column.kind, Reference) else column.kind.show(value)


def as_one(names: Sequence[tuple[str, str]], groups: Sequence[Group]) -> Group:
    """Several groups as one, whatever their currency: its amounts mean nothing."""
    return Group((), None, added(names, [group.parts for group in groups]))


def by_currency(names: Sequence[tuple[str, str]], groups: Sequence[Group]) -> list[Group]:
    """Several groups as one of each currency."""
    several: dict[str | None, list[Group]] = defaultdict(list)
    for group in groups:
        if group.parts[COUNT, ""]:
            several[group.currency].append(group)
    return [Group((), currency, as_one(names, some).parts) for currency, some in several.items()]


def order_of(group: Group) -> tuple[Any, ...]:
    """The order of keys: what is empty first, choices by what they are called."""
    return (*(_rank(value) for value in group.key), group.currency or "")


def _rank(value: Any) -> tuple[int, Any]:
    if value is None:
        return (0, "")
    if isinstance(value, bool | int | float):
        return (1, value)
    if hasattr(value, "isoformat"):
        return (2, value.isoformat())
    return (3, str(getattr(value, "value", value)))
