"""Acts that need a second person: which they are, and how a request for one stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cx_tui.domain import fields as of
from cx_tui.domain.history import Texts
from cx_tui.domain.kinds import Integer, Labelled, Moment


class Rule(Labelled):
    """What needs a second person, when that is asked for."""

    CREDIT = "credit", "A debit limit above an amount"
    PENALTY = "penalty", "Leaving Penalty"
    RERATE = "rerate", "Recalculating calls"
    DELETE = "delete", "Deleting more records than a number"

    @property
    def has_limit(self) -> bool:
        """Whether it holds above a number only."""
        return self in (Rule.CREDIT, Rule.DELETE)

    def written(self, above: Decimal) -> str:
        """The number above which it holds: an amount has cents, records are counted."""
        return f"{above:,.2f}" if self is Rule.CREDIT else f"{above.normalize():,f}"


class RequestAct(Labelled):
    """What is asked for."""

    CHANGE = "change", "Change"
    BULK_EDIT = "bulk edit", "Bulk edit"
    DELETE = "delete", "Delete"
    RERATE = "rerate", "Recalculate calls"


class RequestState(Labelled):
    """How far a request has come."""

    WAITING = "waiting", "Waiting"
    APPLYING = "applying", "Applying"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    EXPIRED = "expired", "Expired"
    VOID = "void", "Void"


@dataclass(kw_only=True)
class Request:
    """A request: what shall be done, what it is based on, who asked, who decided."""

    id: int = of.of_kind("Id", Integer(), default=0)
    at: datetime = of.of_kind("Asked", Moment())
    expires_at: datetime = of.of_kind("Expires", Moment())
    who: str = of.text("Who", max_length=120)
    origin: str = of.text("From", max_length=200)
    login: str = of.text("Login", max_length=63)
    act: RequestAct = of.choice("What", RequestAct)
    title: str = of.text("Title", max_length=300)
    why: str = of.text("Why it needs one", max_length=300)
    reason: str = of.text("Reason", max_length=500)
    record: str = of.text("Kind of record", max_length=20)
    ids: tuple[int, ...] = of.integers("Records", minimum=1, maximum=2**31 - 1)
    base: Texts = of.texts("Before")
    wanted: Texts = of.texts("After")
    seal: str = of.text("Seal", max_length=64)
    """Of what it is based on, and of what is asked: where that is another one, it is void."""
    state: RequestState = of.choice("State", RequestState, default=RequestState.WAITING)
    decided_at: datetime | None = of.of_kind("Decided", Moment(), optional=True)
    decided_who: str = of.text("Decided by", max_length=120)
    decided_origin: str = of.text("Decided from", max_length=200)
    decided_login: str = of.text("Login of who decided", max_length=63)
    said: str = of.text("Said", max_length=1000)
    operation_id: int | None = of.integer("Operation", optional=True)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to do and may not do alone."""

    act: RequestAct
    title: str
    record: str
    ids: tuple[int, ...]
    base: Texts
    wanted: Texts
    why: str


Rules = Mapping[Rule, Decimal]
"""The rules that hold, each with the number above which it does."""


def why_change(rules: Rules, before: Mapping[str, object], after: Mapping[str, object]) -> str:
    """Why a change of a customer's fields needs a second person; "" when it does not."""
    from cx_tui.domain.records.customer import Status

    limit, new, old = rules.get(Rule.CREDIT), after.get("debit_limit"), before.get("debit_limit")
    raised = isinstance(new, Decimal) and not (isinstance(old, Decimal) and new <= old)
    if limit is not None and raised and isinstance(new, Decimal) and new > limit:
        return f"a debit limit above {limit:,.2f} needs a second person"
    left = before.get("status") is Status.PENALTY and after.get("status", Status.PENALTY)
    if Rule.PENALTY in rules and left and left is not Status.PENALTY:
        return "leaving Penalty needs a second person"
    return ""


def why_delete(rules: Rules, number: int) -> str:
    """Why deleting so many records needs a second person; "" when it does not."""
    limit = rules.get(Rule.DELETE)
    if limit is None or number <= limit:
        return ""
    return f"deleting more than {int(limit):,} records needs a second person"


def why_rerate(rules: Rules) -> str:
    """Why recalculating calls needs a second person; "" when it does not."""
    return "recalculating calls needs a second person" if Rule.RERATE in rules else ""
