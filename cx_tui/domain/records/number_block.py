"""A block of internal numbers that belongs to one customer."""

from dataclasses import dataclass
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.record import Record

LARGEST_NUMBER = 10**15


@dataclass(kw_only=True)
class NumberBlock(Record):
    """A number block: the customer's SIP users are named from it."""

    declared: ClassVar = Declared(
        "number-block",
        "number block",
        "Number blocks",
        ("first", "size"),
        sort=("first",),
        by_hand=False,
        uploads=False,
        also=("internal numbers", "extensions"),
    )

    customer_id: int = field.owner("Customer", "customer", "The customer whose numbers they are.")
    first: int = field.integer(
        "First",
        maximum=LARGEST_NUMBER,
        width=17,
        unique=True,
        taken="another customer has this block",
        fixed=True,
        kept=True,
        upload=False,
        help="The first number of the block.",
    )
    size: int = field.integer(
        "Size",
        minimum=1,
        maximum=1_000_000,
        fixed=True,
        kept=True,
        upload=False,
        help="How many numbers it has.",
    )

    @property
    def last(self) -> int:
        """The last number of the block."""
        return self.first + self.size - 1
