"""What the editor of SQL offers, and how values of an answer look in its grid."""

import pytest

from cx_tui.screens.sql.source import columns_of, shown
from cx_tui.services.asked_sql import Answer
from cx_tui.services.sql_words import FEW, columns, offers


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("SELECT na", "name"), ("SELECT * FROM v_cust", "v_customer"),
        ("SELECT * FROM v_contact JOIN v_ca", "v_carrier"),
        ("SELECT c.ema", None), ("SELECT c.bal FROM v_customer c WHERE c.bal", "balance"), ("sel", "SELECT"),
        ("SELECT name FROM v_customer WHERE co", "company"),
    ],
)  # fmt: skip
def test_the_four_places_are_completed_by_what_may_stand_there(text: str, first: str | None) -> None:
    found = offers(text)
    assert (found[0] if found else None) == first


def test_a_view_is_offered_behind_from_and_its_columns_behind_its_alias() -> None:
    assert set(offers("SELECT * FROM v_c")) <= set(columns())
    found = offers("SELECT x.e FROM v_contact AS x JOIN v_customer AS y WHERE x.e")
    assert found
    assert set(found) <= set(columns()["v_contact"])


def test_what_is_there_already_is_not_in_the_way() -> None:
    for text in ("", "SELECT name", "SELECT ", "SELECT name,\n"):
        assert offers(text) == []


def test_letters_inside_of_a_name_are_looked_for_only_when_few_begin_so() -> None:
    assert "debit_limit" in offers("SELECT imit")
    assert len([name for name in columns()["v_customer"] if name.startswith("c")]) < FEW
    # Of one or two letters too much has them somewhere.
    assert all(name.lower().startswith("ai") for name in offers("SELECT ai"))


def answer(*lines: bytes) -> Answer:
    """An answer that came in these lines."""
    found = Answer()
    found.take(b"\n".join(lines) + b"\n")
    return found


def test_values_of_any_kind_are_one_line_of_text() -> None:
    assert shown("a\x1b[31m\nb\x07") == "a␛[31m b␇"
    assert len(shown("x" * 100_000)) == 100_000
    assert (shown(True), shown(0.1 + 0.2), shown(1234567)) == ("yes", "0.3", "1234567")


def test_exact_numbers_of_postgresql_stand_at_the_right_with_their_currency() -> None:
    found = columns_of(
        answer(
            b'["name","balance","currency","phone","x"]',
            b'["a","-1.50","EUR","4420",null]',
            b'["b",null,"GBP","33",1]',
        )
    )
    assert [column.align for column in found] == ["left", "right", "left", "left", "right"]
    assert found[1].unit == "c2"
    assert columns_of(answer(b'["n","n_2"]'))[0].title == "n"
