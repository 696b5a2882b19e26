"""The customer, on the six tabs of its form."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Labelled
from cx_tui.domain.record import Record
from cx_tui.domain.week import Week

TABS = ("Basic", "Config", "Address", "Verification", "Notes", "Day/Time Restrict")

PORTAL_AREAS = (
    "Balance",
    "CDR",
    "Breakout",
    "Latest Calls",
    "CLI",
    "DID",
    "Packages",
    "Invoices",
    "Payments",
    "Rates",
    "Stats",
    "Authentication",
    "Documents",
)


class Status(Labelled):
    """What the account is allowed to do."""

    ACTIVE = "active", "Active"
    INACTIVE = "inactive", "Inactive"
    PENALTY = "penalty", "Penalty"
    PENDING_APPROVAL = "approval", "Pending Approval"


class InvoiceSchedule(Labelled):
    """How often invoices are made."""

    NONE = "none", "None"
    DAILY = "daily", "Daily"
    WEEKLY = "weekly", "Weekly"
    MONTHLY = "monthly", "Monthly"


class RtpFirewall(Labelled):
    """Whether media must come from the announced address."""

    LOCKED = "locked", "Locked"
    UNLOCKED = "unlocked", "Unlocked"


class AssertedId(Labelled):
    """What happens to the network-asserted caller number."""

    DEFAULT = "default", "Default"
    REMOVE = "remove", "Remove"
    IF_AVAILABLE = "available", "If available"
    REQUIRED = "required", "Required"


@dataclass(kw_only=True)
class Customer(Record):
    """A customer of the switch."""

    declared: ClassVar = Declared(
        "customer", "customer", "Customers", ("name", "status"), owner="", sort=("name",)
    )

    name: str = field.text(
        "Name",
        tab="Basic",
        required=True,
        max_length=120,
        width=26,
        unique=True,
        synonyms=("customer", "customer name", "account", "account name", "client", "client name"),
        example="Acme Telecom",
        found_by=True,
        taken="another customer has this name",
        help="A name that no other customer has.",
    )
    channels: int = field.integer(
        "Channels",
        tab="Basic",
        default=0,
        bulk=True,
        synonyms=("channel limit", "max channels", "capacity", "ports", "concurrent calls", "max calls"),
        example="30",
        help="How many calls may be up at the same time.",
    )
    flow_speed: int = field.integer(
        "Flow speed",
        tab="Basic",
        default=0,
        bulk=True,
        width=10,
        synonyms=("cps", "cps limit", "calls per second", "max cps"),
        example="5",
        help="Calls a second that may be started; 0 means no limit.",
    )
    status: Status = field.choice(
        "Status",
        Status,
        tab="Basic",
        default=Status.PENDING_APPROVAL,
        bulk=True,
        synonyms=("state", "account status"),
        example="Active",
        help="Only an Active customer can make calls.",
    )
    debit_limit: Decimal = field.money(
        "Debit limit",
        tab="Basic",
        default=Decimal(0),
        minimum="-999999999999",
        bulk=True,
        synonyms=("credit limit", "overdraft", "limit", "allowed debit"),
        example="100.00",
        warned=True,
        help="0 is pre-pay; 100 may go to -100; -5 must keep 5.",
    )
    minimum_payment: Decimal = field.money(
        "Minimum payment",
        tab="Basic",
        default=Decimal(0),
        bulk=True,
        synonyms=("min payment", "minimum top up", "min topup"),
        example="20.00",
        help="The least amount of one top-up.",
    )
    tax: Decimal = field.percent(
        "Tax %",
        tab="Basic",
        default=Decimal(0),
        bulk=True,
        synonyms=("vat", "tax rate", "tax percent", "vat rate"),
        example="20",
        help="Added on top of all costs.",
    )
    currency: str = field.currency(
        "Currency",
        tab="Basic",
        required=True,
        fixed=True,
        synonyms=("currency code", "ccy", "cur", "billing currency"),
        example="EUR",
        help="Can't be changed once the customer exists.",
    )
    daily_limit: Decimal | None = field.money(
        "Daily spend limit",
        tab="Basic",
        optional=True,
        bulk=True,
        synonyms=("daily spend", "daily cap", "spend limit", "max daily spend"),
        example="500.00",
        warned=True,
        help="No new calls above it from 00:00 to 24:00 UTC; empty means no limit.",
    )

    paypal_email: str = field.email(
        "PayPal e-mail",
        tab="Config",
        synonyms=("paypal", "paypal account", "paypal mail"),
        example="pay@acme.example",
        help="The address of the PayPal account.",
    )
    website: str = field.url(
        "Website",
        tab="Config",
        synonyms=("web", "url", "homepage", "web site", "site"),
        example="https://acme.example",
        help="The customer's web page.",
    )
    portal: bool = field.flag(
        "Portal access",
        tab="Config",
        default=True,
        bulk=True,
        synonyms=("portal login", "web portal", "login"),
        example="yes",
        help="Whether contacts may log in to the portal at all.",
    )
    portal_areas: dict[str, str] = field.areas(
        "Portal areas",
        PORTAL_AREAS,
        tab="Config",
        bulk=True,
        synonyms=("areas",),
        example="CDR=hide",
        help="Areas of the portal: inherited, shown or hidden.",
    )
    tags: tuple[str, ...] = field.tags(
        "Tags",
        tab="Config",
        bulk=True,
        synonyms=("tag", "labels", "groups"),
        example="retail, uk",
        found_by=True,
        help="Words to find and group customers by.",
    )
    toml: str = field.toml(
        "TOML variables",
        tab="Config",
        synonyms=("variables", "script variables"),
        example='tariff = "gold"',
        warned=True,
        help="Variables for scripts.",
    )
    reseller: int | None = field.reference(
        "Reseller group",
        "reseller",
        tab="Config",
        bulk=True,
        synonyms=("reseller", "group", "partner"),
        example="North",
        help="The group of users who manage this customer.",
    )
    account_manager: int | None = field.reference(
        "Account manager",
        "user",
        tab="Config",
        bulk=True,
        synonyms=("manager", "sales", "owner", "account owner"),
        example="Ana",
        help="Who looks after this customer.",
    )
    invoice_schedule: InvoiceSchedule = field.choice(
        "Invoice schedule",
        InvoiceSchedule,
        tab="Config",
        default=InvoiceSchedule.NONE,
        bulk=True,
        synonyms=("billing cycle", "invoicing", "invoice period", "billing period"),
        example="Monthly",
        help="How often an invoice is made.",
    )
    invoice_due_days: int = field.integer(
        "Invoice due days",
        tab="Config",
        default=14,
        maximum=3650,
        bulk=True,
        synonyms=("payment terms", "due days", "net days", "terms"),
        example="14",
        help="Days until an invoice must be paid.",
    )
    invoice_template: int | None = field.reference(
        "Invoice template",
        "invoice-template",
        tab="Config",
        bulk=True,
        synonyms=("template",),
        example="standard",
        help="The template that invoices are made with.",
    )
    external_id: str = field.identifier(
        "External id",
        tab="Config",
        max_length=64,
        width=16,
        synonyms=(
            "customer number",
            "customer no",
            "account number",
            "account no",
            "accounting id",
            "erp id",
            "crm id",
            "ref",
            "reference",
        ),
        example="A00012345",
        found_by=True,
        help="The customer's number in the accounting system.",
    )
    rtp_firewall: RtpFirewall = field.choice(
        "RTP firewall",
        RtpFirewall,
        tab="Config",
        default=RtpFirewall.LOCKED,
        bulk=True,
        synonyms=("media firewall",),
        example="Locked",
        help="Locked takes media only from the announced address.",
    )
    recording_days: int = field.integer(
        "Recording retention",
        tab="Config",
        default=0,
        maximum=36500,
        bulk=True,
        synonyms=("retention", "recording days", "keep recordings"),
        example="30",
        help="Days that recorded calls are kept.",
    )
    domain: int | None = field.reference(
        "Domain",
        "domain",
        tab="Config",
        synonyms=("sip domain", "realm"),
        example="sip.acme.example",
        help="The domain of this customer's portal and SIP addresses.",
    )
    asserted_id: AssertedId = field.choice(
        "P-Asserted-ID",
        AssertedId,
        tab="Config",
        default=AssertedId.DEFAULT,
        bulk=True,
        synonyms=("pai", "asserted id", "p asserted identity"),
        example="Default",
        help="What is done with the network-asserted number.",
    )

    company: str = field.text(
        "Company",
        tab="Address",
        width=26,
        synonyms=("company name", "organisation", "organization", "legal name", "business"),
        example="Acme Ltd",
        help="The company name shown on invoices.",
    )
    street: str = field.lines(
        "Street",
        tab="Address",
        synonyms=("address", "street address", "address line", "address 1"),
        example="1 High Street",
        help="House and street, one or several lines.",
    )
    city: str = field.text(
        "City", tab="Address", synonyms=("town", "place"), example="London", help="Town or city."
    )
    region: str = field.text(
        "Region",
        tab="Address",
        synonyms=("county", "province"),
        example="Greater London",
        help="County, state or region.",
    )
    postcode: str = field.identifier(
        "Postcode",
        tab="Address",
        max_length=20,
        width=10,
        synonyms=("zip", "zip code", "postal code", "post code"),
        example="N1 9GU",
        help="Postal code.",
    )
    country: str = field.country(
        "Country",
        tab="Address",
        bulk=True,
        synonyms=("country code", "country name", "nation"),
        example="GB",
        help="The country, ISO 3166.",
    )

    approved_clis_only: bool = field.flag(
        "Approved CLIs only",
        tab="Verification",
        bulk=True,
        synonyms=("approved cli only", "approved clis"),
        example="no",
        help="Only numbers proved in the portal may be shown as the caller.",
    )
    verify_email: bool = field.flag(
        "E-mail verification",
        tab="Verification",
        bulk=True,
        synonyms=("email verification", "verify e mail"),
        example="yes",
        warned=True,
        help="No calls until one contact's e-mail is verified.",
    )
    verify_mobile: bool = field.flag(
        "Mobile verification",
        tab="Verification",
        bulk=True,
        synonyms=("verify phone", "phone verification"),
        example="no",
        warned=True,
        help="No calls until one contact's mobile number is verified.",
    )

    public_notes: str = field.lines(
        "Public notes",
        tab="Notes",
        synonyms=("notes", "note", "comments", "comment"),
        help="The customer can read these.",
    )
    private_notes: str = field.lines(
        "Private notes",
        tab="Notes",
        synonyms=("internal notes", "private note", "internal comment"),
        internal=True,
        help="Only operators can read these.",
    )

    time_zone: str = field.zone(
        "Time zone",
        tab="Day/Time Restrict",
        synonyms=("timezone", "tz"),
        example="Europe/London",
        warned=True,
        help="The clock that the hours are read on.",
    )
    allowed_times: Week | None = field.week(
        "Allowed times",
        tab="Day/Time Restrict",
        synonyms=("calling hours", "hours", "allowed hours"),
        example="Mon-Fri 09:00-17:30; Sat 10:00-14:00",
        warned=True,
        help="When calls may be started; empty is always.",
    )
