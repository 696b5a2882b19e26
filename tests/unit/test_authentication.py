"""Whose call is it: networks inside networks, tech prefixes, CLI authentication, and why the others lost."""

import random
from ipaddress import IPv4Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.admission.authentication import authenticate, candidates
from cx_tui.domain.admission.facts import Address, CliRule, Customer, Endpoint
from cx_tui.domain.admission.networks import Index, Network, network_of
from cx_tui.domain.admission.world import World
from tests.unit.telecoms import DIALLED, SOURCE, address, call, customer, decided, world


def owners(*addresses: Address) -> World:
    """A world in which each address is that of the customer with the same id."""
    return world(*(customer(one.id, addresses=(one,)) for one in addresses))


def winner(some: World, source: str = "10.1.2.3", **changed: str) -> int | None:
    """The id of the entry that recognises a call."""
    found = authenticate(some, call(source=source, **changed))
    return found.id if found else None


def reasons(some: World, source: str = "10.1.2.3", **changed: str) -> dict[int, str]:
    """Why each entry lost."""
    return {one.entry.id: one.reason for one in candidates(some, call(source=source, **changed))}


def test_the_longest_network_wins_and_the_others_say_so() -> None:
    some = owners(address("10.0.0.0/8", 1), address("10.1.0.0/16", 2, 2), address("10.1.2.3", 3, 3))
    assert [winner(some, source) for source in ("10.9.9.9", "10.1.9.9", "10.1.2.3")] == [1, 2, 3]
    assert reasons(some) == {
        3: "",
        2: "10.1.2.3 is the narrower network",
        1: "10.1.2.3 is the narrower network",
    }


def test_of_one_address_the_longest_tech_prefix_wins_and_none_is_the_fallback() -> None:
    some = owners(
        address("10.1.2.3", 1),
        address("10.1.2.3", 2, 2, tech_prefix="12"),
        address("10.1.2.3", 3, 3, tech_prefix="123"),
    )
    assert [winner(some, dialled=number) for number in ("123441632", "12441632", "441632")] == [3, 2, 1]
    assert reasons(some, dialled="12441632") == {
        2: "",
        3: "the number does not begin with its tech prefix 123",
        1: "tech prefix 12 is the longer one",
    }


def test_a_narrow_entry_without_prefix_takes_calls_with_the_prefix_of_a_wide_one() -> None:
    some = owners(address("10.1.2.0/24", 1, tech_prefix="123"), address("10.1.2.3", 2, 2))
    assert winner(some, dialled="123441632") == 2


def test_a_disabled_narrow_entry_leaves_the_call_to_a_wide_one() -> None:
    some = owners(address("10.1.2.3", 1, enabled=False), address("10.0.0.0/8", 2, 2))
    assert winner(some) == 2
    assert reasons(some) == {2: "", 1: "it is disabled"}


def test_an_endpoint_that_only_receives_calls_is_never_the_source() -> None:
    some = owners(address("10.1.2.3", 1, direction=Endpoint.RECEIVES))
    assert winner(some) is None
    assert reasons(some) == {1: "it receives calls and does not send them"}


def test_the_same_entry_twice_is_the_one_with_the_lower_number() -> None:
    some = owners(address("10.1.2.3", 9, 9), address("10.1.2.3", 4, 4))
    assert winner(some) == 4
    assert reasons(some)[9] == "#4 is the same but has the lower number"


def test_cli_authentication_tells_customers_apart() -> None:
    some = world(
        customer(
            1, addresses=(address("10.1.2.3", 1, cli_authentication=True),), cli_rules=(CliRule(1, "441"),)
        ),
        customer(
            2, addresses=(address("10.1.2.3", 2, 2, cli_authentication=True),), cli_rules=(CliRule(2, "^49"),)
        ),
        customer(3, addresses=(address("10.1.2.3", 3, 3),)),
    )
    assert [winner(some, cli=cli) for cli in ("+441", "4930", "331", "anonymous", "")] == [1, 2, 3, 3, 3]
    assert reasons(some, cli="4930")[3] == "#2 knows the caller's number by CLI authentication"
    assert "not among the customer's CLI rules" in reasons(some, cli="4930")[1]


@pytest.mark.parametrize("cli", ["anonymous", ""])
def test_a_cli_prefix_proves_no_caller_who_hides(cli: str) -> None:
    entry = address("10.1.2.3", 1, cli_authentication=True, cli_prefix="44")
    some = world(customer(1, addresses=(entry,), cli_rules=(CliRule(1, "^44"),)))
    assert winner(some, cli=cli) is None
    assert winner(some, cli="1632960001") == 1


def test_a_cli_prefix_is_not_put_before_a_caller_who_hides() -> None:
    some = customer(addresses=(address(cli_prefix="44"),))
    assert [decided(some, cli=cli).cli for cli in ("anonymous", "", "1632")] == ["anonymous", "", "441632"]


def test_every_network_of_ipv4_holds_no_ipv6_address() -> None:
    some = owners(address("0.0.0.0/0", 1), address("2001:db8::/32", 2, 2))
    assert winner(some, "2001:db8::1") == 2
    assert winner(some, "2001:dead::1") is None
    assert winner(some, "198.51.100.1") == 1


