"""Texts that a spreadsheet would take for formulas: an apostrophe before them makes them texts.

An upload takes the apostrophe off again, so that nothing is changed on the way.
"""

import re

import polars as pl

LOOKS_LIKE_FORMULA = re.compile(r"'*[=+\-@\t\r]")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def harmless(text: str) -> str:
    """The text as it may stand in a cell of a spreadsheet."""
    return f"'{text}" if LOOKS_LIKE_FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def restored(texts: pl.Series) -> pl.Series:
    """The texts as they were before."""
    if not texts.str.starts_with("'").any():
        return texts
    return texts.str.replace(r"^'('*[=+\-@\t\r])", "${1}")
