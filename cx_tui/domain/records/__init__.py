"""The records of the program, one file each: their fields, and what else is said of them.

A kind of record is loaded when it is first asked for: a start needs few of them.
"""

from collections.abc import Iterator
from importlib import import_module

from cx_tui.domain.record import Record

PLACES = {
    "customer": "customer.Customer",
    "contact": "contact.Contact",
    # What the company has, and customers refer to.
    "reseller": "company.Reseller",
    "user": "company.User",
    "domain": "company.Domain",
    "invoice-template": "company.InvoiceTemplate",
    "number-range": "company.NumberRange",
    "carrier": "carrier.Carrier",
    "rate-card": "rate_card.RateCard",
    "rate": "rate_card.Rate",
    "supply": "rate_card.Supply",
    "prefix-set": "prefix_set.PrefixSet",
    "package": "package.Package",
    "contract": "contract.Contract",
    # What a customer's card has.
    "number-block": "number_block.NumberBlock",
    "ip": "ip.Ip",
    "sip-user": "sip_user.SipUser",
    "rewrite": "rewrite.Rewrite",
    "route": "route.Route",
    "cli-rule": "cli_rule.CliRule",
    "did": "did.Did",
    "payment": "payment.Payment",
    "customer-package": "package.CustomerPackage",
    "invoice": "invoice.Invoice",
    "invoice-line": "invoice.InvoiceLine",
    "allocation": "invoice.Allocation",
    "customer-contract": "contract.CustomerContract",
    "alert": "alert.Alert",
    "view": "view.SavedView",
}
"""Where each kind of record is declared: what is referred to before what refers to it."""

FOUND_BY = ("contact", "ip", "sip-user", "did")
COUNTED = ("contact", "ip", "sip-user", "route")
"""The kinds of which a customer has something that it is found by, or counted as.  It follows from what they
declare; named here so that nobody has to load all kinds to know it."""

_known: dict[str, type[Record]] = {}


def record_named(name: str) -> type[Record]:
    """The kind of record of a name."""
    if name not in _known:
        module, kind = PLACES[name].split(".")
        _known[name] = getattr(import_module(f"{__name__}.{module}"), kind)
    return _known[name]


def is_record(name: str) -> bool:
    """Whether there is such a kind of record (any more)."""
    return name in PLACES


def every_record() -> Iterator[type[Record]]:
    """All kinds of records: an owner before what belongs to it."""
    return map(record_named, PLACES)


def records_of(owner: str) -> Iterator[type[Record]]:
    """The kinds of records that belong to such an owner."""
    return (record for record in every_record() if record.declared.owner == owner)
