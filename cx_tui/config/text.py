"""How names and values appear in sentences and tables: harmless to the terminal, short, without secrets."""

import re


def without_secret(url: str) -> str:
    """A database URL with *** for every password in it."""
    scheme, mark, rest = url.partition("://")
    if not mark or scheme == "sqlite":
        return url
    # To the last @: a password with an @ in it must not show its end.
    rest = re.sub(r"\A([^:/?@]*):.*@", r"\1:***@", rest, flags=re.DOTALL)
    return f"{scheme}://" + re.sub(r"([?&][^=&]*(?:pass|%)[^=&]*=)[^&]*", r"\1***", rest, flags=re.IGNORECASE)


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
