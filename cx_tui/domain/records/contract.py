"""Contracts as they are written, and who has signed them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Moment, Text
from cx_tui.domain.record import Record, kept


@dataclass(kw_only=True)
class Contract(Record):
    """One revision of a contract.  It never changes: a change is a new revision, to be signed anew."""

    declared: ClassVar = Declared(
        "contract",
        "contract",
        "Contracts",
        ("name", "revision", "created_at"),
        owner="",
        sort=("name", "revision"),
        together=("name", "revision"),
        taken="this revision of the contract is there already; write the next one",
        uploads=False,
        also=("terms", "agreements"),
    )

    name: str = field.text(
        "Name",
        tab="Contract",
        required=True,
        max_length=120,
        width=26,
        fixed=True,
        upload=False,
        suggests=True,
        help="The same for all revisions.",
    )
    revision: int = field.integer(
        "Revision",
        tab="Contract",
        default=1,
        minimum=1,
        fixed=True,
        upload=False,
        help="Which version of its text.",
    )
    text: str = field.lines(
        "Text", tab="Contract", required=True, fixed=True, upload=False, help="What is signed, in Markdown."
    )
    notes: str = field.lines(
        "Notes", tab="Notes", upload=False, internal=True, help="Only operators can read these."
    )


@dataclass(kw_only=True)
class CustomerContract(Record):
    """A contract that a customer has signed, or has to sign."""

    declared: ClassVar = Declared(
        "customer-contract",
        "customer's contract",
        "Customer contracts",
        ("contract", "required", "grace_date", "signed_at", "signed_by"),
        uploads=False,
        together=("customer_id", "contract"),
        taken="the customer has this revision of the contract already",
    )

    customer_id: int = field.owner("Customer", "customer", "The customer who signs it.")
    contract: int = field.reference(
        "Contract",
        "contract",
        tab="Contract",
        required=True,
        fixed=True,
        upload=False,
        help="What is signed.",
    )
    required: bool = field.flag(
        "Required",
        tab="Contract",
        default=True,
        bulk=True,
        upload=False,
        help="No calls when it is not signed after the grace date.",
    )
    grace_date: date | None = field.day(
        "Grace date",
        tab="Contract",
        bulk=True,
        upload=False,
        help="The last day without a signature, in the customer's time zone; empty never stops calls.",
    )
    signed_at: datetime | None = kept("Signed at", Moment(), optional=True, help="When it was signed (UTC).")
    signed_by: str = kept("Signed by", Text(120), default="", help="Who signed it.")
    signed_from: str = kept("Signed from", Text(64), default="", help="The address that it was signed from.")

    @property
    def signed(self) -> bool:
        """Whether it was signed."""
        return self.signed_at is not None
