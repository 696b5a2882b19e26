"""CLI rules: which callers pass, and as what."""

import random

import pytest

from cx_tui.domain.admission.cli_rules import Caller, Rules, Shown, presents
from cx_tui.domain.admission.facts import CliRule, Direction, UseDid
from cx_tui.domain.admission.replay import flip, replay

ME, OTHER, THIRD = "111111111111", "222222222222", "333333333333"


def show(
    rules: list[CliRule], cli: str, paid: str = "", dialled: str = "441632", dids: tuple[str, ...] = ()
) -> Shown:
    """What the rules make of a caller."""
    return Rules(rules, dids).show(Caller(cli, paid, dialled))


@pytest.mark.parametrize(
    ("number", "cli", "rewrite", "shown"),
    [
        ("123456789", "^1234", "", "123456789"),
        ("123456789", "789$", "", "123456789"),
        ("12345678912", "^[0-9]{11,12}$", "", "12345678912"),
        ("+123456789", r"^\+([0-9]+)$", r"\1", "123456789"),
        ("01782123456", "^0([1-9]+)$", r"44\1", "441782123456"),
    ],
)
def test_the_rows_of_the_documented_table_behave_as_printed(
    number: str, cli: str, rewrite: str, shown: str
) -> None:
    found = show([CliRule(1, cli, rewrite_cli=rewrite)], number)
    assert found.cli == shown
    assert found.result == ("rewritten" if rewrite else "passed")


@pytest.mark.parametrize(
    ("number", "cli"),
    [
        ("223456789", "^1234"),
        ("123456780", "789$"),
        ("1234567891", "^[0-9]{11,12}$"),
        ("123456789", r"^\+([0-9]+)$"),
        ("1782123456", "^0([1-9]+)$"),
    ],
)
def test_the_rows_of_the_documented_table_block_all_others(number: str, cli: str) -> None:
    assert show([CliRule(1, cli)], number).result == "blocked"


def test_without_a_rule_everybody_passes_and_the_first_rule_turns_that_round() -> None:
    assert show([], OTHER) == ("passed", OTHER, "", None)
    assert show([CliRule(1, ME)], OTHER).result == "blocked"
    assert show([CliRule(1, ME)], ME).result == "passed"


def test_approved_clis_only_blocks_everybody_until_there_is_a_rule() -> None:
    caller = Caller(ME, "", "44")
    assert Rules([], approved_only=True).show(caller).result == "blocked"
    assert Rules([CliRule(1, ME)], approved_only=True).show(caller).result == "passed"


@pytest.mark.parametrize("cli", ["+441632960001", "00441632960001", "441632960001"])
@pytest.mark.parametrize("listed", ["+441632960001", "441632960001", "00441632960001"])
def test_a_listed_number_is_the_same_in_all_its_forms(cli: str, listed: str) -> None:
    assert show([CliRule(1, listed)], cli) == ("passed", cli, "", CliRule(1, listed))


def test_digits_alone_are_one_number_and_an_expression_is_found_anywhere() -> None:
    assert show([CliRule(1, "44")], "1440").result == "blocked"
    assert show([CliRule(1, "4{2}")], "1440").result == "passed"
    assert show([CliRule(1, "^4{2}")], "1440").result == "blocked"


@pytest.mark.parametrize("cli", ["anonymous", "", "Restricted"])
def test_a_hidden_caller_passes_only_by_a_rule_that_says_so(cli: str) -> None:
    assert show([CliRule(1, "^[0-9]+$")], cli).result == "blocked"
    assert show([CliRule(1, "(?i)^(anonymous|restricted)?$")], cli).result == "passed"


def test_the_first_rule_of_the_list_that_matches_decides() -> None:
    rules = [CliRule(1, "^44", rewrite_cli="A"), CliRule(2, "441632", rewrite_cli="B")]
    assert show(rules, "441632").cli == "A"
    assert show(rules[::-1], "441632").cli == "B"


