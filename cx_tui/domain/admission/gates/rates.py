"""Gate 13: what the call costs, whether the credit pays for it, and whether it is worth taking."""

from cx_tui.domain.admission.asking import Asking
from cx_tui.domain.admission.call import Finding, Said, Where, passed, refused
from cx_tui.domain.admission.facts import Route
from cx_tui.domain.admission.gates.account import amount
from cx_tui.domain.admission.offers import Offers
from cx_tui.domain.admission.routing import Routing
from cx_tui.domain.rating.cards import Rate, RateCard
from cx_tui.domain.rating.money import written
from cx_tui.domain.rating.price import LONGEST, exactly, longest


def rate(asking: Asking) -> Finding:
    """The route's card has a rate that is not blocked, that the credit pays for, and that is no loss."""
    found = asking.routing()
    if found.did is not None and found.card_id is None:
        return passed(lambda: Said("free", "Incoming calls to this number cost the customer nothing."))
    card, price = found.card, found.rate
    if card is None or card.currency != asking.customer.terms.currency:
        return refused(404, lambda: _bad_card(asking, found.card_id, card, found.route))
    if price is None:
        return refused(404, lambda: _no_rate(found, card))
    if price.blocked:
        return refused(
            404,
            lambda: Said(
                f"{price.prefix} blocked",
                f"The rate card {card.name} blocks {_named(price.prefix, price.destination)}.",
                f"rate {price.id}",
                Where("rate", price.id, "blocked"),
            ),
        )
    if seconds(asking) < 1:
        return refused(402, lambda: _too_dear(asking, found.number, card, price))
    if found.did is None:
        offers = asking.offers()
        if not offers.usable and offers.at_a_loss:
            return refused(404, lambda: _loss(price, offers))
    return passed(lambda: _price(asking, card, price))


def seconds(asking: Asking) -> int:
    """How long the call may last: by the credit, the daily limit and the longest call of the route."""
    if asking.lasts is None:
        asking.lasts = _seconds(asking)
    return asking.lasts


def _seconds(asking: Asking) -> int:
    found = asking.routing()
    most = (
        found.route.terms.max_duration if found.route else found.did.max_duration if found.did else 0
    ) or LONGEST
    if found.card is None or found.rate is None:
        return most
    if asking.at_zero:
        return most
    credit, left = asking.credit(), asking.daily_left()
    spendable = credit if left is None else min(credit, left)
    return longest(found.rate.tariff, found.card.rules, spendable, most, asking.free())


def has_rate(asking: Asking) -> Finding:
    """An enabled route has a card with rates in the customer's currency."""
    enabled = [one for one in asking.customer.routes if one.terms.enabled]
    if not enabled:
        return refused(404, lambda: Said("no card", "Without an enabled route there is no rate card."))
    cards = [asking.world.cards.get(one.card_id) for one in enabled]
    ours = [card for card in cards if card is not None and card.currency == asking.customer.terms.currency]
    filled = next((card for card in ours if len(card)), None)
    if filled is not None:
        return passed(lambda: Said(filled.name, f"Calls are priced by the rate card {filled.name}."))
    if not ours:
        return refused(404, lambda: _bad_card(asking, enabled[0].card_id, cards[0], enabled[0]))
    empty = ours[0]
    return refused(
        404,
        lambda: Said(
            empty.name,
            f"The rate card {empty.name} has no rates.  Upload them.",
            "",
            Where("rate-card", empty.id),
        ),
    )


def _bad_card(asking: Asking, card_id: int | None, card: RateCard | None, chosen: Route | None) -> Said:
    where = Where("route", chosen.id, "card_id") if chosen else Where("rate-card", card_id)
    if card is None:
        return Said(
            "no card", f"The rate card #{card_id} is not there.  Choose another for the route.", "", where
        )
    return Said(
        f"{card.name}, {card.currency}",
        f"The rate card {card.name} is in {card.currency} and the customer in "
        f"{asking.customer.terms.currency}.  Choose a card in the customer's currency.",
        f"rate-card {card.id}",
        where,
    )


def _named(prefix: str, destination: str) -> str:
    return f"{prefix} {destination}".rstrip()


def _no_rate(found: Routing, card: RateCard) -> Said:
    return Said(
        f"none for {found.number}",
        f"The rate card {card.name} has no rate for {found.number} that is valid at this moment.  Add one, "
        "or let another route take the number.",
        f"rate-card {card.id}",
        Where("rate-card", card.id),
    )


def _too_dear(asking: Asking, number: str, card: RateCard, price: Rate) -> Said:
    tariff = price.tariff
    first = card.rules.charge(tariff.sixtieths(tariff.billed(1)))
    customer = asking.customer
    return Said(
        amount(customer, first),
        f"The first {tariff.billed(1)} s to {number} cost {amount(customer, first)}, and "
        f"{amount(customer, asking.credit())} of credit are left"
        + (
            ""
            if asking.daily_left() is None
            else f" and {amount(customer, asking.daily_left() or 0)} for today"
        )
        + ".  Add a payment or raise the limit.",
        f"rate {price.id}",
        Where("customer", customer.id, "debit_limit"),
    )


def _loss(price: Rate, offers: Offers) -> Said:
    best = max(offers.at_a_loss, key=lambda offer: offer.margin or 0)
    return Said(
        f"{written(price.tariff.per_minute)} a minute",
        f"Every carrier costs more than the customer pays for {_named(price.prefix, price.destination)}; the "
        f"best, {best.carrier.name}, leaves {exactly(best.margin or 0)} a call.  Raise the rate, or allow "
        "losses on the route.",
        f"rate {price.id}",
        Where("rate", price.id, "per_minute"),
    )


def _price(asking: Asking, card: RateCard, price: Rate) -> Said:
    tariff = price.tariff
    fee = f" and {written(tariff.connect_fee)} for the connection" if tariff.connect_fee else ""
    value = f"{_named(price.prefix, price.destination)} at {written(tariff.per_minute)}"
    payer = "free minutes and the credit pay" if asking.free() else "the credit pays"
    return Said(
        value,
        f"{value} {card.currency} a minute{fee}, {tariff.minimum}/{tariff.pulse}; {payer} for "
        f"{seconds(asking):,} s.",
        f"rate {price.id}",
        Where("rate", price.id, "per_minute"),
    )
