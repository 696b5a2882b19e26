"""Regular expressions that operators write, run so that none of them can hold the program up.

RE2 runs them in a time that grows with the text alone.  What it does not know (look-around, references
back to what was matched) is run by `regex` within a time limit, and no more after it was too slow.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

from cx_tui.domain.kinds.base import BadValue, quote

TIME_LIMIT = 0.01
"""Seconds that one search of `regex` may take; a usual one takes a thousandth of it."""
STRIKES = 3
"""So many searches that took too long, and the pattern matches nothing any more."""
KEPT = 8192
"""So many compiled patterns are kept."""
LARGE = 2_000
"""A program larger than this is searched for by itself, so that no set of patterns runs out of memory."""
TOGETHER = 64
"""So many patterns are searched for in one pass."""
INVERTED = re.compile(r"\^\(\(\?!((?:[^\\]|\\[^bB])+)\)\.\)\*\$")
"""The pattern of what is without something; but for edges of words, that something can't be nothing."""
HOSTILE = ("0" * 64 + "x", "1" * 64 + "x", "01" * 32 + "x", "+" + "4" * 63 + "x")
"""Numbers that bring patterns which retry everything to light."""


class Match(NamedTuple):
    """Where a pattern was found, and its groups: number 0 is all of it, one that took no part is empty."""

    start: int
    end: int
    groups: tuple[str, ...]
    names: dict[str, str]


class Pattern:
    """A compiled pattern, found anywhere in a text unless ^ and $ say where."""

    text: str
    groups: int
    names: dict[str, int]
    linear: bool
    strikes: int = 0

    def search(self, text: str) -> Match | None:
        """The first place where it is found."""
        raise NotImplementedError

    def matches(self, text: str) -> bool:
        """Whether it is found at all."""
        return self.search(text) is not None

    @property
    def worn_out(self) -> bool:
        """Whether it took too long too often and so matches nothing any more."""
        return self.strikes >= STRIKES


class _Linear(Pattern):
    """Run by RE2, on bytes: that spares it counting characters."""

    linear = True

    def __init__(self, text: str) -> None:
        self.text = text
        self.compiled = _re2(text.encode())
        self.groups = self.compiled.groups
        self.size = int(self.compiled.programsize)
        self._alone: Any = None  # a set of one says in half the time whether it is found
        self._numbers = range(self.groups + 1)
        self.names = {name.decode(): number for name, number in self.compiled.groupindex.items()}

    def search(self, text: str) -> Match | None:
        data = text.encode()
        found = self.compiled.search(data)
        if found is None:
            return None
        spans = [found.span(number) for number in self._numbers]  # (-1, -1) is a group that took no part
        if len(data) == len(text):
            groups = tuple([text[start:end] for start, end in spans])
            start = spans[0][0]
        else:
            groups = tuple([data[start:end].decode() for start, end in spans])
            start = len(data[: spans[0][0]].decode())
        names = {name: groups[number] for name, number in self.names.items()} if self.names else {}
        return Match(start, start + len(groups[0]), groups, names)

    def matches(self, text: str) -> bool:
        if self.size > LARGE:
            return self.compiled.search(text.encode()) is not None
        if self._alone is None:
            _, self._alone = _set_of([(0, self.text)])
        return self._alone.Match(text.encode()) is not None


class _Inverted(Pattern):
    """`^((?!this).)*$`, which is how a text without something is written: RE2 looks for that something."""

    linear = True

    def __init__(self, text: str, unwanted: str) -> None:
        self.text = text
        self.unwanted = _Linear(unwanted)
        self.groups = self.unwanted.groups + 1
        self.names = {name: number + 1 for name, number in self.unwanted.names.items()}

    def search(self, text: str) -> Match | None:
        if not self.matches(text):
            return None
        groups = (text, text[-1:], *[""] * self.unwanted.groups)
        return Match(0, len(text), groups, dict.fromkeys(self.names, ""))

    def matches(self, text: str) -> bool:
        return "\n" not in text and not self.unwanted.matches(text)


class _Limited(Pattern):
    """Run by `regex`, which may have to retry: so with a time limit."""

    linear = False

    def __init__(self, text: str) -> None:
        import regex  # few patterns need it

        self.text = text
        self.compiled = regex.compile(text, regex.ASCII)
        self.groups = self.compiled.groups
        self.names = dict(self.compiled.groupindex)

    def search(self, text: str) -> Match | None:
        if self.worn_out:
            return None
        try:
            found = self.compiled.search(text, timeout=TIME_LIMIT)
        except TimeoutError:
            self.strikes += 1
            return None
        if found is None:
            return None
        groups = (found[0], *(group or "" for group in found.groups()))
        names = {name: group or "" for name, group in found.groupdict().items()}
        return Match(found.start(), found.end(), groups, names)


class PatternSet:
    """Several linear patterns, searched for in one pass: which of them are found?"""

    def __init__(self, texts: Sequence[str]) -> None:
        self._alone = [
            (number, pattern)
            for number, pattern in enumerate(map(compiled, texts))
            if not isinstance(pattern, _Linear) or pattern.size > LARGE or len(texts) == 1
        ]
        alone = {number for number, _ in self._alone}
        together = [(number, text) for number, text in enumerate(texts) if number not in alone]
        self._sets = [
            _set_of(together[first : first + TOGETHER]) for first in range(0, len(together), TOGETHER)
        ]

    def found_in(self, text: str) -> list[int]:
        """The numbers of the patterns that are found, in no order."""
        data = text.encode()
        found = []
        for numbers, one in self._sets:
            places = one.Match(data)
            if places:
                found += [numbers[place] for place in places]
        for number, pattern in self._alone:
            if pattern.matches(text):
                found.append(number)
        return found


@lru_cache(KEPT)
def pattern_set(texts: tuple[str, ...]) -> PatternSet:
    """The set of some patterns: the same for all customers who have the same."""
    return PatternSet(texts)


@lru_cache(KEPT)
def compiled(text: str) -> Pattern:
    """The pattern of a text, or BadValue when it is none."""
    import re2  # few starts need it

    with suppress(re2.error, UnicodeEncodeError):
        return _Linear(text)
    inverted = INVERTED.fullmatch(text)
    if inverted:
        with suppress(re2.error, UnicodeEncodeError):
            if not _Linear(inverted[1]).matches(""):
                return _Inverted(text, inverted[1])
    import regex

    try:
        return _Limited(text)
    except regex.error as error:
        where = "" if error.pos is None else f" at character {error.pos + 1}"
        raise BadValue(f"{quote(text)} is not a regular expression: {error.msg}{where}") from None
    except (RecursionError, OverflowError, MemoryError):
        raise BadValue(f"{quote(text)} is nested too deeply or repeats too often; write it shorter") from None


def check(text: str) -> None:
    """BadValue when a text is no pattern, or one that takes too long with some number: before it is saved."""
    pattern = compiled(text)
    if pattern.linear:
        return
    tried = _Limited(text)
    for number in HOSTILE:
        tried.search(number)
    if tried.strikes:
        raise BadValue(
            f"{quote(text)} takes too long with some numbers; "
            "write it without repetitions inside repetitions, such as (a+)+"
        )


def _options() -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False  # it would write over the screen
    return options


def _re2(pattern: bytes) -> Any:
    import re2

    return re2.compile(pattern, _options())


def _set_of(patterns: Sequence[tuple[int, str]]) -> tuple[list[int], Any]:
    """A set of RE2, and which number each of its patterns has."""
    import re2

    made = re2.Set.SearchSet(_options())
    for _, text in patterns:
        made.Add(text)
    made.Compile()
    return [number for number, _ in patterns], made
