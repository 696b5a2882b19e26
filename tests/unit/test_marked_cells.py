"""What the numbers of marked cells come to, by what stands in them."""

from decimal import Decimal

import pytest

from cx_tui.screens.list.cells import Number, number_of, table, totals_in_words
from widgets.grid import Column, MarkedCells, Row

MONEY = Column("charge", "Charge", align="right", unit="currency")
PLAIN = Column("n", "Calls", align="right")
ASR = Column("n", "ASR", align="right", adds=False)
WORD = Column("n", "Number")


def words(column: Column, *texts: str, currencies: str = "") -> str:
    """What is said of cells with these texts."""
    rows = [
        Row(place, {column.key: text, "currency": currencies[place * 3 : place * 3 + 3]})
        for place, text in enumerate(texts)
    ]
    return "".join(part.text for part in totals_in_words([column], rows))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", Number(Decimal("1234.50"))), ("-3", Number(Decimal(-3))),
        ("12.5%", Number(Decimal("12.5"), "%")), ("1,200.00 EUR", Number(Decimal(1200), "EUR")),
        ("3:12", Number(Decimal(192), "time")), ("11:03:12", Number(Decimal(39_792), "time")),
        ("12 of 40", None), ("", None), ("unrated", None), ("10.0.0.1", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_they_are_shown(text: str, number: Number | None) -> None:
    assert number_of(Row(1, {"n": text}), PLAIN) == number
    # In a column of words, such as dialled numbers, nothing is one.
    assert number_of(Row(1, {"n": text}), WORD) is None


def test_sums_are_exact_and_never_across_currencies() -> None:
    assert words(PLAIN, "1,200", "3", "0") == "   Calls: sum 1,203, average 401.0, 0 to 1,200"
    said = words(MONEY, "0.10", "0.20", "5.00", currencies="EUREURGBP")
    assert said == (
        "   Charge: sum 0.30 EUR, 5.00 GBP; average 0.15 EUR, 5.00 GBP; "
        "0.10 EUR to 0.20 EUR, 5.00 GBP to 5.00 GBP"
    )


def test_what_is_empty_is_not_zero_and_averages_are_not_added_up() -> None:
    assert words(PLAIN, "4", "", "2") == "   Calls (2 of 3): sum 6, average 3.0, 2 to 4"
    assert words(ASR, "40.0", "50.0") == "   ASR: 40.0 to 50.0"
    assert words(PLAIN, "", "-") == ""
    assert words(PLAIN, "59:30", "0:45") == "   Calls: sum 1:00:15, average 30:07, 0:45 to 59:30"


def test_a_text_of_several_lines_is_one_cell() -> None:
    assert table([["a\tb", "c\nd"], ["", "e"]]) == "a b\tc d\n\te"
    assert MarkedCells(3, 2, ("a", "b")).of_row(4) == {"a", "b"}
    assert not MarkedCells(3, 2, ("a", "b")).of_row(5)
