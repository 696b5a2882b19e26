"""Rows of the records as facts of the engine; what many of them have in common is one object."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache, partial
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from cx_tui.domain.admission import facts
from cx_tui.domain.admission.networks import network_of
from cx_tui.domain.kinds import Labelled
from cx_tui.domain.money.free_minutes import Held, Left
from cx_tui.domain.rating import cards, price
from cx_tui.domain.rating.money import micros
from cx_tui.domain.records.carrier import CarrierStatus
from cx_tui.domain.records.customer import AssertedId, InvoiceSchedule
from cx_tui.domain.records.did import DidDestination
from cx_tui.domain.records.ip import EndpointDirection
from cx_tui.domain.records.rewrite import Matching
from cx_tui.domain.records.signalling import DialPattern
from cx_tui.domain.sip_passwords import ha1, realm_of
from cx_tui.domain.week import Week

T = TypeVar("T", bound=Hashable)
Rows = Mapping[int, Sequence[Any]]
NOTHING: Sequence[Any] = ()


class Minutes(NamedTuple):
    """Free minutes by the numbers of customers: their packages, and what is left of them."""

    held: Mapping[int, Sequence[Held]]
    left: Mapping[int, tuple[Left, ...]]


# What many rows have in common: the columns that the functions of `Facts` make one object of.
TERMS = attrgetter(
    "currency", "verify_email", "verify_mobile", "approved_clis_only", "asserted_id", "time_zone",
    "allowed_times", "invoice_schedule", "invoice_template", "toml_broken",
)  # fmt: skip
ADDRESS_TERMS = attrgetter(
    "direction", "enabled", "channels", "flow_speed", "tech_prefix", "cli_prefix", "strip_digits",
    "dial_pattern", "cli_authentication",
)  # fmt: skip
ROUTE_TERMS = attrgetter(
    "enabled", "channels", "flow_speed", "spike_buffer", "dial_string", "prefix_set", "lock_carriers",
    "exclude_carriers", "max_duration", "redial_count", "redial_period", "block_types", "allow_loss",
)  # fmt: skip


class Facts:
    """Makes facts of rows."""

    def __init__(self) -> None:
        self._same: dict[Hashable, Any] = {}
        self._limits = cache(facts.Limits)
        self._terms = cache(_terms)
        self._address_terms = cache(partial(_address_terms, self._limits))
        self._route_terms = cache(partial(_route_terms, self._limits))

    def _one(self, value: T) -> T:
        """The same object for equal values."""
        made: T = self._same.setdefault(value, value)
        return made

    def customer(self, row: Any, of: Mapping[str, Rows], contracts: Rows, minutes: Minutes) -> facts.Customer:
        """A customer with everything of theirs."""

        def mine(record: str) -> Sequence[Any]:
            return of[record].get(row.id, NOTHING) if record in of else NOTHING

        rules = [(rule.ip, rule.sip_user, rewrite_rule(rule)) for rule in mine("rewrite")]
        by_ip = partial(_of_entry, rules, 0)
        by_user = partial(_of_entry, rules, 1)
        addresses = (self.address(one, row.id, by_ip) for one in mine("ip"))
        return facts.Customer(
            id=row.id,
            name=row.name,
            status=row.status,
            limits=self._limits(row.channels, row.flow_speed),
            debit_limit=micros(row.debit_limit),
            daily_limit=None if row.daily_limit is None else micros(row.daily_limit),
            terms=self._terms(*TERMS(row)),
            account=facts.Account(
                micros(row.balance), row.day, micros(row.day_spend), free_left=minutes.left.get(row.id, ())
            ),
            email_verified=row.emails_verified > 0,
            mobile_verified=row.mobiles_verified > 0,
            contracts=tuple(map(_contract, contracts.get(row.id, NOTHING))),
            addresses=tuple(address for address in addresses if address),
            sip_users=tuple(self._user(one, row.id, by_user) for one in mine("sip-user")),
            routes=tuple(self._route(one) for one in mine("route") if one.rate_card is not None),
            cli_rules=tuple(map(cli_rule, mine("cli-rule"))),
            dids=tuple(self._did(one, row.id) for one in mine("did")),
            acd_seconds=int(row.acd or 60),
            free=tuple(minutes.held.get(row.id, ())),
        )

    def address(
        self, row: Any, customer_id: int, rewrites: Callable[[int], tuple[facts.RewriteRule, ...]]
    ) -> facts.Address | None:
        """An address; a host name is none: calls only go there."""
        network = network_of(row.address)
        if network is None:
            return None
        return facts.Address(
            row.id, customer_id, network.number, network.length, self._address_terms(*ADDRESS_TERMS(row)),
            network.family, rewrites(row.id),
        )  # fmt: skip

    def _user(
        self, row: Any, customer_id: int, rewrites: Callable[[int], tuple[facts.RewriteRule, ...]]
    ) -> facts.SipUser:
        allowed = self._one(tuple(row.allowed_ips))
        digests = b"".join(map(bytes.fromhex, ha1(row.password)))
        return facts.SipUser(
            row.id, customer_id, row.username, row.enabled, self._limits(row.channels, row.flow_speed),
            allowed, rewrites(row.id), self._one(realm_of(row.password)), digests,
        )  # fmt: skip

    def _route(self, row: Any) -> facts.Route:
        return facts.Route(row.id, row.rate_card, row.tech_prefix, self._route_terms(*ROUTE_TERMS(row)))

    def _did(self, row: Any, customer_id: int) -> facts.Did:
        return facts.Did(
            row.id, customer_id, row.number, row.enabled, row.destination, row.customer_card, row.carrier,
            self._limits(row.channels, row.flow_speed), row.max_duration,
            row.destination_type is DidDestination.EXTERNAL,
        )  # fmt: skip

    def card(self, row: Any, rates: Sequence[Any]) -> cards.RateCard:
        """A rate card with rates."""
        rules = price.Rules(
            price.Rounding[row.duration_rounding.name], row.duration_step or 1,
            price.Rounding[row.cost_rounding.name], row.cost_decimals,
        )  # fmt: skip
        return cards.RateCard.of(
            (self.rate(row, rate) for rate in rates), id=row.id, name=row.name, currency=row.currency,
            side=cards.Side.of_value(row.side.value), rules=self._one(rules), carrier_id=row.carrier,
            strategy=cards.Strategy[row.strategy.name], attempt_fee=micros(row.attempt_fee),
        )  # fmt: skip

    def rate(self, card: Any, row: Any) -> cards.Rate:
        """A rate; what it leaves open is the card's."""
        tariff = price.Tariff(
            micros(row.rate),
            micros(_or(row.connect_fee, card.connect_fee)),
            _or(row.minimum, card.minimum),
            _or(row.pulse, card.pulse),
        )
        return cards.Rate(
            row.id, row.prefix, self._one(tariff), row.destination, row.blocked, row.valid_from, row.valid_to
        )

    def carrier(self, row: Any) -> facts.Carrier:
        """Who takes calls on."""
        active = row.status is CarrierStatus.ACTIVE
        return facts.Carrier(
            row.id, row.name, active, self._limits(row.channels, row.flow_speed), tuple(row.addresses),
            row.protocol.value, row.port, row.tech_prefix,
        )  # fmt: skip


