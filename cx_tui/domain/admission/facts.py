"""What is known of customers and of what they refer to, as compactly as a decision needs it.

Services make these values from the records, and give equal parts (limits, terms) the same object.  Money is
in whole millionths of the customer's currency.  A limit of 0 is no limit; only a customer with 0 channels
has none.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from cx_tui.domain.kinds.choices import Labelled
from cx_tui.domain.money.free_minutes import Held, Left
from cx_tui.domain.rating.cards import Strategy
from cx_tui.domain.records.customer import AssertedId, Status
from cx_tui.domain.week import Week


class Direction(Labelled):
    """Which way a call goes, seen from the customer."""

    TERMINATION = "termination", "Termination (outgoing)"
    ORIGINATION = "origination", "Origination (incoming)"


class Endpoint(Labelled):
    """What a customer's address does."""

    SENDS = "sends", "This endpoint sends calls"
    RECEIVES = "receives", "This endpoint receives calls"


class DialPattern(Labelled):
    """How a customer writes the numbers that are dialled."""

    E164 = "e164", "E.164"
    INTERNATIONAL = "international", "International (00)"
    NATIONAL = "national", "National"


class UseDid(Labelled):
    """What the customer's inbound numbers are to a CLI rule."""

    DISABLED = "disabled", "Disabled"
    FILTER = "filter", "Filter"
    RANDOM = "random", "Random"
    PREFIX = "prefix", "Prefix match"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many calls at a time, and how many a second may begin; 0 means no limit."""

    channels: int = 0
    flow_speed: int = 0
    spike_buffer: int = 0
    """How many calls above the flow speed wait instead of being refused."""


UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class RewriteRule:
    """Changes one number: what begins with a prefix, or is found by a regular expression."""

    id: int
    parameter: str
    """"destination" or "cli"."""
    current: str
    new: str
    regex: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class AddressTerms:
    """What many addresses have in common."""

    direction: Endpoint = Endpoint.SENDS
    enabled: bool = True
    limits: Limits = UNLIMITED
    tech_prefix: str = ""
    cli_prefix: str = ""
    strip_digits: int = 0
    dial_pattern: DialPattern = DialPattern.E164
    cli_authentication: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """A source of calls: an IP authentication.  The network is a whole number, its family 4 or 6."""

    id: int
    customer_id: int
    network: int
    length: int
    terms: AddressTerms = AddressTerms()
    family: int = 4
    rewrites: tuple[RewriteRule, ...] = ()


@dataclass(frozen=True, slots=True)
class SipUser:
    """A user who proves itself by a password."""

    id: int
    customer_id: int
    username: str
    enabled: bool = True
    limits: Limits = UNLIMITED
    allowed_ips: tuple[str, ...] = ()
    rewrites: tuple[RewriteRule, ...] = ()
    realm: str = ""
    """The realm that the digests hold for."""
    digests: bytes = b""
    """HA1 by MD5 (16 bytes) and by SHA-256 (32 bytes); empty when no password was set."""


@dataclass(frozen=True, slots=True)
class CliRule:
    """Which callers' numbers may pass, and as what; an empty condition holds always."""

    id: int
    cli: str = ""
    paid: str = ""
    rewrite_cli: str = ""
    rewrite_paid: str = ""
    forced: bool = False
    direction: Direction = Direction.TERMINATION
    dialled: str = ""
    use_did: UseDid = UseDid.DISABLED


@dataclass(frozen=True, slots=True)
class RouteTerms:
    """What many routes have in common."""

    enabled: bool = True
    limits: Limits = UNLIMITED
    dial_string: str = ""
    prefix_set_id: int | None = None
    lock_carriers: tuple[int, ...] = ()
    exclude_carriers: tuple[int, ...] = ()
    strategy: Strategy | None = None
    max_duration: int = 0
    redial_count: int = 0
    redial_period: int = 0
    block_destinations: tuple[str, ...] = ()
    allow_loss: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """An ingress route: which numbers it takes, and by which rate card."""

    id: int
    card_id: int
    tech_prefix: str = ""
    terms: RouteTerms = RouteTerms()