def test_an_ipv4_address_in_the_clothes_of_ipv6_is_that_address() -> None:
    some = owners(address("10.1.2.3", 1))
    assert winner(some, "::ffff:10.1.2.3") == 1
    assert network_of("::ffff:10.1.0.0/112") == network_of("10.1.0.0/16")


def test_what_stands_behind_the_length_of_a_network_is_dropped() -> None:
    some = owners(address("10.0.0.5/24", 1))
    assert winner(some, "10.0.0.77") == 1
    assert str(network_of("10.0.0.5/24")) == "10.0.0.0/24"
    assert str(network_of("2001:db8::1")) == "2001:db8::1"
    assert network_of("10.0.0.300") is None


def test_tech_prefix_and_strip_digits_are_taken_off_and_the_cli_prefix_put_on() -> None:
    some = customer(addresses=(address(tech_prefix="99#", strip_digits=2, cli_prefix="44"),))
    found = decided(some, dialled=f"99#00{DIALLED}", cli="2079460000")
    assert (found.number, found.cli) == (DIALLED, "442079460000")


def test_no_number_behind_the_tech_prefix_is_no_route() -> None:
    assert decided(customer(addresses=(address(tech_prefix="99"),)), dialled="99").gate == "route"


def test_an_entry_of_a_customer_who_is_not_there_recognises_nobody() -> None:
    some = owners(address(SOURCE, 1))
    some.addresses.add(address(SOURCE, 9, 99))
    some.drop(1)
    assert winner(some, SOURCE) is None
    assert reasons(some, SOURCE) == {9: "its customer is not there"}


def test_the_trace_lists_every_candidate() -> None:
    some = owners(address("10.0.0.0/8", 1), address("10.1.2.3", 2, 2))
    said = decided(some, source="10.1.2.3").trace[0].sentence
    assert said == (
        "The address 10.1.2.3 is Acme 2's.  Not: #1 10.0.0.0/8 of Acme 1: 10.1.2.3 is the narrower network."
    )


def test_a_changed_customer_is_known_by_its_new_entries_only() -> None:
    some = owners(address("10.1.2.3", 1), address("10.1.2.3", 2, 2))
    some.put(customer(1, addresses=(address("10.9.9.9", 1),)))
    assert (winner(some), winner(some, "10.9.9.9")) == (2, 1)
    some.drop(2)
    some.drop(2)
    assert winner(some) is None
    assert [one.id for group in some.addresses for one in group] == [1]


networks = st.tuples(
    st.sampled_from(["10.0.0.{}/{}", "10.0.{}.0/{}"]), st.integers(0, 3), st.integers(20, 32)
).map(lambda one: str(ip_network(one[0].format(one[1], one[2]), strict=False)))


@given(st.lists(networks, max_size=12), st.integers(0, 3), st.integers(0, 3))
def test_the_index_finds_the_networks_that_hold_an_address_the_longest_first(
    made: list[str], third: int, last: int
) -> None:
    index = Index()
    entries = [address(text, number) for number, text in enumerate(made)]
    for entry in entries:
        index.add(entry)
    source = f"10.0.{third}.{last}"
    holding = [number for number, text in enumerate(made) if ip_address(source) in ip_network(text)]
    asked = network_of(source)
    assert asked
    groups = list(index.holding(asked))
    assert sorted(one.id for group in groups for one in group) == holding
    lengths = [group[0].length for group in groups]
    assert lengths == sorted(lengths, reverse=True)
    for entry in entries:
        index.remove(entry)
    assert list(index) == []


@pytest.mark.parametrize(("wide", "narrow", "holds"), [
    ("10.0.0.0/8", "10.1.0.0/16", True), ("10.1.0.0/16", "10.0.0.0/8", False), ("::/0", "10.0.0.1", False),
    ("10.0.0.1", "10.0.0.1", True), ("2001:db8::/32", "2001:db8::/48", True),
])  # fmt: skip
def test_a_network_holds_what_is_inside(wide: str, narrow: str, holds: bool) -> None:
    one, other = network_of(wide), network_of(narrow)
    assert isinstance(one, Network)
    assert isinstance(other, Network)
    assert one.holds(other) is holds


def test_a_thousand_entries_at_one_address_are_told_apart_by_tech_prefix() -> None:
    some = World(
        Customer(id=n, name=f"c{n}", addresses=(address("10.1.2.3", n, n, tech_prefix=f"{n:04}#"),))
        for n in range(1000)
    )
    lot = random.Random(1)
    for n in lot.sample(range(1000), 50):
        assert winner(some, dialled=f"{n:04}#441632") == n


@pytest.mark.parametrize(
    "text",
    ["192.0.2.1", "01.2.3.4", "1.2.3", "1.2.3.4 ", "1.2.3.256", "١.2.3.4", "1.2.3.4\0", "0x1.2.3.4", ""],
)
def test_an_address_that_is_read_the_short_way_is_read_as_the_long_way_reads_it(text: str) -> None:
    try:
        address = int(IPv4Address(text))
    except ValueError:
        assert network_of(text) is None
    else:
        assert network_of(text) == (4, address, 32)
