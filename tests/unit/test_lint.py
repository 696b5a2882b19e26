"""Each rule of lint finds what it is there for, and nothing in a customer who is fine."""

from dataclasses import replace
from typing import Any

import pytest

from cx_tui.domain.admission.call import Where
from cx_tui.domain.admission.facts import (
    CliRule,
    Customer,
    Did,
    Direction,
    Endpoint,
    Limits,
    PrefixSet,
    RewriteRule,
    SipUser,
    Terms,
    UseDid,
)
from cx_tui.domain.admission.lint import RULES, problems_of
from cx_tui.domain.admission.world import World
from cx_tui.domain.week import STEPS, Week
from tests.unit.telecoms import address, customer, route, world

ALWAYS = Week(2**STEPS - 1)
LOOPS = r"^(?:(\d|\d\d)+)+(?<!a)$"


def found(some: Customer, among: World | None = None) -> dict[str, str]:
    """What is wrong with a customer: rule and sentence."""
    among = among or world(some)
    among.put_prefix_set(PrefixSet(7, "Empty", frozenset()))
    among.put_prefix_set(PrefixSet(9, "UK", frozenset({"44"})))
    return {one.rule: one.sentence for one in problems_of(among, some)}


def forced(id: int, **more: Any) -> CliRule:
    """A forced CLI rule with a number to show."""
    return CliRule(id, f"44{id}", forced=True, **more)


def test_nothing_is_wrong_with_a_fine_customer() -> None:
    assert found(customer()) == {}


@pytest.mark.parametrize(
    ("rule", "spoiled", "words"),
    [
        ("no_authentication", {"addresses": ()}, "No enabled address or SIP user"),
        ("no_authentication", {"addresses": (address(direction=Endpoint.RECEIVES),)}, "No enabled address"),
        (
            "no_authentication",
            {"addresses": (), "sip_users": (SipUser(1, 1, "a", enabled=False),)},
            "No enabled",
        ),
        ("no_route", {"routes": (route(enabled=False),)}, "no enabled ingress route"),
        ("no_channels", {"limits": Limits(0)}, "0 channels"),
        (
            "sip_channels",
            {"sip_users": tuple(SipUser(n, 1, f"u{n}", limits=Limits(6)) for n in (1, 2))},
            "12 channels together, and the account 10",
        ),
        ("card_currency", {"terms": Terms(currency="EUR")}, "Card 1 in USD, and the customer is in EUR"),
        ("card_currency", {"routes": (route(card_id=77),)}, "a rate card that is not there"),
        (
            "no_carrier",
            {"routes": (route(exclude_carriers=(1, 2)),)},
            "No active carrier is left for route #1",
        ),
        ("no_carrier", {"routes": (route(lock_carriers=(9,)),)}, "No active carrier is left for route #1"),
        (
            "hidden_route",
            {"routes": (route(1), route(2, dial_string="^44"))},
            "#2 is never used: #1 before it",
        ),
        ("several_forced", {"cli_rules": (forced(1), forced(2))}, "#1 is always used, and #2 never"),
        ("forced_nothing", {"cli_rules": (CliRule(1, "^44", forced=True),)}, "no number to show"),
        ("unproved", {"addresses": (address(cli_authentication=True),)}, "it recognises nobody"),
        ("broken_pattern", {"routes": (route(dial_string="("),)}, "The expression of route #1 can't be used"),
        ("broken_pattern", {"cli_rules": (CliRule(1, LOOPS),)}, "takes too long"),
        ("broken_pattern", {"cli_rules": (CliRule(1, "^44", rewrite_cli="$1"),)}, "cli-rule #1 writes $1"),
        (
            "broken_pattern",
            {"addresses": (address(rewrites=(RewriteRule(5, "cli", "^0", r"\1", regex=True),)),)},
            "rewrite #5 writes $1",
        ),
        (
            "card_currency",
            {"terms": Terms(currency="EUR"), "routes": (), "dids": (Did(3, 1, "4420", card_id=1),)},
            "The inbound number 4420 has the rate card Card 1 in USD",
        ),
        ("empty_prefix_set", {"routes": (route(prefix_set_id=7),)}, "no number, as the prefix set Empty has"),
        ("empty_prefix_set", {"routes": (route(prefix_set_id=8),)}, "no number, as its prefix set has"),
        ("no_template", {"terms": Terms(untemplated=True)}, "but it has no invoice template"),
        ("broken_value", {"terms": Terms(broken_toml=True)}, "TOML does not parse"),
        ("broken_value", {"terms": Terms(allowed_times=Week(0))}, "no allowed time at all"),
        (
            "broken_value",
            {"terms": Terms(allowed_times=ALWAYS, time_zone="Mars/Olympus")},
            "time zone Mars/Olympus is not known here",
        ),
        ("no_destination", {"dids": (Did(3, 1, "442079460000"),)}, "442079460000 has no destination"),
        ("no_destination", {"dids": (Did(3, 1, "442", destination="33", outside=True),)}, "442 goes to 33:"),
    ],
)
def test_a_rule_finds_what_it_is_there_for(rule: str, spoiled: dict[str, Any], words: str) -> None:
    sentences = found(customer(**spoiled))
    assert words in sentences[rule]
    assert sentences[rule].endswith(".")


