"""What a list is asked for: a value that can be compared, kept and sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cx_tui.domain.kinds import Labelled


class StatusFilter(Labelled):
    """The seven choices of the status filter."""

    ALL = "all", "All"
    ACTIVE = "active", "Active"
    DIALING = "dialing", "Dialing"
    INACTIVE = "inactive", "Inactive"
    PENDING = "pending", "Pending"
    PENDING_APPROVAL = "approval", "Pending Approval"
    PENALTY = "penalty", "Penalty"


@dataclass(frozen=True)
class Sort:
    """Order by one column."""

    column: str
    descending: bool = False


BY_NAME = (Sort("name"),)


@dataclass(frozen=True)
class Query:
    """Which records, in which order.  Another question is made of it by `replace`, and in no other way, so
    that nothing that it asks for is ever left out."""

    search: str = ""
    status: StatusFilter = StatusFilter.ALL
    """Of customers: which of them."""
    sort: tuple[Sort, ...] = BY_NAME
    record: str = "customer"
    owner_id: int | None = None
    """Only what belongs to this record."""
    of: tuple[tuple[str, Any], ...] = ()
    """Only those whose fields have these values."""
    where: str = ""
    """Only those that a typed filter finds, in its one way to be written."""
    off: tuple[str, ...] = ()
    """Conditions that the operator has switched off: they are kept and not asked."""

    @property
    def typed(self) -> str:
        """What narrows it that was typed: words to look for, or conditions."""
        return self.search or self.where

    @property
    def which(self) -> "Query":
        """The same records, in no order: queries that are equal so are about the same records."""
        return replace(self, sort=(), off=())

    def as_json(self) -> dict[str, Any]:
        """The query as JSON can keep it."""
        return {
            "record": self.record, "search": self.search, "status": self.status.value,
            "owner_id": self.owner_id, "where": self.where, "of": [list(pair) for pair in self.of],
            "off": list(self.off), "sort": [[sort.column, sort.descending] for sort in self.sort],
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Query":
        """What `as_json` made."""
        return cls(
            record=kept["record"], search=kept["search"], status=StatusFilter.of_value(kept["status"]),
            owner_id=kept["owner_id"], of=tuple((name, value) for name, value in kept["of"]),
            where=kept.get("where", ""), off=tuple(kept.get("off", ())),
            sort=tuple(Sort(column, bool(down)) for column, down in kept["sort"]),
        )  # fmt: skip


@dataclass(frozen=True)
class Count:
    """How many there are; not exact is what was expected, or that very many have a word."""

    number: int
    exact: bool = True
