"""200 customers drawn by lot and thousands of calls: the engine decides as a slow twin does."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.engine import Decision, decide
from cx_tui.domain.admission.facts import (
    Account,
    Carrier,
    CliRule,
    Contract,
    Customer,
    DialPattern,
    Did,
    Direction,
    Endpoint,
    Limits,
    Penalty,
    PrefixSet,
    RewriteRule,
    SipUser,
    Supply,
    Terms,
    UseDid,
)
from cx_tui.domain.admission.gates import GATES
from cx_tui.domain.admission.world import World
from cx_tui.domain.money.free_minutes import Held, Left
from cx_tui.domain.rating.cards import Rate, Side, Strategy
from cx_tui.domain.rating.price import Rounding, Rules, Tariff
from cx_tui.domain.records.customer import AssertedId, Status
from cx_tui.domain.week import WeekKind
from tests.unit.slow_engine import Answer, Facts, Slow
from tests.unit.telecoms import NOON, address, card, cents, route

CUSTOMERS, CALLS = 200, 3_000
FIRST = date(2026, 6, 1)
NETWORKS = [
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.2.0/24",
    "10.1.2.3",
    "10.1.2.4",
    "2001:db8::/32",
    "10.2.0.0/15",
]
SOURCES = ["10.1.2.3", "10.1.2.4", "10.1.9.9", "10.2.1.1", "10.9.9.9", "2001:db8::1", "192.0.2.1"]
CLIS = ["441", "+442", "003", "anonymous", "", "07700", "sip:441@host;user=phone", "442079460000"]
NUMBERS = [
    "441632",
    "447700",
    "4479",
    "+441632",
    "00441632",
    "01632",
    "12025550100",
    "9944163",
    "1244",
    "88",
    "",
]
DAY = timedelta(days=1)


class Lot:
    """Draws the facts; most of what is drawn is in order, so that calls get far."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.ids = iter(range(1, 1_000_000))

    def often(self, usual: Any, *others: Any, share: float = 0.85) -> Any:
        """The usual, or sometimes one of the others."""
        return usual if self.random.random() < share else self.random.choice(others)

    def limits(self) -> Limits:
        """Limits that are seldom reached."""
        some = Limits(), Limits(2), Limits(0, 2), Limits(3, 2, 2)
        return some[self.often(0, 1, 2, 3, share=0.7)]

    def rewrites(self) -> tuple[RewriteRule, ...]:
        """Rules of an entry."""
        rules = [
            RewriteRule(1, "destination", "00", ""),
            RewriteRule(2, "destination", "^0([1-9])", r"44\1", True),
            RewriteRule(3, "cli", "^0+", "44", True),
            RewriteRule(4, "destination", "^1.*", "", True),
            RewriteRule(5, "destination", "44", "", enabled=False),
            RewriteRule(6, "cli", "+", ""),
        ]
        return tuple(self.random.sample(rules, self.often(0, 1, 2, 3, share=0.5)))

    def cli_rules(self) -> tuple[CliRule, ...]:
        """CLI rules of a customer."""
        clis = ["441", "+442", "^44", "7+00$", "", "(?i)^anon", "^(.*)$", "3"]
        return tuple(
            CliRule(
                next(self.ids),
                self.random.choice(clis),
                self.often("", "^9", "91", share=0.8),
                self.often("", "555", "777", share=0.7),
                self.often("", "888", share=0.7),
                self.often(False, True, share=0.7),
                self.often(Direction.TERMINATION, Direction.ORIGINATION),
                self.often("", "^44", share=0.8),
                self.often(UseDid.DISABLED, UseDid.FILTER),
            )
            for _ in range(self.often(0, 1, 2, 4, share=0.6))
        )

    def customer(self, id: int) -> Customer:
        """A customer."""
        draw = self.random
        week = WeekKind().parse("Mon-Fri 09:00-17:00")
        addresses = tuple(
            address(
                draw.choice(NETWORKS),
                next(self.ids),
                id,
                enabled=self.often(True, False),
                direction=self.often(Endpoint.SENDS, Endpoint.RECEIVES),
                limits=self.limits(),
                tech_prefix=self.often("", "99", "12", "9", share=0.6),
                cli_prefix=self.often("", "44"),
                strip_digits=self.often(0, 2),
                dial_pattern=self.often(DialPattern.E164, *DialPattern, share=0.6),
                cli_authentication=self.often(False, True, share=0.6),
                rewrites=self.rewrites(),
            )
            for _ in range(draw.choice((0, 1, 1, 2)))
        )
        users = (
            SipUser(
                next(self.ids), id, f"u{id}", self.often(True, False), self.limits(), (), self.rewrites()
            ),
        )
        routes = tuple(
            route(
                next(self.ids),
                draw.choice((1, 1, 2, 3, 99)),
                self.often("", "99", "12", "44", share=0.7),
                enabled=self.often(True, False),
                limits=self.limits(),
                dial_string=self.often("", "^44", "0$", share=0.8),
                prefix_set_id=self.often(None, 1, 2),
                lock_carriers=self.often((), (1,), (1, 2)),
                exclude_carriers=self.often((), (1,), (2, 3)),
                strategy=self.often(None, Strategy.LEAST_COST, share=0.6),
                max_duration=self.often(0, 60, 3600),
                redial_count=self.often(0, 2),
                redial_period=600,
                block_destinations=self.often((), ("mobile",)),
                allow_loss=self.often(False, True, share=0.6),
            )
            for _ in range(draw.choice((0, 1, 1, 2, 3)))
        )
        did = Did(
            next(self.ids),
            id,
            f"4420{id:06}",
            self.often(True, False),
            self.often("sip:x", ""),
            self.often(None, 1, 2, share=0.4),
            None,
            self.limits(),
            self.often(0, 60),
        )
        minutes = random.Random(id)
        return Customer(
            id=id,
            name=f"c{id}",
            status=self.often(Status.ACTIVE, *Status, share=0.9),
            limits=self.often(Limits(5), Limits(0), Limits(2, 2)),
            debit_limit=cents(self.often("0", "10", "-5")),
            daily_limit=self.often(None, cents("10"), cents("0.07")),
            terms=Terms(
                verify_email=self.often(False, True),
                verify_mobile=self.often(False, True, share=0.95),
                approved_clis_only=self.often(False, True, share=0.9),
                asserted_id=self.often(AssertedId.DEFAULT, *AssertedId, share=0.6),
                inbound_at_zero=draw.random() < 0.5,
                currency=self.often("USD", "EUR", share=0.95),
                time_zone=draw.choice(("UTC", "America/New_York", "Asia/Tokyo")),
                allowed_times=self.often(None, week),
            ),
            account=Account(
                cents(self.often("100", "0", "0.01", "5", "-3")),
                (NOON - DAY * draw.randrange(2)).date(),
                cents(self.often("0", "9.99", "10", share=0.5)),
                cents(self.often("0", "1", "0.01")),
                minutes.choice(((), (), (Left(1, FIRST, 0),), (Left(1, FIRST, 77), Left(2, FIRST, 9)))),
                minutes.choice((0, 0, 0, 30, 600)),
            ),
            email_verified=draw.random() < 0.5,
            mobile_verified=draw.random() < 0.5,
            penalty=self.often(None, Penalty(NOON), Penalty(NOON + DAY), share=0.5),
            contracts=self.often(
                (),
                (Contract(1, "a", NOON.date()),),
                (Contract(1, "a", NOON.date() - DAY), Contract(2, "b", NOON.date() - DAY, signed=True)),
            ),
            addresses=addresses,
            sip_users=users,
            routes=routes,
            cli_rules=self.cli_rules(),
            dids=(did,) if draw.random() < 0.5 else (),
            acd_seconds=draw.choice((6, 60, 180)),
            free=minutes.choice(
                ((), (), (), (Held(1, 600, FIRST, destinations=("44", "1")),), (Held(2, 61, FIRST),))
            ),
        )

    def rates(self) -> list[Rate]:
        """The rates of a card."""
        return [
            Rate(
                next(self.ids),
                prefix,
                Tariff(
                    cents(self.often("0.05", "0.04", "0", "3")),
                    cents(self.often("0", "0.01")),
                    *self.often((1, 1), (60, 6), (30, 60)),
                ),
                self.often("Land", "UK Mobile"),
                self.often(False, True),
                self.often(None, NOON, NOON - DAY),
                self.often(None, NOON, NOON + DAY),
            )
            for prefix in self.random.sample(["4", "44", "447", "4479", "1", "9", "44163", "4420"], 6)
        ]

    def facts(self) -> Facts:
        """A whole world."""
        rules = [
            Rules(self.random.choice(list(Rounding)), 1, self.random.choice(list(Rounding)), places)
            for places in (6, 2, 4, 6, 6)
        ]
        cards = [card(one, self.rates(), rules=rules[one - 1]) for one in (1, 2)]
        cards.append(card(3, self.rates(), rules=rules[2], currency="EUR"))
        for one, carrier in ((4, 1), (5, 2), (6, 3)):
            fee = self.often(0, cents("0.002"))
            cards.append(card(one, self.rates(), side=Side.CARRIER, carrier_id=carrier, attempt_fee=fee))
        cards[-1].currency = "EUR"
        supply = [
            Supply(next(self.ids), sold, bought, self.random.randrange(3))
            for sold in (1, 2, 3)
            for bought in (4, 5, 6)
        ]
        carriers = [
            Carrier(1, "A"),
            Carrier(2, "B", limits=Limits(3)),
            Carrier(3, "C", self.often(True, False)),
        ]
        facts = Facts(
            [self.customer(one) for one in range(1, CUSTOMERS + 1)],
            cards,
            carriers,
            supply,
            [PrefixSet(1, "UK", frozenset({"44", "1"}))],
        )
        for owner in facts.customers:
            kinds: dict[str, tuple[Any, ...]] = {
                "ip": owner.addresses,
                "sip-user": owner.sip_users,
                "route": owner.routes,
                "did": owner.dids,
            }
            places = [(kind, some.id) for kind, several in kinds.items() for some in several]
            for place in (("customer", owner.id), *places):
                facts.channels[place] = self.often(0, 1, 2, 3)
                facts.starts[place] = self.often(0, 1, 2, 3)
            for r in owner.routes:
                facts.tries[r.id, "441632"] = self.random.randrange(4), NOON - timedelta(minutes=5)
        facts.channels["carrier", 2] = self.random.randrange(5)
        return facts

    def call(self) -> Call:
        """A call, from an address, of a user, or to an inbound number."""
        draw = self.random
        one = Call(
            dialled=draw.choice(NUMBERS),
            cli=draw.choice(CLIS),
            paid=self.often("", "91", "<tel:+92>", "anonymous", share=0.5),
            moment=draw.choice(
                (NOON, NOON - timedelta(seconds=1), NOON.replace(hour=22), NOON.replace(hour=3))
            ),
            source=draw.choice(SOURCES),
        )
        how = draw.random()
        if how < 0.6:
            return replace(one, user=f"u{draw.randrange(1, CUSTOMERS + 5)}")
        if how < 0.75:
            number = f"{draw.choice(('+', '00', ''))}4420{draw.randrange(1, CUSTOMERS + 5):06}"
            return replace(one, dialled=number, direction=Direction.ORIGINATION, source="")
        return one


