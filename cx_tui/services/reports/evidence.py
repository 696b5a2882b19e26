"""The evidence pack of a customer: all that a ticket, a carrier or a court asks for, as one text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cx_tui.domain.differences import change_in_words, shown
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import LogQuery, texts
from cx_tui.domain.kinds import Reference
from cx_tui.domain.query import Query
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.warnings import WARNINGS
from cx_tui.domain.who import in_words
from cx_tui.services.reports.masking import masked, masked_object

if TYPE_CHECKING:
    from cx_tui.domain.calls.call import Call
    from cx_tui.services.session import Session

CALLS = 20
CHANGED_WITHIN = timedelta(days=7)
OPERATIONS = 50
CHANGES = 20
"""So many changes of one operation are told."""

IDENTITY = (
    "name", "status", "company", "street", "city", "region", "postcode", "country", "external_id",
    "reseller", "account_manager", "tags", "domain", "website",
)  # fmt: skip
LIMITS = (
    "currency", "channels", "flow_speed", "debit_limit", "daily_limit", "minimum_payment",
    "time_zone", "allowed_times", "approved_clis_only", "verify_email", "verify_mobile",
)  # fmt: skip
REFERRING = tuple(name for name in IDENTITY if isinstance(fields_of(Customer)[name].kind, Reference))
"""What is the name of another record."""
COUNTED = ("balance", "live", "cps", "day_spend")
SIGNS = {"passed": "ok", "refused": "NO", "not reached": "--"}
MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Evidence:
    """What is known of a customer at a moment: sections with lines, and the same as objects."""

    customer: str
    at: datetime
    sections: Mapping[str, Sequence[str]]
    facts: Mapping[str, Any]

    def as_text(self, *, mask: bool = False) -> str:
        """All of it as text; masked, nobody in it can be called or written to."""
        lines = [f"{self.customer}: evidence of {self.at:{MOMENT}} UTC"]
        lines += ["Numbers and e-mail addresses are masked."] if mask else []
        for title, those in self.sections.items():
            lines += ["", title, "-" * len(title), *(those or ["none"])]
        text = "\n".join(lines) + "\n"
        return masked(text) if mask else text

    def as_object(self, *, mask: bool = False) -> dict[str, Any]:
        """All of it as one object."""
        found = {"customer": self.customer, "at": self.at.isoformat(), **self.facts}
        return dict(masked_object(found)) if mask else found


async def evidence(session: "Session", customer_id: int, now: datetime | None = None) -> Evidence:
    """Put together what is known of a customer."""
    at = now or datetime.now(UTC)
    record = await session.records.get(customer_id)
    values = texts(Customer, {name: getattr(record, name) for name in fields_of(Customer)})
    listing = await session.customers.list(Query())
    asked = (*COUNTED, "warning_mask", *REFERRING)
    counted = (await listing.again([customer_id], asked)).get(customer_id, {})
    # Elsewhere nobody knows what #3 is.
    values |= {name: f"{counted[name]}" for name in REFERRING if values[name] and counted.get(name)}
    people = await session.records_of["contact"].of_owner(customer_id)
    (standing,) = await session.admission.why([customer_id], at)
    calls = await session.calls.latest(customer_id, CALLS)
    changes = await _changes(session, customer_id, at)
    warned = [one.sentence for bit, one in enumerate(WARNINGS) if counted.get("warning_mask", 0) >> bit & 1]
    identity = [("Number", f"#{customer_id}"), *_fields(values, IDENTITY)]
    contacts = [_contact(one) for one in people]
    limits = [*_fields(values, LIMITS), *_counted(counted)]
    sections = {
        "Identity": _columns(identity),
        "Contacts": [", ".join(filter(None, one.values())) for one in contacts],
        "Limits and use": _columns(limits),
        "Warnings": warned,
        "Gates": [f"{SIGNS[one.state]}  {one.gate:<16} {one.value:<20} {one.sentence}".rstrip()
                  for one in standing.steps],
        f"Last {CALLS} calls": list(map(_call, calls)),
        f"Changes of the last {CHANGED_WITHIN.days} days": [one["text"] for one in changes],
    }  # fmt: skip
    facts = {
        "id": customer_id, "identity": dict(identity), "contacts": contacts, "limits": dict(limits),
        "warnings": warned, "gates": [one.as_dict() for one in standing.steps],
        "calls": [_call_facts(one) for one in calls], "changes": changes,
    }  # fmt: skip
    return Evidence(record.name, at, sections, facts)


def _fields(values: Mapping[str, str], names: Iterable[str]) -> list[tuple[str, str]]:
    every = fields_of(Customer)
    said = (
        (every[name].label, values[name] if name in REFERRING else shown("customer", name, values[name]))
        for name in names
        if values.get(name)
    )
    return [(label, " / ".join(text.splitlines())) for label, text in said]


def _counted(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    labels = {"balance": "Balance", "live": "Channels in use", "cps": "CPS", "day_spend": "Spend of the day"}
    return [(labels[name], f"{values[name]}") for name in COUNTED if values.get(name) is not None]


def _columns(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{label:<20} {text}" for label, text in pairs]


def _contact(one: Any) -> dict[str, str]:
    return {
        "name": one.name,
        "email": f"{one.email}{' (verified)' if one.email_verified else ''}" if one.email else "",
        "phone": one.phone,
        "mobile": f"{one.mobile}{' (verified)' if one.mobile_verified else ''}" if one.mobile else "",
    }


def _call(one: "Call") -> str:
    said = f"{one.sip_code or '-'} {one.gate or one.sip_reason}".strip()
    talk = f"{one.talk_ms / 1000:.0f} s" if one.connected else "not connected"
    charge = f", {one.charge} {one.currency}" if one.charge is not None else ""
    way = f"{one.cli or one.cli_in or '-'} to {one.dialled}"
    return f"{one.invited_at:{MOMENT}}  {way}  {said}, {talk}{charge}, {one.carrier or 'no carrier'}"


def _call_facts(one: "Call") -> dict[str, Any]:
    return {
        "invited_at": one.invited_at.isoformat(), "cli": one.cli or one.cli_in, "dialled": one.dialled,
        "src_ip": one.src_ip, "sip_code": one.sip_code, "gate": one.gate, "talk_ms": one.talk_ms,
        "charge": None if one.charge is None else f"{one.charge:f}", "currency": one.currency,
        "carrier": one.carrier,
    }  # fmt: skip


async def _changes(session: "Session", customer_id: int, at: datetime) -> list[dict[str, Any]]:
    query = LogQuery(customer_id, since=at - CHANGED_WITHIN)
    found = []
    for operation in await session.log.operations(query, OPERATIONS):
        some = await session.log.changes(operation.id, CHANGES, customer_id=customer_id)
        what = "; ".join(_of_record(one.record) + change_in_words(one, arrow="->") for one in some)
        who = in_words(operation.who, operation.origin)
        text = f"{operation.at:{MOMENT}}  {who}: {operation.act.label}: {' '.join(what.split())}"
        found.append(
            {"operation": operation.id, "at": operation.at.isoformat(), "who": operation.who,
             "what": operation.act.value, "text": text}
        )  # fmt: skip
    return found


def _of_record(record: str) -> str:
    return "" if record == "customer" else f"{record}: "