def test_an_expression_replaces_the_whole_number() -> None:
    assert show([CliRule(1, "^1", rewrite_cli=OTHER)], ME).cli == OTHER
    assert show([CliRule(1, "^9(.*)$", rewrite_cli="44$1")], "9123456789").cli == "44123456789"


def test_an_inverted_expression_blocks_freephone_numbers() -> None:
    rule = CliRule(1, "^((?!^1(800|833|844|855|866|877|888)).)*$")
    assert show([rule], "18885550100").result == "blocked"
    assert show([rule], "12125550100").result == "passed"


def test_a_forced_number_is_shown_for_callers_whom_no_rule_matches() -> None:
    rules = [CliRule(1, ME, forced=True), CliRule(2, OTHER)]
    assert show(rules, THIRD) == ("forced", ME, "", rules[0])
    assert show(rules, OTHER).result == "passed"


def test_a_caller_who_shows_the_forced_number_passes_unchanged() -> None:
    rules = [CliRule(1, ME, forced=True)]
    assert show(rules, ME) == ("passed", ME, "", rules[0])


def test_of_several_forced_rules_the_first_one_decides() -> None:
    assert show([CliRule(1, ME, forced=True), CliRule(2, OTHER, forced=True)], THIRD).cli == ME


def test_a_forced_expression_without_a_number_to_show_is_passed_over() -> None:
    rules = [CliRule(1, "^44", forced=True), CliRule(2, "^49(.*)", rewrite_cli="$1", forced=True)]
    assert show(rules, THIRD).result == "blocked"
    assert show([*rules, CliRule(3, ME, forced=True)], THIRD).cli == ME
    assert [presents(rule) for rule in (*rules, CliRule(3, ME))] == [False, False, True]


def test_a_forced_rule_may_show_what_it_rewrites_to() -> None:
    assert show([CliRule(1, "", rewrite_cli=ME, forced=True)], THIRD) == (
        "forced", ME, "", CliRule(1, "", rewrite_cli=ME, forced=True),
    )  # fmt: skip


def test_both_conditions_of_a_rule_must_hold() -> None:
    rules = [CliRule(1, ME, paid=OTHER)]
    assert show(rules, ME, OTHER).result == "passed"
    assert show(rules, ME, THIRD).result == "blocked"
    assert show(rules, ME).result == "blocked"


def test_a_hidden_caller_passes_by_its_p_asserted_id() -> None:
    rules = [CliRule(1, paid="^441632")]
    assert show(rules, "anonymous", "441632960001").result == "passed"
    assert show(rules, "anonymous", "442079460000").result == "blocked"


def test_a_named_group_of_the_p_asserted_id_may_become_the_caller() -> None:
    rule = CliRule(1, ".*", paid="^(?<paid>.*)$", rewrite_cli="$<paid>")
    assert show([rule], ME, OTHER).cli == OTHER


def test_a_named_group_rewrites_the_p_asserted_id() -> None:
    rule = CliRule(1, ".*", paid="^9(?<paid>.*)$", rewrite_paid="44$<paid>")
    assert show([rule], ME, "9123456789") == ("rewritten", ME, "44123456789", rule)


def test_numbered_groups_are_read_from_the_caller_only() -> None:
    rule = CliRule(1, "^(.*)$", paid="^(9)", rewrite_paid="$1")
    assert show([rule], ME, "91").paid == ME


def test_every_caller_may_be_given_one_p_asserted_id() -> None:
    assert show([CliRule(1, ".*", rewrite_paid=OTHER)], ME).paid == OTHER


def test_a_rule_may_hold_for_some_dialled_numbers_only() -> None:
    rules = [CliRule(1, ME, dialled="^123"), CliRule(2, OTHER, forced=True, dialled="^1")]
    assert show(rules, ME, dialled="123441632").result == "passed"
    assert show(rules, ME, dialled="199").cli == OTHER
    assert show(rules, ME, dialled="441632").result == "blocked"


