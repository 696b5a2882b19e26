"""What each part of a line of TOML is; enough to colour it, not to read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Token = Literal["comment", "table", "key", "string", "number"]

TOKEN = re.compile(
    r"""
      (?P<comment> \#.* )
    | (?P<table>   ^\s*\[\[?[^\]\#]*\]\]? )
    | (?P<key>     (?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*(?=\s*=) )
    | (?P<string>  \"\"\".*?(?:\"\"\"|$) | '''.*?(?:'''|$) | "(?:\\.|[^"\\])*"? | '[^']*'? )
    | (?P<number>  (?<![\w.])(?:true|false|[+-]?(?:inf|nan|\d[\w.:+-]*))(?!\w) )
    """,
    re.VERBOSE,
)


def tokens(line: str) -> Iterator[tuple[Token, int, int]]:
    """The parts of a line that have a colour: what each is, where it begins and ends."""
    for found in TOKEN.finditer(line):
        kind = found.lastgroup
        if kind:
            yield kind, *found.span()  # type: ignore[misc]  # the groups are named as the tokens are