@dataclass(frozen=True, slots=True)
class Did:
    """An inbound number of a customer."""

    id: int
    customer_id: int
    number: str
    enabled: bool = True
    destination: str = ""
    card_id: int | None = None
    carrier_id: int | None = None
    limits: Limits = UNLIMITED
    max_duration: int = 0
    outside: bool = False
    """Whether its destination is a number outside."""


@dataclass(frozen=True, slots=True)
class Penalty:
    """What an alert did to a customer: it lifts by itself, back to the status before."""

    until: datetime
    alert: str = ""
    before: Status = Status.ACTIVE


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract that a customer has to sign, or has signed."""

    id: int
    name: str
    grace_date: date | None = None
    required: bool = True
    signed: bool = False

    def overdue(self, today: date) -> bool:
        """Whether it stops calls: required, not signed, and its last day of grace is over."""
        return self.required and not self.signed and self.grace_date is not None and self.grace_date < today


@dataclass(frozen=True, slots=True)
class Terms:
    """What many customers have in common."""

    currency: str = "USD"
    verify_email: bool = False
    verify_mobile: bool = False
    approved_clis_only: bool = False
    asserted_id: AssertedId = AssertedId.DEFAULT
    inbound_at_zero: bool = False
    time_zone: str = "UTC"
    allowed_times: Week | None = None
    untemplated: bool = False
    """Invoices are made by a schedule, without a template."""
    broken_toml: bool = False


@dataclass(slots=True)
class Account:
    """What changes with every call: money, in millionths, and the spend of a day (UTC)."""

    balance: int = 0
    day: date | None = None
    spend: int = 0
    reserved: int = 0
    """What the calls that are up may still cost."""
    free_left: tuple[Left, ...] = ()
    """What is left of free minutes, of the newest period of each package that calls have taken any of."""
    free_reserved: int = 0
    """Free seconds that the calls that are up may still take."""

    def spend_on(self, day: date) -> int:
        """The spend of a day; that of another day is over."""
        return self.spend if self.day == day else 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Customer:
    """A customer with everything of theirs that decides: a value, but for the account.

    Who changes anything else puts a new one into the world.
    """

    id: int
    name: str
    status: Status = Status.ACTIVE
    limits: Limits = UNLIMITED
    debit_limit: int = 0
    daily_limit: int | None = None
    terms: Terms = Terms()
    account: Account = field(default_factory=Account)
    email_verified: bool = False
    mobile_verified: bool = False
    penalty: Penalty | None = None
    contracts: tuple[Contract, ...] = ()
    addresses: tuple[Address, ...] = ()
    sip_users: tuple[SipUser, ...] = ()
    routes: tuple[Route, ...] = ()
    cli_rules: tuple[CliRule, ...] = ()
    dids: tuple[Did, ...] = ()
    acd_seconds: int = 60
    """How long a call of theirs lasts as a rule: what a loss is tested with."""
    free: tuple[Held, ...] = ()
    """Packages with free minutes."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who takes calls on."""

    id: int
    name: str
    active: bool = True
    limits: Limits = UNLIMITED
    addresses: tuple[str, ...] = ()
    transport: str = "udp"
    port: int | None = None
    """None is the usual one of the transport."""
    tech_prefix: str = ""
    """Put before each number that is sent there."""


@dataclass(frozen=True, slots=True)
class Supply:
    """A carrier's card that serves a customer's card."""

    id: int
    card_id: int
    carrier_card_id: int
    priority: int = 0
    share: int = 0


@dataclass(frozen=True, slots=True)
class PrefixSet:
    """Beginnings of numbers, under a name."""

    id: int
    name: str
    prefixes: frozenset[str]

    def holds(self, number: str) -> str | None:
        """The longest of them that the number begins with."""
        for length in range(len(number), 0, -1):
            if number[:length] in self.prefixes:
                return number[:length]
        return None


Place = tuple[str, int]
"""What has limits: a kind of record and an id."""


@dataclass(slots=True)
class Live:
    """What is counted while calls are up.  Decisions only read it."""

    channels: dict[Place, int] = field(default_factory=dict)
    starts: dict[Place, int] = field(default_factory=dict)
    """Calls that began in the second that runs."""
    tries: dict[tuple[int, str], tuple[int, datetime]] = field(default_factory=dict)
    """By route and number: how many tries in a row, and when the last one was."""
