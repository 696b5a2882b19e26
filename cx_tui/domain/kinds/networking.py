"""Kinds of what a switch talks to: addresses, ports."""

import re
from typing import Any

from cx_tui.domain.kinds.base import BadValue, Kind, plain, quote
from cx_tui.domain.kinds.numbers import Integer
from cx_tui.domain.kinds.words import Text

LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
HOST_NAME = re.compile(rf"(?:{LABEL}\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
"""A host name: its last word has a letter, so that an address with a slip is not taken for one."""
WITH_PORT = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^:]+):[0-9]{1,5}")
LONGEST_HOST = 253


class Address(Text):
    """One IP address or network (IPv4 or IPv6), or a host name where that is possible."""

    plain_texts = ""

    def __init__(self, hosts: bool = False) -> None:
        super().__init__(LONGEST_HOST, width=22)
        self.hosts = hosts
        self.example = "192.0.2.7, 198.51.100.0/24" + (" or sip.acme.example" if hosts else "")

    def parse(self, text: str) -> Any:
        word = plain(text)
        if WITH_PORT.fullmatch(word):
            raise BadValue(f"{quote(word)} has a port; write the address alone, the port has its own field")
        numeric = network_in(word.removeprefix("[").removesuffix("]"))
        if numeric:
            return numeric
        name = word.lower().removesuffix(".")
        if not HOST_NAME.fullmatch(name) or len(name) > LONGEST_HOST:
            raise self._bad(word)
        if not self.hosts:
            raise BadValue(
                f"{quote(word)} is a host name; write an IP address or network like {self.example}"
            )
        return name

    def _bad(self, word: str) -> BadValue:
        what = "an IP address, network or host name" if self.hosts else "an IP address or network"
        return BadValue(f"{quote(word)} is not {what}; write it like {self.example}")


def is_host_name(address: str) -> bool:
    """Whether an address that was parsed is a name and not a number."""
    return not network_in(address)


def network_in(word: str) -> str:
    """The address or network of a word as it is always written, "" when it is none.

    An IPv4 address in the clothes of IPv6 (::ffff:192.0.2.7) is that IPv4 address.
    """
    from ipaddress import IPv6Network, ip_network  # only where a network is typed

    try:
        network = ip_network(word, strict=False)
    except ValueError:
        return ""
    address, length = network.network_address, network.prefixlen
    if isinstance(network, IPv6Network) and length >= 96 and network.network_address.ipv4_mapped:
        network = ip_network((network.network_address.ipv4_mapped, length - 96))
        address, length = network.network_address, network.prefixlen
    if length == network.max_prefixlen:
        return str(address)
    _refuse_host_bits(word, str(network))
    return str(network)


def _refuse_host_bits(word: str, network: str) -> None:
    from ipaddress import ip_network

    try:
        ip_network(word, strict=True)
    except ValueError:
        alone = word.partition("/")[0]
        raise BadValue(
            f"{quote(word)} is an address inside a network; write {network} for the network "
            f"or {alone} for the address alone"
        ) from None


class Addresses(Kind):
    """Several addresses, networks or host names."""

    width = 24
    example = "192.0.2.7, sip.acme.example"

    def __init__(self, hosts: bool = True) -> None:
        self.each = Address(hosts)

    def parse(self, text: str) -> Any:
        words = filter(None, re.split(r"[\s,;]+", plain(text, also="\n\t")))
        return tuple(dict.fromkeys(map(self.each.parse, words)))

    def write(self, value: Any) -> str:
        return ", ".join(value or ())


class Port(Integer):
    """A port of a network protocol."""

    example = "5060"
    plain_texts = r"[1-9][0-9]{0,4}"

    def __init__(self) -> None:
        super().__init__(1, 65535, width=6)

    def parse(self, text: str) -> Any:
        try:
            return super().parse(text)
        except BadValue:
            raise BadValue(f"{quote(text)} is not a port; write a number from 1 to 65535") from None

    def show(self, value: Any) -> str:
        return self.write(value)
