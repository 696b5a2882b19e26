"""Regular expressions of operators: only such as can be run in a time that grows with the number's length.

The engine that runs them is `domain.admission.patterns`; here a text is only judged.
"""

import re
import warnings
from typing import Any

from cx_tui.domain.kinds.base import BadValue, plain, quote
from cx_tui.domain.kinds.words import Text

LONGEST_PATTERN = 500
MOST_REPEATS = 1_000
"""More repetitions than a number has digits are a slip, and cost the engine memory."""

EXACT = re.compile(r"\+?[0-9]+")
PIECES = re.compile(
    r"\\(?P<escape>.)|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<group>\(\?(?:P=|\())|\{(?P<count>[0-9,]+)\}"
)
"""What a pattern is made of, as far as it is looked at: an escape, a set, a special group, a count."""

GROUP = re.compile(
    r"\\\\|\$\$|[\\$](?P<number>[0-9])|\$\{(?P<braced>\w+)\}|(?:\\g|\$)<(?P<name>\w*)>", re.ASCII
)
"""A group of what was found, in a replacement."""


def check_pattern(text: str) -> None:
    """BadValue when the text is no regular expression, or one that can't be run in bounded time."""
    if len(text) > LONGEST_PATTERN:
        raise BadValue(f"it has {len(text)} characters; at most {LONGEST_PATTERN} fit")
    for piece in PIECES.finditer(text):
        _check_piece(piece)
    groups_in(text)


def groups_in(text: str) -> int:
    """How many groups a pattern has; BadValue when it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(text).groups
    except re.error as error:
        place = "" if error.pos is None else f" at character {error.pos + 1}"
        raise BadValue(f"{quote(text)} is not a regular expression: {error.msg}{place}") from None
    except (RecursionError, OverflowError):
        raise BadValue("it is nested too deeply or repeats too often; write it shorter") from None


def check_replacement(text: str, pattern: str, *others: str) -> None:
    """BadValue when a replacement takes a group that is not there, as in $3 or $<name>.

    Groups by number are those of the pattern, groups by name also those of the others.
    """
    groups, names = _groups(pattern)
    names = names.union(*(_groups(other)[1] for other in others))
    for group in GROUP.finditer(text):
        name = group["number"] or group["braced"] or group["name"] or ""
        if group.group() in (r"\\", "$$"):
            continue  # the signs themselves
        if name.isdigit() and int(name) > groups:
            count = f"{groups} group{'' if groups == 1 else 's'} in brackets"
            raise BadValue(f"{quote(group.group())} is not there; the expression has {count}")
        if not name.isdigit() and name not in names:
            raise BadValue(f"{quote(group.group())} is not there; the expression has no group of this name")


def _groups(pattern: str) -> tuple[int, set[str]]:
    """How many groups a pattern has, and the names of those that have one; none when it is no pattern."""
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return 0, set()
    return compiled.groups, set(compiled.groupindex)


def _check_piece(piece: re.Match[str]) -> None:
    if (piece["escape"] or "0") in "123456789" or piece["group"]:
        raise BadValue(
            f"{quote(piece.group())} looks back at what was matched before, which can take for ever; "
            "write out what is to be matched"
        )
    for count in (piece["count"] or "").split(","):
        if count and (len(count) > 4 or int(count) > MOST_REPEATS):
            raise BadValue(
                f"{quote(piece.group())} repeats too often; at most {MOST_REPEATS:,} times is possible"
            )


class Regex(Text):
    """A regular expression, found anywhere in a number unless ^ and $ say where."""

    example = "^44(7[0-9]+)$"
    plain_texts = ""

    def __init__(self) -> None:
        super().__init__(LONGEST_PATTERN, width=20)

    def parse(self, text: str) -> Any:
        text = plain(text)
        check_pattern(text)
        return text


class NumberOrRegex(Regex):
    """A number that has to be just so (digits, with or without +), or else a regular expression."""

    example = "442071234567"

    def parse(self, text: str) -> Any:
        text = plain(text)
        return text if EXACT.fullmatch(text) else super().parse(text)
