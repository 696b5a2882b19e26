"""Rewrite rules: prefixes and expressions, one after the other."""

import pytest

from cx_tui.domain.admission.facts import DialPattern, RewriteRule
from cx_tui.domain.admission.numbers import is_anonymous, is_exact, number_in, same_form
from cx_tui.domain.admission.rewriting import as_dialled, rewritten


def prefix(current: str, new: str, id: int = 1, **more: bool) -> RewriteRule:
    """A rule for what a dialled number begins with."""
    return RewriteRule(id, "destination", current, new, **more)


def regex(current: str, new: str, id: int = 1, **more: bool) -> RewriteRule:
    """A rule by an expression for a dialled number."""
    return RewriteRule(id, "destination", current, new, regex=True, **more)


def after(number: str, *rules: RewriteRule) -> str:
    """The number after the rules for the dialled number."""
    return rewritten(rules, "destination", number).number


def test_a_plus_is_a_sign_in_a_prefix_and_repeats_in_an_expression() -> None:
    assert after("+441632", prefix("+44", "44")) == "441632"
    assert after("441632", prefix("+44", "x")) == "441632"
    assert after("4441632", regex("^4+", "4")) == "41632"


def test_rules_follow_one_another_so_that_00_is_not_eaten_as_0() -> None:
    international, national = prefix("00", "+"), regex("^0", "44")
    assert after("00441632", international, national) == "+441632"
    assert after("01632", international, national) == "441632"
    assert after("00441632", national, international) == "440441632"


def test_leading_zeros_stay_because_numbers_are_texts() -> None:
    assert after("99000123", prefix("99", "")) == "000123"


def test_only_what_matches_is_replaced_and_only_once() -> None:
    assert after("440044", regex("44", "1")) == "10044"


def test_a_group_may_be_followed_by_a_digit() -> None:
    assert after("0163", regex("^0(.)", r"\10")) == "1063"
    assert after("0163", regex("^0(.)", "${1}7")) == "1763"


def test_a_rule_that_is_disabled_in_the_middle_changes_nothing() -> None:
    off = prefix("4", "5", 2, enabled=False)
    found = rewritten([prefix("0", "4"), off, prefix("41", "7", 3)], "destination", "01632")
    assert found.number == "7632"
    assert [effect.problem for effect in found.effects] == ["", "disabled", ""]
    assert [effect.rule.id for effect in found.changed] == [1, 3]


def test_a_rule_that_leaves_nothing_stops_the_chain_and_is_named() -> None:
    found = rewritten([regex(".*", "", 7), prefix("", "44", 8)], "destination", "01632")
    assert found.emptied
    assert (found.emptied.id, found.number) == (7, "01632")


def test_an_empty_prefix_puts_something_before_every_number() -> None:
    assert after("1632", prefix("", "44")) == "441632"


def test_a_rule_for_the_caller_leaves_the_dialled_number_alone() -> None:
    rule = RewriteRule(1, "cli", "0", "44")
    assert rewritten([rule], "destination", "01632").number == "01632"
    assert rewritten([rule], "cli", "01632").number == "441632"


@pytest.mark.parametrize("hidden", ["", "anonymous", "Restricted"])
def test_nothing_is_put_before_a_caller_who_hides_but_an_expression_may_name_one(hidden: str) -> None:
    before_all, named = (
        RewriteRule(1, "cli", "", "44"),
        RewriteRule(2, "cli", "(?i)^$|^anon.*|^rest.*", "441", True),
    )
    assert rewritten([before_all], "cli", hidden).number == hidden
    assert rewritten([before_all], "cli", "1632").number == "441632"
    assert rewritten([named], "cli", hidden).number == "441"


def test_an_expression_that_is_none_changes_nothing_and_says_why() -> None:
    found = rewritten([regex("(", "x")], "destination", "01632")
    assert found.number == "01632"
    assert "not a regular expression" in found.effects[0].problem


def test_a_number_of_40_digits_is_rewritten_like_any() -> None:
    assert after("0" + "1" * 39, regex("^0(1+)$", r"44\1")) == "44" + "1" * 39


@pytest.mark.parametrize(
    ("pattern", "number", "digits"),
    [
        (DialPattern.E164, "+441632", "441632"),
        (DialPattern.E164, "00441632", "00441632"),
        (DialPattern.INTERNATIONAL, "00441632", "441632"),
        (DialPattern.INTERNATIONAL, "+441632", "441632"),
        (DialPattern.NATIONAL, "01632", "01632"),
    ],
)
def test_a_dial_pattern_says_what_stands_before_the_digits(
    pattern: DialPattern, number: str, digits: str
) -> None:
    assert as_dialled(pattern, number) == digits


@pytest.mark.parametrize(
    ("header", "number"),
    [
        ("441632960001", "441632960001"),
        ("sip:+441632960001@host;user=phone", "+441632960001"),
        ("sip:441632960001;user=phone", "441632960001"),
        ('"Ann" <sip:+441632960001@host:5060;user=phone>;tag=1', "+441632960001"),
        ("<sip:+441632960001@host>, <tel:+441632960002>", "+441632960001"),
        ("tel:+44-1632-960001;ext=1", "+441632960001"),
        ("anonymous", "anonymous"),
        ("  Restricted ", "Restricted"),
        ("", ""),
        ("4\ud8001", "4?1"),
    ],
)
def test_a_number_is_taken_out_of_a_header(header: str, number: str) -> None:
    assert number_in(header) == number


def test_hidden_callers_are_known() -> None:
    assert all(map(is_anonymous, ("", "anonymous", "Restricted", "ANONYMOUS", "unavailable")))
    assert not is_anonymous("441632")


def test_numbers_are_compared_in_one_form() -> None:
    assert {same_form(number) for number in ("+441632", "00441632", "441632")} == {"441632"}
    assert is_exact("+441632")
    assert not is_exact("^441632")
