"""Which customers an act is for: these, or all of a list but these."""

from dataclasses import dataclass

from cx_tui.domain.query import CustomerQuery


@dataclass(frozen=True)
class Selection:
    """Customers by their numbers; with `all_but` all that the query finds, without these."""

    ids: frozenset[int]
    all_but: bool = False
    query: CustomerQuery = CustomerQuery()
