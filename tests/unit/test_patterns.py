"""Regular expressions of operators: what they find, and that none can hold the program up."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.admission.patterns import STRIKES, PatternSet, check, compiled
from cx_tui.domain.admission.replacement import replacement
from cx_tui.domain.kinds import BadValue

INVERTED = "^((?!^1(800|833|844|855|866|877|888)).)*$"
EVIL = [
    r"^(\d+)+$",
    r"(\d*)*x",
    r"(0|00)+$",
    r"(.*)(.*)(.*)(.*)(.*)x",
    r"(a|a?)+$",
    r"(1+1+)+2",
    r"^(.?.?)*\+$",
]
SLOW = r"^(?:(\d|\d\d)+)+(?<!a)$"


@pytest.mark.parametrize("pattern", EVIL)
def test_a_pattern_that_would_retry_for_ever_is_run_in_linear_time(pattern: str) -> None:
    assert compiled(pattern).linear
    number = "0" * 100_000 + "y"
    began = time.process_time()
    compiled(pattern).matches(number)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(("pattern", "linear"), [(INVERTED, True), (INVERTED[:-1] + "(?<=[0-9])$", False)])
def test_a_number_without_something_is_found_by_look_around(pattern: str, linear: bool) -> None:
    some = compiled(pattern)
    assert some.linear is linear
    assert some.matches("442079460000")
    assert not some.matches("18005550100")
    assert some.matches("18015550100")


@given(st.text("0189\n", max_size=8), st.sampled_from(["^1(8|9)", "0$", "(?P<a>8)9|1$", "(8)"]))
def test_what_is_inverted_finds_the_same_as_by_look_around(text: str, unwanted: str) -> None:
    written = f"^((?!{unwanted}).)*$"
    found = compiled(written).search(text)
    import regex

    expected = regex.compile(written.replace("$", r"\Z")).search(text)
    assert compiled(written).linear
    assert (found is None) == (expected is None)
    if found and expected:
        assert found.groups == tuple(group or "" for group in (expected[0], *expected.groups()))


@pytest.mark.parametrize("unwanted", ["9|", "0*$", r"\b1", "(?=1)"])
def test_what_is_without_something_that_may_be_nothing_is_left_to_look_around(unwanted: str) -> None:
    assert not compiled(f"^((?!{unwanted}).)*$").linear


def test_a_reference_back_to_a_group_is_run_too() -> None:
    assert compiled(r"(\d)\1\1$").matches("4420555")
    assert not compiled(r"(\d)\1\1$").matches("4420556")


def test_a_search_that_takes_too_long_is_stopped_and_the_pattern_given_up_after_some() -> None:
    pattern = compiled(SLOW + "|never")
    number = "0" * 200 + "x"
    began = time.process_time()
    for _ in range(STRIKES + 50):
        assert not pattern.matches(number)
    assert time.process_time() - began < 1
    assert pattern.worn_out
    assert not pattern.matches("12")


def test_a_pattern_that_takes_too_long_is_refused_before_it_is_saved() -> None:
    with pytest.raises(BadValue, match="takes too long with some numbers"):
        check(SLOW)
    check(INVERTED)
    check("^(?!1800)")
    check(EVIL[0])


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("(", "missing"), ("a{2,1}", "min repeat"), ("*", "nothing to repeat"), ("[", "unterminated")],
)
def test_what_is_no_pattern_says_what_is_wrong_and_where(pattern: str, words: str) -> None:
    with pytest.raises(BadValue, match=words):
        compiled(pattern)


def test_a_bad_pattern_writes_nothing_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    for bad in ("(((", "a**", "[z-a]"):
        with pytest.raises(BadValue):
            compiled(bad)
    assert capfd.readouterr() == ("", "")


def test_groups_are_counted_in_characters_not_bytes() -> None:
    found = compiled(r"(?<who>[a-zé]+)([0-9]*)(x)?").search("né44")
    assert found
    assert found == (0, 4, ("né44", "né", "44", ""), {"who": "né"})
    second = compiled(r"[0-9]+").search("né44")
    assert second
    assert (second.start, second.end) == (2, 4)


@given(st.text("+0149#é", max_size=20), st.lists(st.sampled_from(["^44", "9$", "0+1", "é", INVERTED, "^$"])))
def test_patterns_searched_together_are_found_as_they_are_one_by_one(text: str, patterns: list[str]) -> None:
    ready = [compiled(pattern) for pattern in patterns]
    together = PatternSet(patterns).found_in(text)
    assert sorted(together) == [place for place, one in enumerate(ready) if one.matches(text)]


def test_many_patterns_are_searched_for_together_as_well() -> None:
    patterns = [f"^44{number:03}" for number in range(300)]
    assert PatternSet(patterns).found_in("44217000") == [217]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (r"44\1", "44AB"),
        ("44$1", "44AB"),
        ("$0", "xABCD"),
        (r"\0", "xABCD"),
        (r"\10", "AB0"),
        (r"\25", "CD5"),
        ("${2}0", "CD0"),
        (r"\g<1>0", "AB0"),
        ("$<paid>", "CD"),
        ("${paid}", "CD"),
        (r"\g<paid>", "CD"),
        ("$3", ""),
        ("$$1", "$1"),
        (r"\\1", r"\1"),
        ("100%", "100%"),
        ("$", "$"),
    ],
)
def test_a_replacement_refers_to_groups(text: str, made: str) -> None:
    found = compiled("x(..)(?P<paid>..)").search("-xABCD-")
    assert found
    assert replacement(text, 2).expand(found.groups, found.names) == made


def test_a_replacement_for_many_groups_knows_two_digits() -> None:
    assert replacement(r"\10", 10).parts == (10,)
    assert replacement(r"\10", 9).parts == (1, "0")


def test_a_reference_to_a_group_that_is_not_there_is_named() -> None:
    assert replacement("4$1$2", 1).missing(1, {}) == "$2"
    assert replacement("$<paid>", 1).missing(1, {}) == "$<paid>"
    assert replacement("$<paid>$1", 1).missing(1, {"paid": 1}) == ""
