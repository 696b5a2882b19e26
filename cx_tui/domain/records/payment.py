"""Money that a customer paid, or got back."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Labelled, Moment
from cx_tui.domain.record import Record, kept


class PaymentStatus(Labelled):
    """Only a completed payment counts."""

    PENDING = "pending", "Pending"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"


@dataclass(kw_only=True)
class Payment(Record):
    """A payment; one that is negative is a purchase or a refund.  It is cancelled, never deleted."""

    declared: ClassVar = Declared(
        "payment",
        "payment",
        "Payments",
        ("description", "total", "fee", "status", "created_at"),
        sort=("-created_at",),
        deletes=False,
        matched=("description", "total"),
        also=("top-ups", "refunds"),
    )

    customer_id: int = field.owner("Customer", "customer", "The customer who paid.")
    description: str = field.text(
        "Description",
        tab="Payment",
        internal=True,
        example="Bank transfer # reference 4711",
        synonyms=("text", "reference", "memo"),
        help="What stands behind a # is for operators only.",
    )
    total: Decimal = field.money(
        "Total",
        tab="Payment",
        minimum="-999999999999",
        required=True,
        fixed=True,
        example="100.00",
        synonyms=("amount", "sum", "value"),
        help="In the customer's currency; negative is a purchase or a refund.",
    )
    fee: Decimal = field.money(
        "Fee",
        tab="Payment",
        default=Decimal(0),
        internal=True,
        help="What the provider kept; for reference only.",
    )
    status: PaymentStatus = field.choice(
        "Status",
        PaymentStatus,
        tab="Payment",
        default=PaymentStatus.PENDING,
        synonyms=("state",),
        help="Only a completed payment counts.",
    )
    confirm: bool = field.flag(
        "E-mail confirmation", tab="Payment", help="All contacts are written to once it is completed."
    )
    completed_at: datetime | None = kept(
        "Completed at", Moment(), optional=True, help="When it began to count (UTC)."
    )
    confirmed_at: datetime | None = kept(
        "Confirmed at", Moment(), optional=True, help="When the confirmation was ordered (UTC)."
    )

    @property
    def public_description(self) -> str:
        """What the customer may read of the description."""
        return self.description.partition("#")[0].strip()

    def problems(self) -> dict[str, str]:
        return {} if self.total else {"total": "a payment of 0 changes nothing; write an amount"}
