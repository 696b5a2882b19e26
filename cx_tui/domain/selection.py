"""Which records an act is for: these, or all of a list but these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cx_tui.domain.query import Query


@dataclass(frozen=True)
class Selection:
    """Records by their numbers; with `all_but` all that the query finds, without these."""

    ids: frozenset[int]
    all_but: bool = False
    query: Query = Query()

    def as_json(self) -> dict[str, Any]:
        """The selection as JSON can keep it."""
        return {"ids": sorted(self.ids), "all_but": self.all_but, "query": self.query.as_json()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Selection":
        """What `as_json` made."""
        return cls(frozenset(kept["ids"]), kept["all_but"], Query.from_json(kept["query"]))
