"""Texts that a spreadsheet would take for formulas: an apostrophe before them makes them texts.

An upload takes the apostrophe off again, so that nothing is changed on the way.
"""

import polars as pl

# The full-width signs too: a spreadsheet may read them as the plain ones.
LOOKS_LIKE_FORMULA = r"^'*[=+\-@\t\r＝＋－＠]"
NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"


def harmless(texts: pl.Expr) -> pl.Expr:
    """The texts as they may stand in the cells of a spreadsheet."""
    fine = ~texts.str.contains(LOOKS_LIKE_FORMULA) | texts.str.contains(NUMBER)
    return pl.when(fine).then(texts).otherwise("'" + texts)


def restored(texts: pl.Series) -> pl.Series:
    """The texts as they were before."""
    if not texts.str.starts_with("'").any():
        return texts
    return texts.str.replace(r"^'('*[=+\-@\t\r＝＋－＠])", "${1}")
