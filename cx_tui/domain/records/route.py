"""Where a customer's calls go: by which rate card, and within which limits."""

from dataclasses import dataclass
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Labelled
from cx_tui.domain.record import Record
from cx_tui.domain.records.signalling import Recording

SHORTEST_TIMER = 60


class Target(Labelled):
    """What answers the calls of a route."""

    RATE_CARD = "card", "Rate card"
    INTERNAL = "internal", "Internal"
    EXTENSION = "extension", "Extension"
    CUSTOMER_IP = "ip", "Customer IP"


class FraudMode(Labelled):
    """What a fraud profile does when it is hit."""

    OFF = "off", "Off"
    WATCH = "watch", "Watch"
    BLOCK = "block", "Block"


class DestinationType(Labelled):
    """What kind of number is called."""

    FIXED = "fixed", "Fixed"
    MOBILE = "mobile", "Mobile"
    TOLL_FREE = "free", "Toll-free"
    SHARED = "shared", "Shared-cost"
    PREMIUM = "premium", "Premium"
    PERSONAL = "personal", "Personal"
    PAGER = "pager", "Pager"
    SATELLITE = "satellite", "Satellite"
    VOIP = "voip", "VoIP"


class MediaProxy(Labelled):
    """Which way speech goes."""

    NONE = "none", "Direct"
    RELAXED = "relaxed", "Relaxed"
    STRICT = "strict", "Strict"


