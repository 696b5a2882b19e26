"""Rules that look at addresses of several customers: who takes whose calls."""

from collections.abc import Iterator, Sequence

from cx_tui.domain.admission.call import Where
from cx_tui.domain.admission.facts import Address, Customer, Endpoint
from cx_tui.domain.admission.lint.problems import Said
from cx_tui.domain.admission.networks import network_of_address
from cx_tui.domain.admission.world import World


def narrow_network(world: World, customer: Customer) -> Iterator[Said]:
    """An address lies inside another customer's network and takes calls from there."""
    for one in customer.addresses:
        if not _asked(one):
            continue
        for group in world.addresses.holding(network_of_address(one)):
            wider = group[0].length < one.length
            wide = next((other for other in group if wider and _outside(other, one)), None)
            if wide is None:
                continue
            owner = (
                world.customers[wide.customer_id].name if wide.customer_id in world.customers else "nobody"
            )
            what = "calls"
            if wide.terms.tech_prefix and not one.terms.tech_prefix:
                what = f"calls with the tech prefix {wide.terms.tech_prefix}"
            yield (
                f"The address {network_of_address(one)} takes {what} from {network_of_address(wide)} of "
                f"{owner}, as the narrower network wins.",
                Where("ip", one.id, "address"),
            )
            break


def _owner(world: World, entry: Address) -> str:
    customer = world.customers.get(entry.customer_id)
    return customer.name if customer else "nobody"


def _asked(entry: Address) -> bool:
    """Whether an entry is a source of calls at all."""
    return entry.terms.enabled and entry.terms.direction is Endpoint.SENDS


def _outside(wide: Address, one: Address) -> bool:
    """Whether an entry with a wider network is another customer's, and loses calls to this one."""
    prefixes = wide.terms.tech_prefix.startswith(one.terms.tech_prefix)
    return _asked(wide) and wide.customer_id != one.customer_id and prefixes


def shared_address(world: World, customer: Customer) -> Iterator[Said]:
    """Another customer has the same address, and nothing tells the two apart."""
    for one in customer.addresses:
        for group in world.addresses.holding(network_of_address(one)):
            if len(group) > 1 and group[0].length == one.length:
                other = _clashing(group, one)
                if other is not None:
                    yield _shared(world, one, other)


def _shared(world: World, one: Address, other: Address) -> Said:
    return (
        f"The address {network_of_address(one)} is also {_owner(world, other)}'s, and nothing tells them "
        "apart: give one a tech prefix, or both CLI authentication.",
        Where("ip", one.id, "tech_prefix"),
    )


def _clashing(group: Sequence[Address], one: Address) -> Address | None:
    """Of the entries with one network, another customer's that is not told apart from this one."""
    if not _asked(one):
        return None

    def alike() -> Iterator[Address]:
        return (
            other for other in group if other.terms.tech_prefix == one.terms.tech_prefix and _asked(other)
        )

    if one.terms.cli_authentication and all(other.terms.cli_authentication for other in alike()):
        return None
    return next((other for other in alike() if other.customer_id != one.customer_id), None)
