"""What the list says of money."""

from decimal import Decimal
from typing import Any

import pytest

from cx_tui.screens.present import cells, full_text
from widgets.grid import Cell


def credit(balance: str, currency: str) -> dict[str, Any]:
    return {"balance": Decimal(balance), "currency": currency, "available": Decimal(1)}


@pytest.mark.parametrize(
    ("balance", "currency", "listed", "whole"),
    [
        ("1234.567891", "EUR", "1,234.56 EUR", "1,234.567891 EUR"),
        ("-0.004", "EUR", "-0.01 EUR", "-0.004 EUR"),
        ("1234.567891", "JPY", "1,234 JPY", "1,234.567891 JPY"),
        ("5", "KWD", "5.000 KWD", "5.00 KWD"),
        ("0", "EUR", "0.00 EUR", "0.00 EUR"),
    ],
)
def test_the_list_has_the_decimals_of_the_currency_and_the_sheet_has_all(
    balance: str, currency: str, listed: str, whole: str
) -> None:
    values = credit(balance, currency)
    cell = cells(values, ["credit"])["credit"]
    assert isinstance(cell, Cell)
    assert cell.text == listed
    assert full_text(values, "credit") == whole
