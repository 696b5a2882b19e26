"""What others have done since one looked, and who else is here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cx_tui.domain.history import Act, Operation

TO_ALL = "all"
LONGEST_MESSAGE = 250
"""Characters of a message to operators: with the name it fits into the title of an operation."""


@dataclass(frozen=True)
class News:
    """What was committed; of what is not in the log, such as calls, only that there was something."""

    operations: tuple[Operation, ...] = ()
    touched: Mapping[tuple[str, int], Operation] = field(default_factory=dict)
    """The last operation of each record, by its kind and number."""
    customers: frozenset[int] = frozenset()
    """Those to whom the records belong."""
    many: bool = False
    """Whether more was touched than is named here, so that anything may be another one."""

    @property
    def is_vague(self) -> bool:
        """Whether nothing is known of it."""
        return not self.operations

    def may_concern(self, customer_id: int) -> bool:
        """Whether anything of a customer may be another one now."""
        return self.many or self.is_vague or customer_id in self.customers

    def may_change(self, record: str) -> bool:
        """Whether records of a kind may be others, fewer or more now."""
        return self.many or self.is_vague or any(kind == record for kind, _ in self.touched)

    def messages(self) -> "list[Message]":
        """What operators wrote to each other."""
        return [Message.of(one) for one in self.operations if one.act is Act.MESSAGE]


@dataclass(frozen=True)
class Message:
    """What one operator wrote to another one, or to all: an operation, so that who comes later finds it."""

    at: datetime
    who: str
    to: str
    text: str

    @classmethod
    def of(cls, operation: Operation) -> "Message":
        """The message of an operation."""
        to, _, text = operation.title.removeprefix("to ").partition(": ")
        return cls(operation.at, operation.who, to, text)

    def is_for(self, name: str) -> bool:
        """Whether an operator shall see it; who wrote it knows it."""
        return self.who != name and self.to in (TO_ALL, name)


def title_of_message(to: str, text: str) -> str:
    """How a message stands in the log."""
    return f"to {to}: {' '.join(text.split())}"


@dataclass(frozen=True)
class Present:
    """A program that is open: whose it is, what it shows, since when, and when a key was pressed last."""

    number: int
    who: str
    origin: str
    since: datetime
    page: str
    active_at: datetime
