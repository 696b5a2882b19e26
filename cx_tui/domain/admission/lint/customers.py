"""Rules that look at the records of one customer."""

from collections.abc import Iterator
from datetime import UTC, datetime

from cx_tui.domain.admission.call import Where
from cx_tui.domain.admission.cli_rules import presents
from cx_tui.domain.admission.facts import Address, CliRule, Customer, Direction, Endpoint, Route, SipUser
from cx_tui.domain.admission.lint.problems import Said
from cx_tui.domain.admission.networks import network_of_address
from cx_tui.domain.admission.numbers import is_exact
from cx_tui.domain.admission.patterns import check, compiled
from cx_tui.domain.admission.replacement import replacement
from cx_tui.domain.admission.world import World
from cx_tui.domain.kinds.base import BadValue
from cx_tui.domain.week import step_of

ANY_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
"""A zone that is known has a local time for any moment."""


def no_authentication(_world: World, customer: Customer) -> Iterator[Said]:
    """Nothing recognises the customer's calls."""
    sending = [
        one for one in customer.addresses if one.terms.enabled and one.terms.direction is Endpoint.SENDS
    ]
    if not sending and not any(user.enabled for user in customer.sip_users):
        yield "No enabled address or SIP user recognises its calls.", Where("ip", None, "address")


def no_route(_world: World, customer: Customer) -> Iterator[Said]:
    """Calls go nowhere."""
    if not any(route.terms.enabled for route in customer.routes):
        yield "It has no enabled ingress route.", Where("route", None, "card_id")


def no_channels(_world: World, customer: Customer) -> Iterator[Said]:
    """No call may be up."""
    if not customer.limits.channels:
        yield "It has 0 channels, so no call passes.", Where("customer", customer.id, "channels")


def sip_channels(_world: World, customer: Customer) -> Iterator[Said]:
    """The SIP users have more channels than the account."""
    total = sum(user.limits.channels for user in customer.sip_users)
    if total > customer.limits.channels:
        yield (
            f"Its SIP users have {total:,} channels together, and the account {customer.limits.channels:,}.",
            Where("sip-user", customer.sip_users[0].id, "channels"),
        )


def card_currency(world: World, customer: Customer) -> Iterator[Said]:
    """A card of a route or an inbound number is not there, or in another currency."""
    routes = ((f"Route #{one.id}", one.card_id, Where("route", one.id, "card_id")) for one in customer.routes)
    dids = (
        (f"The inbound number {one.number}", one.card_id, Where("did", one.id, "customer_card"))
        for one in customer.dids
        if one.card_id is not None
    )
    for what, card_id, where in (*routes, *dids):
        card = world.cards.get(card_id)
        if card is None:
            yield f"{what} has a rate card that is not there.", where
        elif card.currency != customer.terms.currency:
            yield (
                f"{what} has the rate card {card.name} in {card.currency}, and the customer is in "
                f"{customer.terms.currency}.",
                where,
            )


def empty_prefix_set(world: World, customer: Customer) -> Iterator[Said]:
    """A route takes only numbers of a set in which there are none."""
    for route in customer.routes:
        number = route.terms.prefix_set_id
        if number is None or not route.terms.enabled:
            continue
        prefixes = world.prefix_sets.get(number)
        if prefixes is None or not prefixes.prefixes:
            name = f"the prefix set {prefixes.name}" if prefixes else "its prefix set"
            yield (
                f"Route #{route.id} takes no number, as {name} has no prefixes.",
                Where("route", route.id, "prefix_set"),
            )


def no_carrier(world: World, customer: Customer) -> Iterator[Said]:
    """No carrier's card serves a route's card, or the route itself keeps all of them away."""
    for route in customer.routes:
        if route.terms.enabled and route.card_id in world.cards and not _may_use(world, route):
            yield (
                f"No active carrier is left for route #{route.id}.",
                Where("route", route.id, "lock_carriers"),
            )


def _may_use(world: World, route: Route) -> bool:
    for supply in world.supply.get(route.card_id, ()):
        card = world.cards.get(supply.carrier_card_id)
        carrier = world.carriers.get(card.carrier_id or 0) if card else None
        locked = route.terms.lock_carriers
        free = carrier is not None and carrier.active and carrier.id not in route.terms.exclude_carriers
        if carrier is not None and free and (not locked or carrier.id in locked):
            return True
    return False


def hidden_route(_world: World, customer: Customer) -> Iterator[Said]:
    """A route stands behind one that takes all of its numbers by the same card."""
    taken: dict[tuple[str, int], Route] = {}
    for route in customer.routes:
        if not route.terms.enabled:
            continue
        first = taken.get((route.tech_prefix, route.card_id))
        if first is not None:
            yield (
                f"Route #{route.id} is never used: #{first.id} before it takes all of its numbers.",
                Where("route", route.id, "enabled"),
            )
        elif not route.terms.dial_string and route.terms.prefix_set_id is None:
            taken[route.tech_prefix, route.card_id] = route


