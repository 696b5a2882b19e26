"""What is wrong with customers although nobody complains yet: rules over the same facts as decisions.

A rule looks at one customer, and at the world for what it shares with others.  It costs microseconds, so
that a million customers are looked at in a minute.
"""

from collections.abc import Iterator

from cx_tui.domain.admission.facts import Customer
from cx_tui.domain.admission.lint import addresses, customers
from cx_tui.domain.admission.lint.problems import Problem, Rule, Whose
from cx_tui.domain.admission.world import World

RULES: dict[str, Rule] = {
    "no_authentication": customers.no_authentication,
    "no_route": customers.no_route,
    "no_channels": customers.no_channels,
    "sip_channels": customers.sip_channels,
    "card_currency": customers.card_currency,
    "empty_prefix_set": customers.empty_prefix_set,
    "no_carrier": customers.no_carrier,
    "hidden_route": customers.hidden_route,
    "several_forced": customers.several_forced,
    "forced_nothing": customers.forced_nothing,
    "unproved": customers.unproved,
    "broken_pattern": customers.broken_pattern,
    "no_destination": customers.no_destination,
    "no_template": customers.no_template,
    "broken_value": customers.broken_value,
    "narrow_network": addresses.narrow_network,
    "shared_address": addresses.shared_address,
}
"""The rules for a customer, by name."""

UNUSED = "unused"
"""The rule for what no customer and no other record of the setup refers to."""


def problems_of(world: World, customer: Customer, only: str = "") -> Iterator[Problem]:
    """What is wrong with one customer."""
    whose = Whose(customer.id, customer.name)
    for name, rule in RULES.items():
        if only in ("", name):
            for sentence, where in rule(world, customer):
                yield Problem(name, whose, sentence, where)
