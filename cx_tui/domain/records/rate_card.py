"""What calls cost: cards, their rates, and which carrier cards serve a customer card."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Labelled
from cx_tui.domain.record import Record
from cx_tui.domain.records.signalling import Traffic

DAY = 86_400


class Side(Labelled):
    """Who is charged by a card."""

    CUSTOMER = "customer", "Customer"
    CARRIER = "carrier", "Carrier"


class Rounding(Labelled):
    """Which way a duration is rounded."""

    UP = "up", "Up"
    HALF = "half", "Half"
    DOWN = "down", "Down"


class CostRounding(Labelled):
    """Which way a price is rounded."""

    UP = "up", "Up"
    HALF = "half", "Half"


class Strategy(Labelled):
    """In which order carriers are tried."""

    PRIORITY = "priority", "Priority"
    LEAST_COST = "cost", "Least cost"
    PERCENTAGE = "share", "Percentage"


@dataclass(kw_only=True)
class RateCard(Record):
    """A rate card, of customers or of a carrier."""

    declared: ClassVar = Declared(
        "rate-card",
        "rate card",
        "Rate cards",
        ("name", "side", "carrier", "currency", "direction", "valid_from"),
        owner="",
        sort=("name",),
        also=("tariffs", "price lists", "cards"),
    )

    name: str = field.text(
        "Name",
        tab="Basic",
        required=True,
        max_length=120,
        width=26,
        unique=True,
        taken="another rate card has this name",
        example="Retail EUR",
        synonyms=("card", "rate card", "tariff", "price list"),
        help="A name that no other card has.",
    )
    currency: str = field.currency(
        "Currency",
        tab="Basic",
        required=True,
        fixed=True,
        example="EUR",
        synonyms=("currency code", "ccy"),
        help="Of its prices; can't be changed once the card exists.",
    )
    side: Side = field.choice(
        "Side",
        Side,
        tab="Basic",
        default=Side.CUSTOMER,
        fixed=True,
        help="Whether customers pay by it, or we do.",
    )
    carrier: int | None = field.reference(
        "Carrier",
        "carrier",
        tab="Basic",
        synonyms=("provider", "supplier", "vendor"),
        help="Whose card it is, if it is one of a carrier.",
    )
    direction: Traffic = field.choice(
        "Direction",
        Traffic,
        tab="Basic",
        default=Traffic.TERMINATION,
        help="For calls of customers, or for calls to their DIDs.",
    )
    revision: str = field.text(
        "Revision", tab="Basic", max_length=40, help="What this version of the prices is called."
    )
    valid_from: datetime | None = field.zoned_moment(
        "Valid from", tab="Basic", help="Since when this revision holds; empty is always."
    )
    strategy: Strategy = field.choice(
        "Strategy",
        Strategy,
        tab="Basic",
        default=Strategy.PRIORITY,
        bulk=True,
        help="In which order its carriers are tried.",
    )
    duration_rounding: Rounding = field.choice(
        "Round duration",
        Rounding,
        tab="Rounding",
        default=Rounding.UP,
        bulk=True,
        help="How a talk time becomes whole steps.",
    )
    duration_step: int = field.duration(
        "Duration step",
        tab="Rounding",
        default=1,
        maximum=DAY,
        bulk=True,
        help="To how many seconds it is rounded.",
    )
    cost_rounding: CostRounding = field.choice(
        "Round cost",
        CostRounding,
        tab="Rounding",
        default=CostRounding.HALF,
        bulk=True,
        help="How a price is rounded, once, at the end.",
    )
    cost_decimals: int = field.integer(
        "Cost decimals", tab="Rounding", default=6, maximum=6, bulk=True, help="To how many decimals."
    )
    minimum: int = field.duration(
        "Minimum",
        tab="Rounding",
        default=1,
        maximum=DAY,
        bulk=True,
        synonyms=("first interval", "initial"),
        help="The first interval that is billed, for rates that have none.",
    )
    pulse: int = field.duration(
        "Pulse",
        tab="Rounding",
        default=1,
        maximum=DAY,
        bulk=True,
        synonyms=("next interval", "increment"),
        help="Each further interval that is billed, for rates that have none.",
    )
    connect_fee: Decimal = field.money(
        "Connect fee",
        tab="Rounding",
        default=Decimal(0),
        bulk=True,
        help="Of each answered call, where a rate has none.",
    )
    attempt_fee: Decimal = field.money(
        "Attempt fee",
        tab="Rounding",
        default=Decimal(0),
        bulk=True,
        synonyms=("fee per attempt", "attempt charge"),
        help="What the carrier takes each time it is tried, answered or not.",
    )
    notes: str = field.lines("Notes", tab="Notes", internal=True, help="Only operators can read these.")

    def problems(self) -> dict[str, str]:
        found = {}
        if (self.side is Side.CARRIER) != (self.carrier is not None):
            needs = (
                "say whose card it is"
                if self.carrier is None
                else "a customer card has no carrier; choose none"
            )
            found["carrier"] = needs
        if self.side is Side.CUSTOMER and self.attempt_fee:
            found["attempt_fee"] = "only carriers take a fee for attempts; write 0"
        for name in ("duration_step", "pulse"):
            if not getattr(self, name):
                found[name] = "write at least 1 second"
        return found


@dataclass(kw_only=True)
class Rate(Record):
    """What calls to the numbers of one prefix cost.  It holds from its first moment until before its last."""

    declared: ClassVar = Declared(
        "rate",
        "rate",
        "Rates",
        (
            "prefix",
            "destination",
            "rate",
            "connect_fee",
            "minimum",
            "pulse",
            "blocked",
            "valid_from",
            "valid_to",
        ),
        owner="rate-card",
        sort=("prefix",),
        together=("rate_card_id", "prefix", "valid_from"),
        taken="the card has a rate for this prefix from this moment already",
        also=("prices",),
    )

    rate_card_id: int = field.owner("Rate card", "rate-card", "The rate card that it is part of.")
    prefix: str = field.prefix(
        "Prefix",
        tab="Rate",
        required=True,
        fixed=True,
        example="447",
        synonyms=("code", "dial code", "dialcode", "area code", "breakout"),
        help="What numbers begin with; the longest one that fits counts.",
    )
    destination: str = field.text(
        "Destination",
        tab="Rate",
        max_length=120,
        width=26,
        suggests=True,
        example="United Kingdom Mobile",
        synonyms=("name", "description", "country", "region"),
        help="What these numbers are called.",
    )
    rate: Decimal = field.money(
        "Rate",
        tab="Rate",
        minimum="-999999999999",
        required=True,
        bulk=True,
        example="0.0125",
        synonyms=("price", "cost", "per minute", "rate per minute", "price per minute"),
        help="Per minute, in the card's currency; negative pays for calls.",
    )
    connect_fee: Decimal | None = field.money(
        "Connect fee",
        tab="Rate",
        optional=True,
        bulk=True,
        synonyms=("setup fee", "connection fee", "flag fall"),
        help="Of each answered call; empty is the card's.",
    )
    minimum: int | None = field.duration(
        "Minimum",
        tab="Rate",
        default=None,
        optional=True,
        maximum=DAY,
        bulk=True,
        synonyms=("first interval", "initial", "min time", "minimum duration"),
        help="The first interval that is billed; empty is the card's.",
    )
    pulse: int | None = field.duration(
        "Pulse",
        tab="Rate",
        default=None,
        optional=True,
        maximum=DAY,
        bulk=True,
        synonyms=("next interval", "increment", "interval"),
        help="Each further interval that is billed; empty is the card's.",
    )
    blocked: bool = field.flag(
        "Blocked", tab="Rate", bulk=True, synonyms=("block",), help="Calls to these numbers are refused."
    )
    valid_from: datetime | None = field.moment(
        "Valid from",
        tab="Rate",
        bulk=True,
        synonyms=("effective", "effective date", "effective from", "start", "start date"),
        help="From this moment on; empty is always (UTC).",
    )
    valid_to: datetime | None = field.moment(
        "Valid to",
        tab="Rate",
        bulk=True,
        synonyms=("end", "end date", "expires", "valid until"),
        help="Until before this moment; empty is for good (UTC).",
    )

    def problems(self) -> dict[str, str]:
        found = {}
        if self.pulse == 0:
            found["pulse"] = "write at least 1 second, or nothing for the card's"
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            found["valid_to"] = "it ends before it begins; change one of the moments"
        return found


@dataclass(kw_only=True)
class Supply(Record):
    """A carrier card that serves a customer card."""

    declared: ClassVar = Declared(
        "supply",
        "carrier of a card",
        "Carriers of a card",
        ("carrier_card", "priority", "share", "enabled"),
        owner="rate-card",
        sort=("priority",),
        uploads=False,
        together=("rate_card_id", "carrier_card"),
        taken="this carrier card serves the card already",
        also=("supply", "termination"),
    )

    rate_card_id: int = field.owner("Rate card", "rate-card", "The customer card that is served.")
    carrier_card: int = field.reference(
        "Carrier card",
        "rate-card",
        tab="Supply",
        required=True,
        fixed=True,
        upload=False,
        help="Who takes the calls.",
    )
    priority: int = field.integer(
        "Priority",
        tab="Supply",
        default=1,
        maximum=1000,
        bulk=True,
        upload=False,
        help="The lowest is tried first.",
    )
    share: Decimal = field.percent(
        "Share %",
        tab="Supply",
        default=Decimal(100),
        bulk=True,
        upload=False,
        help="How many of the calls it is tried first for, when the strategy is Percentage.",
    )
    enabled: bool = field.flag(
        "Enabled", tab="Supply", default=True, bulk=True, upload=False, help="Whether it gets calls."
    )

    def problems(self) -> dict[str, str]:
        if self.carrier_card == self.rate_card_id:
            return {"carrier_card": "a card can't serve itself; choose a card of a carrier"}
        return {}
