"""What the company itself has: reseller groups, users, domains, invoice templates, its number range."""

from dataclasses import dataclass
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Labelled
from cx_tui.domain.record import Record
from cx_tui.domain.records.customer import PORTAL_AREAS
from cx_tui.domain.records.number_block import LARGEST_NUMBER


class Role(Labelled):
    """What a user of the program may do."""

    VIEWER = "viewer", "Viewer"
    SUPPORT = "support", "Support"
    OPERATOR = "operator", "Operator"
    FINANCE = "finance", "Finance"
    ADMIN = "admin", "Admin"


@dataclass(kw_only=True)
class Reseller(Record):
    """A reseller group: who sells to some of the customers."""

    declared: ClassVar = Declared(
        "reseller",
        "reseller group",
        "Reseller groups",
        ("name", "email"),
        owner="",
        sort=("name",),
        uploads=False,
        also=("groups", "partners"),
    )

    name: str = field.text(
        "Name",
        tab="Basic",
        required=True,
        max_length=200,
        width=26,
        unique=True,
        taken="another reseller group has this name",
        upload=False,
        help="A name that no other group has.",
    )
    email: str = field.email("E-mail", tab="Basic", upload=False, help="Where the group is written to.")
    notes: str = field.lines(
        "Notes", tab="Basic", upload=False, internal=True, help="Only operators can read these."
    )


@dataclass(kw_only=True)
class User(Record):
    """A user: somebody of the company, who may be the account manager of customers."""

    declared: ClassVar = Declared(
        "user",
        "user",
        "Users",
        ("name", "login", "role", "reseller", "enabled"),
        owner="",
        sort=("name",),
        uploads=False,
        also=("account managers", "operators", "staff"),
        kept_in="users",
    )

    name: str = field.text(
        "Name",
        tab="Basic",
        required=True,
        max_length=200,
        width=26,
        unique=True,
        taken="another user has this name",
        upload=False,
        help="The person's name.",
    )
    login: str | None = field.text(
        "Login",
        tab="Basic",
        max_length=63,
        default=None,
        optional=True,
        unique=True,
        taken="another user has this login",
        upload=False,
        help="The name in the system or in the database; empty can't log in.",
    )
    role: Role = field.choice(
        "Role",
        Role,
        tab="Basic",
        default=Role.OPERATOR,
        bulk=True,
        upload=False,
        help="What the user may do.",
    )
    reseller: int | None = field.reference(
        "Reseller group",
        "reseller",
        tab="Basic",
        bulk=True,
        upload=False,
        help="Sees only the customers of this group; none sees all.",
    )
    email: str = field.email("E-mail", tab="Basic", upload=False, help="Where the user is written to.")
    phone: str = field.phone("Phone", tab="Basic", upload=False, help="Where the user is called.")
    enabled: bool = field.flag(
        "Enabled", tab="Basic", default=True, bulk=True, upload=False, help="Whether the user works here."
    )
    notes: str = field.lines(
        "Notes", tab="Basic", upload=False, internal=True, help="Only operators can read these."
    )


@dataclass(kw_only=True)
class Domain(Record):
    """A domain of the portal: what its customers see unless something else is said of them."""

    declared: ClassVar = Declared(
        "domain",
        "portal domain",
        "Portal domains",
        ("name", "title", "email"),
        owner="",
        sort=("name",),
        uploads=False,
        also=("portals", "sip domains"),
    )

    name: str = field.text(
        "Domain",
        tab="Basic",
        required=True,
        max_length=253,
        width=26,
        unique=True,
        taken="this domain is there already",
        upload=False,
        help="The host name that customers type.",
    )
    title: str = field.text(
        "Title", tab="Basic", max_length=120, upload=False, help="What the portal is called."
    )
    email: str = field.email(
        "E-mail", tab="Basic", upload=False, help="What messages of the portal come from."
    )
    portal_areas: dict[str, str] = field.areas(
        "Portal areas", PORTAL_AREAS, tab="Basic", upload=False, help="What customers see who inherit it."
    )
    notes: str = field.lines(
        "Notes", tab="Basic", upload=False, internal=True, help="Only operators can read these."
    )


class LinesBy(Labelled):
    """What a line of an invoice stands for, of its calls."""

    DAY = "day", "Days"
    DESTINATION = "destination", "Destinations"


@dataclass(kw_only=True)
class InvoiceTemplate(Record):
    """A template of invoices."""

    declared: ClassVar = Declared(
        "invoice-template",
        "invoice template",
        "Invoice templates",
        ("name", "title", "series"),
        owner="",
        sort=("name",),
        uploads=False,
    )

    name: str = field.text(
        "Name",
        tab="Basic",
        required=True,
        max_length=200,
        width=26,
        unique=True,
        taken="another invoice template has this name",
        upload=False,
        help="A name that no other template has.",
    )
    title: str = field.text(
        "Title", tab="Basic", max_length=120, default="Invoice", upload=False, help="What stands on top."
    )
    series: str = field.text(
        "Series",
        tab="Basic",
        max_length=20,
        upload=False,
        help="What numbers begin with, such as INV-; each series has numbers of its own.",
    )
    sender: str = field.lines("Sender", tab="Basic", upload=False, help="Our name and address, as printed.")
    bank: str = field.lines("Bank details", tab="Basic", upload=False, help="Where to pay, as printed.")
    footer: str = field.lines("Footer", tab="Basic", upload=False, help="Printed at the foot of each page.")
    body: str = field.lines(
        "Body",
        tab="Text",
        upload=False,
        help="Text above the lines, with fields such as {{ customer.name }}.",
    )
    lines_by: LinesBy = field.choice(
        "Calls by",
        LinesBy,
        tab="Text",
        default=LinesBy.DAY,
        upload=False,
        help="One line of calls for each day, or for each destination.",
    )
    attach_calls: bool = field.flag(
        "Attach the calls",
        tab="Text",
        upload=False,
        help="A CSV file of all its calls goes with an invoice that is sent.",
    )


@dataclass(kw_only=True)
class NumberRange(Record):
    """The number range: where blocks of internal numbers come from."""

    declared: ClassVar = Declared(
        "number-range",
        "number range",
        "Number range",
        ("name", "first", "size", "last"),
        owner="",
        uploads=False,
    )

    name: str = field.text(
        "Name",
        tab="Basic",
        max_length=60,
        default="Internal numbers",
        unique=True,
        taken="another number range has this name",
        upload=False,
        help="What it is called.",
    )
    first: int = field.integer(
        "First",
        tab="Basic",
        maximum=LARGEST_NUMBER,
        width=17,
        required=True,
        upload=False,
        help="Where blocks begin.",
    )
    size: int = field.integer(
        "Block size",
        tab="Basic",
        minimum=1,
        maximum=1_000_000,
        required=True,
        upload=False,
        help="How many numbers a block has.",
    )
    last: int | None = field.integer(
        "Last",
        tab="Basic",
        maximum=LARGEST_NUMBER,
        width=17,
        optional=True,
        upload=False,
        help="No block goes beyond it; empty means no end.",
    )

    def problems(self) -> dict[str, str]:
        if self.last is not None and self.last < self.first + self.size - 1:
            return {"last": "not even one block fits; write a larger number, or none"}
        return {}
