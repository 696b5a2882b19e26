"""Which ingress route takes a number: the longest tech prefix first, then the order of the list.

The first route that fits and has a rate for the number is taken; when none has a rate, the first that fits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cx_tui.domain.admission.facts import Customer, Did, Route
from cx_tui.domain.admission.numbers import same_form
from cx_tui.domain.admission.patterns import compiled
from cx_tui.domain.admission.world import World
from cx_tui.domain.kinds.base import BadValue
from cx_tui.domain.rating.cards import Rate, RateCard


@dataclass(slots=True)
class Routing:
    """Where a number goes: a route (or an inbound number's destination), the number, its card and rate."""

    number: str
    route: Route | None = None
    did: Did | None = None
    card_id: int | None = None
    card: RateCard | None = None
    rate: Rate | None = None


def routing_for(
    world: World, customer: Customer, number: str, moment: datetime, did: Did | None = None
) -> Routing:
    """Where a number goes at a moment."""
    if did is not None:
        card = world.cards.get(did.card_id) if did.card_id is not None else None
        rate = card.rate_of(same_form(did.number), moment) if card else None
        return Routing(did.destination, None, did, did.card_id, card, rate)
    first: Routing | None = None
    for route in in_order(customer.routes):
        if fault(world, route, number):
            continue
        sent = number[len(route.tech_prefix) :]
        card = world.cards.get(route.card_id)
        rate = card.rate_of(sent, moment) if card else None
        found = Routing(sent, route, None, route.card_id, card, rate)
        if rate is not None:
            return found
        first = first or found
    return first or Routing(number)


def in_order(routes: Sequence[Route]) -> Sequence[Route]:
    """Routes in the order in which they are tried."""
    return routes if len(routes) < 2 else sorted(routes, key=_length, reverse=True)


def _length(route: Route) -> int:
    return len(route.tech_prefix)


def fault(world: World, route: Route, number: str) -> str:
    """Why a route does not take a number, "" when it does."""
    terms = route.terms
    if not terms.enabled:
        return "it is disabled"
    if not number.startswith(route.tech_prefix):
        return f"the number does not begin with its tech prefix {route.tech_prefix}"
    sent = number[len(route.tech_prefix) :]
    if not sent:
        return "no number is left behind its tech prefix" if route.tech_prefix else "there is no number"
    if terms.prefix_set_id is not None:
        prefixes = world.prefix_sets.get(terms.prefix_set_id)
        if prefixes is None:
            return "its prefix set is not there"
        if prefixes.holds(sent) is None:
            return f"the number is not in its prefix set {prefixes.name}"
    return _dial_string_fault(terms.dial_string, sent) if terms.dial_string else ""


def _dial_string_fault(dial_string: str, number: str) -> str:
    try:
        if compiled(dial_string).matches(number):
            return ""
    except BadValue as problem:
        return f"its dial string can't be used: {problem}"
    return f"the number does not match its dial string {dial_string}"


def blocked_type(route: Route, rate: Rate) -> str:
    """The type of destination that the route does not take and the number has, "" when there is none."""
    if not route.terms.block_destinations:
        return ""
    words = rate.destination.casefold().replace("-", " ").split()
    for blocked in route.terms.block_destinations:
        if blocked.casefold() in words:
            return blocked
    return ""
