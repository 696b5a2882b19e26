"""A person at a customer."""

from dataclasses import dataclass
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.passwords import Password
from cx_tui.domain.record import Record


@dataclass(kw_only=True)
class Contact(Record):
    """Whom to write to and call, and who may log in to the portal."""

    declared: ClassVar = Declared(
        "contact",
        "contact",
        "Contacts",
        ("name", "type", "email", "phone", "mobile"),
        counted=(
            ("contacts", ""),
            ("emails_verified", "email_verified"),
            ("mobiles_verified", "mobile_verified"),
        ),
        also=("people", "portal logins"),
    )

    customer_id: int = field.owner("Customer", "customer", "The customer they belong to.")
    name: str = field.text(
        "Name",
        tab="Contact",
        required=True,
        max_length=120,
        found_by=True,
        example="Ana Lopez",
        synonyms=("contact", "contact name", "full name", "person"),
        help="The person's name.",
    )
    email: str | None = field.email(
        "E-mail",
        tab="Contact",
        default=None,
        optional=True,
        unique=True,
        taken="another contact has this e-mail address, which is also the login",
        found_by=True,
        example="ana@acme.example",
        synonyms=("mail", "email address", "e mail address", "login"),
        help="Also the login to the portal.",
    )
    phone: str = field.phone(
        "Phone",
        tab="Contact",
        found_by=True,
        synonyms=("telephone", "phone number", "tel", "landline"),
        help="Where to call.",
    )
    mobile: str = field.phone(
        "Mobile",
        tab="Contact",
        found_by=True,
        example="+447700900123",
        synonyms=("mobile number", "mobile phone", "cell", "cell phone"),
        help="Where SMS are sent.",
    )
    type: str = field.text(
        "Type",
        tab="Contact",
        max_length=40,
        suggests=True,
        example="NOC",
        synonyms=("role", "department", "function"),
        help="A label, such as NOC or Billing.",
    )
    public_notes: str = field.lines("Public notes", tab="Contact", help="The customer can read these.")
    private_notes: str = field.lines(
        "Private notes", tab="Contact", internal=True, help="Only operators can read these."
    )
    no_email: bool = field.flag(
        "No e-mail",
        tab="Contact",
        help="Wants none, or the mailbox is gone: only service notices are sent.",
    )
    no_sms: bool = field.flag("No SMS", tab="Contact", help="Wants none: only service notices are sent.")
    email_verified: bool = field.flag("E-mail verified", tab="Access", help="The address was proved.")
    mobile_verified: bool = field.flag("Mobile verified", tab="Access", help="The number was proved.")
    allowed_ips: tuple[str, ...] = field.networks(
        "Allowed IPs", tab="Access", help="Where they may log in from; empty is anywhere."
    )
    password_hash: str = field.of_kind(
        "Password",
        Password(),
        tab="Access",
        default="",
        upload=False,
        help="For the portal; kept as a hash, so it can only be replaced.",
    )
