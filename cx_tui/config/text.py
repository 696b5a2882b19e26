"""How names and values appear in sentences and tables: harmless to the terminal, short, without secrets."""

import re

SECRET_OPTION = re.compile(r"([?&][^=&]*(?:pass|pwd|secret|token|key|%)[^=&]*=)[^&]*", re.IGNORECASE)
"""An option in a URL that may hold a secret; one whose name is written with a percent sign may be any."""


def without_secret(url: str) -> str:
    """A database URL with *** for every password in it."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url
    if scheme != "sqlite":
        # To the last @: a password with an @ in it must not show its end.
        rest = re.sub(r"\A([^:/?@]*):.*@", r"\1:***@", rest, flags=re.DOTALL)
    return f"{scheme}://" + SECRET_OPTION.sub(r"\1***", rest)


def without_secrets(text: str) -> str:
    """A text with *** for the passwords of the database URLs in it."""
    return re.sub(r"[a-z]+://\S*", lambda found: without_secret(found[0]), text)


def visible(value: object) -> str:
    """A value as in TOML, text without its quotes, that can't move the cursor or reverse the line."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def quoted(value: object) -> str:
    """A value of any type and length, for the sentence about what is wrong with it."""
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, str):
        return f'"{visible(value if len(value) <= 60 else value[:59] + "…")}"'
    # Python refuses to print integers of thousands of digits.
    huge = isinstance(value, int) and value.bit_length() > 200
    return "a number of very many digits" if huge else visible(value)
