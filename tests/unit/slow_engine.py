"""The same decisions made slowly, straight from the document: lists, loops, `re`, `ipaddress`, Fractions.

Nothing of the engine is used but its facts and the reading of a number from a header.
"""

import ipaddress
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.facts import (
    Address,
    Carrier,
    CliRule,
    Customer,
    DialPattern,
    Did,
    Direction,
    Endpoint,
    Limits,
    PrefixSet,
    RewriteRule,
    Route,
    SipUser,
    Supply,
    UseDid,
)
from cx_tui.domain.admission.numbers import number_in
from cx_tui.domain.rating.cards import Rate, RateCard, Strategy
from cx_tui.domain.rating.price import Tariff
from cx_tui.domain.records.customer import AssertedId, Status

DAY = 86_400


@dataclass
class Facts:
    """Everything, in lists."""

    customers: list[Customer]
    cards: list[RateCard]
    carriers: list[Carrier]
    supply: list[Supply]
    prefix_sets: list[PrefixSet]
    channels: dict[tuple[str, int], int] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    tries: dict[tuple[int, str], tuple[int, datetime]] = field(default_factory=dict)


@dataclass
class Answer:
    """A decision."""

    gate: str = ""
    code: int = 0
    customer: int | None = None
    auth: str = ""
    route: int | None = None
    number: str = ""
    cli: str = ""
    paid: str = ""
    seconds: int = 0
    carriers: tuple[str, ...] = ()


def bare(number: str) -> str:
    """A number without + or 00."""
    return re.sub(r"^(\+|00)", "", number)


def fits(condition: str, number: str) -> re.Match[str] | bool:
    """Whether a condition of a rule holds."""
    if not condition:
        return True
    if re.fullmatch(r"\+?[0-9]+", condition):
        return bare(condition) == bare(number)
    return re.search(condition, number, re.ASCII) or False


def hidden(number: str) -> bool:
    """Whether a number says nothing."""
    return number.lower() in ("", "anonymous", "restricted", "unavailable", "unknown", "private")


def listed(rules: list[CliRule], dids: list[str], cli: str, paid: str, dialled: str) -> CliRule | None:
    """The first rule that matches."""
    for rule in rules:
        if not (fits(rule.cli, cli) and fits(rule.paid, paid) and fits(rule.dialled, dialled)):
            continue
        only_forces = rule.forced and not rule.cli and not rule.paid
        if (rule.use_did is UseDid.FILTER or only_forces) and bare(cli) not in dids:
            continue
        return rule
    return None


def filled(template: str, found: re.Match[str] | bool) -> str:
    """A replacement with groups: only $1 and \\1 are made here."""
    groups = found if isinstance(found, re.Match) else None
    return re.sub(r"[$\\]([0-9])", lambda one: (groups[int(one[1])] or "") if groups else "", template)


def billed(tariff: Tariff, seconds: int) -> int:
    """The seconds that are billed."""
    if seconds == 0:
        return 0
    total = tariff.minimum
    while total < seconds:
        total += max(1, tariff.pulse)
    return total


def sixtieths(tariff: Tariff, counted: int) -> int:
    """The exact cost of so many billed seconds, in sixtieths of a millionth."""
    return tariff.connect_fee * 60 + counted * tariff.per_minute


def cost(tariff: Tariff, seconds: int) -> Fraction:
    """The exact cost of a call, in millionths."""
    return Fraction(sixtieths(tariff, billed(tariff, seconds)), 60)


