"""The round trips to an endpoint of a customer, measured one after the other while somebody looks.

An address is asked from here.  A SIP user is asked where it is registered, which a Kamailio among the sources
knows; what that Kamailio has measured itself counts more, because behind NAT only the switch gets through.
"""

import statistics
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network
from itertools import pairwise

from cx_tui.config.sources import CallSource
from cx_tui.domain.records.ip import Ip
from cx_tui.domain.records.signalling import Protocol
from cx_tui.domain.records.sip_user import Ping, SipUser
from cx_tui.errors import CxError, NotFound, Refused
from cx_tui.ingest.kamailio.contacts import Registered, registered
from cx_tui.ingest.kamailio.rpc import Rpc
from cx_tui.services.latency.options import Target, options

OWN_PATIENCE = 3.0
"""Seconds that a switch has to say where a user is."""


@dataclass(frozen=True)
class Trip:
    """One round trip; without seconds no answer came."""

    at: datetime
    seconds: float | None
    said: str
    """What answered, or who measured it."""


@dataclass(frozen=True)
class Figures:
    """What trips have in common, in seconds."""

    sent: int
    answered: int
    least: float | None = None
    median: float | None = None
    mean: float | None = None
    most: float | None = None
    jitter: float | None = None
    """By how much a trip differs from the one before, on average."""

    @classmethod
    def of(cls, trips: Sequence[Trip]) -> "Figures":
        """The figures of some trips; those without an answer count as lost, never as 0."""
        took = [one.seconds for one in trips if one.seconds is not None]
        if not took:
            return cls(len(trips), 0)
        steps = [abs(after - before) for before, after in pairwise(took)]
        jitter = statistics.fmean(steps) if steps else None
        return cls(
            len(trips),
            len(took),
            min(took),
            statistics.median(took),
            statistics.fmean(took),
            max(took),
            jitter,
        )

    @property
    def lost(self) -> float | None:
        """The share without an answer, in percent."""
        return 100 * (self.sent - self.answered) / self.sent if self.sent else None


class OfAddress:
    """An address of IP authentication."""

    def __init__(self, ip: Ip) -> None:
        self.target = target_of(ip)
        self.where = self.target.in_words

    async def measure(self) -> Trip:
        """Ask once."""
        return await _asked(self.target)


class OfUser:
    """A SIP user, wherever it is registered."""

    def __init__(self, user: SipUser, sources: Mapping[str, CallSource]) -> None:
        if user.ping is Ping.DISABLED:
            raise Refused("its NAT/SIP ping is disabled; turn it on to measure")
        self._user = user
        self._rpcs = {name: source.rpc for name, source in sources.items() if source.rpc}
        if not self._rpcs:
            raise NotFound("no switch says where it is; a source with rpc = … does")
        self._known_at = 0
        self.where = ""

    async def measure(self) -> Trip:
        """What the switch has measured since the last time, or else ask once."""
        name, found = await self._find()
        target = Target(found.host, found.port, found.transport)
        self.where = f"{target.in_words} {found.agent}".strip()
        if found.round_trip is not None and found.answered_at > self._known_at:
            self._known_at = found.answered_at
            return Trip(datetime.now(UTC), found.round_trip, f"measured by {name}")
        return await _asked(target)

    async def _find(self) -> tuple[str, Registered]:
        """Where it is registered: at the first switch that knows it."""
        away: CxError | None = None
        for name, address in self._rpcs.items():
            async with AsyncExitStack() as until_asked:
                rpc = Rpc(address, OWN_PATIENCE)
                until_asked.push_async_callback(rpc.close)
                try:
                    for one in await registered(rpc, self._user.username):
                        return name, one
                except CxError as error:
                    away = error
        raise away or NotFound(f"{self._user.username} is not registered")


def measured(endpoint: Ip | SipUser, sources: Mapping[str, CallSource]) -> OfAddress | OfUser:
    """What measures an endpoint; Refused or NotFound when nothing can."""
    return OfAddress(endpoint) if isinstance(endpoint, Ip) else OfUser(endpoint, sources)


def target_of(ip: Ip) -> Target:
    """Where an address is asked; a network is no place that answers."""
    transport = {Protocol.TCP: "tcp", Protocol.TLS: "tls", Protocol.TLS_SRTP: "tls"}.get(ip.protocol, "udp")
    host = ip.address
    if "/" in host:
        network = ip_network(host, strict=False)
        if network.num_addresses > 1:
            raise Refused(f"{host} is a network; only one address can be asked how long it takes")
        host = str(network.network_address)
    return Target(host, ip.port or ip.protocol.port, transport)


async def _asked(target: Target) -> Trip:
    at = datetime.now(UTC)
    answer = await options(target)
    if answer is None:
        return Trip(at, None, "no answer")
    return Trip(at, answer.seconds, f"{answer.code} {answer.reason}".strip())
