"""Gate 12: which route takes the number, and whether it lets it through."""

from datetime import timedelta

from cx_tui.domain.admission.asking import Asking
from cx_tui.domain.admission.call import Finding, Said, Where, passed, refused
from cx_tui.domain.admission.facts import Did, Route
from cx_tui.domain.admission.routing import Routing, blocked_type, fault, in_order


def route(asking: Asking) -> Finding:
    """A route takes the number, and nothing of the route's own stops the call."""
    found = asking.routing()
    if found.did is not None:
        return _to_destination(found.did)
    chosen = found.route
    if chosen is None:
        return refused(404, lambda: _no_route(asking, found.number))
    if found.rate is not None and (blocked := blocked_type(chosen, found.rate)):
        return _blocked_type(chosen, found, found.rate.destination, blocked)
    terms = chosen.terms
    if terms.redial_count:
        count, last = asking.world.live.tries.get((chosen.id, found.number), (0, asking.moment))
        again = last + timedelta(seconds=terms.redial_period)
        if count >= terms.redial_count and asking.moment < again:
            return refused(
                404,
                lambda: Said(
                    f"{count} tries",
                    f"{found.number} was dialled {count} times in a row; route #{chosen.id} allows "
                    f"{terms.redial_count}.  The next try is possible at {again:%H:%M:%S} UTC.",
                    f"route {chosen.id}",
                    Where("route", chosen.id, "redial_count"),
                ),
            )
    return passed(lambda: _by_route(asking, chosen, found))


def _to_destination(did: Did) -> Finding:
    if did.outside:
        return refused(
            404,
            lambda: Said(
                f"outside, {did.destination}",
                f"The inbound number {did.number} goes to {did.destination}, and calls that come in are not "
                "sent on to numbers outside.  Let it go to a SIP address or to a user inside.",
                f"did {did.id}",
                Where("did", did.id, "destination_type"),
            ),
        )
    if did.destination:
        return passed(
            lambda: Said(did.destination, f"{did.number} goes to {did.destination}.", f"did {did.id}")
        )
    return refused(
        404,
        lambda: Said(
            "no destination",
            f"The inbound number {did.number} has no destination.  Set one to let calls through.",
            f"did {did.id}",
            Where("did", did.id, "destination"),
        ),
    )


def has_route(asking: Asking) -> Finding:
    """The customer has an enabled route."""
    routes = asking.customer.routes
    enabled = sum(one.terms.enabled for one in routes)
    if enabled:
        return passed(
            lambda: Said(f"{enabled:,} enabled", f"{enabled:,} of {len(routes):,} routes can take calls.")
        )
    return refused(404, lambda: _no_route(asking, ""))


def _no_route(asking: Asking, number: str) -> Said:
    routes = asking.customer.routes
    if not routes:
        return Said(
            "none",
            "The customer has no ingress route.  Add one on the card's Routing tab.",
            "",
            Where("route", None, "card_id"),
        )
    first = Where("route", routes[0].id, "enabled")
    if not any(one.terms.enabled for one in routes):
        return Said(
            "all disabled", "Every route is disabled.  Enable one on the card's Routing tab.", "", first
        )
    reasons = "; ".join(f"#{one.id}: {fault(asking.world, one, number)}" for one in in_order(routes))
    return Said(number or "no number", f"No route takes {number or 'an empty number'}: {reasons}.", "", first)


def _blocked_type(chosen: Route, found: Routing, destination: str, blocked: str) -> Finding:
    return refused(
        404,
        lambda: Said(
            destination,
            f"{found.number} is {destination}, and route #{chosen.id} takes no calls to {blocked} numbers.",
            f"route {chosen.id}",
            Where("route", chosen.id, "block_destinations"),
        ),
    )


def _by_route(asking: Asking, chosen: Route, found: Routing) -> Said:
    prefix = f", after its tech prefix {chosen.tech_prefix}," if chosen.tech_prefix else ""
    number = asking.numbers()[0].number
    others = []
    for other in in_order(asking.customer.routes):
        if other is chosen:
            break
        reason = fault(asking.world, other, number) or "its rate card has no rate for the number"
        others.append(f"#{other.id}: {reason}")
    not_taken = f"  Not: {'; '.join(others)}." if others else ""
    return Said(
        f"#{chosen.id}",
        f"Route #{chosen.id}{prefix} takes {found.number}.{not_taken}",
        f"route {chosen.id}",
        Where("route", chosen.id, "dial_string"),
    )
