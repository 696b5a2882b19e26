"""What is asked about a call, and what is answered: a trace of gates is data, made only when it is read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from cx_tui.domain.admission.facts import Direction

State = Literal["passed", "refused", "not reached"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that wants to pass, as a switch describes it."""

    dialled: str
    moment: datetime
    source: str = ""
    """The address that the call comes from."""
    user: str = ""
    """The SIP user who has proved itself; "" when there is none."""
    cli: str = ""
    paid: str = ""
    direction: Direction = Direction.TERMINATION
    channels: int | None = None
    """So many of the customer's calls are up, instead of what is counted: to try things out."""
    cps: int | None = None


class Where(NamedTuple):
    """What to change: the kind of record, its id, its field."""

    record: str
    id: int | None
    field: str = ""


class Said(NamedTuple):
    """A finding in words: the value that decided, a sentence, the rule's id, and where to change it."""

    value: str
    sentence: str
    rule: str = ""
    where: Where | None = None


Finding: TypeAlias = tuple[int, Callable[[], Said]]
"""What a gate found: 0 lets the call pass, else it is the SIP code; the words are made when asked for."""


class Step(NamedTuple):
    """One gate of a trace."""

    gate: str
    state: State
    value: str = ""
    sentence: str = ""
    rule: str = ""
    where: Where | None = None
    code: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The step as commands and the decision server write it."""
        made = self._asdict()
        made["where"] = self.where._asdict() if self.where else None
        return made


def passed(say: Callable[[], Said]) -> Finding:
    """The gate lets the call pass."""
    return 0, say


def refused(code: int, say: Callable[[], Said]) -> Finding:
    """The gate stops the call with a SIP code."""
    return code, say
