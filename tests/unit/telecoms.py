"""Customers, cards and calls that are fine, for tests to spoil."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.engine import Decision, decide
from cx_tui.domain.admission.facts import (
    Account,
    Address,
    AddressTerms,
    Carrier,
    CliRule,
    Customer,
    Limits,
    Route,
    RouteTerms,
    Supply,
    Terms,
)
from cx_tui.domain.admission.networks import network_of
from cx_tui.domain.admission.world import World
from cx_tui.domain.rating.cards import Rate, RateCard, Side
from cx_tui.domain.rating.money import micros
from cx_tui.domain.rating.price import Rules, Tariff

NOON = datetime(2026, 6, 16, 12, 0, tzinfo=UTC)
"""A Tuesday."""
SOURCE, DIALLED, CLI = "192.0.2.7", "441632960001", "442079460000"
SELLING, BUYING, DEAR = 1, 2, 3


def cents(amount: str) -> int:
    """An amount in millionths."""
    return micros(Decimal(amount))


def tariff(per_minute: str, fee: str = "0", minimum: int = 1, pulse: int = 1) -> Tariff:
    """The price of a rate."""
    return Tariff(cents(per_minute), cents(fee), minimum, pulse)


def rate(prefix: str, per_minute: str = "0.05", id: int = 1, **more: Any) -> Rate:
    """A rate of a minute's price; `tariff` overrides it."""
    return Rate(id, prefix, more.pop("tariff", tariff(per_minute)), **more)


def card(id: int, rates: Iterable[Rate], **more: Any) -> RateCard:
    """A rate card in US dollars."""
    words: dict[str, Any] = {"name": f"Card {id}", "currency": "USD", "rules": Rules()} | more
    return RateCard.of(rates, id=id, **words)


def address(source: str = SOURCE, id: int = 1, customer_id: int = 1, **terms: Any) -> Address:
    """An address of a customer that sends calls."""
    network = network_of(source)
    assert network
    rewrites = terms.pop("rewrites", ())
    return Address(
        id, customer_id, network.number, network.length, AddressTerms(**terms), network.family, rewrites
    )


def route(id: int = 1, card_id: int = SELLING, tech_prefix: str = "", **terms: Any) -> Route:
    """A route by a rate card."""
    return Route(id, card_id, tech_prefix, RouteTerms(**terms))


def customer(id: int = 1, **changed: Any) -> Customer:
    """A customer whose calls pass; what is given is changed."""
    fine: dict[str, Any] = {
        "id": id,
        "name": f"Acme {id}",
        "limits": Limits(channels=10),
        "account": Account(balance=cents("100")),
        "addresses": (address(customer_id=id),),
        "routes": (route(),),
        "terms": Terms(),
    }
    return Customer(**fine | changed)


def with_terms(**changed: Any) -> Customer:
    """A customer whose calls pass, but for these terms."""
    return customer(terms=Terms(**changed))


def world(*customers: Customer) -> World:
    """A world in which the number has a price and two carriers; without customers a fine one is in it."""
    made = World(customers or (customer(),))
    made.put_card(card(SELLING, [rate("44", "0.05", 1), rate("447", "0.10", 2), rate("1", "0.02", 3)]))
    made.put_card(card(BUYING, [rate("44", "0.03", 11)], side=Side.CARRIER, carrier_id=1))
    made.put_card(card(DEAR, [rate("44", "0.04", 21)], side=Side.CARRIER, carrier_id=2))
    made.put_carrier(Carrier(1, "Alpha", addresses=("203.0.113.0/24",)))
    made.put_carrier(Carrier(2, "Beta"))
    made.put_supply(SELLING, [Supply(1, SELLING, BUYING, 1, 30), Supply(2, SELLING, DEAR, 2, 70)])
    return made


def call(**changed: Any) -> Call:
    """A call of the fine customer."""
    fine: dict[str, Any] = {"dialled": DIALLED, "source": SOURCE, "cli": CLI, "moment": NOON}
    return Call(**fine | changed)


def decided(some: World | Customer, **changed: Any) -> Decision:
    """What is decided of a call in a world, or of a customer in a world of its own."""
    return decide(some if isinstance(some, World) else world(some), call(**changed))


def with_rules(*rules: CliRule, **changed: Any) -> Customer:
    """A customer with CLI rules."""
    return customer(cli_rules=rules, **changed)


def but(some: Customer, **changed: Any) -> Customer:
    """The customer with something changed."""
    return replace(some, **changed)
