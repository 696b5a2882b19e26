"""Who works here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Who:
    """Who does something, and from where."""

    name: str
    origin: str = ""


NOBODY = Who("")
