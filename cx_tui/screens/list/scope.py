"""Which records a list is about: all of a kind, those of one owner, or those that also refer to something."""

from dataclasses import dataclass
from typing import Any

from cx_tui.domain.query import Query
from cx_tui.domain.record import Record


@dataclass(frozen=True)
class Scope:
    """A kind of record, and whose they are."""

    record: type[Record]
    owner_id: int | None = None
    owner_name: str = ""
    of: tuple[tuple[str, Any], ...] = ()
    """Fields that all of them have the same in, such as the IP authentication of its rewrite rules."""

    @property
    def owned(self) -> bool:
        """Whether they belong to one owner."""
        return self.owner_id is not None

    @property
    def title(self) -> str:
        """What the list is called."""
        many = self.record.declared.many
        return f"{many} of {self.owner_name}" if self.owner_name else many

    def query(self) -> Query:
        """The question for all of them, in their usual order."""
        return Query(record=self.record.declared.name, owner_id=self.owner_id, of=self.of, sort=())

    def given(self) -> dict[str, Any]:
        """What a new one has from the beginning."""
        declared = self.record.declared
        own = {declared.owner_id: self.owner_id} if self.owned else {}
        return {**own, **dict(self.of)}
