"""Texts in which somebody may have written down a password."""

import re

NAMED = re.compile(
    r"\b(?:pass(?:word|wort|phrase|wd)?|pwd|kennwort|contraseña|secret|pin)\b\s*(?:is\b|[:=])\s*(?=\S{4})",
    re.IGNORECASE,
)
"""Its name, and behind a sign what it is."""


def may_hold_password(text: str) -> bool:
    """Whether it looks as if a password stood in it."""
    return NAMED.search(text) is not None