def several_forced(_world: World, customer: Customer) -> Iterator[Said]:
    """Of several forced CLI rules only the first one is ever used."""
    for direction in Direction:
        forced = [
            one for one in _rules(customer, direction) if one.forced and not one.dialled and presents(one)
        ]
        if len(forced) > 1:
            others = ", ".join(f"#{rule.id}" for rule in forced[1:])
            yield (
                f"Several CLI rules are forced: #{forced[0].id} is always used, and {others} never.",
                Where("cli-rule", forced[1].id, "forced"),
            )


def forced_nothing(_world: World, customer: Customer) -> Iterator[Said]:
    """A forced CLI rule has no number to show."""
    for rule in customer.cli_rules:
        if rule.forced and not presents(rule):
            yield (
                f"CLI rule #{rule.id} is forced but has no number to show; give it one to rewrite to.",
                Where("cli-rule", rule.id, "rewrite_cli"),
            )


def _rules(customer: Customer, direction: Direction) -> list[CliRule]:
    return [rule for rule in customer.cli_rules if rule.direction is direction]


def unproved(_world: World, customer: Customer) -> Iterator[Said]:
    """An address asks for CLI authentication, and no CLI rule says by which numbers."""
    for one in customer.addresses:
        if one.terms.cli_authentication and not _rules(customer, Direction.TERMINATION):
            yield (
                f"The address {network_of_address(one)} is told apart by CLI authentication, but there is no "
                "CLI rule: it recognises nobody.",
                Where("ip", one.id, "cli_authentication"),
            )


def broken_pattern(_world: World, customer: Customer) -> Iterator[Said]:
    """A regular expression is none, takes too long, or lacks a group that its replacement wants."""
    for kind, number, field, text, new in _patterns(customer):
        where = Where(kind, number, field)
        try:
            check(text)
            pattern = compiled(text)
        except BadValue as problem:
            yield f"The expression of {kind} #{number} can't be used: {problem}.", where
            continue
        missing = replacement(new, pattern.groups).missing(pattern.groups, pattern.names)
        if missing:
            yield f"{kind} #{number} writes {missing}, and its expression {text} has no such group.", where


def _patterns(customer: Customer) -> Iterator[tuple[str, int, str, str, str]]:
    """Every expression of a customer: the record, its field, the text, and what it is replaced by."""
    for route in customer.routes:
        if route.terms.dial_string:
            yield "route", route.id, "dial_string", route.terms.dial_string, ""
    for rule in customer.cli_rules:
        # Named groups come from any of the conditions, so that only an expression alone can lack one.
        alone = not rule.paid and not rule.dialled
        for field, text in (("cli", rule.cli), ("paid", rule.paid), ("dialled", rule.dialled)):
            if text and not is_exact(text):
                new = rule.rewrite_cli + rule.rewrite_paid if alone else ""
                yield "cli-rule", rule.id, field, text, new
    entries: list[Address | SipUser] = [*customer.addresses, *customer.sip_users]
    for one in (rule for entry in entries for rule in entry.rewrites if rule.regex):
        yield "rewrite", one.id, "current", one.current, one.new


def no_destination(_world: World, customer: Customer) -> Iterator[Said]:
    """An inbound number leads nowhere."""
    for did in customer.dids:
        if did.enabled and not did.destination:
            yield f"The inbound number {did.number} has no destination.", Where("did", did.id, "destination")
        elif did.enabled and did.outside:
            yield (
                f"The inbound number {did.number} goes to {did.destination}: calls that come in are not sent "
                "on to numbers outside.",
                Where("did", did.id, "destination_type"),
            )


def no_template(_world: World, customer: Customer) -> Iterator[Said]:
    """Invoices are made by a schedule, and nothing says how they look."""
    if customer.terms.untemplated:
        yield (
            "Its invoices are made by a schedule, but it has no invoice template.",
            Where("customer", customer.id, "invoice_template"),
        )


def broken_value(_world: World, customer: Customer) -> Iterator[Said]:
    """A value of the customer itself can't be used."""
    terms = customer.terms
    if terms.broken_toml:
        yield (
            "Its TOML does not parse, so no variable of it is known.",
            Where("customer", customer.id, "toml"),
        )
    if terms.allowed_times is None:
        return
    if not terms.allowed_times.bits:
        yield "It has no allowed time at all.", Where("customer", customer.id, "allowed_times")
    if step_of(ANY_MOMENT, terms.time_zone) is None:
        yield (
            f"The time zone {terms.time_zone} is not known here, so its allowed times let nothing pass.",
            Where("customer", customer.id, "time_zone"),
        )
