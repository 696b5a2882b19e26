"""Who may do what: the one declaration of roles, from which the database's grants are made.

A role may read everything but secrets, and write what stands beside it here.  The program learns from the
database what the role of its login may do (`Rights`); the database refuses the rest in any case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import Secret
from cx_tui.domain.records import PLACES, record_named

PREFIX = "cx_"
"""Roles are shared by all databases of a server, so theirs begin with this."""

VIEWER, SUPPORT, OPERATOR, FINANCE, ADMIN = ROLES = ("viewer", "support", "operator", "finance", "admin")
"""What is declared of users (`domain.records.company.Role`), from the least to the most."""

RESELLER = "reseller"
"""Whoever has this role too sees only the customers of the reseller group that its user belongs to."""

AREAS: Mapping[str, tuple[str, ...]] = {
    "people": ("contact",),
    "customers": ("customer",),
    "access": ("ip", "sip-user", "rewrite", "number-block", "did"),
    "routing": ("route", "cli-rule", "prefix-set", "carrier"),
    "watching": ("alert",),
    "prices": ("rate-card", "rate", "supply", "package", "customer-package"),
    "money": ("payment", "invoice", "invoice-line", "allocation", "contract", "customer-contract"),
    "company": ("reseller", "user", "domain", "invoice-template", "number-range"),
}
"""The kinds of records by what they are about; each stands in one of them."""

MONEY_FIELDS = (
    "debit_limit", "minimum_payment", "tax", "daily_limit", "paypal_email", "invoice_schedule",
    "invoice_due_days", "invoice_template", "external_id",
)  # fmt: skip
"""Fields of a customer that are finance's business."""

CARE_FIELDS = (
    "website", "tags", "company", "street", "city", "region", "postcode", "country",
    "public_notes", "private_notes",
)  # fmt: skip
"""Fields of a customer that support may change."""

SENDS = (SUPPORT, OPERATOR, ADMIN)
"""Who may write to contacts."""

READS_SECRETS = (OPERATOR, ADMIN)
"""Who may read the digests of passwords, which the engine compares."""

WRITES: Mapping[str, tuple[str, ...]] = {
    VIEWER: (),
    SUPPORT: ("people",),
    OPERATOR: ("people", "customers", "access", "routing", "watching"),
    FINANCE: ("prices", "money"),
    ADMIN: tuple(AREAS),
}
"""The areas whose records a role makes, changes and deletes."""

HIDDEN_FROM_RESELLERS = ("reseller", "user")
"""Kinds of records that tell of other groups."""

CUSTOMER = "customer"


def area_of(record: str) -> str:
    """The area that a kind of record stands in."""
    return next(area for area, records in AREAS.items() if record in records)


def makes(role: str, record: str) -> bool:
    """Whether a role makes and deletes records of a kind."""
    return area_of(record) in WRITES[role]


def changes(role: str, record: str) -> tuple[str, ...]:
    """The fields of a kind of record that a role may change."""
    every = tuple(fields_of(record_named(record)))
    if role == ADMIN or (record != CUSTOMER and makes(role, record)):
        return every
    if record != CUSTOMER:
        return ()
    own = {
        SUPPORT: set(CARE_FIELDS),
        FINANCE: {*MONEY_FIELDS, "status"},
        OPERATOR: set(every) - set(MONEY_FIELDS),
    }.get(role, set())
    return tuple(name for name in every if name in own)


def secrets_of(record: str) -> tuple[str, ...]:
    """The fields of a kind of record that are secrets."""
    return tuple(
        name for name, one in fields_of(record_named(record)).items() if isinstance(one.kind, Secret)
    )


@dataclass(frozen=True)
class Rights:
    """What this login may do here, as the database says it."""

    login: str = ""
    role: str = ""
    """The most of its roles; "owner" of who owns the tables, "" where there are no roles."""
    everything: bool = True
    works: bool = True
    """It may do what is due for everybody: delayed changes, money, messages."""
    creates: frozenset[str] = frozenset()
    """The tables into which it may put rows."""
    updates: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The columns that it may change, by their tables."""
    unread: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The columns that it may not read, by their tables."""
    reseller: bool = False
    """It sees only the customers of one reseller group."""

    def may_create(self, record: str) -> bool:
        """Whether records of a kind may be made."""
        return self.everything or (not self.is_hidden(record) and _table(record) in self.creates)

    def may_change(self, record: str, name: str = "") -> bool:
        """Whether a field of a kind of record may be changed; without one, any that is typed."""
        if self.everything:
            return True
        own = self.updates.get(_table(record), frozenset())
        return name in own if name else any(one in own for one in _typed(record))

    def may_delete(self, record: str) -> bool:
        """Whether records of a kind may be deleted: they are marked as deleted, so it is a column."""
        return self.everything or self.may_change(record, "deleted_at")

    def may_send(self) -> bool:
        """Whether messages may be sent."""
        return self.everything or (not self.reseller and "job" in self.creates)

    def is_hidden(self, record: str) -> bool:
        """Whether records of a kind are none of its business."""
        return self.reseller and record in HIDDEN_FROM_RESELLERS

    def why_not(self, what: str) -> str:
        """The sentence when it may not do something: "to change customers"."""
        who = f"{self.login} ({self.role or 'no role'})" if self.login else "this login"
        return f"{who} has no right {what}; an administrator can give it"


ALL_RIGHTS = Rights()
"""Of who owns the database: its file, or its tables."""

NO_WRITING = Rights(everything=False, works=False, role=VIEWER)
"""Of a session that only reads."""


def _table(record: str) -> str:
    return record_named(record).declared.table if record in PLACES else record


def _typed(record: str) -> list[str]:
    if record not in PLACES:
        return ["id"]
    return [name for name, one in fields_of(record_named(record)).items() if not one.kept]
