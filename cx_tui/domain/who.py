"""Who works here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Who:
    """Who does something, and from where."""

    name: str
    """The user of the operating system."""
    origin: str = ""
    host: str = ""
    """The machine on which the program runs."""
    login: str = ""
    """The login at the database; PostgreSQL writes its own into the log."""
    role: str = ""


NOBODY = Who("")


def in_words(who: str, *where: str) -> str:
    """Who did something, and from where: "ana, ssh from 10.0.0.7"."""
    return ", ".join((who or "nobody known", *filter(None, where)))
