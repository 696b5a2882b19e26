"""A telephone or switch that says who it is by name and password."""

from dataclasses import dataclass
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Labelled
from cx_tui.domain.passwords import Pin
from cx_tui.domain.record import Record
from cx_tui.domain.records.signalling import Codec, Protocol
from cx_tui.domain.sip_passwords import SipPassword, user_of


class Ping(Labelled):
    """How a way through the customer's firewall is kept open."""

    DISABLED = "disabled", "Disabled"
    ENABLED = "enabled", "Enabled (UDP)"
    TIMEOUT = "timeout", "Enabled (Timeout)"


@dataclass(kw_only=True)
class SipUser(Record):
    """SIP user: calls from wherever it is registered are the customer's."""

    declared: ClassVar = Declared(
        "sip-user",
        "SIP user",
        "SIP users",
        ("username", "channels", "flow_speed", "protocol", "ping", "enabled"),
        counted=(("authentications", "enabled"),),
        also=("extensions", "sip", "registrations"),
    )

    customer_id: int = field.owner("Customer", "customer", "The customer whose user it is.")
    username: str = field.sip_name(
        "Username",
        tab="Basic",
        required=True,
        unique=True,
        taken="Duplicate user detected: another SIP user has this name",
        found_by=True,
        help="A name that no other SIP user of any customer has.",
        example="acme01",
        synonyms=("user", "sip user", "user name", "login", "extension"),
    )
    password: str = field.of_kind(
        "Password",
        SipPassword(),
        tab="Basic",
        default="",
        upload=False,
        help="Only its digests are kept, so it can only be replaced.",
    )
    channels: int = field.integer(
        "Channels",
        tab="Basic",
        default=0,
        bulk=True,
        help="Calls at the same time, all users together at most the customer's; 0 is no own limit.",
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
        "Enabled", tab="Basic", default=True, bulk=True, help="Whether it can register and call."
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
    allowed_ips: tuple[str, ...] = field.networks(
        "Allowed IPs", tab="Advanced", bulk=True, help="Where it may come from; empty is anywhere."
    )
    ping: Ping = field.choice(
        "NAT/SIP ping",
        Ping,
        tab="Advanced",
        default=Ping.DISABLED,
        bulk=True,
        help="Each minute; with timeout it is dropped if it doesn't answer.",
    )
    retain_did: bool = field.flag(
        "Retain DID",
        tab="Advanced",
        bulk=True,
        help="Calls from a DID still show the number that was dialled.",
    )
    codecs: tuple[Codec, ...] = field.several(
        "Codecs", Codec, tab="Codecs", bulk=True, help="The only codecs that are allowed; empty means all."
    )
    voicemail: bool = field.flag(
        "Voicemail", tab="Voicemail", bulk=True, help="Callers may leave a message when nobody answers."
    )
    voicemail_email: str = field.email(
        "Voicemail e-mail", tab="Voicemail", help="Messages are sent to this address."
    )
    voicemail_pin: str = field.of_kind(
        "Voicemail PIN",
        Pin(),
        tab="Voicemail",
        default="",
        upload=False,
        help="To listen by telephone; it can only be replaced.",
    )

    def problems(self) -> dict[str, str]:
        if self.password and user_of(self.password) not in ("", self.username):
            return {"password": "the password was made for the old username; set a new one"}
        return {}