@pytest.mark.parametrize(
    "fine",
    [
        {"addresses": (), "sip_users": (SipUser(1, 1, "a"),)},
        {"routes": (route(1), route(2, tech_prefix="99"))},
        {"routes": (route(prefix_set_id=9),)},
        {"routes": (route(), route(2, tech_prefix="9", prefix_set_id=7, enabled=False))},
        {"terms": Terms(time_zone="Mars/Olympus")},
        {"terms": Terms(allowed_times=ALWAYS, time_zone="Europe/Berlin")},
        {"routes": (route(1, dial_string="^44"), route(2))},
        {"cli_rules": (forced(1), forced(2, direction=Direction.ORIGINATION))},
        {"cli_rules": (forced(1, dialled="^1"), forced(2))},
        {"cli_rules": (CliRule(1, forced=True, use_did=UseDid.RANDOM),)},
        {"cli_rules": (CliRule(1, ".*", paid="(?<paid>.*)", rewrite_cli="$<paid>"),)},
        {"cli_rules": (CliRule(1, "^((?!^1800).)*$", rewrite_cli="$0"),)},
        {"dids": (Did(3, 1, "442079460000", enabled=False),)},
    ],
)
def test_what_looks_alike_but_is_fine_is_not_found(fine: dict[str, Any]) -> None:
    assert found(customer(**fine)) == {}


def test_a_finding_says_where_to_change_it() -> None:
    some = customer(routes=(route(7, exclude_carriers=(1, 2)),))
    (problem,) = problems_of(world(some), some)
    assert (problem.customer, problem.where) == ((some.id, some.name), Where("route", 7, "lock_carriers"))


def two(one: Any, other: Any) -> tuple[World, dict[str, str], dict[str, str]]:
    """Two customers with these addresses, and what is found of each."""
    first = customer(1, addresses=(replace(one, id=1, customer_id=1),))
    second = customer(2, addresses=(replace(other, id=2, customer_id=2),))
    some = world(first, second)
    return some, found(first, some), found(second, some)


def test_an_address_of_two_customers_is_found_at_both() -> None:
    _, first, second = two(address(), address())
    assert first == {
        "shared_address": "The address 192.0.2.7 is also Acme 2's, and nothing tells them apart: give one a "
        "tech prefix, or both CLI authentication."
    }
    assert "is also Acme 1's" in second["shared_address"]


def test_a_tech_prefix_or_cli_authentication_of_both_tells_customers_apart() -> None:
    _, first, second = two(address(), address(tech_prefix="99"))
    assert (first, second) == ({}, {})
    _, first, second = two(address(cli_authentication=True), address(cli_authentication=True))
    assert "shared_address" not in first
    _, first, second = two(address(cli_authentication=True), address())
    assert "shared_address" in first
    assert "shared_address" in second
    _, first, second = two(address(), address(enabled=False))
    assert first == {}


def test_the_same_address_twice_at_one_customer_is_no_clash() -> None:
    assert found(customer(addresses=(address(id=1), address(id=2)))) == {}


def test_a_narrow_address_that_takes_another_customers_calls_is_found() -> None:
    _, first, second = two(address("10.1.2.0/24", tech_prefix="123"), address("10.1.2.3"))
    assert first == {}
    assert second["narrow_network"] == (
        "The address 10.1.2.3 takes calls with the tech prefix 123 from 10.1.2.0/24 of Acme 1, as the "
        "narrower network wins."
    )
    _, _, second = two(address("10.1.2.0/24"), address("10.1.2.3"))
    assert "takes calls from 10.1.2.0/24 of Acme 1" in second["narrow_network"]
    _, first, second = two(address("10.1.2.0/24", tech_prefix="123"), address("10.1.2.3", tech_prefix="9"))
    assert (first, second) == ({}, {})


def test_one_rule_may_be_asked_alone() -> None:
    some = customer(addresses=(), routes=())
    assert {one.rule for one in problems_of(world(some), some, only="no_route")} == {"no_route"}
    assert {"no_route", "no_authentication"} <= set(RULES)
