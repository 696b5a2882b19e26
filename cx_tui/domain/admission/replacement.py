r"""What a matched number is replaced by: text with references to groups.

`\1` `$1` `${1}` `\g<1>` are groups by number (0 is all that was matched), `$<name>` `${name}` `\g<name>`
groups by name; `$$` and `\\` are the signs themselves.  `\10` is group 10 where there are so many, else
group 1 and a zero.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

REFERENCE = re.compile(
    r"\\\\|\$\$|[\\$](?P<number>[0-9]{1,2})|\$\{(?P<braced>\w+)\}|(?:\\g|\$)<(?P<name>\w+)>", re.ASCII
)


class Replacement(NamedTuple):
    """Texts, groups by number and groups by name, in order."""

    parts: tuple[str | int | tuple[str], ...]
    literal: bool
    """Whether there is no reference in it."""

    def expand(self, groups: Sequence[str], names: Mapping[str, str]) -> str:
        """The text that it makes; a group that is not there is empty."""
        made = []
        for part in self.parts:
            if isinstance(part, str):
                made.append(part)
            elif isinstance(part, int):
                made.append(groups[part] if part < len(groups) else "")
            else:
                made.append(names.get(part[0], ""))
        return "".join(made)

    def missing(self, groups: int, names: Mapping[str, object]) -> str:
        """The first reference to a group that the pattern does not have, "" when all are there."""
        for part in self.parts:
            if isinstance(part, int) and part > groups:
                return f"${part}"
            if isinstance(part, tuple) and part[0] not in names:
                return f"$<{part[0]}>"
        return ""


@lru_cache(8192)
def replacement(text: str, groups: int = 9) -> Replacement:
    """What a text means as a replacement for a pattern with so many groups."""
    parts: list[str | int | tuple[str]] = []
    end = 0
    for found in REFERENCE.finditer(text):
        parts += [text[end : found.start()], *_reference(found, groups)]
        end = found.end()
    parts.append(text[end:])
    kept = tuple(part for part in parts if part != "")
    return Replacement(kept, all(isinstance(part, str) for part in kept))


def _reference(found: re.Match[str], groups: int) -> list[str | int | tuple[str]]:
    """What one reference stands for."""
    digits = found["number"]
    if digits:
        if len(digits) == 2 and int(digits) > groups:
            return [int(digits[0]), digits[1]]
        return [int(digits)]
    name = found["braced"] or found["name"]
    if name:
        return [int(name)] if name.isdecimal() else [(name,)]
    return [found.group()[0]]
