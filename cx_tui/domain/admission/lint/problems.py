"""What a finding is."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from cx_tui.domain.admission.call import Where
from cx_tui.domain.admission.facts import Customer
from cx_tui.domain.admission.world import World


class Whose(NamedTuple):
    """A customer with whom something is wrong."""

    id: int
    name: str


class Problem(NamedTuple):
    """One finding: the rule, whose it is (None: nobody's), a sentence, and where to change it."""

    rule: str
    customer: Whose | None
    sentence: str
    where: Where | None = None


Said: TypeAlias = tuple[str, Where | None]
Rule: TypeAlias = Callable[[World, Customer], Iterator[Said]]
