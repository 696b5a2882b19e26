"""What was done: operations, what each of them changed, and changes that wait for their time.

Values are kept as texts that their fields can read back, so that a person and a script can read the
log, and a whole operation can be undone from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from cx_tui.domain import fields as of
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.kinds import Integer, Labelled, Moment, Secret
from cx_tui.domain.record import Record

Texts: TypeAlias = Mapping[str, str]

SECRET = "changed"  # noqa: S105  # what is said of a secret instead of it


class Act(Labelled):
    """What kind of operation it was."""

    CREATE = "create", "Create"
    UPDATE = "update", "Change"
    DELETE = "delete", "Delete"
    RESTORE = "restore", "Restore"
    BULK_EDIT = "bulk edit", "Bulk edit"
    UPLOAD = "upload", "Upload"
    SEND = "send", "Send"
    DELAYED = "delayed", "Delayed change"
    END = "end call", "End call"
    UNDO = "undo", "Undo"
    BOOK = "book", "Booking"
    MESSAGE = "message", "Message"
    DELETE_MESSAGE = "voicemail", "Voicemail deleted"


class DelayedState(Labelled):
    """How far a delayed change has come."""

    WAITING = "waiting", "Waiting"
    HELD = "held", "Held"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"
    CONFIRMED = "confirmed", "Confirmed"


OPEN = (DelayedState.WAITING, DelayedState.HELD)
"""What is still to be made, or not."""

SETTLED = (DelayedState.DONE, DelayedState.CANCELLED, DelayedState.CONFIRMED)


@dataclass(frozen=True)
class Editor:
    """Who has a record open to change it, from where, and since when."""

    who: str
    origin: str
    since: datetime


def open_by(others: Sequence[Editor]) -> str:
    """Who has a customer open: one with the time, many in short."""
    first, *more = others
    if not more:
        return f"{first.who} has it open since {first.since.astimezone():%H:%M}"
    who = f"{first.who} and {more[0].who}" if len(more) == 1 else f"{first.who} and {len(more)} more"
    return f"{who} have it open"


@dataclass(kw_only=True)
class Operation:
    """One thing that somebody did, to one record or to a million."""

    id: int = of.of_kind("Id", Integer())
    at: datetime = of.of_kind("When", Moment())
    who: str = of.text("Who", max_length=120)
    origin: str = of.text("From", max_length=200)
    act: Act = of.choice("What", Act)
    title: str = of.text("Title", max_length=300)
    records: int = of.integer("Records", default=0)
    undoes: int | None = of.integer("Undoes", optional=True)
    undone_by: int | None = of.integer("Undone by", optional=True)
    host: str = of.text("Host", max_length=120)
    login: str = of.text("Login", max_length=63)
    role: str = of.text("Role", max_length=20)


@dataclass(kw_only=True)
class Change:
    """What an operation did to one record: its fields as they were and as they became."""

    id: int = of.of_kind("Id", Integer(), default=0)
    operation_id: int = of.of_kind("Operation", Integer())
    record: str = of.text("Kind of record", max_length=20)
    record_id: int = of.of_kind("Record", Integer())
    customer_id: int = of.of_kind("Customer", Integer())
    act: Act = of.choice("What", Act)
    before: Texts = of.texts("Before")
    after: Texts = of.texts("After")

    @property
    def in_block(self) -> bool:
        """Whether it stands in a block with others: it has its customer's number then, below zero."""
        return self.id < 0


Noted: TypeAlias = tuple[int, str, int, int, Act, Texts, Texts]
"""A change as it is noted: of which operation, what kind of record, its number, its customer's number,
what was done, and its fields before and after."""


@dataclass(kw_only=True)
class DelayedChange:
    """A change of one customer that waits for its time, with the values that it was made from."""

    id: int = of.of_kind("Id", Integer(), default=0)
    customer_id: int = of.of_kind("Customer", Integer())
    due_at: datetime = of.of_kind("Due", Moment())
    created_at: datetime = of.of_kind("Ordered", Moment())
    who: str = of.text("Who", max_length=120)
    origin: str = of.text("From", max_length=200)
    base: Texts = of.texts("Before")
    wanted: Texts = of.texts("After")
    state: DelayedState = of.choice("State", DelayedState, default=DelayedState.WAITING)
    said: str = of.text("Why", max_length=1000)
    operation_id: int | None = of.integer("Operation", optional=True)
    reverts: int | None = of.integer("Reverts", optional=True)
    """The operation that it turns back unless somebody confirms that."""


def texts(record: type, values: Mapping[str, Any]) -> dict[str, str]:
    """Values of a record's fields as the log keeps them; of a secret only that there is one."""
    every = fields_of(record)
    return {
        name: (SECRET if value else "") if isinstance(every[name].kind, Secret) else every[name].write(value)
        for name, value in values.items()
    }


def values(record: type, kept: Mapping[str, str]) -> dict[str, Any]:
    """The values again."""
    every = fields_of(record)
    # A field of an older version may be in the log and here no more.
    return {name: every[name].read(text) for name, text in kept.items() if name in every}


def typed_fields(record: type[Record]) -> dict[str, Field]:
    """The fields of a record that people type; the others are kept by the program."""
    return {
        name: each
        for name, each in fields_of(record).items()
        if not each.kept and name != record.declared.owner_id
    }


@dataclass(frozen=True)
class LogQuery:
    """Which operations the log shows."""

    customer_id: int | None = None
    who: str = ""
    act: Act | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
