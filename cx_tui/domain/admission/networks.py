"""Addresses as whole numbers, and an index of networks: which hold an address, the longest first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_network
from socket import AF_INET, inet_pton
from typing import NamedTuple

from cx_tui.domain.admission.facts import Address

BITS = {4: 32, 6: 128}
MOST_FETCHED = 200_000
MAPPED = 0xFFFF << 32
"""IPv4 addresses in the clothes of IPv6 begin so; they are that IPv4 address."""


class Network(NamedTuple):
    """A network, or one address."""

    family: int
    number: int
    length: int

    def holds(self, other: "Network") -> bool:
        """Whether the other network (or address) is inside this one, or is the same."""
        if self.family != other.family or self.length > other.length:
            return False
        rest = BITS[self.family] - self.length
        return self.number >> rest == other.number >> rest

    def __str__(self) -> str:
        return network_text(self)


def held(network: Network, length: int) -> Network:
    """The network of so many bits in which another one lies."""
    rest = BITS[network.family] - length
    return Network(network.family, network.number >> rest << rest, length)


def network_text(network: Network) -> str:
    """A network as people write it; a single address without its length."""
    from ipaddress import IPv4Address, IPv6Address

    address = IPv4Address(network.number) if network.family == 4 else IPv6Address(network.number)
    return str(address) if network.length == BITS[network.family] else f"{address}/{network.length}"


@lru_cache(65_536)
def network_of(text: str) -> Network | None:
    """The network of a text; None when it is none.  What is set behind the length is dropped."""
    with suppress(OSError, ValueError):
        # Most are such, and very many are read.
        return Network(4, int.from_bytes(inet_pton(AF_INET, text)), 32)
    try:
        found = ip_network(text, strict=False)
    except ValueError:
        return None
    family, number, length = found.version, int(found.network_address), found.prefixlen
    if family == 6 and length >= 96 and number >> 32 << 32 == MAPPED:
        return Network(4, number & 0xFFFFFFFF, length - 96)
    return Network(family, number, length)


def network_of_address(address: Address) -> Network:
    """Where an entry's calls come from."""
    return Network(address.family, address.network, address.length)


class Index:
    """Entries by network: a table for each length of each family.

    `fetch` is asked for a network that is not in its table yet; `lengths` are those that it knows of.
    """

    def __init__(
        self,
        fetch: Callable[[Network], None] | None = None,
        lengths: Mapping[int, Sequence[int]] | None = None,
    ) -> None:
        self._tables: dict[int, dict[int, dict[int, Address | tuple[Address, ...]]]] = {4: {}, 6: {}}
        self._fetch = fetch if lengths else None
        self._fetched: set[Network] = set()
        self._elsewhere = lengths or {}
        for family, several_lengths in self._elsewhere.items():
            self._tables[family] = {length: {} for length in several_lengths}

    def add(self, entry: Address) -> None:
        """Add an entry."""
        tables = self._tables[entry.family]
        if entry.length not in tables:
            tables[entry.length] = {}
            self._tables[entry.family] = dict(sorted(tables.items(), reverse=True))
        table = self._tables[entry.family][entry.length]
        known = table.get(entry.network)
        if known is None:
            table[entry.network] = entry
        else:
            table[entry.network] = (*(known if isinstance(known, tuple) else (known,)), entry)

    def remove(self, entry: Address) -> None:
        """Take an entry out."""
        tables = self._tables[entry.family]
        table = tables[entry.length]
        left = tuple(one for one in several(table[entry.network]) if one.id != entry.id)
        if len(left) > 1:
            table[entry.network] = left
        elif left:
            table[entry.network] = left[0]
        else:
            del table[entry.network]
        if not table and entry.length not in self._elsewhere.get(entry.family, ()):
            del tables[entry.length]

    def holding(self, source: Network) -> Iterator[tuple[Address, ...]]:
        """The entries whose network holds an address (or a whole network): the longest networks first."""
        bits = BITS[source.family]
        for length, table in self._tables[source.family].items():
            if length <= source.length:
                number = source.number >> bits - length << bits - length
                found = table.get(number)
                if found is None and self._fetch is not None:
                    self._fetch_once(Network(source.family, number, length))
                    found = table.get(number)
                if found is not None:
                    yield several(found)

    def _fetch_once(self, network: Network) -> None:
        """Fetch a network; what was fetched, or is not there, is not looked for again."""
        if self._fetch is not None and network not in self._fetched:
            if len(self._fetched) == MOST_FETCHED:
                self._fetched.clear()
            self._fetched.add(network)
            self._fetch(network)

    def __iter__(self) -> Iterator[tuple[Address, ...]]:
        for tables in self._tables.values():
            for table in tables.values():
                for found in table.values():
                    yield several(found)


def several(found: Address | tuple[Address, ...]) -> tuple[Address, ...]:
    """One or several, as several."""
    return found if isinstance(found, tuple) else (found,)