def world_of(facts: Facts) -> World:
    """The facts as the engine holds them."""
    made = World(facts.customers)
    for rate_card in facts.cards:
        made.put_card(rate_card)
        made.put_supply(rate_card.id, [one for one in facts.supply if one.card_id == rate_card.id])
    for carrier in facts.carriers:
        made.put_carrier(carrier)
    for prefixes in facts.prefix_sets:
        made.put_prefix_set(prefixes)
    made.live.channels, made.live.starts, made.live.tries = facts.channels, facts.starts, facts.tries
    return made


def answer(decision: Decision) -> Answer:
    """A decision in the words of the twin."""
    return Answer(
        decision.gate,
        decision.code,
        decision.customer.id if decision.customer else None,
        decision.auth,
        decision.route_id,
        decision.number,
        decision.cli,
        decision.paid,
        decision.seconds,
        tuple(offer.carrier.name for offer in decision.carriers),
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_engine_decides_as_its_slow_twin_does(seed: int) -> None:
    lot = Lot(seed)
    facts = lot.facts()
    some = world_of(facts)
    gates: Counter[str] = Counter()
    for _ in range(CALLS):
        call = lot.call()
        found = decide(some, call)
        assert answer(found) == Slow(facts, call).decide(), call
        assert len(found.trace) == len(GATES)
        gates[found.gate] += 1
    assert set(gates) == {"", *(gate.name for gate in GATES)}, "every gate has refused, and some calls passed"
