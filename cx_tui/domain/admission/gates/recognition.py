"""Gate 1: whose call it is."""

from cx_tui.domain.admission.asking import Asking, Entry
from cx_tui.domain.admission.authentication import candidates, carrier_fault, user_fault
from cx_tui.domain.admission.call import Call, Finding, Said, Where, passed, refused
from cx_tui.domain.admission.facts import Address, Did, Direction, Endpoint, SipUser
from cx_tui.domain.admission.networks import network_of, network_of_address
from cx_tui.domain.admission.numbers import number_in, same_form
from cx_tui.domain.admission.world import World


def recognised(asking: Asking) -> Finding:
    """The call is a customer's, by an address, a SIP user or an inbound number."""
    entry, call = asking.entry, asking.call
    if entry is not None:
        return passed(lambda: _by(asking, entry))
    return refused(403, lambda: _unknown(asking.world, call))


def can_be_recognised(asking: Asking) -> Finding:
    """The customer has an entry to be recognised by."""
    customer = asking.customer
    sending = [one for one in customer.addresses if one.terms.direction is Endpoint.SENDS]
    entries: list[Address | SipUser] = [*sending, *customer.sip_users]
    enabled = sum(one.terms.enabled if isinstance(one, Address) else one.enabled for one in entries)
    if enabled:
        return passed(
            lambda: Said(
                _count(enabled, "entry", "entries"),
                f"{_count(len(sending), 'address', 'addresses')} and "
                f"{_count(len(customer.sip_users), 'SIP user')}, {enabled:,} of them enabled.",
            )
        )
    if entries:
        return refused(
            403,
            lambda: Said(
                "all disabled",
                "Every address and SIP user is disabled.  Enable one on the card's Auth tab.",
                "",
                _at(entries[0]),
            ),
        )
    return refused(
        403,
        lambda: Said(
            "none",
            "There is no address and no SIP user to recognise its calls by.  Add one on the card's Auth tab.",
            "",
            Where("ip", None, "address"),
        ),
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _at(entry: Entry) -> Where:
    if isinstance(entry, Address):
        return Where("ip", entry.id, "enabled")
    return Where("sip-user" if isinstance(entry, SipUser) else "did", entry.id, "enabled")


def _by(asking: Asking, entry: Entry) -> Said:
    """By what the customer was recognised, and which other addresses were looked at."""
    name = asking.customer.name
    if isinstance(entry, SipUser):
        return Said(entry.username, f"The SIP user {entry.username} is {name}'s.", f"sip-user {entry.id}")
    if isinstance(entry, Did):
        return Said(entry.number, f"The inbound number {entry.number} is {name}'s.", f"did {entry.id}")
    prefix = f" and tech prefix {entry.terms.tech_prefix}" if entry.terms.tech_prefix else ""
    network = network_of_address(entry)
    return Said(
        f"{network}{prefix}",
        f"The address {network}{prefix} is {name}'s.{_told(asking.world, asking.call)}",
        f"ip {entry.id}",
        Where("ip", entry.id, "address"),
    )


def _told(world: World, call: Call) -> str:
    """Every other entry that holds the address, with the reason why it lost."""
    lost = [one for one in candidates(world, call) if one.reason]
    if not lost:
        return ""
    parts = []
    for one in lost:
        customer = world.customers.get(one.entry.customer_id)
        owner = f" of {customer.name}" if customer else ""
        parts.append(f"#{one.entry.id} {network_of_address(one.entry)}{owner}: {one.reason}")
    return f"  Not: {'; '.join(parts)}."


def _unknown(world: World, call: Call) -> Said:
    """Why nobody was recognised."""
    if call.direction is Direction.ORIGINATION:
        return _no_did(world, call)
    if call.user:
        user = world.users.get(call.user)
        if user is None:
            return Said(
                call.user, f"There is no SIP user {call.user}.  Add it, or correct the name at the endpoint."
            )
        reason = user_fault(user, call)
        return Said(
            call.user,
            f"The SIP user {call.user} {reason}.",
            f"sip-user {user.id}",
            Where("sip-user", user.id, "enabled"),
        )
    if network_of(call.source) is None:
        return Said(
            call.source, f'"{call.source}" is not an IP address.' if call.source else "No source was given."
        )
    told = _told(world, call)
    if told:
        return Said(call.source, f"No entry for {call.source} takes this call.{told}")
    return Said(
        call.source,
        f"No customer has the address {call.source}.  Add it on the card's Auth tab.",
        "",
        Where("ip", None, "address"),
    )


def _no_did(world: World, call: Call) -> Said:
    did = world.dids.get(same_form(number_in(call.dialled)))
    if did is None:
        return Said(
            call.dialled,
            f"{call.dialled} is not an inbound number of ours.",
            "",
            Where("did", None, "number"),
        )
    reason = "it is disabled" if not did.enabled else carrier_fault(world, call, did)
    return Said(
        did.number,
        f"The inbound number {did.number} takes no call: {reason}.",
        f"did {did.id}",
        Where("did", did.id, "enabled"),
    )
