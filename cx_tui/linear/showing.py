"""A customer in lines: how it stands, every field that is not empty, and why it can't call."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import Money, Reference, Secret
from cx_tui.domain.query import Query
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.warnings import WARNINGS
from cx_tui.linear.talk import Talk

if TYPE_CHECKING:
    from cx_tui.services.session import Session

NOW = ("status", "balance", "currency", "available", "live", "channels", "warning_mask", "warnings")
NOTHING_STOPS = "Nothing stops calls of this customer."
STATES = {"passed": "Passed", "refused": "Refused", "not reached": "Not reached"}


def counted(number: int, what: str) -> str:
    """How many: "1 warning", "no warnings", "1,200 customers"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}" if number else f"no {what}s"


def fields_in_lines(record: Any, names: Mapping[str, str]) -> list[str]:
    """Every field that has a value, under the name of its tab; what refers to another record, by its name."""
    lines, empty, tab = [], 0, ""
    for name, field in fields_of(type(record)).items():
        value = getattr(record, name)
        if field.kept or field.internal or isinstance(field.kind, Secret):
            continue
        text = names.get(name) or (field.kind.show(value) if field.write(value) else "")
        if not text:
            empty += 1
            continue
        if field.tab and field.tab != tab:
            tab = field.tab
            lines.append(f"{tab}.")
        lines.append(f"{field.label}: {', '.join(text.splitlines())}")
    return [*lines, f"{counted(empty, 'field')} empty."]


class Showing:
    """Tells of customers."""

    def __init__(self, session: "Session", talk: Talk) -> None:
        self._session = session
        self._talk = talk

    async def show(self, customer_id: int) -> None:
        """How a customer stands, and its fields."""
        customer = await self._session.records.get(customer_id)
        listing = await self._session.customers.list(Query())
        now = (await listing.again([customer_id], NOW))[customer_id]
        self._talk.say(
            f"Name: {customer.name}",
            f"Balance: {Money().show(now['balance'])} {now['currency']}",
            f"Calls up: {now['live']:,} of {now['channels']:,} channels",
        )
        found = [one for bit, one in enumerate(WARNINGS) if now["warning_mask"] >> bit & 1]
        for place, one in enumerate(found, 1):
            stops = ", stops calls" if one.stops_calls else ""
            self._talk.say(f"Warning {place} of {len(found)}{stops}: {one.sentence}")
        if not found:
            self._talk.say("No warnings.")
        self._talk.say(*fields_in_lines(customer, await self._names(customer)))
        await self._contacts(customer)

    async def _names(self, customer: Customer) -> dict[str, str]:
        """The names of the records that a customer refers to."""
        names = {}
        for name, field in fields_of(Customer).items():
            if isinstance(field.kind, Reference) and (number := getattr(customer, name)) is not None:
                record = await self._session.records_of[field.kind.record].get(number)
                names[name] = str(getattr(record, record.declared.names))
        return names

    async def _contacts(self, customer: Customer) -> None:
        contacts: list[Contact] = await self._session.records_of["contact"].of_owner(customer.id)
        self._talk.say(f"{counted(len(contacts), 'contact')}.".capitalize())
        for place, contact in enumerate(contacts, 1):
            ways = ", ".join(filter(None, (contact.email, contact.phone)))
            self._talk.say(f"Contact {place} of {len(contacts)}: {contact.name}, {ways or 'no address'}")

    async def why(self, customer_id: int) -> None:
        """Every gate that needs no call, those that refuse first."""
        found = await self._talk.while_working(self._session.admission.why([customer_id]))
        for standing in found:
            refused = standing.stopped_by
            said = f"Calls are stopped by {counted(len(refused), 'gate')}." if refused else NOTHING_STOPS
            self._talk.say(said)
            ordered = [*refused, *(step for step in standing.steps if step.state != "refused")]
            for step in ordered:
                value = f" ({step.value})" if step.value else ""
                self._talk.say(f"{STATES[step.state]}: {step.gate}{value}. {step.sentence}".rstrip())
