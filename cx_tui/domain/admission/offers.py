"""The carriers that can take a call, in their order, and why the others can't.

What a carrier costs is compared with what the customer pays twice: for the shortest call (where fees and
first intervals weigh most) and for one of the customer's usual length.
"""

from typing import NamedTuple
from zlib import crc32

from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.facts import Carrier, Customer, Route, Supply
from cx_tui.domain.admission.routing import Routing
from cx_tui.domain.admission.world import World
from cx_tui.domain.rating.cards import Rate, RateCard, Strategy


class Offer(NamedTuple):
    """A carrier's price for a number; cost and margin are those of a call of the customer's usual length."""

    carrier: Carrier
    supply: Supply
    card: RateCard
    rate: Rate
    cost: int
    """In sixtieths of a millionth, as the margin."""
    margin: int | None
    """None when the carrier is paid in another currency."""
    loss: bool


class Offers(NamedTuple):
    """Who can take the call, and who can't and why."""

    usable: tuple[Offer, ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    """Names of carriers, each with the reason."""
    at_a_loss: tuple[Offer, ...] = ()


NONE = Offers()


def offers_for(world: World, customer: Customer, routing: Routing, call: Call) -> Offers:
    """The carriers for a number that has a route and a rate."""
    route, card, rate = routing.route, routing.card, routing.rate
    if route is None or card is None or rate is None:
        return NONE
    ours = rate.tariff
    paid = card.currency, ours.sixtieths(ours.billed(1)), ours.sixtieths(ours.billed(customer.acd_seconds))
    usable: list[Offer] = []
    losing: list[Offer] = []
    lost: list[tuple[str, str]] = []
    for supply in world.supply.get(card.id, ()):
        carrier_card = world.cards.get(supply.carrier_card_id)
        carrier = world.carriers.get(carrier_card.carrier_id or 0) if carrier_card else None
        if carrier_card is None or carrier is None:
            lost.append((f"supply {supply.id}", "its carrier or the carrier's card is not there"))
            continue
        reason = _fault(world, route, carrier)
        theirs = None if reason else carrier_card.rate_of(routing.number, call.moment)
        if theirs is None:
            lost.append((carrier.name, reason or f"no rate for the number on {carrier_card.name}"))
        elif theirs.blocked:
            lost.append((carrier.name, f"prefix {theirs.prefix} is blocked on {carrier_card.name}"))
        else:
            offer = _offer(carrier, supply, carrier_card, theirs, paid, customer.acd_seconds)
            if offer.loss and not route.terms.allow_loss:
                losing.append(offer)
                lost.append((carrier.name, "it costs more than the customer pays"))
            else:
                usable.append(offer)
    ordered = in_order(usable, route.terms.strategy or card.strategy, call)
    return Offers(tuple(ordered), tuple(lost), tuple(losing))


def _fault(world: World, route: Route, carrier: Carrier) -> str:
    """Why a carrier is not asked at all, "" when it is; who is both locked and excluded is excluded."""
    if not carrier.active:
        return "it is not active"
    if carrier.id in route.terms.exclude_carriers:
        return "the route excludes it"
    if route.terms.lock_carriers and carrier.id not in route.terms.lock_carriers:
        return "the route is locked to others"
    limits, place = carrier.limits, ("carrier", carrier.id)
    if limits.channels and world.live.channels.get(place, 0) >= limits.channels:
        return f"all of its {limits.channels} channels are in use"
    if limits.flow_speed and world.live.starts.get(place, 0) >= limits.flow_speed:
        return f"it takes {limits.flow_speed} calls a second"
    return ""


def _offer(
    carrier: Carrier, supply: Supply, card: RateCard, rate: Rate, paid: tuple[str, int, int], usual: int
) -> Offer:
    """A carrier's offer, compared with what the customer pays: for the shortest call, and for a usual one."""
    currency, shortest, longer = paid
    theirs = rate.tariff
    cost = card.attempt(theirs, theirs.billed(usual))
    if card.currency != currency:
        return Offer(carrier, supply, card, rate, cost, None, False)
    loss = longer < cost or shortest < card.attempt(theirs, theirs.billed(1))
    return Offer(carrier, supply, card, rate, cost, longer - cost, loss)


def in_order(offers: list[Offer], strategy: Strategy, call: Call) -> list[Offer]:
    """Offers in the order in which they are tried; they come by priority.

    By percentage the first is drawn by the shares, and the others follow by theirs; the lot depends on the
    call alone.
    """
    if len(offers) < 2 or strategy is Strategy.PRIORITY:
        return offers
    if strategy is Strategy.LEAST_COST:
        return sorted(offers, key=lambda offer: offer.cost)
    by_share = sorted(offers, key=lambda offer: -offer.supply.share)
    total = sum(offer.supply.share for offer in by_share)
    if not total:
        return by_share
    lot = f"{call.cli}\n{call.dialled}\n{call.moment.timestamp()}"
    drawn = crc32(lot.encode(errors="replace")) % total
    for place, offer in enumerate(by_share):
        drawn -= offer.supply.share
        if drawn < 0:
            return [offer, *by_share[:place], *by_share[place + 1 :]]
    return by_share
