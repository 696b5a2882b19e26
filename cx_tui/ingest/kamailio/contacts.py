"""Where a SIP user is registered, as Kamailio's module usrloc knows it."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cx_tui.errors import NotFound, Refused
from cx_tui.ingest.kamailio.rpc import Rpc

URI = re.compile(
    r"<?sips?:(?:[^@>]*@)?(\[[0-9A-Fa-f:.]+\]|[^:;>?\[\]]+)(?::([0-9]{1,5}))?([^>]*)", re.IGNORECASE
)
NOWHERE = "AOR not found"
"""What Kamailio says, as a fault of its own, of a user who is registered nowhere."""

TRANSPORT = re.compile(r";transport=(\w+)", re.IGNORECASE)


class Registered(NamedTuple):
    """One telephone of a user."""

    host: str
    port: int
    transport: str
    agent: str
    round_trip: float | None
    """Seconds that its last answer to the switch took, where the switch pings it and says so."""
    answered_at: int
    """When that was, in seconds since 1970."""


async def registered(rpc: Rpc, username: str, table: str = "location") -> list[Registered]:
    """Where a user is registered at one Kamailio, nowhere if it is not."""
    try:
        said = await rpc.call("ul.lookup", table, username)
    except NotFound:
        return []
    except Refused as error:
        if NOWHERE in str(error):
            return []
        raise
    return [found for one in _contacts(said) if (found := _read(one))]


def _contacts(said: Any) -> Iterator[dict[str, Any]]:
    """The contacts in an answer, however deep its version puts them."""
    if isinstance(said, dict) and "Address" in said:
        yield said
    elif isinstance(said, dict | list):
        for one in said.values() if isinstance(said, dict) else said:
            yield from _contacts(one)


def _read(said: dict[str, Any]) -> Registered | None:
    # Behind NAT, the address that its packets came from is the one that it is reached at.
    received = str(said.get("Received", ""))
    address = str(said.get("Address", ""))
    uri = URI.match(received) or URI.match(address)
    if uri is None:
        return None
    transport = TRANSPORT.search(uri[3]) or TRANSPORT.search(address)
    carried = transport[1].lower() if transport else "udp"
    took = said.get("KA-Roundtrip")
    measured = took / 1_000_000 if isinstance(took, int) and took > 0 else None
    at = said.get("Last-Keepalive")
    return Registered(
        uri[1].strip("[]"),
        int(uri[2] or (5061 if carried == "tls" else 5060)),
        carried,
        str(said.get("User-Agent", "")),
        measured,
        at if isinstance(at, int) else 0,
    )
