"""Messages to contacts: what was ordered, and how far each of them has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cx_tui.domain import fields as of
from cx_tui.domain.kinds import Integer, Labelled, Lines, Moment


class Way(Labelled):
    """How a message travels."""

    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"


class State(Labelled):
    """How far a message has come."""

    QUEUED = "queued", "Queued"
    SENDING = "sending", "Sending"
    SENT = "sent", "Sent"
    DELAYED = "delayed", "Delayed"
    FAILED = "failed", "Failed"
    UNKNOWN = "unknown", "Unknown"
    CANCELLED = "cancelled", "Cancelled"
    HELD = "held", "Held"


OPEN = (State.QUEUED, State.DELAYED)
"""What waits to be sent."""

WAITING = (*OPEN, State.HELD)
"""The same, and what waits for a person to say so: its job was stopped."""

UNTRIED = (State.QUEUED, State.SENDING)
"""What was not tried yet."""


class Reach(Labelled):
    """Whether a contact can get a message, and if not why."""

    WILL = "will", "will get it"
    NO_ADDRESS = "none", "no address"
    NOT_VALID = "invalid", "not valid"
    OPTED_OUT = "opted_out", "opted out"
    SAME = "same", "same as another"
    NOBODY = "nobody", "no contact"


@dataclass(kw_only=True)
class Template:
    """A text that is used again, by its name."""

    id: int = of.of_kind("Id", Integer(), default=0)
    name: str = of.text("Name", required=True, max_length=80)
    way: Way = of.choice("For", Way, default=Way.EMAIL)
    referral: bool = of.flag("Referral")
    subject: str = of.text("Subject", max_length=300)
    body: str = of.lines("Body")
    changed_at: datetime = of.of_kind("Changed", Moment())


@dataclass(kw_only=True)
class Job:
    """One order to send: the same message to many."""

    id: int = of.of_kind("Id", Integer(), default=0)
    key: str = of.text("Key", max_length=32)
    """Part of its messages' ids: the same whenever one is sent again."""
    at: datetime = of.of_kind("When", Moment())
    due_at: datetime = of.of_kind("Due", Moment())
    who: str = of.text("Who", max_length=120)
    origin: str = of.text("From", max_length=200)
    way: Way = of.choice("Way", Way)
    subject: str = of.text("Subject", max_length=300)
    body: str = of.lines("Body")
    operation_id: int | None = of.integer("Operation", optional=True)
    service: bool = of.flag("Service notice")
    """Whether it goes to those who have opted out, too."""


@dataclass(kw_only=True)
class Message:
    """One message of a job, to one contact."""

    id: int = of.of_kind("Id", Integer(), default=0)
    job_id: int = of.of_kind("Job", Integer())
    contact_id: int = of.of_kind("Contact", Integer())
    way: Way = of.choice("Way", Way)
    name: str = of.text("To", max_length=120)
    address: str = of.text("Address", max_length=254)
    subject: str | None = of.text("Subject", max_length=1000, default=None, optional=True)
    body: str | None = of.of_kind("Body", Lines(), default=None, optional=True)
    filled: Mapping[str, str] = of.texts("Filled in")
    """The values of the fields in the job's texts: whatever is made of these again is the same as before."""
    state: State = of.choice("State", State, default=State.QUEUED)
    attempts: int = of.integer("Attempts", default=0)
    due_at: datetime = of.of_kind("Due", Moment())
    claim: str | None = of.text("Claim", max_length=120, default=None, optional=True)
    claimed_at: datetime | None = of.moment("Claimed")
    look_at: datetime | None = of.moment("Look at")
    """When to ask what became of it, as long as that is not known."""
    sent_at: datetime | None = of.moment("Sent")
    answer: str = of.text("Answer", max_length=500)
    reference: str = of.text("Reference", max_length=120)
    delivery: str = of.text("Delivery", max_length=120)
    customer_id: int = of.of_kind("Customer", Integer())
