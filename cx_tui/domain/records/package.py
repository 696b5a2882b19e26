"""What is sold at regular times: packages, and which customer has which."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Day, Labelled
from cx_tui.domain.record import Record, kept


class PackageType(Labelled):
    """What a package is for."""

    RECURRING = "recurring", "Recurring"
    FREE_MINUTES = "minutes", "Free minutes"
    MINIMUM_SPEND = "minimum", "Minimum spend"


class Frequency(Labelled):
    """How often a package is charged."""

    ONCE = "once", "Once"
    DAILY = "daily", "Daily"
    WEEKLY = "weekly", "Weekly"
    MONTHLY = "monthly", "Monthly"


@dataclass(kw_only=True)
class Package(Record):
    """A package as it is sold."""

    declared: ClassVar = Declared(
        "package",
        "package",
        "Packages",
        ("name", "type", "frequency", "retail", "cost"),
        owner="",
        sort=("name",),
        also=("products", "bundles"),
    )

    name: str = field.text(
        "Name",
        tab="Basic",
        required=True,
        max_length=120,
        width=26,
        unique=True,
        taken="another package has this name",
        example="Office line",
        help="A name that no other package has.",
    )
    type: PackageType = field.choice(
        "Type", PackageType, tab="Basic", default=PackageType.RECURRING, help="What it is for."
    )
    currency: str = field.currency(
        "Currency", tab="Basic", fixed=True, help="Of its prices; empty is that of each customer."
    )
    cost: Decimal = field.money(
        "Cost", tab="Basic", default=Decimal(0), bulk=True, internal=True, help="What it costs us each time."
    )
    setup_cost: Decimal = field.money(
        "Setup cost", tab="Basic", default=Decimal(0), bulk=True, internal=True, help="What it costs us once."
    )
    retail: Decimal = field.money(
        "Retail",
        tab="Basic",
        default=Decimal(0),
        bulk=True,
        synonyms=("price",),
        help="What the customer pays each time.",
    )
    setup_retail: Decimal = field.money(
        "Setup retail",
        tab="Basic",
        default=Decimal(0),
        bulk=True,
        synonyms=("setup price", "setup fee"),
        help="What the customer pays once.",
    )
    frequency: Frequency = field.choice(
        "Frequency", Frequency, tab="Basic", default=Frequency.MONTHLY, help="How often it is charged."
    )
    days: tuple[int, ...] = field.integers(
        "Days",
        minimum=1,
        maximum=31,
        tab="Basic",
        help="Of the month (31 is the last one), or of the week (1 is Monday); empty is as it began.",
    )
    minimum_days: int = field.integer(
        "Minimum days", tab="Basic", default=0, maximum=3650, bulk=True, help="It can't be ended before."
    )
    minutes: int = field.integer(
        "Free minutes", tab="Usage", default=0, help="How many in each period, in billed time."
    )
    destinations: tuple[str, ...] = field.prefixes(
        "Destinations", tab="Usage", help="Free minutes apply to numbers with this prefix; empty means all."
    )
    minimum_spend: Decimal = field.money(
        "Minimum spend",
        tab="Usage",
        default=Decimal(0),
        help="What calls don't reach of it in a period is charged.",
    )
    notes: str = field.lines("Notes", tab="Notes", internal=True, help="Only operators can read these.")

    def problems(self) -> dict[str, str]:
        found = {}
        if self.type is PackageType.FREE_MINUTES and not self.minutes:
            found["minutes"] = "say how many minutes are free, or choose another type"
        if self.type is PackageType.MINIMUM_SPEND and not self.minimum_spend:
            found["minimum_spend"] = "say how much has to be spent, or choose another type"
        if self.days and self.frequency in (Frequency.ONCE, Frequency.DAILY):
            found["days"] = "only weekly and monthly packages have days; empty them"
        if self.frequency is Frequency.WEEKLY and any(day > 7 for day in self.days):
            found["days"] = "a week has the days 1 (Monday) to 7 (Sunday)"
        return found


@dataclass(kw_only=True)
class CustomerPackage(Record):
    """A package that a customer has, for the account or for one DID."""

    declared: ClassVar = Declared(
        "customer-package",
        "customer's package",
        "Customer packages",
        ("package", "quantity", "starts", "ends", "auto_decrement", "did"),
        looked_up=("charged_to",),
        matched=("package", "did"),
    )

    customer_id: int = field.owner("Customer", "customer", "The customer who has it.")
    package: int = field.reference(
        "Package", "package", tab="Package", required=True, fixed=True, help="What the customer has."
    )
    quantity: int = field.integer(
        "Quantity", tab="Package", default=1, minimum=1, maximum=1_000_000, bulk=True, help="How many of it."
    )
    starts: date | None = field.day("Start", tab="Package", help="Its first day; empty is today.")
    ends: date | None = field.day("End", tab="Package", bulk=True, help="Its last day; empty is for good.")
    auto_decrement: bool = field.flag(
        "Auto decrement",
        tab="Package",
        default=True,
        bulk=True,
        help="It is charged by itself in each period.",
    )
    did: int | None = field.reference(
        "DID", "did", tab="Package", help="The number that it is for; empty means the whole account."
    )
    notes: str = field.lines("Notes", tab="Package", internal=True, help="Only operators can read these.")
    charged_to: date | None = kept(
        "Charged to", Day(), optional=True, help="What fell due up to this day is settled (UTC)."
    )

    def problems(self) -> dict[str, str]:
        if self.starts and self.ends and self.ends < self.starts:
            return {"ends": "it ends before it starts; change one of the days"}
        return {}