@dataclass(kw_only=True)
class Route(Record):
    """An ingress route; the first one that fits a call takes it."""

    declared: ClassVar = Declared(
        "route",
        "ingress route",
        "Ingress routes",
        ("rate_card", "target", "tech_prefix", "dial_string", "prefix_set", "channels", "enabled"),
        sort=("position",),
        ordered=True,
        counted=(("routes", "enabled"),),
        matched=("target", "rate_card", "tech_prefix", "dial_string", "prefix_set"),
        also=("routing", "ingress routing"),
    )

    customer_id: int = field.owner("Customer", "customer", "The customer whose calls it takes.")
    target: Target = field.choice(
        "Goes to",
        Target,
        tab="Basic",
        default=Target.RATE_CARD,
        help="A rate card of the customer, or something inside the switch.",
    )
    rate_card: int | None = field.reference(
        "Rate card",
        "rate-card",
        tab="Basic",
        bulk=True,
        example="Retail EUR",
        synonyms=("card", "customer card", "tariff", "price list"),
        help="The customer card that prices and carriers come from.",
    )
    tech_prefix: str = field.prefix(
        "Tech prefix", tab="Basic", signs="#*", help="Taken off the dialled number; empty takes all numbers."
    )
    dial_string: str = field.regex(
        "Dial string", tab="Basic", help="Only numbers that match this expression; empty takes all."
    )
    prefix_set: int | None = field.reference(
        "Prefix set",
        "prefix-set",
        tab="Basic",
        bulk=True,
        help="Only numbers with this prefix; empty takes all.",
    )
    enabled: bool = field.flag(
        "Enabled", tab="Basic", default=True, bulk=True, help="Whether calls can take it."
    )
    position: int = field.position("The routes of a customer are tried one after the other.")

    lock_carriers: tuple[int, ...] = field.references(
        "Lock carriers", "carrier", tab="Carriers", bulk=True, help="Only these carriers; empty means all."
    )
    exclude_carriers: tuple[int, ...] = field.references(
        "Exclude carriers", "carrier", tab="Carriers", bulk=True, help="None of these carriers."
    )
    allow_loss: bool = field.flag(
        "Allow loss", tab="Carriers", bulk=True, help="Take a carrier even when it costs more than is earned."
    )

    channels: int = field.integer(
        "Channels",
        tab="Limits",
        default=0,
        bulk=True,
        help="Calls at the same time; 0 means no limit of its own.",
    )
    flow_speed: int = field.integer(
        "Flow speed",
        tab="Limits",
        default=0,
        bulk=True,
        width=10,
        synonyms=("cps", "calls per second"),
        help="Calls a second that may be started; 0 means no limit of its own.",
    )
    spike_buffer: int = field.integer(
        "CPS spike buffer",
        tab="Limits",
        default=0,
        maximum=10_000,
        bulk=True,
        help="How many calls above the flow speed wait instead of being refused.",
    )
    max_duration: int = field.duration(
        "Max duration", tab="Limits", bulk=True, help="A call is ended after this time; 0 means no limit."
    )
    redial_count: int = field.integer(
        "Redial count",
        tab="Limits",
        default=0,
        maximum=1000,
        bulk=True,
        help="How often one number may be tried; 0 means no limit.",
    )
    redial_period: int = field.duration(
        "Redial period",
        tab="Limits",
        bulk=True,
        help="How long a number rests after the last of these tries.",
    )
    block_types: tuple[DestinationType, ...] = field.several(
        "Block destination types",
        DestinationType,
        tab="Limits",
        bulk=True,
        help="Numbers of these types are not called.",
    )
    fraud_profile: str = field.text(
        "Fraud profile",
        tab="Limits",
        max_length=60,
        suggests=True,
        bulk=True,
        help="The profile's name in the switch.",
    )
    fraud_mode: FraudMode = field.choice(
        "Fraud mode",
        FraudMode,
        tab="Limits",
        default=FraudMode.OFF,
        bulk=True,
        help="What happens when the profile is hit.",
    )

    recording: Recording = field.choice(
        "Recording",
        Recording,
        tab="Media",
        default=Recording.NONE,
        bulk=True,
        help="How many calls are recorded.",
    )
    sip_ping: bool = field.flag(
        "SIP ping",
        tab="Media",
        bulk=True,
        help="End calls whose side doesn't answer; not with a session timer.",
    )
    session_timer: int = field.duration(
        "Session timer",
        tab="Media",
        bulk=True,
        help="Both sides confirm the call so often, at least each minute; 0 is never.",
    )
    media_proxy: MediaProxy = field.choice(
        "RTP proxy mode",
        MediaProxy,
        tab="Media",
        default=MediaProxy.RELAXED,
        bulk=True,
        help="Strict drops a call without a proxy; Relaxed goes on without one.",
    )
    media_zone: str = field.text(
        "RTP proxy zone", tab="Media", max_length=60, suggests=True, bulk=True, help="Where the proxy stands."
    )
    transcoding_channels: int = field.integer(
        "Transcoding channels",
        tab="Media",
        default=0,
        bulk=True,
        help="How many calls at the same time may be transcoded; 0 means none.",
    )
    on_net: bool = field.flag(
        "On-net", tab="Media", bulk=True, help="Numbers of other customers are called without a carrier."
    )

    public_notes: str = field.lines("Public notes", tab="Notes", help="The customer can read these.")
    private_notes: str = field.lines(
        "Private notes", tab="Notes", internal=True, help="Only operators can read these."
    )

    def problems(self) -> dict[str, str]:
        found = {}
        if self.target is Target.RATE_CARD and self.rate_card is None:
            found["rate_card"] = "choose a rate card, or something else that the route goes to"
        if self.sip_ping and self.session_timer:
            found["session_timer"] = "SIP ping and a session timer exclude each other; choose one of them"
        elif 0 < self.session_timer < SHORTEST_TIMER:
            found["session_timer"] = f"a session timer has at least {SHORTEST_TIMER} seconds, or 0 for none"
        if self.redial_count and not self.redial_period:
            found["redial_period"] = "say how long a number rests after these tries"
        if self.fraud_mode is not FraudMode.OFF and not self.fraud_profile:
            found["fraud_profile"] = "name the profile that is watched, or turn the fraud mode off"
        if set(self.lock_carriers) & set(self.exclude_carriers):
            found["exclude_carriers"] = (
                "a carrier can't be locked and excluded at once; take it out of one list"
            )
        return found