class Slow:
    """One question."""

    def __init__(self, facts: Facts, call: Call) -> None:
        self.facts, self.call = facts, call
        self.answer = Answer(
            number=number_in(call.dialled), cli=number_in(call.cli), paid=number_in(call.paid)
        )

    def decide(self) -> Answer:
        """The decision."""
        stopped = self._first_gate()
        if stopped:
            self.answer.gate, self.answer.code = stopped
            self.answer.seconds, self.answer.carriers = 0, ()
        return self.answer

    def _first_gate(self) -> tuple[str, int] | None:
        for gate in (self._who, self._account, self._numbers, self._capacity, self._caller, self._onward):
            stopped = gate()
            if stopped:
                return stopped
        return None

    def _who(self) -> tuple[str, int] | None:
        entry = self._entry()
        owners = [one for one in self.facts.customers if entry and one.id == entry.customer_id]
        if not entry or not owners:
            return "authentication", 403
        self.entry, self.customer = entry, owners[0]
        kind = {Address: "ip", SipUser: "sip-user", Did: "did"}[type(entry)]
        self.place = kind, entry.id
        self.answer.customer, self.answer.auth = self.customer.id, f"{kind} {entry.id}"
        return None

    def _entry(self) -> Address | SipUser | Did | None:
        call = self.call
        if call.direction is Direction.ORIGINATION:
            wanted = bare(number_in(call.dialled))
            found = [
                one
                for c in self.facts.customers
                for one in c.dids
                if bare(one.number) == wanted and one.enabled
            ]
            return found[0] if found else None
        if call.user:
            users = [one for c in self.facts.customers for one in c.sip_users if one.username == call.user]
            return users[0] if users and users[0].enabled else None
        source = ipaddress.ip_address(call.source)
        fitting = []
        for customer in self.facts.customers:
            for one in customer.addresses:
                if source in ipaddress.ip_network((one.network, one.length)) and self._takes(customer, one):
                    key = -one.length, -len(one.terms.tech_prefix), not one.terms.cli_authentication, one.id
                    fitting.append((key, one))
        return min(fitting, key=lambda one: one[0])[1] if fitting else None

    def _takes(self, customer: Customer, one: Address) -> bool:
        dialled, terms = number_in(self.call.dialled), one.terms
        if (
            not terms.enabled
            or terms.direction is not Endpoint.SENDS
            or not dialled.startswith(terms.tech_prefix)
        ):
            return False
        if not terms.cli_authentication:
            return True
        cli = number_in(self.call.cli)
        if not hidden(cli):
            cli = terms.cli_prefix + cli
        rules = [rule for rule in customer.cli_rules if rule.direction is Direction.TERMINATION]
        dids = [bare(did.number) for did in customer.dids]
        return not hidden(cli) and bool(listed(rules, dids, cli, number_in(self.call.paid), dialled))

    def _account(self) -> tuple[str, int] | None:
        one, moment, account = self.customer, self.call.moment, self.customer.account
        status = one.status
        if status is Status.PENALTY and one.penalty and one.penalty.until <= moment:
            status = one.penalty.before
        if status is not Status.ACTIVE:
            return "status", 403
        if (one.terms.verify_email and not one.email_verified) or (
            one.terms.verify_mobile and not one.mobile_verified
        ):
            return "verification", 403
        today = moment.astimezone(UTC).date()
        for contract in one.contracts:
            if (
                contract.required
                and not contract.signed
                and contract.grace_date
                and contract.grace_date < today
            ):
                return "contract", 403
        if one.terms.allowed_times is not None:
            there = moment.astimezone(ZoneInfo(one.terms.time_zone))
            minute = there.hour * 60 + there.minute
            windows = one.terms.allowed_times.windows()
            if not any(day == there.weekday() and a <= minute < b for day, a, b in windows):
                return "times", 403
        self.credit = account.balance + one.debit_limit - account.reserved
        self.at_zero = one.terms.inbound_at_zero and self.call.direction is Direction.ORIGINATION
        self.free = self._free_seconds(today) if self.credit > 0 or not self.at_zero else 0
        if self.credit <= 0 and not self.at_zero and not self.free:
            return "credit", 402
        self.left: int | None = None
        if one.daily_limit is not None:
            spent = account.spend if account.day == today else 0
            self.left = one.daily_limit - spent - account.reserved
            if self.left <= 0 and not self.free:
                return "daily limit", 402
        return None

    def _free_seconds(self, today: date) -> int:
        """What monthly packages from the first of a month on still pay of this call."""
        self._numbers()
        number = bare(self.entry.number if isinstance(self.entry, Did) else self.sent)
        account, total = self.customer.account, 0
        for one in self.customer.free:
            covers = not one.destinations or any(number.startswith(prefix) for prefix in one.destinations)
            known = [left.seconds for left in account.free_left if left.own_id == one.own_id]
            if self.rate and covers:
                total += known[0] if known else one.seconds
        return max(0, total - account.free_reserved)

    def _numbers(self) -> tuple[str, int] | None:
        """The numbers after rewriting, and the route: the gates of capacity look at that."""
        dialled, cli, entry = number_in(self.call.dialled), number_in(self.call.cli), self.entry
        pattern = DialPattern.E164
        rules: tuple[RewriteRule, ...] = ()
        self.emptied = False
        if isinstance(entry, Address):
            dialled = dialled[len(entry.terms.tech_prefix) :][entry.terms.strip_digits :]
            pattern, rules = entry.terms.dial_pattern, entry.rewrites
            if not hidden(cli):
                cli = entry.terms.cli_prefix + cli
        elif isinstance(entry, SipUser):
            rules = entry.rewrites
        dialled = self._rewritten(rules, "destination", dialled)
        self.cli = self._rewritten(rules, "cli", cli)
        if pattern is DialPattern.INTERNATIONAL:
            dialled = bare(dialled)
        self.dialled = dialled.removeprefix("+")
        self.route, self.sent, self.card, self.rate = self._routed()
        return None

    def _rewritten(self, rules: tuple[RewriteRule, ...], parameter: str, number: str) -> str:
        for rule in rules:
            if rule.parameter != parameter or not rule.enabled:
                continue
            if rule.regex:
                found = re.search(rule.current, number)
                after = number
                if found:
                    after = number[: found.start()] + filled(rule.new, found) + number[found.end() :]
            elif parameter == "cli" and not rule.current and hidden(number):
                after = number
            else:
                after = (
                    rule.new + number.removeprefix(rule.current)
                    if number.startswith(rule.current)
                    else number
                )
            if number and not after:
                self.emptied = True
                return number
            number = after
        return number

    def _routed(self) -> tuple[Route | None, str, RateCard | None, Rate | None]:
        if isinstance(self.entry, Did):
            card = self._card(self.entry.card_id)
            return None, self.entry.destination, card, self._rate(card, bare(self.entry.number))
        fitting = []
        for route in sorted(self.customer.routes, key=lambda one: -len(one.tech_prefix)):
            sent = self.dialled[len(route.tech_prefix) :]
            sets = [one for one in self.facts.prefix_sets if one.id == route.terms.prefix_set_id]
            inside = route.terms.prefix_set_id is None or any(
                sent.startswith(one) for s in sets for one in s.prefixes
            )
            if (
                route.terms.enabled
                and self.dialled.startswith(route.tech_prefix)
                and sent
                and inside
                and re.search(route.terms.dial_string, sent)
            ):
                card = self._card(route.card_id)
                fitting.append((route, sent, card, self._rate(card, sent)))
        priced = [one for one in fitting if one[3]]
        if priced:
            return priced[0]
        return fitting[0] if fitting else (None, self.dialled, None, None)

    def _card(self, id: int | None) -> RateCard | None:
        return next((one for one in self.facts.cards if one.id == id), None)

    def _rate(self, card: RateCard | None, number: str) -> Rate | None:
        moment = self.call.moment
        fitting = [
            one
            for one in (card.rates() if card else ())
            if number.startswith(one.prefix)
            and (one.valid_from is None or one.valid_from <= moment)
            and (one.valid_to is None or moment < one.valid_to)
        ]
        began = datetime(1, 1, 1, tzinfo=UTC)
        return max(fitting, key=lambda one: (len(one.prefix), one.valid_from or began, one.id), default=None)

    def _capacity(self) -> tuple[str, int] | None:
        places: list[tuple[tuple[str, int], Limits]] = [
            (("customer", self.customer.id), self.customer.limits)
        ]
        places.append(
            (self.place, self.entry.terms.limits if isinstance(self.entry, Address) else self.entry.limits)
        )
        if self.route:
            places.append((("route", self.route.id), self.route.terms.limits))
        for place, limits in places:
            used = self.facts.channels.get(place, 0)
            if (limits.channels or place[0] == "customer") and used >= limits.channels:
                return "channels", 503
        for place, limits in places:
            if (
                limits.flow_speed
                and self.facts.starts.get(place, 0) >= limits.flow_speed + limits.spike_buffer
            ):
                return "cps", 503
        self.answer.number, self.answer.cli = self.dialled, self.cli
        return ("rewrite", 484) if self.emptied else None

    def _caller(self) -> tuple[str, int] | None:
        one, paid = self.customer, number_in(self.call.paid)
        rules = [rule for rule in one.cli_rules if rule.direction is self.call.direction]
        dids = sorted({bare(did.number) for did in one.dids})
        cli, sent, wrote = self.cli, paid, False
        stopped = False
        rule = listed(rules, dids, cli, paid, self.dialled)
        if rule:
            found = fits(rule.cli, cli) if rule.cli else True
            cli = filled(rule.rewrite_cli, found) or cli
            sent = filled(rule.rewrite_paid, found) or paid
            wrote = bool(rule.rewrite_paid)
        elif rules:
            shows = [
                one
                for one in rules
                if one.forced
                and fits(one.dialled, self.dialled)
                and (re.fullmatch(r"[^$\\]+", one.rewrite_cli) or re.fullmatch(r"\+?[0-9]+", one.cli))
            ]
            if shows:
                cli = shows[0].rewrite_cli or shows[0].cli
                sent, wrote = shows[0].rewrite_paid or paid, bool(shows[0].rewrite_paid)
            else:
                stopped = True
        elif one.terms.approved_clis_only and self.call.direction is Direction.TERMINATION:
            stopped = True
        policy = one.terms.asserted_id
        if (policy is AssertedId.REMOVE and not wrote) or (
            policy in (AssertedId.IF_AVAILABLE, AssertedId.REQUIRED) and hidden(sent)
        ):
            sent = ""
        self.answer.cli, self.answer.paid = cli, sent
        if stopped or (policy is AssertedId.REQUIRED and hidden(sent)):
            return "cli", 403
        return None

    def _onward(self) -> tuple[str, int] | None:
        self.answer.number, self.answer.route = self.sent, self.route.id if self.route else None
        if isinstance(self.entry, Did):
            if not self.entry.destination:
                return "route", 404
            if self.entry.card_id is None:
                self.answer.seconds = self.entry.max_duration or DAY
                return None
            return self._priced(self.entry.max_duration or DAY)
        if not self.route:
            return "route", 404
        terms = self.route.terms
        words = self.rate.destination.lower().replace("-", " ").split() if self.rate else []
        if any(blocked.lower() in words for blocked in terms.block_destinations):
            return "route", 404
        count, last = self.facts.tries.get((self.route.id, self.sent), (0, self.call.moment))
        again = last + timedelta(seconds=terms.redial_period)
        if terms.redial_count and count >= terms.redial_count and self.call.moment < again:
            return "route", 404
        return self._priced(terms.max_duration or DAY) or self._carried(self.route)

    def _priced(self, most: int) -> tuple[str, int] | None:
        card, rate = self.card, self.rate
        if not card or card.currency != self.customer.terms.currency or not rate or rate.blocked:
            return "rate", 404
        spendable = self.credit if self.left is None else min(self.credit, self.left)
        if self.at_zero and self.credit <= 0:
            self.answer.seconds = most
            return None
        tariff = rate.tariff
        lengths = range(billed(tariff, 1), DAY + 1, max(1, tariff.pulse))

        def costs(n: int) -> int:
            return card.rules.charge(sixtieths(tariff, n - self.free)) if n > self.free else -DAY * 10**9

        # The longer the dearer: of the whole intervals, those that can be paid for come first.
        paid = bisect_right(lengths, spendable, key=costs)
        seconds = min(most, lengths[paid - 1]) if paid else 0
        if paid == len(lengths):
            seconds = most
        self.answer.seconds = seconds
        return ("rate", 402) if seconds < 1 else None

    def _carried(self, route: Route) -> tuple[str, int] | None:
        usable, losses = [], 0
        assert self.card
        assert self.rate
        for supply in sorted(self.facts.supply, key=lambda one: (one.priority, one.id)):
            card = self._card(supply.carrier_card_id)
            carrier = next((one for one in self.facts.carriers if card and one.id == card.carrier_id), None)
            if supply.card_id != self.card.id or not card or not carrier or not carrier.active:
                continue
            locked = route.terms.lock_carriers
            if carrier.id in route.terms.exclude_carriers or (locked and carrier.id not in locked):
                continue
            used = self.facts.channels.get(("carrier", carrier.id), 0)
            rate = self._rate(card, self.sent)
            if (carrier.limits.channels and used >= carrier.limits.channels) or not rate or rate.blocked:
                continue
            usual = self.customer.acd_seconds
            theirs = {n: card.attempt_fee + cost(rate.tariff, n) for n in (1, usual)}
            loss = any(theirs[n] > cost(self.rate.tariff, n) for n in theirs)
            if loss and card.currency == self.card.currency and not route.terms.allow_loss:
                losses += 1
            else:
                usable.append((carrier.name, theirs[usual]))
        if (route.terms.strategy or self.card.strategy) is Strategy.LEAST_COST:
            usable.sort(key=lambda one: one[1])
        self.answer.carriers = tuple(name for name, _ in usable)
        if usable:
            return None
        return ("rate", 404) if losses else ("carriers", 503)
