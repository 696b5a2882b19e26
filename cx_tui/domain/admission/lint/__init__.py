"""What is wrong with customers although nobody complains yet: rules over the same facts as decisions.

A rule looks at one customer, and at the world for what it shares with others.  It costs microseconds, so
that a million customers are looked at in a minute.
"""

from collections.abc import Iterable, Iterator

from cx_tui.domain.admission.call import Where
from cx_tui.domain.admission.facts import Customer
from cx_tui.domain.admission.lint import addresses, customers
from cx_tui.domain.admission.lint.problems import Problem, Rule
from cx_tui.domain.admission.world import World

RULES: dict[str, Rule] = {
    "no_authentication": customers.no_authentication,
    "no_route": customers.no_route,
    "no_channels": customers.no_channels,
    "sip_channels": customers.sip_channels,
    "card_currency": customers.card_currency,
    "no_carrier": customers.no_carrier,
    "hidden_route": customers.hidden_route,
    "several_forced": customers.several_forced,
    "forced_nothing": customers.forced_nothing,
    "unproved": customers.unproved,
    "broken_pattern": customers.broken_pattern,
    "no_destination": customers.no_destination,
    "narrow_network": addresses.narrow_network,
    "shared_address": addresses.shared_address,
}
"""The rules for a customer, by name."""


def problems_of(world: World, customer: Customer, only: str = "") -> Iterator[Problem]:
    """What is wrong with one customer."""
    for name, rule in RULES.items():
        if only in ("", name):
            for sentence, where in rule(world, customer):
                yield Problem(name, customer, sentence, where)


class Used:
    """What customers refer to, noted while they are looked at."""

    def __init__(self, customers: Iterable[Customer] = ()) -> None:
        self.cards: set[int] = set()
        self.prefix_sets: set[int] = set()
        for customer in customers:
            self.note(customer)

    def note(self, customer: Customer) -> None:
        """Note what one customer refers to."""
        self.cards.update(route.card_id for route in customer.routes)
        self.cards.update(did.card_id for did in customer.dids if did.card_id)
        sets = (route.terms.prefix_set_id for route in customer.routes)
        self.prefix_sets.update(one for one in sets if one is not None)


def unused(world: World, used: Used) -> Iterator[Problem]:
    """Setup records that nobody uses."""
    cards = used.cards | {supply.carrier_card_id for several in world.supply.values() for supply in several}
    for card in world.cards.values():
        if card.id not in cards:
            yield Problem(
                "unused", None, f"The rate card {card.name} is not used.", Where("rate-card", card.id)
            )
    for one in world.prefix_sets.values():
        if one.id not in used.prefix_sets:
            yield Problem(
                "unused", None, f"The prefix set {one.name} is not used.", Where("prefix-set", one.id)
            )
    serving = {card.carrier_id for card in world.cards.values()}
    for carrier in world.carriers.values():
        if carrier.id not in serving:
            yield Problem(
                "unused", None, f"The carrier {carrier.name} has no card.", Where("carrier", carrier.id)
            )
