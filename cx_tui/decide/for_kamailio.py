"""An answer as Kamailio's configuration reads it: flat, and written as SIP wants it."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

from cx_tui.decide.answering import Answer
from cx_tui.domain.admission.facts import Carrier, Limits
from cx_tui.domain.admission.networks import network_of

BETWEEN = "|"
"""Between the parts of a list."""
HEADER = str.maketrans('"\\\r\n|;<>', "'/  /,()")
"""What would end a text in a header, or a part of a list."""
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
    limits = {place[0]: (place, each) for place, each in decision.limits}
    said: dict[str, Any] = {
        "code": PROXY_AUTHENTICATION if found.challenge else decision.code,
        "phrase": PHRASES.get(PROXY_AUTHENTICATION if found.challenge else decision.code, "Refused"),
        "gate": decision.gate,
        "sentence": "" if decision.admitted else decision.sentence.translate(HEADER)[:200],
        "realm": found.challenge or (found.user.realm if found.user else ""),
        "ha1": found.user.digests[:16].hex() if found.user else "",
        "customer": str(customer.id) if customer else "",
        "auth": decision.auth.replace(" ", ":"),
        "route": str(decision.route_id or ""),
        "number": in_uri(decision.number),
        "cli": in_uri(decision.cli) or "anonymous",
        "paid": in_uri(decision.paid),
        "seconds": found.seconds,
        "hops": BETWEEN.join(hop.uri for hop in hops),
        "carriers": BETWEEN.join(hop.carrier.name.translate(HEADER) for hop in hops),
        "carrier_ids": BETWEEN.join(str(hop.carrier.id) for hop in hops),
        "carrier_channels": BETWEEN.join(str(hop.carrier.limits.channels) for hop in hops),
        "carrier_cps": BETWEEN.join(str(hop.carrier.limits.flow_speed) for hop in hops),
    }
    entry = next((each for kind, (_, each) in limits.items() if kind not in ("customer", "route")), Limits())
    for name, each in (
        ("customer", limits["customer"][1] if "customer" in limits else Limits()),
        ("auth", entry),
        ("route", limits["route"][1] if "route" in limits else Limits()),
    ):
        said[f"{name}_channels"] = each.channels
        # A spike buffer would make calls wait; the switch has no place for them, and lets them begin.
        said[f"{name}_cps"] = each.flow_speed + each.spike_buffer if each.flow_speed else 0
    return said


def hops_of(found: Answer) -> Iterator[Hop]:
    """Where the call is sent, in the order in which the places are tried."""
    for offer in found.decision.carriers:
        carrier = offer.carrier
        for address in carrier.addresses:
            if host := host_of(address):
                secure = carrier.transport in ("tls", "srtp")
                port = carrier.port or (5061 if secure else 5060)
                number = in_uri(carrier.tech_prefix + found.decision.number)
                transport = "tls" if secure else carrier.transport
                yield Hop(f"sip:{number}@{host}:{port};transport={transport}", carrier)


def host_of(address: str) -> str:
    """A carrier's address as it stands in a URI; "" for a network, from which calls only come."""
    network = network_of(address)
    if network is None:
        return "" if "/" in address else address
    text = str(network)
    if "/" in text:
        return ""
    return f"[{text}]" if network.family == 6 else text


def in_uri(number: str) -> str:
    """A number, or the name of a caller, in the user part of a URI."""
    return quote(number, safe="+*")
