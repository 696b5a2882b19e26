"""Gate 14: who takes the call on, in which order."""

from cx_tui.domain.admission.asking import Asking
from cx_tui.domain.admission.call import Finding, Said, Where, passed, refused
from cx_tui.domain.admission.facts import Route
from cx_tui.domain.admission.offers import Offer, Offers
from cx_tui.domain.admission.routing import Routing
from cx_tui.domain.admission.world import World
from cx_tui.domain.rating.money import written
from cx_tui.domain.rating.price import exactly


def carriers(asking: Asking) -> Finding:
    """A carrier can take the call."""
    found = asking.routing()
    if found.did is not None:
        return passed(lambda: Said("not needed", "An incoming call needs no carrier."))
    offers = asking.offers()
    if offers.usable:
        return passed(lambda: _tried(offers, found.card_id))
    return refused(503, lambda: _no_carrier(found, offers))


def _tried(offers: Offers, card_id: int | None) -> Said:
    value = ", ".join(offer.carrier.name for offer in offers.usable)
    lost = f"  Not: {_reasons(offers)}." if offers.lost else ""
    told = "; ".join(map(_offered, offers.usable))
    return Said(value, f"Tried in this order: {told}.{lost}", f"rate-card {card_id}")


def _offered(offer: Offer) -> str:
    margin = "in another currency" if offer.margin is None else f"margin {exactly(offer.margin)}"
    return f"{offer.carrier.name} at {written(offer.rate.tariff.per_minute)} a minute, {margin}"


def _reasons(offers: Offers) -> str:
    return "; ".join(f"{name}: {reason}" for name, reason in offers.lost)


def _no_carrier(found: Routing, offers: Offers) -> Said:
    where = Where("rate-card", found.card_id, "supply")
    if not offers.lost:
        return Said(
            "none",
            "No carrier's card serves the customer's rate card.  Add one to its supply.",
            "",
            where,
        )
    return Said("none left", f"No carrier can take the call: {_reasons(offers)}.", "", where)


def has_carriers(asking: Asking) -> Finding:
    """An active carrier serves a card of the customer's routes."""
    names = sorted({name for one in asking.customer.routes for name in _serving(asking.world, one)})
    if names:
        return passed(lambda: Said(f"{len(names):,}", f"Calls can go to {', '.join(names)}."))
    return refused(
        503,
        lambda: Said(
            "none",
            "No active carrier serves the rate cards of the customer's routes.  Add one to a card's supply.",
            "",
            Where(
                "rate-card", asking.customer.routes[0].card_id if asking.customer.routes else None, "supply"
            ),
        ),
    )


def _serving(world: World, one: Route) -> list[str]:
    """The active carriers that an enabled route may use."""
    if not one.terms.enabled:
        return []
    names = []
    for supply in world.supply.get(one.card_id, ()):
        card = world.cards.get(supply.carrier_card_id)
        carrier = world.carriers.get(card.carrier_id or 0) if card else None
        if (
            carrier
            and carrier.active
            and carrier.id not in one.terms.exclude_carriers
            and (not one.terms.lock_carriers or carrier.id in one.terms.lock_carriers)
        ):
            names.append(carrier.name)
    return names
