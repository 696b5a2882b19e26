"""How fast calls are decided, rules replayed and customers looked through, and what a million take."""

import gc
import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle, islice

import psutil
import pytest

from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.cli_rules import Caller
from cx_tui.domain.admission.engine import decide
from cx_tui.domain.admission.facts import (
    Account,
    Address,
    AddressTerms,
    Carrier,
    CliRule,
    Customer,
    Limits,
    RewriteRule,
    Route,
    SipUser,
    Supply,
)
from cx_tui.domain.admission.lint import problems_of
from cx_tui.domain.admission.patterns import PatternSet
from cx_tui.domain.admission.replay import replay
from cx_tui.domain.admission.world import World
from cx_tui.domain.rating.cards import Rate, RateCard, Side
from cx_tui.domain.rating.price import PLAIN, Tariff, price
from tests.bench.figures import Figures

pytestmark = pytest.mark.bench

CUSTOMERS = int(os.environ.get("CX_BENCH_ADMISSION", "100000"))
NOON = datetime(2026, 6, 16, 12, 0, tzinfo=UTC)
TARIFF = Tariff(50_000, 0, 60, 6)
TERMS = AddressTerms(limits=Limits(20, 5))
REWRITES = (
    RewriteRule(1, "destination", "00", ""),
    RewriteRule(2, "destination", "^0([1-9])", r"44\1", regex=True),
)
CLI_RULES = (CliRule(1, "^44[0-9]+$", rewrite_paid="$0"), CliRule(2, "15550100", forced=True))


def customers(count: int) -> World:
    """Customers with an address, a SIP user and a route each; some have CLI rules, some rewrite rules."""
    limits = Limits(30, 10)
    return World(
        Customer(
            id=n,
            name=f"Customer number {n}",
            limits=limits,
            account=Account(balance=1_000_000 * (n % 1000) + 1_000_000),
            addresses=(Address(n, n, 0x0A000000 + n, 32, TERMS, 4, REWRITES if n % 5 == 0 else ()),),
            sip_users=(SipUser(n, n, f"user{n}"),),
            routes=(Route(n, 1),),
            cli_rules=CLI_RULES if n % 3 == 0 else (),
        )
        for n in range(1, count + 1)
    )


def with_cards(world: World) -> World:
    """A selling card of 100,000 prefixes, and two carriers with as many."""
    prefixes = ["44", *(str(number) for number in range(100_000, 200_000))]
    for number, per_minute in ((1, 50_000), (2, 30_000), (3, 40_000)):
        tariff = Tariff(per_minute, 0, 60, 6)
        side = Side.CUSTOMER if number == 1 else Side.CARRIER
        rates = (Rate(n, prefix, tariff) for n, prefix in enumerate(prefixes))
        world.put_card(
            RateCard.of(rates, id=number, name=f"card {number}", currency="USD", side=side, carrier_id=number)
        )
        world.put_carrier(Carrier(number, f"carrier {number}"))
    world.put_supply(1, [Supply(1, 1, 2, 1), Supply(2, 1, 3, 2)])
    return world


