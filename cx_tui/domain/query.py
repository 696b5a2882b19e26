"""What a list of customers is asked for: a value that can be compared, kept and sent."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class CustomerQuery:
    """Which customers, in which order."""

    search: str = ""
    status: StatusFilter = StatusFilter.ALL
    sort: tuple[Sort, ...] = (Sort("name"),)


@dataclass(frozen=True)
class Count:
    """How many there are; not exact is what was expected, or that very many have a word."""

    number: int
    exact: bool = True
