"""Every gate passed and refused: the code, the words, the rule, and where to change it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cx_tui.domain.admission.call import Step, Where
from cx_tui.domain.admission.engine import Decision, decide, why
from cx_tui.domain.admission.facts import (
    Account,
    Carrier,
    CliRule,
    Contract,
    Customer,
    Did,
    Direction,
    Limits,
    Penalty,
    PrefixSet,
    RewriteRule,
    SipUser,
    Supply,
    Terms,
)
from cx_tui.domain.admission.gates import GATES
from cx_tui.domain.admission.world import World
from cx_tui.domain.money.free_minutes import Held, Left
from cx_tui.domain.rating.cards import Side, Strategy
from cx_tui.domain.rating.price import exactly
from cx_tui.domain.records.customer import AssertedId, Status
from cx_tui.domain.week import WeekKind
from tests.unit.telecoms import (
    BUYING,
    CLI,
    DEAR,
    DIALLED,
    NOON,
    SELLING,
    SOURCE,
    address,
    call,
    card,
    cents,
    customer,
    decided,
    rate,
    route,
    tariff,
    with_rules,
    with_terms,
    world,
)

NAMES = [gate.name for gate in GATES]
DID = Did(5, 1, "442079460000", destination="sip:pbx@acme.example", card_id=SELLING)
SIP_USER = SipUser(7, 1, "ann", rewrites=(RewriteRule(1, "destination", "0", "44"),))


def step(decision: Decision, gate: str) -> Step:
    """What a gate found."""
    return decision.trace[NAMES.index(gate)]


def refusal(decision: Decision, gate: str, code: int) -> Step:
    """The step that refused: all before it passed, and the rest was not reached."""
    place = NAMES.index(gate)
    states = [one.state for one in decision.trace]
    assert (decision.gate, decision.code, decision.admitted) == (gate, code, False)
    assert states == ["passed"] * place + ["refused"] + ["not reached"] * (len(GATES) - place - 1)
    found = decision.trace[place]
    assert found.sentence == decision.sentence
    assert found.sentence.endswith(".")
    return found


def test_a_fine_call_passes_every_gate_and_says_all_about_itself() -> None:
    found = decided(customer())
    assert [one.state for one in found.trace] == ["passed"] * 14
    assert all(one.sentence.endswith(".") for one in found.trace)
    told = found.as_dict()
    alpha, beta = told.pop("carriers")
    assert alpha == {
        "name": "Alpha",
        "number": DIALLED,
        "rate": "0.030000",
        "cost": "0.03",
        "margin": "0.02",
        "currency": "USD",
    }
    assert (beta["name"], beta["margin"]) == ("Beta", "0.01")
    assert told == {
        "admitted": True,
        "code": 0,
        "gate": "",
        "sentence": "The call is admitted.",
        "customer": "Acme 1",
        "customer_id": 1,
        "auth": "ip 1",
        "route": "route 1",
        "dialled": DIALLED,
        "number": DIALLED,
        "cli": CLI,
        "paid": "",
        "seconds": 86_400,
        "delay": 0,
    }


def test_there_are_fourteen_gates_in_the_documented_order() -> None:
    assert NAMES == [
        "authentication", "status", "verification", "contract", "times", "credit", "daily limit", "channels",
        "cps", "rewrite", "cli", "route", "rate", "carriers",
    ]  # fmt: skip


# 1 authentication


def test_an_unknown_address_is_refused() -> None:
    found = refusal(decided(customer(), source="192.0.2.8"), "authentication", 403)
    assert found.sentence == "No customer has the address 192.0.2.8.  Add it on the card's Auth tab."
    assert found.where == Where("ip", None, "address")
    assert decided(customer(), source="").sentence == "No source was given."
    assert decided(customer(), source="x").sentence == '"x" is not an IP address.'


def test_a_sip_user_is_recognised_and_an_unknown_or_disabled_one_is_not() -> None:
    some = world(customer(sip_users=(SIP_USER,)))
    assert decided(some, source="", user="ann", dialled="01632960001").auth == "sip-user 7"
    assert refusal(decided(some, user="bob"), "authentication", 403).value == "bob"
    off = customer(sip_users=(SipUser(7, 1, "ann", enabled=False),))
    found = refusal(decided(off, user="ann"), "authentication", 403)
    assert (found.sentence, found.where) == ("The SIP user ann is disabled.", Where("sip-user", 7, "enabled"))


def test_a_sip_user_calls_only_from_its_allowed_addresses() -> None:
    some = customer(sip_users=(SipUser(7, 1, "ann", allowed_ips=("192.0.2.0/24", "2001:db8::/32")),))
    assert decided(some, user="ann", source="192.0.2.99").admitted
    assert decided(some, user="ann", source="2001:db8::1").admitted
    found = refusal(decided(some, user="ann", source="198.51.100.1"), "authentication", 403)
    assert "may not call from 198.51.100.1" in found.sentence


# 2 status


@pytest.mark.parametrize("status", [Status.INACTIVE, Status.PENDING_APPROVAL, Status.PENALTY])
def test_only_an_active_customer_calls(status: Status) -> None:
    found = refusal(decided(customer(status=status)), "status", 403)
    assert (found.value, found.where) == (status.label, Where("customer", 1, "status"))


def test_a_penalty_says_until_when_and_by_which_alert_and_lifts_by_itself() -> None:
    some = customer(status=Status.PENALTY, penalty=Penalty(NOON, "Low ASR"))
    found = refusal(decided(some, moment=NOON - timedelta(seconds=1)), "status", 403)
    assert "in Penalty by the alert Low ASR until 2026-06-16 12:00 UTC" in found.sentence
    assert decided(some, moment=NOON).admitted
    before = customer(status=Status.PENALTY, penalty=Penalty(NOON, before=Status.INACTIVE))
    assert refusal(decided(before), "status", 403).value == "Inactive"


# 3 verification


@pytest.mark.parametrize(
    ("asked", "known", "missing"),
    [
        ({"verify_email": True}, {}, "e-mail not verified"),
        ({"verify_mobile": True}, {}, "mobile number not verified"),
        ({"verify_email": True, "verify_mobile": True}, {}, "e-mail and mobile number not verified"),
        (
            {"verify_email": True, "verify_mobile": True},
            {"email_verified": True},
            "mobile number not verified",
        ),
    ],
)
def test_what_is_asked_for_must_be_verified(
    asked: dict[str, Any], known: dict[str, Any], missing: str
) -> None:
    assert refusal(decided(customer(terms=Terms(**asked), **known)), "verification", 403).value == missing


def test_a_verified_customer_passes() -> None:
    terms = Terms(verify_email=True, verify_mobile=True)
    assert decided(customer(terms=terms, email_verified=True, mobile_verified=True)).admitted


# 4 contract


def test_a_contract_stops_calls_when_its_last_day_of_grace_is_over() -> None:
    some = customer(contracts=(Contract(3, "Terms 2026", date(2026, 6, 16)),))
    assert decided(some, moment=NOON.replace(hour=23, minute=59)).admitted
    found = refusal(decided(some, moment=NOON.replace(day=17, hour=0)), "contract", 403)
    assert (found.rule, found.where) == ("contract 3", Where("contract", 3, "grace_date"))


@pytest.mark.parametrize(
    "contract",
    [
        Contract(1, "signed", date(2020, 1, 1), signed=True),
        Contract(1, "not required", date(2020, 1, 1), required=False),
        Contract(1, "no date"),
    ],
)
def test_a_contract_that_is_signed_not_required_or_without_date_stops_nothing(contract: Contract) -> None:
    assert decided(customer(contracts=(contract,))).admitted


def test_of_two_required_contracts_both_must_be_signed() -> None:
    signed = Contract(1, "A", date(2020, 1, 1), signed=True)
    assert refusal(
        decided(customer(contracts=(signed, Contract(2, "B", date(2020, 1, 1))))), "contract", 403
    ).rule == ("contract 2")


# 5 times


def test_calls_pass_inside_the_allowed_times_of_the_customers_zone() -> None:
    week = WeekKind().parse("Mon-Fri 09:00-12:30")
    some = with_terms(allowed_times=week, time_zone="Europe/London")
    assert decided(some, moment=NOON.replace(hour=8)).admitted
    assert decided(some, moment=NOON.replace(hour=11, minute=29)).admitted
    found = refusal(decided(some, moment=NOON.replace(hour=11, minute=30)), "times", 403)
    assert "Monday to Friday 09:00-12:30, London time" in found.sentence


# 6 credit


@pytest.mark.parametrize(
    ("balance", "limit", "reserved", "passes"),
    [
        ("0.01", "0", "0", True),
        ("0", "0", "0", False),
        ("-99.99", "100", "0", True),
        ("-100", "100", "0", False),
        ("5", "-5", "0", False),
        ("5.000001", "-5", "0", True),
        ("1", "0", "1", False),
    ],
)
def test_something_must_be_left_to_spend(balance: str, limit: str, reserved: str, passes: bool) -> None:
    account = Account(balance=cents(balance), reserved=cents(reserved))
    found = decided(customer(account=account, debit_limit=cents(limit)))
    assert (found.gate != "credit") is passes
    if not passes:
        assert refusal(found, "credit", 402).where == Where("customer", 1, "debit_limit")


def test_incoming_calls_may_pass_at_zero() -> None:
    broke = Account()
    did = Did(5, 1, "442079460000", destination="sip:pbx@acme.example")
    incoming = {"dialled": "+442079460000", "direction": Direction.ORIGINATION, "source": ""}
    assert refusal(decided(customer(account=broke, dids=(did,)), **incoming), "credit", 402)
    some = customer(account=broke, dids=(did,), terms=Terms(inbound_at_zero=True))
    assert decided(some, **incoming).admitted
    assert refusal(decided(some), "credit", 402)


def test_a_customer_who_calls_a_number_of_its_own_makes_two_calls_each_by_its_own_rules() -> None:
    some = customer(dids=(replace(DID, number="+441632960001"),))
    out = decided(some)
    assert (out.admitted, out.auth, out.route_id) == (True, "ip 1", 1)
    back = decided(some, direction=Direction.ORIGINATION, source="", cli=DIALLED)
    assert (back.admitted, back.auth, back.route_id) == (True, "did 5", None)
    assert back.number == "sip:pbx@acme.example"
    both = [place for found in (out, back) for place, _ in found.limits]
    assert both.count(("customer", 1)) == 2, "it takes two of the customer's channels"


FLAT = Held(9, 600, date(2026, 6, 1), destinations=("441",))


def with_minutes(*left: Left, balance: str = "0", reserved: int = 0, **changed: Any) -> Customer:
    """A customer with ten free minutes a month for numbers that begin with 441."""
    account = Account(balance=cents(balance), free_left=left, free_reserved=reserved)
    return customer(account=account, free=(FLAT,), **changed)


def test_free_minutes_are_credit_for_what_they_cover() -> None:
    found = decided(with_minutes())
    assert found.admitted
    assert found.seconds == 600, "and not a second more: there is no money"
    credit = step(found, "credit")
    assert credit.value == "10 min"
    assert credit.sentence == ("No credit is left, but 10 min are still free for this number.")
    assert "free minutes and the credit pay for 600 s" in step(found, "rate").sentence
    mobile = refusal(decided(with_minutes(), dialled="447700900123"), "credit", 402)
    assert mobile.sentence.startswith("No credit is left")


def test_free_minutes_that_are_used_up_or_reserved_are_no_credit() -> None:
    some = decided(with_minutes(Left(9, date(2026, 6, 1), 45)))
    assert some.seconds == 45
    assert refusal(decided(with_minutes(Left(9, date(2026, 6, 1), 0))), "credit", 402)
    assert refusal(decided(with_minutes(reserved=600)), "credit", 402)
    earlier = with_minutes(Left(9, date(2026, 5, 1), 0))
    assert decided(earlier).seconds == 600, "another month has minutes of its own"


def test_money_pays_on_when_free_minutes_end() -> None:
    assert decided(with_minutes(balance="0.05")).seconds == 660
    assert decided(with_minutes(balance="-5")).seconds == 600


def test_free_minutes_are_no_spend_of_a_day() -> None:
    account = Account(cents("5"), NOON.date(), cents("10"))
    some = customer(account=account, free=(FLAT,), daily_limit=cents("10"))
    found = decided(some)
    assert (found.admitted, found.seconds) == (True, 600)
    assert step(found, "daily limit").sentence.startswith(
        "The daily limit is reached, but 10 min are still free"
    )
    assert refusal(decided(some, dialled="447700900123"), "daily limit", 402)


def test_why_says_that_only_calls_with_free_minutes_pass() -> None:
    some = with_minutes()
    credit = next(one for one in why(world(some), some, NOON) if one.gate == "credit")
    assert (credit.state, credit.value) == ("passed", "10 min")
    assert "only calls that these cover pass" in credit.sentence


# 7 daily limit


def test_the_spend_of_today_must_be_below_the_daily_limit() -> None:
    account = Account(cents("100"), NOON.date(), cents("9.99"))
    some = customer(account=account, daily_limit=cents("10"))
    assert step(decided(some), "daily limit").value == "0.01 USD"
    account.spend = cents("10")
    found = refusal(decided(some), "daily limit", 402)
    assert found.value == "10.00 USD of 10.00 USD"
    assert decided(some, moment=NOON.replace(day=17, hour=0)).admitted


# 8 channels


def test_the_tightest_place_decides_about_channels() -> None:
    some = world(
        customer(
            limits=Limits(10),
            addresses=(address(limits=Limits(5)),),
            routes=(route(id=9, limits=Limits(2)),),
        )
    )
    counted = some.live.channels
    counted |= {("customer", 1): 1, ("ip", 1): 1, ("route", 9): 1}
    assert step(decided(some), "channels").value == "1 of 2"
    counted["route", 9] = 2
    found = refusal(decided(some), "channels", 503)
    assert (found.rule, found.where) == ("route 9", Where("route", 9, "channels"))
    counted["route", 9], counted["ip", 1] = 0, 5
    assert refusal(decided(some), "channels", 503).rule == "ip 1"
    counted["ip", 1], counted["customer", 1] = 0, 10
    assert refusal(decided(some), "channels", 503).where == Where("customer", 1, "channels")


def test_a_customer_without_channels_has_none_and_other_places_have_no_limit() -> None:
    found = refusal(decided(customer(limits=Limits(0))), "channels", 503)
    assert found.value == "0 channels"


def test_channels_and_calls_a_second_may_be_tried_out() -> None:
    some = customer(limits=Limits(10, 5))
    assert decided(some, channels=9, cps=4).admitted
    assert refusal(decided(some, channels=10), "channels", 503)
    assert refusal(decided(some, cps=5), "cps", 503)


# 9 calls a second


def test_a_place_starts_no_more_calls_a_second_than_it_may() -> None:
    some = world(customer(limits=Limits(10, 3), addresses=(address(limits=Limits(0, 2)),)))
    some.live.starts |= {("customer", 1): 1, ("ip", 1): 1}
    assert step(decided(some), "cps").value == "1 of 2 a second"
    some.live.starts["ip", 1] = 2
    found = refusal(decided(some), "cps", 503)
    assert (found.rule, found.where) == ("ip 1", Where("ip", 1, "flow_speed"))


def test_a_spike_buffer_delays_calls_instead_of_refusing_them() -> None:
    some = world(customer(routes=(route(id=9, limits=Limits(0, 2, 3)),)))
    delays = []
    for begun in range(5):
        some.live.starts["route", 9] = begun
        delays.append(decided(some).delay)
    assert delays == [0, 0, 1, 1, 2]
    assert "waits 2 seconds in the spike buffer" in step(decided(some), "cps").sentence
    some.live.starts["route", 9] = 5
    assert refusal(decided(some), "cps", 503)


# 10 rewrite


def test_the_entrys_rules_change_the_dialled_number_and_the_caller() -> None:
    rules = (
        RewriteRule(1, "destination", "^0([1-9])", r"44\1", regex=True),
        RewriteRule(2, "cli", "0", "44"),
    )
    found = decided(customer(addresses=(address(rewrites=rules),)), dialled="01632960001", cli="02079460000")
    assert (found.number, found.cli) == (DIALLED, CLI)
    assert found.dialled == "01632960001"
    assert step(found, "rewrite").rule == "rewrite 1, rewrite 2"


def test_a_rule_that_leaves_no_number_is_an_error() -> None:
    rules = (RewriteRule(8, "destination", ".*", "", regex=True),)
    found = refusal(decided(customer(addresses=(address(rewrites=rules),))), "rewrite", 484)
    assert (found.rule, found.where) == ("rewrite 8", Where("rewrite", 8, "new"))


def test_a_rule_that_cant_be_used_is_told_in_the_trace() -> None:
    rules = (RewriteRule(8, "destination", "(", "", regex=True),)
    found = decided(customer(addresses=(address(rewrites=rules),)))
    assert found.admitted
    assert "Rule #8 can't be used" in step(found, "rewrite").sentence


# 11 CLI


def test_a_caller_whom_no_rule_matches_is_refused() -> None:
    found = refusal(decided(with_rules(CliRule(4, "441"))), "cli", 403)
    assert found.sentence.startswith("CLI restriction in effect: no CLI rule matches 442079460000")


def test_a_matching_and_a_forced_rule_are_named() -> None:
    found = decided(with_rules(CliRule(4, "^44(.*)", rewrite_cli="0$1")))
    assert (found.cli, step(found, "cli").rule) == ("02079460000", "cli-rule 4")
    found = decided(with_rules(CliRule(4, "441", forced=True)))
    assert found.cli == "441"
    assert step(found, "cli").sentence == "No CLI rule matches 442079460000, so rule #4 forces 441."


def test_approved_clis_only_refuses_every_caller_without_a_rule() -> None:
    found = refusal(decided(with_terms(approved_clis_only=True)), "cli", 403)
    assert found.where == Where("customer", 1, "approved_clis_only")


def test_rules_for_incoming_calls_leave_outgoing_ones_alone() -> None:
    assert decided(with_rules(CliRule(4, "441", direction=Direction.ORIGINATION))).admitted


@pytest.mark.parametrize(
    ("policy", "sent"),
    [
        (AssertedId.DEFAULT, "441"),
        (AssertedId.REMOVE, ""),
        (AssertedId.IF_AVAILABLE, "441"),
        (AssertedId.REQUIRED, "441"),
    ],
)
def test_the_customer_says_what_becomes_of_a_p_asserted_id(policy: AssertedId, sent: str) -> None:
    assert decided(with_terms(asserted_id=policy), paid="<sip:441@host>").paid == sent


def test_a_hidden_p_asserted_id_is_dropped_where_only_available_ones_are_sent() -> None:
    assert decided(with_terms(asserted_id=AssertedId.IF_AVAILABLE), paid="anonymous").paid == ""
    assert decided(with_terms(), paid="anonymous").paid == "anonymous"


@pytest.mark.parametrize("paid", ["", "anonymous"])
def test_a_required_p_asserted_id_must_be_there(paid: str) -> None:
    found = refusal(decided(with_terms(asserted_id=AssertedId.REQUIRED), paid=paid), "cli", 403)
    assert found.sentence.startswith("P-Asserted-ID required")


def test_a_rule_may_supply_the_required_p_asserted_id_or_one_in_place_of_a_removed_one() -> None:
    for policy in (AssertedId.REQUIRED, AssertedId.REMOVE):
        some = with_rules(CliRule(4, ".*", rewrite_paid="441"), terms=Terms(asserted_id=policy))
        assert decided(some, paid="").paid == "441"


# 12 route


@pytest.mark.parametrize(
    ("routes", "words"),
    [
        ((), "has no ingress route"),
        ((route(enabled=False),), "Every route is disabled"),
        ((route(tech_prefix="99"),), "does not begin with its tech prefix 99"),
        ((route(dial_string="^49"),), "does not match its dial string ^49"),
        ((route(dial_string="("),), "its dial string can't be used"),
        ((route(prefix_set_id=1),), "is not in its prefix set Germany"),
        ((route(prefix_set_id=2),), "its prefix set is not there"),
        ((route(tech_prefix=DIALLED),), "no number is left behind its tech prefix"),
    ],
)
def test_a_number_that_no_route_takes_is_refused_with_each_reason(
    routes: tuple[Any, ...], words: str
) -> None:
    some = world(customer(routes=routes))
    some.put_prefix_set(PrefixSet(1, "Germany", frozenset({"49"})))
    assert words in refusal(decided(some), "route", 404).sentence


def test_the_tech_prefix_is_stripped_and_the_longest_one_tried_first() -> None:
    some = customer(routes=(route(1), route(2, tech_prefix="99"), route(3, tech_prefix="999")))
    found = decided(some, dialled=f"999{DIALLED}")
    assert (found.route_id, found.number) == (3, DIALLED)
    assert decided(some).route_id == 1


def test_a_route_that_fits_is_taken_in_the_order_of_the_list() -> None:
    some = world(customer(routes=(route(1, dial_string="^44"), route(2), route(3, prefix_set_id=1))))
    some.put_prefix_set(PrefixSet(1, "Germany", frozenset({"49"})))
    assert decided(some).route_id == 1
    assert decided(some, dialled="12025550100").gate == "carriers"


def test_a_route_without_a_rate_for_the_number_leaves_it_to_the_next() -> None:
    some = world(customer(routes=(route(1, card_id=4), route(2))))
    some.put_card(card(4, [rate("49")]))
    found = decided(some)
    assert found.route_id == 2
    assert "#1: its rate card has no rate for the number" in step(found, "route").sentence


def test_a_blocked_destination_type_is_refused() -> None:
    some = world(customer(routes=(route(block_destinations=("Mobile", "satellite")),)))
    some.put_card(card(SELLING, [rate("44", destination="United Kingdom Mobile - Vodafone")]))
    found = refusal(decided(some), "route", 404)
    assert found.where == Where("route", 1, "block_destinations")
    some.put_card(card(SELLING, [rate("44", destination="United Kingdom Automobile")]))
    assert decided(some).admitted


def test_the_next_redial_is_possible_one_period_after_the_last_try() -> None:
    some = world(customer(routes=(route(redial_count=3, redial_period=600),)))
    some.live.tries[1, DIALLED] = 3, NOON
    assert refusal(decided(some, moment=NOON + timedelta(seconds=599)), "route", 404).value == "3 tries"
    assert decided(some, moment=NOON + timedelta(seconds=600)).admitted
    some.live.tries[1, DIALLED] = 2, NOON
    assert decided(some).admitted


# 13 rate


def spoiled(rates: list[Any], **card_words: Any) -> Decision:
    """A call by a card with these rates."""
    some = world()
    some.put_card(card(SELLING, rates, **card_words))
    return decided(some)


def test_a_number_without_a_rate_is_refused() -> None:
    found = refusal(spoiled([rate("49")]), "rate", 404)
    assert found.where == Where("rate-card", SELLING)
    assert refusal(spoiled([rate("44", valid_to=NOON)]), "rate", 404)
    assert refusal(spoiled([rate("44", valid_from=NOON + timedelta(seconds=1))]), "rate", 404)
    assert spoiled([rate("44", valid_from=NOON)]).admitted


def test_a_blocked_prefix_inside_another_is_refused() -> None:
    some = [rate("44"), rate("4416", id=8, blocked=True)]
    found = refusal(spoiled(some), "rate", 404)
    assert (found.rule, found.value) == ("rate 8", "4416 blocked")


def test_a_card_in_another_currency_or_not_there_is_refused() -> None:
    assert (
        "is in EUR and the customer in USD"
        in refusal(spoiled([rate("44")], currency="EUR"), "rate", 404).sentence
    )
    assert refusal(decided(customer(routes=(route(card_id=99),))), "rate", 404).value == "no card"


def test_the_credit_must_pay_for_the_first_interval() -> None:
    some = world(customer(account=Account(balance=cents("0.05"))))
    some.put_card(card(SELLING, [rate("44", tariff=tariff("0.06", "0", 60, 60))]))
    found = refusal(decided(some), "rate", 402)
    assert found.sentence.startswith(
        "The first 60 s to 441632960001 cost 0.06 USD, and 0.05 USD of credit are left"
    )


def test_the_credit_and_the_daily_limit_say_how_long_the_call_may_last() -> None:
    account = Account(cents("1"), NOON.date(), cents("9.50"))
    assert decided(customer(account=account)).seconds == 1200
    assert decided(customer(account=account, daily_limit=cents("10"))).seconds == 600
    assert decided(customer(account=account, routes=(route(max_duration=60),))).seconds == 60
    account.reserved = cents("0.75")
    assert decided(customer(account=account)).seconds == 300


def test_ten_calls_at_once_share_the_credit_for_three() -> None:
    account = Account(balance=cents("0.15"))
    some = world(customer(account=account, routes=(route(max_duration=60),)))
    admitted = 0
    for _ in range(10):
        found = decided(some)
        admitted += found.admitted
        account.reserved += cents("0.05") if found.admitted else 0
    assert admitted == 3


@pytest.mark.parametrize("theirs", [tariff("0.06"), tariff("0.05", "0.01"), tariff("0.05", "0", 60, 60)])
def test_a_call_that_every_carrier_makes_a_loss_is_refused_unless_it_is_allowed(theirs: Any) -> None:
    def at_a_loss(**terms: Any) -> Decision:
        some = world(customer(routes=(route(**terms),)))
        for one, carrier in ((BUYING, 1), (DEAR, 2)):
            some.put_card(card(one, [rate("44", tariff=theirs)], side=Side.CARRIER, carrier_id=carrier))
        return decided(some)

    assert refusal(at_a_loss(), "rate", 404).where == Where("rate", 1, "per_minute")
    assert at_a_loss(allow_loss=True).admitted


def test_a_fee_for_each_attempt_makes_a_loss_and_counts_in_the_margin() -> None:
    def by(fee: str) -> World:
        some = world()
        for one, carrier in ((BUYING, 1), (DEAR, 2)):
            bought = card(
                one, [rate("44", "0.03")], side=Side.CARRIER, carrier_id=carrier, attempt_fee=cents(fee)
            )
            some.put_card(bought)
        return some

    # The shortest call pays 0.02 / 60 more than it costs; a usual one lasts a minute.
    assert refusal(decided(by("0.0004")), "rate", 404).where == Where("rate", 1, "per_minute")
    found = decided(by("0.0003"))
    assert [exactly(offer.margin or 0) for offer in found.carriers] == ["0.0197"] * 2


# 14 carriers


def carriers(decision: Decision) -> list[str]:
    """The names of the carriers in their order."""
    return [offer.carrier.name for offer in decision.carriers]


def test_carriers_stand_in_the_order_of_the_strategy() -> None:
    assert carriers(decided(customer())) == ["Alpha", "Beta"]
    some = world()
    some.put_supply(SELLING, [Supply(1, SELLING, BUYING, 2), Supply(2, SELLING, DEAR, 1)])
    assert carriers(decided(some)) == ["Beta", "Alpha"]
    some.cards[SELLING].strategy = Strategy.LEAST_COST
    assert carriers(decided(some)) == ["Alpha", "Beta"]


def test_by_percentage_carriers_come_first_as_often_as_their_share_says() -> None:
    some = world(customer(routes=(route(strategy=Strategy.PERCENTAGE),)))
    first = [carriers(decided(some, dialled=f"441632{n:06}"))[0] for n in range(1000)]
    assert 250 < first.count("Alpha") < 350
    assert first == [carriers(decided(some, dialled=f"441632{n:06}"))[0] for n in range(1000)]


def test_lock_and_exclude_choose_carriers_and_exclude_wins() -> None:
    assert carriers(decided(customer(routes=(route(lock_carriers=(2,)),)))) == ["Beta"]
    assert carriers(decided(customer(routes=(route(exclude_carriers=(1,)),)))) == ["Beta"]
    found = refusal(
        decided(customer(routes=(route(lock_carriers=(1,), exclude_carriers=(1,)),))), "carriers", 503
    )
    assert "Alpha: the route excludes it; Beta: the route is locked to others" in found.sentence


def test_a_carrier_that_loses_money_is_left_out_and_named() -> None:
    some = world()
    some.put_card(card(DEAR, [rate("44", "0.06")], side=Side.CARRIER, carrier_id=2))
    found = decided(some)
    assert carriers(found) == ["Alpha"]
    assert "Beta: it costs more than the customer pays" in step(found, "carriers").sentence


def test_a_carrier_that_is_full_inactive_or_without_a_rate_is_left_out() -> None:
    some = world()
    some.put_carrier(Carrier(1, "Alpha", limits=Limits(5, 2)))
    some.live.channels["carrier", 1] = 5
    assert carriers(decided(some)) == ["Beta"]
    some.live.channels["carrier", 1], some.live.starts["carrier", 1] = 4, 2
    assert carriers(decided(some)) == ["Beta"]
    some.put_carrier(Carrier(1, "Alpha", active=False))
    some.put_card(card(DEAR, [rate("49")], side=Side.CARRIER, carrier_id=2))
    found = refusal(decided(some), "carriers", 503)
    assert found.sentence == (
        "No carrier can take the call: Alpha: it is not active; Beta: no rate for the number on Card 3."
    )


def test_without_supply_there_is_no_carrier() -> None:
    some = world()
    some.put_supply(SELLING, [])
    assert refusal(decided(some), "carriers", 503).where == Where("rate-card", SELLING, "supply")


def test_a_carrier_in_another_currency_is_asked_without_a_margin() -> None:
    some = world()
    some.put_card(card(BUYING, [rate("44", "9")], side=Side.CARRIER, carrier_id=1, currency="EUR"))
    assert [offer.margin for offer in decided(some).carriers] == [None, 600_000]


# incoming calls


def incoming(some: Any, **changed: Any) -> Decision:
    """A call to an inbound number."""
    return decided(
        some, **{"dialled": "+442079460000", "direction": Direction.ORIGINATION, "source": ""} | changed
    )


def test_an_incoming_call_goes_to_the_destination_of_its_number() -> None:
    found = incoming(customer(dids=(DID,)))
    assert (found.admitted, found.auth, found.number) == (True, "did 5", "sip:pbx@acme.example")
    assert (found.carriers, found.route_id, found.seconds) == ((), None, 86_400)


def test_an_incoming_call_is_refused_without_number_destination_or_carrier() -> None:
    some = customer(dids=(DID,))
    assert refusal(incoming(some, dialled="449"), "authentication", 403)
    assert refusal(incoming(customer(dids=(Did(5, 1, "442079460000"),))), "route", 404)
    outside = Did(5, 1, "442079460000", destination="+33199", outside=True)
    found = refusal(incoming(customer(dids=(outside,))), "route", 404)
    assert "not sent on to numbers outside" in found.sentence
    off = customer(dids=(Did(5, 1, "442079460000", enabled=False),))
    assert "it is disabled" in refusal(incoming(off), "authentication", 403).sentence
    assert incoming(some, source="203.0.113.9").admitted
    assert "no active carrier" in refusal(incoming(some, source=SOURCE), "authentication", 403).sentence
    other = customer(dids=(Did(5, 1, "442079460000", destination="x", carrier_id=2),))
    found = refusal(incoming(other, source="203.0.113.9"), "authentication", 403)
    assert "Alpha is not the carrier of the number" in found.sentence


def test_an_inbound_number_has_channels_of_its_own() -> None:
    some = world(customer(dids=(Did(5, 1, "442079460000", destination="x", limits=Limits(1)),)))
    some.live.channels["did", 5] = 1
    assert refusal(incoming(some), "channels", 503).rule == "did 5"


# why


def stopped(some: Customer, **setup: Any) -> dict[str, str]:
    """What stops a customer without any call: gate and value."""
    made = world(some)
    return {one.gate: one.value for one in why(made, some, NOON) if one.state == "refused"}


def test_nothing_stops_a_fine_customer_and_two_gates_need_a_call() -> None:
    some = customer()
    steps = why(world(some), some, NOON)
    assert [one.gate for one in steps] == NAMES
    assert {one.gate for one in steps if one.state == "not reached"} == {"rewrite", "cli"}
    assert stopped(some) == {}


def test_everything_that_stops_a_customer_is_told_at_once() -> None:
    some = customer(
        status=Status.INACTIVE,
        limits=Limits(0),
        account=Account(),
        addresses=(),
        routes=(),
        terms=Terms(verify_email=True),
    )
    assert stopped(some) == {
        "authentication": "none",
        "status": "Inactive",
        "verification": "e-mail not verified",
        "credit": "0.00 USD",
        "channels": "0 channels",
        "route": "none",
        "rate": "no card",
        "carriers": "none",
    }


@pytest.mark.parametrize(
    ("some", "gate", "value"),
    [
        (customer(addresses=(address(enabled=False),)), "authentication", "all disabled"),
        (customer(routes=(route(enabled=False),)), "route", "all disabled"),
        (customer(routes=(route(card_id=99),)), "rate", "no card"),
        (with_terms(currency="EUR"), "rate", "Card 1, USD"),
        (customer(routes=(route(exclude_carriers=(1, 2)),)), "carriers", "none"),
    ],
)
def test_a_customer_is_stopped_by_what_its_records_are(some: Customer, gate: str, value: str) -> None:
    assert stopped(some)[gate] == value


def test_a_card_without_rates_stops_a_customer() -> None:
    some = customer()
    made = world(some)
    made.put_card(card(SELLING, []))
    assert [one.gate for one in why(made, some, NOON) if one.state == "refused"] == ["rate"]


def test_asking_changes_nothing() -> None:
    some = world(customer(routes=(route(redial_count=3, redial_period=60),)))
    before = repr((some.live, some.customers[1].account))
    first = decide(some, call()).as_dict()
    for _ in range(1000):
        assert decide(some, call()).as_dict() == first
    assert repr((some.live, some.customers[1].account)) == before
