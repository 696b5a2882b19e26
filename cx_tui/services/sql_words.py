"""What can be written in a question in SQL: the views, their columns, and the words of the language."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from cx_tui.db.calls.columns import NAMES
from cx_tui.db.views import view_columns

WORDS = (
    "SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "JOIN", "LEFT JOIN", "ON", "AND",
    "OR", "NOT", "IN", "IS NULL", "IS NOT NULL", "LIKE", "BETWEEN", "DISTINCT", "COUNT(*)", "SUM(", "AVG(",
    "MIN(", "MAX(", "CASE", "WHEN", "THEN", "ELSE", "END", "WITH", "UNION ALL", "DESC", "ASC", "AS",
)  # fmt: skip
MOST = 8
FEW = 20
"""So many that begin so, and what only has the letters somewhere is not offered."""


@cache
def columns() -> Mapping[str, Sequence[str]]:
    """The columns of each view, that of calls too."""
    return {**view_columns(), "v_call": [name for name in NAMES if name not in ("key", "tries")]}


def offers(text: str) -> list[str]:
    """What could take the place of the word that a text ends with."""
    found = re.search(r"(?:(\w+)\.)?(\w*)$", text)
    of, word = (found[1], found[2]) if found else (None, "")
    before = text[: len(text) - len(word)]
    if of:
        return _beginning(word, columns().get(_view_of(text, of), ()))
    if not word:
        return []
    if re.search(r"\b(?:from|join)\s+$", before, re.IGNORECASE):
        return _beginning(word, list(columns()))
    named = [view for view in columns() if re.search(rf"\b{view}\b", text, re.IGNORECASE)]
    own = [name for view in named or ["v_customer"] for name in columns()[view]]
    return _beginning(word, [*dict.fromkeys(own), *columns(), *WORDS])


def _view_of(text: str, alias: str) -> str:
    """The view that a name stands for: itself, or what it is an alias of."""
    found = re.search(rf"\b(v_\w+)\s+(?:as\s+)?{re.escape(alias)}\b", text, re.IGNORECASE)
    return found[1].lower() if found else alias.lower()


def _beginning(word: str, names: Sequence[str]) -> list[str]:
    said = word.lower()
    begins = [name for name in names if name.lower().startswith(said)]
    if len(begins) == 1 and begins[0].lower() == said:
        return []
    if len(begins) < FEW and len(word) > 2:
        begins += [name for name in names if said in name.lower() and name not in begins]
    return begins[:MOST]
