"""Kinds of settings that are paths with places to be filled in."""

import re

from cx_tui.config.kinds import TEXT, Kind


def _pattern(example: str, needed: str, *others: str) -> Kind:
    """A whole path in which one place must stand, and others may."""
    may = ", ".join(f"{{{one}}}" for one in others)
    takes = f"a whole path with {{{needed}}}, like {example}; {may} may stand in it, too"

    def check(value: object) -> object:
        text = str(TEXT.check(value))
        places = re.findall(r"\{([^}]*)\}", text)
        right = text.startswith("/") and needed in places and {*places} <= {needed, *others}
        if text and not (right and ".." not in text.split("/")):
            raise ValueError(f"give {takes}")
        return text

    return Kind(takes, check)


VOICEMAIL = _pattern("/var/spool/asterisk/voicemail/default/{username}", "username", "realm")
RECORDINGS = _pattern(
    "/var/spool/recordings/{year}-{month}-{day}/*{call_id}*", "call_id", "year", "month", "day", "hour",
    "customer",
)  # fmt: skip
