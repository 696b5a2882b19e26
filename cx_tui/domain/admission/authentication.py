"""Whose call is it?  By the SIP user who has proved itself, or by the address that it comes from.

Of the addresses that fit, the longest network wins, then the longest tech prefix, then one with CLI
authentication, then the lowest number.  Only enabled entries that send calls are asked.
"""

from collections.abc import Iterable
from typing import NamedTuple

from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.cli_rules import Caller, rules_of
from cx_tui.domain.admission.facts import Address, Did, Direction, Endpoint, SipUser
from cx_tui.domain.admission.networks import network_of, network_of_address
from cx_tui.domain.admission.numbers import behind, number_in, same_form
from cx_tui.domain.admission.world import World


class Candidate(NamedTuple):
    """An address entry that holds the source, and why it lost; "" is the one that won."""

    entry: Address
    reason: str


def authenticate(world: World, call: Call) -> Address | SipUser | Did | None:
    """The entry that the call is recognised by; None when there is none."""
    if call.direction is Direction.ORIGINATION:
        did = world.dids.get(same_form(number_in(call.dialled)))
        return did if did and did.enabled and not carrier_fault(world, call, did) else None
    if call.user:
        user = world.users.get(call.user)
        return user if user and not user_fault(user, call) else None
    source = network_of(call.source)
    if source is None:
        return None
    dialled = number_in(call.dialled)
    for group in world.addresses.holding(source):
        if len(group) == 1:
            if not fault(world, group[0], call, dialled):
                return group[0]
        else:
            fitting = [entry for entry in group if not fault(world, entry, call, dialled)]
            if fitting:
                return min(fitting, key=preference)
    return None


def preference(entry: Address) -> tuple[int, bool, int]:
    """What decides between entries of one network: the least wins."""
    return -len(entry.terms.tech_prefix), not entry.terms.cli_authentication, entry.id


def fault(world: World, entry: Address, call: Call, dialled: str) -> str:
    """Why an entry does not recognise a call from its network, "" when it does."""
    terms = entry.terms
    if not terms.enabled:
        return "it is disabled"
    if terms.direction is not Endpoint.SENDS:
        return "it receives calls and does not send them"
    if not dialled.startswith(terms.tech_prefix):
        return f"the number does not begin with its tech prefix {terms.tech_prefix}"
    customer = world.customers.get(entry.customer_id)
    if customer is None:
        return "its customer is not there"
    if terms.cli_authentication:
        caller = Caller(behind(terms.cli_prefix, number_in(call.cli)), number_in(call.paid), dialled)
        if not rules_of(customer, Direction.TERMINATION).lists(caller):
            return "the caller's number is not among the customer's CLI rules, which it is told apart by"
    return ""


def user_fault(user: SipUser, call: Call) -> str:
    """Why a SIP user may not call, "" when it may."""
    if not user.enabled:
        return "is disabled"
    if user.allowed_ips and call.source:
        source = network_of(call.source)
        allowed = filter(None, map(network_of, user.allowed_ips))
        if source is None or not any(network.holds(source) for network in allowed):
            return f"may not call from {call.source}"
    return ""


def carrier_fault(world: World, call: Call, did: Did) -> str:
    """Why an incoming call is not one of a carrier of ours, "" when it is."""
    source = network_of(call.source) if call.source else None
    if source is None:
        return ""
    carrier = world.carrier_at(source)
    if carrier is None:
        return f"no active carrier sends calls from {call.source}"
    if did.carrier_id not in (None, carrier.id):
        return f"{carrier.name} is not the carrier of the number"
    return ""


def candidates(world: World, call: Call) -> list[Candidate]:
    """Every entry that holds the source, the winner first, each with why it lost."""
    source = network_of(call.source)
    winner = authenticate(world, call)
    if source is None:
        return []
    dialled = number_in(call.dialled)
    found: list[Candidate] = []
    for entry in _ordered(world.addresses.holding(source)):
        if entry is winner:
            found.insert(0, Candidate(entry, ""))
        else:
            reason = fault(world, entry, call, dialled)
            beaten = _beaten(entry, winner) if isinstance(winner, Address) else ""
            found.append(Candidate(entry, reason or beaten))
    return found


def _ordered(groups: Iterable[tuple[Address, ...]]) -> Iterable[Address]:
    for group in groups:
        yield from sorted(group, key=preference)


def _beaten(entry: Address, winner: Address) -> str:
    """What another entry has before this one, which fits too."""
    if winner.length > entry.length:
        return f"{network_of_address(winner)} is the narrower network"
    if len(winner.terms.tech_prefix) > len(entry.terms.tech_prefix):
        return f"tech prefix {winner.terms.tech_prefix} is the longer one"
    if winner.terms.cli_authentication and not entry.terms.cli_authentication:
        return f"#{winner.id} knows the caller's number by CLI authentication"
    return f"#{winner.id} is the same but has the lower number"
