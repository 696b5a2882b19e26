"""Which field a column is likely to be, from its header."""

import re
from collections.abc import Mapping, Sequence

from cx_tui.domain.search import fold
from cx_tui.services.upload.order import upload_fields

SYNONYMS: Mapping[str, str] = {
    "name": "customer, customer name, account, account name, client, client name",
    "channels": "channel limit, max channels, capacity, ports, concurrent calls, max calls",
    "flow_speed": "cps, cps limit, calls per second, max cps",
    "status": "state, account status",
    "debit_limit": "credit limit, overdraft, limit, allowed debit",
    "minimum_payment": "min payment, minimum top up, min topup",
    "tax": "vat, tax rate, tax percent, vat rate",
    "currency": "currency code, ccy, cur, billing currency",
    "daily_limit": "daily spend, daily cap, spend limit, max daily spend",
    "paypal_email": "paypal, paypal account, paypal mail",
    "website": "web, url, homepage, web site, site",
    "portal": "portal login, web portal, login",
    "portal_areas": "areas",
    "tags": "tag, labels, groups",
    "toml": "variables, script variables",
    "reseller": "reseller, group, partner",
    "account_manager": "manager, sales, owner, account owner",
    "invoice_schedule": "billing cycle, invoicing, invoice period, billing period",
    "invoice_due_days": "payment terms, due days, net days, terms",
    "invoice_template": "template",
    "external_id": "customer number, customer no, account number, account no, accounting id, erp id, crm id, "
    "ref, reference",
    "rtp_firewall": "media firewall",
    "recording_days": "retention, recording days, keep recordings",
    "domain": "sip domain, realm",
    "asserted_id": "pai, asserted id, p asserted identity",
    "company": "company name, organisation, organization, legal name, business",
    "street": "address, street address, address line, address 1",
    "city": "town, place",
    "region": "county, province",
    "postcode": "zip, zip code, postal code, post code",
    "country": "country code, country name, nation",
    "approved_clis_only": "approved cli only, approved clis",
    "verify_email": "email verification, verify e mail",
    "verify_mobile": "verify phone, phone verification",
    "public_notes": "notes, note, comments, comment",
    "private_notes": "internal notes, private note, internal comment",
    "time_zone": "timezone, tz",
    "allowed_times": "calling hours, hours, allowed hours",
}  # fmt: skip
"""Other words for fields; their names and labels are known as well."""


def folded_header(header: str) -> str:
    """A header as it is compared: words without case and punctuation."""
    return " ".join(re.findall(r"\w+", fold(header).replace("_", " ")))


def folded_word(text: str) -> str:
    """A text of a cell as it is compared: without case and spaces around it."""
    return fold(text.strip())


def _known() -> dict[str, str]:
    found = {folded_header(word): name for name, words in SYNONYMS.items() for word in words.split(", ")}
    # What a field is called itself is stronger than a synonym of another one.
    for name, field in upload_fields().items():
        found |= {folded_header(name): name, folded_header(field.label): name}
    return found


def guess(header: Sequence[str]) -> dict[int, str]:
    """The fields of columns whose header says what they are."""
    known = _known()
    return {place: known[word] for place, word in enumerate(map(folded_header, header)) if word in known}
