"""A carrier: somebody who takes calls to their destination."""

from dataclasses import dataclass
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Labelled
from cx_tui.domain.record import Record
from cx_tui.domain.records.signalling import Codec, Protocol


class CarrierStatus(Labelled):
    """Whether a carrier gets calls."""

    ACTIVE = "active", "Active"
    INACTIVE = "inactive", "Inactive"


@dataclass(kw_only=True)
class Carrier(Record):
    """A carrier."""

    declared: ClassVar = Declared(
        "carrier",
        "carrier",
        "Carriers",
        ("name", "status", "channels", "flow_speed", "addresses"),
        owner="",
        sort=("name",),
        also=("providers", "suppliers", "vendors"),
    )

    name: str = field.text(
        "Name",
        tab="Basic",
        required=True,
        max_length=120,
        width=26,
        unique=True,
        taken="another carrier has this name",
        example="Northern Transit",
        synonyms=("carrier", "provider", "supplier", "vendor"),
        help="A name that no other carrier has.",
    )
    status: CarrierStatus = field.choice(
        "Status",
        CarrierStatus,
        tab="Basic",
        default=CarrierStatus.ACTIVE,
        bulk=True,
        help="Only an Active carrier gets calls.",
    )
    channels: int = field.integer(
        "Channels", tab="Basic", default=0, bulk=True, help="Calls at the same time; 0 means no limit."
    )
    flow_speed: int = field.integer(
        "Flow speed",
        tab="Basic",
        default=0,
        bulk=True,
        width=10,
        synonyms=("cps", "calls per second"),
        help="Calls a second that may be started; 0 means no limit.",
    )
    did_quarantine: int = field.integer(
        "DID quarantine",
        tab="Basic",
        default=30,
        maximum=3650,
        bulk=True,
        help="Days for which a released DID of this carrier rests before another customer may get it.",
    )
    addresses: tuple[str, ...] = field.addresses(
        "Addresses",
        tab="Basic",
        example="192.0.2.10, sip.carrier.example",
        synonyms=("address", "ip", "ips", "host", "hosts"),
        help="Where calls are sent to and come from.",
    )
    protocol: Protocol = field.choice(
        "Protocol",
        Protocol,
        tab="Advanced",
        default=Protocol.UDP,
        bulk=True,
        synonyms=("transport",),
        help="How signalling travels to it and from it.",
    )
    port: int | None = field.port(
        "Port", tab="Advanced", bulk=True, help="Empty is the usual one: 5060, or 5061 with TLS."
    )
    tech_prefix: str = field.prefix(
        "Tech prefix", tab="Advanced", signs="#*", help="Put before each number that is sent to it."
    )
    codecs: tuple[Codec, ...] = field.several(
        "Codecs", Codec, tab="Advanced", bulk=True, help="The only codecs that it takes; empty means all."
    )
    notes: str = field.lines("Notes", tab="Notes", internal=True, help="Only operators can read these.")