def test_inbound_numbers_may_be_the_list() -> None:
    rules = [CliRule(1, use_did=UseDid.FILTER), CliRule(2, THIRD)]
    assert show(rules, ME, dids=(f"+{ME}",)).result == "passed"
    assert show(rules, THIRD, dids=(ME,)).result == "passed"
    assert show(rules, OTHER, dids=(ME,)).result == "blocked"


def test_a_random_inbound_number_is_the_same_for_the_same_call() -> None:
    rules = [CliRule(1, use_did=UseDid.RANDOM, forced=True)]
    dids = ("441", "442", "443")
    shown = [show(rules, OTHER, dialled=f"1{n}", dids=dids).cli for n in range(60)]
    assert shown == [show(rules, OTHER, dialled=f"1{n}", dids=dids).cli for n in range(60)]
    assert set(shown) == set(dids)
    assert show(rules, "+442", dids=dids).result == "passed"
    assert show(rules, OTHER).result == "blocked"


def test_the_inbound_number_most_like_the_dialled_one_is_picked() -> None:
    rules = [CliRule(1, use_did=UseDid.PREFIX, forced=True)]
    dids = ("123456", "123567", "123789")
    assert show(rules, OTHER, dialled="1234987654", dids=dids).cli == "123456"
    assert show(rules, OTHER, dialled="+1237", dids=dids).cli == "123789"


def test_an_expression_that_is_none_matches_nobody_and_is_told() -> None:
    rules = Rules([CliRule(1, "(")])
    assert rules.show(Caller(ME, "", "44")).result == "blocked"
    assert "not a regular expression" in rules.problems[0][1]


def test_who_is_only_forced_is_not_proved_to_be_the_customer() -> None:
    rules = Rules([CliRule(1, ME), CliRule(2, "", rewrite_cli=OTHER, forced=True)])
    assert rules.lists(Caller(ME, "", "44"))
    assert not rules.lists(Caller(THIRD, "", "44"))
    assert not Rules([CliRule(1, ".*")]).lists(Caller("anonymous", "", "44"))


def test_a_replay_counts_the_calls_and_keeps_samples() -> None:
    rules = [
        CliRule(1, "^44(.*)", rewrite_cli="0$1"),
        CliRule(2, ME),
        CliRule(3, OTHER, forced=True, dialled="^1"),
    ]
    calls = [Caller(cli, "", dialled) for cli in ("441", ME, THIRD) for dialled in ("1", "2")] * 10
    found = replay(rules, calls)
    assert found.counts == {"passed": 20, "rewritten": 20, "forced": 10, "blocked": 10}
    assert found.samples["forced"][0].shown.cli == OTHER
    assert found.sentence == "Of 60 calls: 20 passed, 20 rewritten, 10 forced, 10 blocked."
    assert replay(rules, []).sentence == "There were no calls to try the rules on."


def test_a_replay_says_of_every_call_what_the_rules_say_of_it() -> None:
    lot = random.Random(3)
    rules = [CliRule(n, f"^{n}[0-9]*{n}$" if n % 2 else f"4{n}", forced=n == 8) for n in range(10)]
    calls = [Caller(str(lot.randrange(100)), "", str(lot.randrange(100))) for _ in range(500)]
    found = replay(rules, calls)
    results = [show(rules, *call).result for call in calls]
    assert found.counts == {result: results.count(result) for result in found.counts}


def test_what_turns_round_is_said_before_it_does() -> None:
    rule, incoming = CliRule(1, ME), CliRule(2, ME, direction=Direction.ORIGINATION)
    assert "first CLI rule for outgoing calls" in flip([], [rule], Direction.TERMINATION)
    assert "last CLI rule for outgoing calls" in flip([rule], [incoming], Direction.TERMINATION)
    assert "first CLI rule for incoming calls" in flip([rule], [incoming], Direction.ORIGINATION)
    assert flip([rule], [rule, incoming], Direction.TERMINATION) == ""
