"""An address whose calls are a customer's, or to which a customer's calls are sent."""

from dataclasses import dataclass
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Labelled
from cx_tui.domain.record import Record
from cx_tui.domain.records.signalling import Codec, DialPattern, Protocol


class EndpointDirection(Labelled):
    """What the endpoint does, seen from the customer's switch."""

    SENDS = "sends", "This endpoint sends calls"
    RECEIVES = "receives", "This endpoint receives calls"


@dataclass(kw_only=True)
class Ip(Record):
    """IP authentication: no password is asked of who calls from here."""

    declared: ClassVar = Declared(
        "ip",
        "IP authentication",
        "IP authentications",
        ("address", "direction", "channels", "flow_speed", "protocol", "enabled"),
        counted=(("authentications", "enabled"),),
        looked_up=("address",),
        each="address",
        matched=("address", "tech_prefix"),
        also=("addresses", "switches", "endpoints"),
    )

    customer_id: int = field.owner("Customer", "customer", "The customer whose endpoint it is.")
    address: str = field.address(
        "Address",
        hosts=True,
        tab="Basic",
        required=True,
        found_by=True,
        help="An IP address or network; a host name if it only receives.",
        example="192.0.2.7",
        synonyms=("ip", "ip address", "host", "hostname", "cidr", "network", "source ip"),
    )
    direction: EndpointDirection = field.choice(
        "Direction",
        EndpointDirection,
        tab="Basic",
        default=EndpointDirection.SENDS,
        bulk=True,
        help="Whether calls come from it or go to it.",
        example="This endpoint sends calls",
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
    enabled: bool = field.flag(
        "Enabled", tab="Basic", default=True, bulk=True, help="Whether it counts at all."
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
    dial_pattern: DialPattern = field.choice(
        "Dial pattern",
        DialPattern,
        tab="Advanced",
        default=DialPattern.E164,
        bulk=True,
        help="How it writes the numbers that it dials.",
    )
    tech_prefix: str = field.prefix(
        "Tech prefix",
        tab="Advanced",
        signs="#*",
        help="Digits before the number that tell sharers of an address apart.",
    )
    cli_prefix: str = field.prefix(
        "CLI prefix", tab="Advanced", bulk=True, help="Put before the caller's number."
    )
    strip_digits: int = field.integer(
        "Strip digits",
        tab="Advanced",
        default=0,
        maximum=30,
        bulk=True,
        help="How many digits are taken off the front of the dialled number.",
    )
    cli_authentication: bool = field.flag(
        "CLI authentication",
        tab="Advanced",
        bulk=True,
        help="Sharers of an address are told apart by the caller's number; all of them need it.",
    )
    bandwidth: int = field.integer(
        "Bandwidth kbit/s",
        tab="Advanced",
        default=0,
        bulk=True,
        help="What its line can carry; 0 is unknown.",
    )
    manufacturer: str = field.text(
        "Manufacturer", tab="Advanced", max_length=60, suggests=True, bulk=True, help="For reference only."
    )
    firmware: str = field.text(
        "Firmware version",
        tab="Advanced",
        max_length=60,
        suggests=True,
        bulk=True,
        synonyms=("version", "software version"),
        help="For reference only.",
    )
    force_nat: bool = field.flag(
        "Force NAT",
        tab="Media",
        bulk=True,
        help="Answer to where a packet came from, whatever it says inside.",
    )
    disable_nat: bool = field.flag(
        "Disable NAT", tab="Media", bulk=True, help="Believe the addresses inside a packet."
    )
    intercept_reinvite: bool = field.flag(
        "Intercept re-INVITE",
        tab="Media",
        bulk=True,
        help="The switch answers re-INVITEs itself: for equipment that can't.",
    )
    outbound_proxy: str = field.address(
        "Outbound proxy", hosts=True, tab="Media", bulk=True, help="Calls to it go by way of this host."
    )
    codecs: tuple[Codec, ...] = field.several(
        "Codecs", Codec, tab="Codecs", bulk=True, help="The only codecs that are allowed; empty means all."
    )
    force_from: str = field.text(
        "Force From", tab="Registration", max_length=120, help="Sent as From; only for one that receives."
    )
    username: str = field.text(
        "Username", tab="Registration", max_length=64, help="To log in there; only for one that receives."
    )
    password: str = field.secret("Password", tab="Registration", help="To log in there; never shown again.")

    @property
    def usual_port(self) -> int:
        """The port that is used: its own, or that of its protocol."""
        return self.port or self.protocol.port

    @property
    def sends(self) -> bool:
        """Whether calls come from it."""
        return self.direction is EndpointDirection.SENDS

    def problems(self) -> dict[str, str]:
        from cx_tui.domain.kinds.networking import is_host_name  # it loads ipaddress, which few need

        found = {}
        if self.sends and self.address and is_host_name(self.address):
            found["address"] = (
                "a host name can only receive calls; write an IP address, or change the direction"
            )
        for name in ("force_from", "username", "password") if self.sends else ():
            if getattr(self, name):
                found[name] = "only an endpoint that receives calls has it; empty it, or change the direction"
        if self.force_nat and self.disable_nat:
            found["disable_nat"] = "NAT is forced and disabled at once; choose one of them"
        if "/" in self.outbound_proxy:
            found["outbound_proxy"] = "a network can't be a proxy; write one address or host name"
        return found
