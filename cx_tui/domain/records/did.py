"""An inbound number that a customer has."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Day, Labelled
from cx_tui.domain.record import Record, kept
from cx_tui.domain.records.signalling import Recording


class DidDestination(Labelled):
    """Where calls to a DID go."""

    NONE = "none", "None"
    URI = "uri", "URI"
    EXTERNAL = "external", "External"
    INTERNAL = "internal", "Internal"


@dataclass(kw_only=True)
class Did(Record):
    """A DID: calls to its number are sent to the customer."""

    declared: ClassVar = Declared(
        "did",
        "DID",
        "DIDs",
        ("number", "destination_type", "destination", "carrier", "channels", "enabled"),
        sort=("number",),
        looked_up=("charged_to",),
        also=("inbound numbers", "ddi"),
    )

    customer_id: int = field.owner("Customer", "customer", "The customer who has the number.")
    number: str = field.inbound_number(
        "Number",
        tab="Basic",
        required=True,
        unique=True,
        taken="this number is assigned already",
        found_by=True,
        example="+442071234567",
        synonyms=("did", "ddi", "did number", "phone number", "telephone number"),
        help="In international form; +44, 0044 and 44 are the same.",
    )
    enabled: bool = field.flag(
        "Enabled", tab="Basic", default=True, bulk=True, help="Whether calls to it are taken."
    )
    destination_type: DidDestination = field.choice(
        "Goes to",
        DidDestination,
        tab="Basic",
        default=DidDestination.NONE,
        bulk=True,
        synonyms=("destination type",),
        help="A SIP address, a number outside, a user inside, or nothing.",
    )
    destination: str = field.text(
        "Destination",
        tab="Basic",
        max_length=254,
        synonyms=("forward to", "target", "route to"),
        help="The SIP address, number or user that calls go to.",
    )
    customer_card: int | None = field.reference(
        "Customer card", "rate-card", tab="Basic", bulk=True, help="The card that the customer pays calls by."
    )
    channels: int = field.integer(
        "Channels",
        tab="Basic",
        default=0,
        bulk=True,
        help="Calls at the same time; 0 means no limit of its own.",
    )
    flow_speed: int = field.integer(
        "Flow speed",
        tab="Basic",
        default=0,
        bulk=True,
        width=10,
        synonyms=("cps", "calls per second"),
        help="Calls a second that may be started; 0 means no limit of its own.",
    )
    carrier: int | None = field.reference(
        "Carrier",
        "carrier",
        tab="Costs",
        bulk=True,
        synonyms=("provider", "supplier", "vendor"),
        help="Who delivers the number.",
    )
    carrier_card: int | None = field.reference(
        "Carrier card",
        "rate-card",
        tab="Costs",
        bulk=True,
        synonyms=("provider card",),
        help="The card that the carrier is paid by.",
    )
    cost: Decimal = field.money(
        "Cost", tab="Costs", default=Decimal(0), bulk=True, internal=True, help="What it costs us each month."
    )
    retail: Decimal = field.money(
        "Retail",
        tab="Costs",
        default=Decimal(0),
        bulk=True,
        synonyms=("price", "monthly fee"),
        help="What the customer pays each month, unless a package says it.",
    )
    package: int | None = field.reference(
        "Package", "package", tab="Costs", bulk=True, help="The package that the number is charged by."
    )
    retain_name: bool = field.flag(
        "Retain display name", tab="Advanced", bulk=True, help="The caller's name is passed on as it came."
    )
    recording: Recording = field.choice(
        "Recording",
        Recording,
        tab="Advanced",
        default=Recording.NONE,
        bulk=True,
        help="How many calls are recorded.",
    )
    max_duration: int = field.duration(
        "Max duration", tab="Advanced", bulk=True, help="A call is ended after this time; 0 means no limit."
    )
    charged_to: date | None = kept(
        "Charged to", Day(), optional=True, help="Its monthly price is charged up to this day (UTC)."
    )

    def problems(self) -> dict[str, str]:
        if self.destination_type is DidDestination.NONE:
            return {"destination": "choose what it goes to as well"} if self.destination else {}
        if not self.destination:
            return {"destination": f"write where calls go, or choose {DidDestination.NONE.label}"}
        return _wrong_destination(self.destination_type, self.destination)


def _wrong_destination(kind: DidDestination, text: str) -> dict[str, str]:
    if kind is DidDestination.URI and not text.casefold().startswith(("sip:", "sips:")):
        return {"destination": "write a SIP address like sip:101@pbx.acme.example"}
    if kind is DidDestination.EXTERNAL and not text.removeprefix("+").isdecimal():
        return {"destination": "write a number outside like +442071234567"}
    return {}