def best(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of this thread that the work takes, the least of several times."""
    took = []
    for _ in range(times):
        began = time.thread_time()
        work()
        took.append(time.thread_time() - began)
    return min(took)


def decide_all(world: World, calls: list[Call]) -> None:
    """Decide calls as a server does: nothing of a decision is kept."""
    for call in calls:
        decide(world, call)


def trace_all(world: World, calls: list[Call]) -> None:
    """Decide calls and say why."""
    for call in calls:
        _ = decide(world, call).trace


def empty_gate(call: Call) -> tuple[int, Callable[[], Call]]:
    """A gate that looks at nothing."""
    return 0, lambda: call


def empty_gates(calls: list[Call]) -> None:
    """What fourteen gates cost that look at nothing."""
    gates = [empty_gate] * 14
    for call in calls:
        found = []
        for gate in gates:
            found.append(gate(call))  # noqa: PERF401  # as the engine does it


def test_decisions_in_one_thread(figures: Figures) -> None:
    world = with_cards(customers(2_000))
    lot = random.Random(1)
    calls = []
    for n in islice(cycle(range(1, 2_001)), 4_000):
        number = lot.choice(("441632960001", "00441632960001", "01632960001", "150000960001"))
        source = f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"
        user = f"user{n}" if n % 3 == 1 else ""
        calls.append(Call(dialled=number, cli=f"4420{n:08}", moment=NOON, source=source, user=user))
    gc.collect()
    gc.freeze()
    floor = best(lambda: empty_gates(calls)) / len(calls) * 1e6
    each = best(lambda: decide_all(world, calls)) / len(calls) * 1e6
    admitted = sum(decide(world, call).admitted for call in calls)
    figures.show(
        "one decision of many customers", each, "us", 1e6 / 30_000,
        f"{1e6 / each:,.0f} a second, {admitted / len(calls):.0%} admitted; empty gates {floor:.1f} us",
    )  # fmt: skip
    traced = best(lambda: trace_all(world, calls)) / len(calls) * 1e6
    figures.show("one decision with its trace in words", traced, "us")
    figures.all_met()


def test_replay_of_a_days_calls(figures: Figures) -> None:
    patterns = [f"^44{n}[0-9]{{5,10}}$" if n % 2 else f"{n}[05]$" for n in range(17)]
    rules = [
        *(CliRule(n, text, rewrite_paid="$0" if n % 4 == 1 else "") for n, text in enumerate(patterns)),
        CliRule(50, "442079460000"),
        CliRule(51, "^((?!^1(800|833)|[1-9]$).)*$"),
        CliRule(52, "15550100", forced=True, dialled="^44"),
    ]
    lot = random.Random(2)
    calls = [
        Caller(f"44{lot.randrange(10**9, 10**10)}", "", f"{lot.choice((44, 49))}{lot.randrange(10**9)}")
        for _ in range(100_000)
    ]
    together = PatternSet(patterns)
    floor = best(lambda: [together.found_in(caller.cli) for caller in calls], 3)
    seconds = best(lambda: replay(rules, calls), 3)
    figures.show(
        "100,000 calls through 20 CLI rules",
        seconds,
        "s",
        1,
        f"searching the expressions alone {floor:.2f} s",
    )
    print(f"\n  {replay(rules, calls).sentence}", end="")
    figures.all_met()


def test_rates_found_and_calls_priced(figures: Figures) -> None:
    card = with_cards(World()).cards[1]
    lot = random.Random(3)
    numbers = [str(lot.randrange(10**11, 2 * 10**11)) for _ in range(100_000)]
    table = dict.fromkeys(numbers)
    floor = best(lambda: [table[number] for number in numbers], 3) / len(numbers) * 1e6
    found = best(lambda: [card.rate_of(number, NOON) for number in numbers], 3) / len(numbers) * 1e6
    figures.show("a rate among 100,000 prefixes", found, "us", 5, f"one look into a dict {floor:.2f} us")
    priced = best(lambda: [price(TARIFF, PLAIN, talk).micros for talk in range(0, 10**8, 1000)], 3)
    figures.show("a call priced", priced / 100_000 * 1e6, "us")
    figures.all_met()


def test_memory_and_lint_of_a_million(figures: Figures) -> None:
    process = psutil.Process()
    gc.collect()
    before = process.memory_info().rss
    world = customers(CUSTOMERS)
    taken = process.memory_info().rss - before
    per_million = taken / CUSTOMERS * 1e6 / 1e9
    figures.show("a million customers with 2 million entries", per_million, "GB", 1.5, f"from {CUSTOMERS:,}")
    with_cards(world)
    gc.freeze()
    some = list(world.customers.values())[:20_000]
    seconds = best(lambda: [list(problems_of(world, one)) for one in some], 3) / len(some) * 1e6
    figures.show("lint of a million customers", seconds, "s", 60)
    figures.all_met()
