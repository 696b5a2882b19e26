"""An answer as Kamailio's configuration reads it: flat, and written as SIP wants it."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from cx_tui.decide.answering import Answer, Registration
from cx_tui.domain.admission.facts import UNLIMITED, Carrier, Limits
from cx_tui.domain.admission.networks import network_of

BETWEEN = "|"
"""Between the parts of a list."""
HEADER = str.maketrans('"\\\r\n|;<>', "'/  /,()")
"""What would end a text in a header, or a part of a list."""
NOBODY = Carrier(0, "")
"""No carrier takes a call that comes in."""
REGISTERED = "registered.invalid"
"""The host of a place that only the switch knows: where a SIP user has said that it is."""
PHRASES = {
    0: "OK",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    407: "Proxy Authentication Required",
    503: "Service Unavailable",
}
PROXY_AUTHENTICATION = 407


class Hop(NamedTuple):
    """One place to try."""

    uri: str
    carrier: Carrier


def flat(found: Answer) -> dict[str, Any]:
    """The answer without lists; no value is ever missing."""
    decision = found.decision
    customer, hops = decision.customer, list(hops_of(found)) if decision.admitted else []
    auth, code = decision.auth, PROXY_AUTHENTICATION if found.challenge else decision.code
    limits = {place[0]: each for place, each in decision.limits}
    whole, entry = limits.get("customer", UNLIMITED), limits.get(auth.partition(" ")[0], UNLIMITED)
    route = limits.get("route", UNLIMITED)
    return {
        "code": code,
        "phrase": PHRASES.get(code, "Refused"),
        "gate": decision.gate,
        "sentence": "" if decision.admitted else decision.sentence.translate(HEADER)[:200],
        "realm": found.challenge or (found.user.realm if found.user else ""),
        "ha1": found.ha1,
        "customer": str(customer.id) if customer else "",
        "auth": auth.replace(" ", ":"),
        "route": str(decision.route_id or ""),
        "number": decision.number.translate(HEADER) if decision.incoming else in_uri(decision.number),
        "cli": in_uri(decision.cli) or "anonymous",
        "paid": in_uri(decision.paid),
        "seconds": found.seconds,
        "hops": BETWEEN.join([hop.uri for hop in hops]),
        "carriers": BETWEEN.join([hop.carrier.name.translate(HEADER) for hop in hops]),
        "carrier_ids": BETWEEN.join([str(hop.carrier.id) for hop in hops]),
        "carrier_channels": BETWEEN.join([str(hop.carrier.limits.channels) for hop in hops]),
        "carrier_cps": BETWEEN.join([str(hop.carrier.limits.flow_speed) for hop in hops]),
        "customer_channels": whole.channels,
        "customer_cps": _a_second(whole),
        "auth_channels": entry.channels,
        "auth_cps": _a_second(entry),
        "route_channels": route.channels,
        "route_cps": _a_second(route),
    }


def _a_second(limits: Limits) -> int:
    """How many calls may begin in a second.  A spike buffer would make calls wait; the switch has no place
    for them, and lets them begin."""
    return limits.flow_speed + limits.spike_buffer if limits.flow_speed else 0


def register_said(found: Registration) -> dict[str, Any]:
    """Whether a SIP user may say where it is."""
    phrase = {200: "OK", 401: "Unauthorized", 403: "Forbidden"}[found.code]
    return {"code": found.code, "phrase": phrase, "realm": found.realm, "ha1": found.ha1}


def hops_of(found: Answer) -> Iterator[Hop]:
    """Where the call is sent, in the order in which the places are tried."""
    decision = found.decision
    number = decision.number
    if decision.incoming:
        yield from _inbound(number)
    for offer in decision.carriers:
        carrier = offer.carrier
        user = in_uri(carrier.tech_prefix + number)
        for place in places_of(carrier.addresses, carrier.port, carrier.transport):
            yield Hop(f"sip:{user}@{place}", carrier)


def _inbound(destination: str) -> Iterator[Hop]:
    """Where a call to an inbound number goes: a SIP address, or a user who is registered at the switch."""
    if destination.casefold().startswith(("sip:", "sips:")):
        yield Hop(quote(destination, safe="+*:@;=.[]-_~%?&"), NOBODY)
    elif destination:
        yield Hop(f"sip:{in_uri(destination)}@{REGISTERED}", NOBODY)


@lru_cache(10_000)
def places_of(addresses: tuple[str, ...], port: int | None, transport: str) -> tuple[str, ...]:
    """Where a carrier takes calls, as URIs say it behind the number."""
    secure = transport in ("tls", "srtp")
    own = f"{port or (5061 if secure else 5060)};transport={'tls' if secure else transport}"
    return tuple(f"{host}:{own}" for host in map(host_of, addresses) if host)


def host_of(address: str) -> str:
    """A carrier's address as it stands in a URI; "" for a network, from which calls only come."""
    network = network_of(address)
    if network is None:
        return "" if "/" in address else address
    text = str(network)
    if "/" in text:
        return ""
    return f"[{text}]" if network.family == 6 else text


@lru_cache(65_536)
def in_uri(number: str) -> str:
    """A number, or the name of a caller, in the user part of a URI."""
    return quote(number, safe="+*")
