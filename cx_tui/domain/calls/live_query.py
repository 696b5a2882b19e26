"""Which live calls, in which order: a value."""

from dataclasses import dataclass

from cx_tui.domain.query import Sort

SEARCHED = ("cli", "dialled", "number", "carrier", "auth", "src_ip", "source_key")
"""What has the text that is searched for."""

SORTED = ("invited", "length", "state", "customer_id", "source", *SEARCHED)
"""What live calls can be ordered by."""

NEWEST_FIRST = (Sort("invited", descending=True),)


@dataclass(frozen=True)
class LiveQuery:
    """The live calls of a customer, or of all, that have a text."""

    customer_id: int | None = None
    search: str = ""
    sort: tuple[Sort, ...] = NEWEST_FIRST
