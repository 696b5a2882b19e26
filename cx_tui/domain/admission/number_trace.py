"""A number through every step: what each rule, route, rate and carrier does with it, also those that
let it pass by.

Made of the same parts as a decision; a gate that refuses does not end it: it is the number that is followed.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, TypeAlias

from cx_tui.domain.admission.asking import Asking
from cx_tui.domain.admission.call import Call, Where
from cx_tui.domain.admission.facts import Address, Customer, SipUser
from cx_tui.domain.admission.numbers import number_in
from cx_tui.domain.admission.rewriting import as_dialled, rewritten
from cx_tui.domain.admission.routing import fault, in_order
from cx_tui.domain.admission.world import World
from cx_tui.domain.rating.money import money
from cx_tui.domain.rating.price import exactly


class NumberStep(NamedTuple):
    """One step: what it is called, the number behind it, what happened, and where it is changed."""

    step: str
    number: str
    sentence: str
    did: bool = False
    """Whether the step changed the number or took it; else it was passed by."""
    where: Where | None = None


Entry: TypeAlias = Address | SipUser


def entries_of(customer: Customer) -> list[Entry]:
    """What a customer's calls come by: addresses, then SIP users."""
    return [*customer.addresses, *customer.sip_users]


def follow_number(
    world: World, customer: Customer, entry: Entry | None, dialled: str, moment: datetime
) -> Iterator[NumberStep]:
    """Every step of a number that comes by an entry of a customer."""
    number = number_in(dialled)
    yield NumberStep("dialled", number, "The digits and signs of what is dialled.", did=True)
    for step in _by_entry(entry, number):
        yield step
        number = step.number
    yield from _routed(world, customer, number, moment)


def _by_entry(entry: Entry | None, number: str) -> Iterator[NumberStep]:
    """What the address or the SIP user does with the number."""
    if entry is None:
        return
    terms = entry.terms if isinstance(entry, Address) else None
    if terms and (cut := len(terms.tech_prefix) + terms.strip_digits):
        fits = number.startswith(terms.tech_prefix)
        said = f"It does not begin with the tech prefix {terms.tech_prefix}: it is not taken here."
        if fits:
            said = f"The first {cut} signs are taken off: the tech prefix and the digits to strip."
            number = number[cut:]
        yield NumberStep("address", number, said, fits, Where("ip", entry.id, "tech_prefix"))
    done = rewritten(entry.rewrites, "destination", number)
    for effect in done.effects:
        where = Where("rewrite", effect.rule.id, "current")
        changed = effect.before != effect.after
        said = f"{effect.rule.current or 'Every number'} becomes {effect.rule.new or 'nothing'}."
        if not changed:
            said = f"{effect.problem or 'does not fit'}: {effect.rule.current}".capitalize()
        yield NumberStep("rewrite rule", effect.after, said, changed, where)
    number = done.number
    if terms and (sent := as_dialled(terms.dial_pattern, number)) != number:
        number, said = sent, f"As the dial pattern {terms.dial_pattern.label} writes numbers."
        yield NumberStep("dial pattern", sent, said, True, Where("ip", entry.id, "dial_pattern"))
    yield NumberStep("behind the rules", number, "This number looks for a route.")


def _routed(world: World, customer: Customer, number: str, moment: datetime) -> Iterator[NumberStep]:
    """Which route takes it, at which rate, and which carriers."""
    asking = Asking(world, Call(dialled=number, moment=moment))
    asking.customer = customer
    # Without the entry: the number has been through its rules, and must not go through them again.
    found = asking.routing()
    for route in in_order(customer.routes):
        where = Where("route", route.id, "dial_string")
        why = fault(world, route, number)
        taken = found.route is route
        said = f"Passed by: {why}." if why else "It would take the number too; one before it does."
        if taken:
            said = "It takes the number."
        sent = number[len(route.tech_prefix) :] if taken else number
        yield NumberStep(f"route #{route.id}", sent, said, taken, where)
    if found.route is None:
        yield NumberStep("route", number, "No route takes the number.")
        return
    card = found.card
    if card is None or found.rate is None:
        name = card.name if card else "the rate card"
        yield NumberStep("rate", found.number, f"There is no rate for the number on {name}.")
        return
    rate, per_minute = found.rate, money(found.rate.tariff.per_minute)
    said = f"Prefix {rate.prefix} of {card.name}, {rate.destination}: {per_minute} {card.currency} a minute."
    if rate.blocked:
        said = f"Prefix {rate.prefix} of {card.name} is blocked."
    yield NumberStep("rate", found.number, said, not rate.blocked, Where("rate", rate.id, "rate"))
    offers = asking.offers()
    for place, offer in enumerate(offers.usable, 1):
        price = money(offer.rate.tariff.per_minute)
        said = (
            f"{offer.carrier.name} is tried as number {place}: prefix {offer.rate.prefix}, {price} "
            f"{offer.card.currency} a minute, a usual call costs {exactly(offer.cost)}."
        )
        yield NumberStep("carrier", found.number, said, True, Where("carrier", offer.carrier.id))
    for name, why in offers.lost:
        yield NumberStep("carrier", found.number, f"{name} is not tried: {why}.")
    if not offers.usable:
        yield NumberStep("carrier", found.number, "No carrier takes the number.")