def _terms(
    currency: str, verify_email: bool, verify_mobile: bool, approved_clis_only: bool, asserted_id: AssertedId,
    time_zone: str, allowed_times: Week | None, schedule: InvoiceSchedule, template: int | None, broken: bool,
) -> facts.Terms:  # fmt: skip
    untemplated = schedule is not InvoiceSchedule.NONE and template is None
    return facts.Terms(
        currency, verify_email, verify_mobile, approved_clis_only, asserted_id, False, time_zone,
        allowed_times, untemplated, broken,
    )  # fmt: skip


def _address_terms(
    limits: Callable[[int, int], facts.Limits], direction: EndpointDirection, enabled: bool, channels: int,
    flow_speed: int, tech_prefix: str, cli_prefix: str, strip_digits: int, dial_pattern: DialPattern,
    cli_authentication: bool,
) -> facts.AddressTerms:  # fmt: skip
    return facts.AddressTerms(
        facts.Endpoint.of_value(direction.value), enabled, limits(channels, flow_speed), tech_prefix,
        cli_prefix, strip_digits, facts.DialPattern.of_value(dial_pattern.value), cli_authentication,
    )  # fmt: skip


def _route_terms(
    limits: Callable[[int, int, int], facts.Limits], enabled: bool, channels: int, flow_speed: int,
    spike_buffer: int, dial_string: str, prefix_set: int | None, locked: tuple[int, ...],
    excluded: tuple[int, ...], max_duration: int, redial_count: int, redial_period: int,
    blocked: tuple[Labelled, ...], allow_loss: bool,
) -> facts.RouteTerms:  # fmt: skip
    return facts.RouteTerms(
        enabled=enabled, limits=limits(channels, flow_speed, spike_buffer), dial_string=dial_string,
        prefix_set_id=prefix_set, lock_carriers=locked, exclude_carriers=excluded,
        max_duration=max_duration, redial_count=redial_count, redial_period=redial_period,
        block_destinations=tuple(kind.value for kind in blocked), allow_loss=allow_loss,
    )  # fmt: skip


def prefix_set(row: Any) -> facts.PrefixSet:
    """Beginnings of numbers."""
    return facts.PrefixSet(row.id, row.name, frozenset(row.prefixes))


def supply(row: Any) -> facts.Supply:
    """A carrier's card that serves a customer's."""
    return facts.Supply(row.id, row.rate_card_id, row.carrier_card, row.priority, int(row.share))


def _or(value: Any, otherwise: Any) -> Any:
    return otherwise if value is None else value


def _of_entry(
    rules: Sequence[tuple[int | None, int | None, facts.RewriteRule]], which: int, entry_id: int
) -> tuple[facts.RewriteRule, ...]:
    """The rewrite rules of one entry."""
    return tuple(rule[2] for rule in rules if rule[which] == entry_id)


def rewrite_rule(row: Any) -> facts.RewriteRule:
    """A rewrite rule."""
    return facts.RewriteRule(
        row.id, row.parameter.value, row.current, row.new, row.match is Matching.REGEX, row.enabled
    )


def _contract(row: Any) -> facts.Contract:
    return facts.Contract(row.id, row.name, row.grace_date, row.required, row.signed_at is not None)


def cli_rule(row: Any) -> facts.CliRule:
    """A CLI rule."""
    return facts.CliRule(
        row.id, row.cli, row.paid_match, row.rewrite_cli, row.rewrite_paid, row.forced,
        facts.Direction.of_value(row.direction.value), row.dialled, facts.UseDid.of_value(row.use_did.value),
    )  # fmt: skip
