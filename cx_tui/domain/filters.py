"""Typed filters: `credit<0 country:GB -tag:vip acme`, as a value with one way to be written.

    query = all { ("OR" | "|") all }    all = not { ["AND"] not }    not = ["-" | "NOT "] atom
    atom  = "(" query ")" | relation "(" query ")" | term | word    term = name op value {"," value}
    op    = ":" "=" "!=" "<" "<=" ">" ">=" "~"    value = [a] ".." [b] | "quoted" | bare

`parse(written(filter))` is the filter again.  What a condition means for a kind of value is in
`filter_values`; here it only has a shape.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from cx_tui.domain.kinds import BadValue

LONGEST, MOST_TERMS, DEEPEST = 2_000, 64, 8
CURLY = str.maketrans("\u201c\u201d\u201e", '"""')
KEY = re.compile(r"([^\W\d_][\w-]*(?:\.[^\W\d_][\w-]*)*)(!=|<=|>=|:>=|:<=|:>|:<|:|=|<|>|~)")
RELATED = re.compile(
    r"(customer|contact|ip|sip[-_]user|did|route|rewrite|cli[-_]rule|number[-_]block|payment|invoice|alert"
    r"|customer[-_]package|customer[-_]contract)\((?=[^)])",
    re.IGNORECASE,
)
"""Records that belong to what is listed, or that it belongs to: of one of them all of this must hold."""
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
BARE_WORD = re.compile(r"[^\s()\"]+")
OPS = {":>": ">", ":<": "<", ":>=": ">=", ":<=": "<="}


@dataclass(frozen=True)
class Problem:
    """What is wrong with a part of a text, from a character until before another."""

    start: int
    end: int
    sentence: str


@dataclass(frozen=True)
class Value:
    """A value of a term: a text, quoted or not, or a range of two ends of which one may be open."""

    text: str = ""
    quoted: bool = False
    low: str | None = None
    high: str | None = None

    @property
    def is_range(self) -> bool:
        """Whether it has ends."""
        return self.low is not None or self.high is not None


@dataclass(frozen=True)
class Term:
    """A condition on a column: any of its values holds."""

    key: str
    op: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Word:
    """A text that the search box would look for."""

    text: str


@dataclass(frozen=True)
class Not:
    """The records for which something does not hold, or of which it is not known."""

    of: "Filter"


@dataclass(frozen=True)
class All:
    """What holds together."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True)
class Any:
    """What holds one way or another."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True)
class Related:
    """What one of the records that belong to it must be, all of it the same one."""

    record: str
    of: "Filter"


Filter = Term | Word | Not | All | Any | Related
Check = Callable[[Term], str]
"""Says what is wrong with a term, if anything."""


class BadFilter(BadValue):
    """A text that is no filter: all that is wrong with it."""

    def __init__(self, text: str, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.sentence for problem in problems))
        self.text = text
        self.problems = problems

    def marked(self) -> str:
        """The text with a mark under what is wrong first, and what it is."""
        first = self.problems[0]
        marks = " " * first.start + "^" * max(1, first.end - first.start)
        return f"{self.text}\n{marks}\n{first.sentence}"


def has_terms(text: str) -> bool:
    """Whether a text of the search box is more than a word to look for."""
    return any(KEY.match(text, place) or RELATED.match(text, place) for place in _beginnings(text))


def parse(text: str, check: Check = lambda term: "") -> Filter:
    """The filter that a text says, or BadFilter."""
    straight = text.translate(CURLY)
    if len(straight) > LONGEST:
        raise BadFilter(text, [Problem(LONGEST, len(text), f"a filter has at most {LONGEST:,} characters")])
    reader = _Reader(straight, check)
    found = reader.read()
    if reader.terms > MOST_TERMS:
        reader.wrong(0, len(text), f"a filter has at most {MOST_TERMS} conditions")
    if reader.problems or found is None:
        raise BadFilter(text, reader.problems or [Problem(0, len(text), "there is no condition in it")])
    return found


def keys_of(filter: Filter) -> Iterator[str]:
    """The columns that a filter asks about."""
    match filter:
        case Term(key=key, values=values):
            named = (value.text.lower().replace("-", "_") for value in values)
            yield from named if key in ("has", "no") else (key,)
        case Not(of=inner):
            yield from keys_of(inner)
        case Related():
            return  # they are columns of another record
        case All(parts=parts) | Any(parts=parts):
            for part in parts:
                yield from keys_of(part)


def written(filter: Filter) -> str:
    """The one way to write a filter."""
    match filter:
        case Word(text=text):
            return text if _is_bare(text) else _quoted(text)
        case Term():
            return f"{filter.key}{filter.op}{','.join(map(_value, filter.values))}"
        case Not(of=inner):
            return f"-{_grouped(inner)}"
        case Related(record=record, of=inner):
            return f"{record}({written(inner)})"
        case All(parts=parts):
            return " ".join(
                _grouped(part) if isinstance(part, All | Any) else written(part) for part in parts
            )
        case Any(parts=parts):
            return " OR ".join(_grouped(part) if isinstance(part, Any) else written(part) for part in parts)


def narrowed(where: str, by: str) -> str:
    """A filter and another, both of which must hold; either may be empty."""
    if not (where and by):
        return where or by
    both = _together(All, [parse(where), parse(by)])
    return written(both) if both else ""


def _grouped(filter: Filter) -> str:
    return f"({written(filter)})" if isinstance(filter, All | Any | Not) else written(filter)


def _value(value: Value) -> str:
    if value.is_range:
        return f"{value.low or ''}..{value.high or ''}"
    fine = not value.quoted and value.text and not re.search(r'^[<>=]|[\s,()"]|\.\.', value.text)
    return value.text if fine else _quoted(value.text)


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def _is_bare(text: str) -> bool:
    return (
        bool(text) and not re.search(r'[\s()"]', text) and text not in ("OR", "AND", "NOT")
        and not text.startswith(("-", "|")) and not KEY.match(text) and "(" not in text
    )  # fmt: skip


def _beginnings(text: str) -> Iterator[int]:
    """Where words begin, outside of quotes."""
    inside = False
    for place, sign in enumerate(text):
        if not inside and (place == 0 or text[place - 1] in " \t(-"):
            yield place
        inside ^= sign == '"'


class _Reader:
    """Reads a text from its beginning to its end; what is wrong is collected."""

    def __init__(self, text: str, check: Check) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.terms = 0
        self._check = check
        self._at = 0
        self._depth = 0
        self._relation = ""
        """Inside of the brackets of such a record."""

    def read(self) -> Filter | None:
        """The whole text."""
        found = self._any()
        while self._at < len(self.text):
            # A bracket that closes nothing is a letter.
            self._at += 1
            rest = self._any()
            found = _together(All, [part for part in (found, rest) if part])
        return found

    def wrong(self, start: int, end: int, sentence: str) -> None:
        """Note what is wrong."""
        self.problems.append(Problem(start, end, sentence))

    def _any(self) -> Filter | None:
        parts = [self._all()]
        while self._take(r"OR(?=[\s(])|\|"):
            parts.append(self._all())
        return _together(Any, [part for part in parts if part])

    def _all(self) -> Filter | None:
        parts: list[Filter] = []
        while True:
            self._take(r"AND(?=[\s(])")
            self._blank()
            if self._at >= len(self.text) or re.compile(r"OR(?=[\s(])|\||\)").match(self.text, self._at):
                return _together(All, parts)
            if part := self._not():
                parts.append(part)

    def _not(self) -> Filter | None:
        if self._take(r"NOT\s|-(?=[^\s])"):
            inner = self._atom()
            return Not(inner) if inner else None
        return self._atom()

    def _atom(self) -> Filter | None:
        self._blank()
        start = self._at
        if self._take(r"\("):
            self._depth += 1
            if self._depth > DEEPEST:
                self.wrong(start, start + 1, f"brackets are at most {DEEPEST} deep")
                self._at = len(self.text)
                return None
            inner = self._any()
            if not self._take(r"\)"):
                self.wrong(start, start + 1, "this bracket is not closed; in quotes it is a letter")
            self._depth -= 1
            return inner
        if related := RELATED.match(self.text, start):
            return self._related(start, related)
        if key := KEY.match(self.text, start):
            return self._term(start, key)
        if quoted := QUOTED.match(self.text, start):
            self._at = quoted.end()
            return Word(_plain(quoted[1]))
        word = BARE_WORD.match(self.text, start)
        if word is None:
            self.wrong(start, start + 1, "this quote is not closed")
            self._at = len(self.text)
            return None
        self._at = word.end()
        text = word[0]
        # As in "Acme (UK)": a bracket inside of a word belongs to it.
        while (
            self._at < len(self.text) and self.text[self._at] == "(" and self.text[self._at - 1] not in " \t"
        ):
            more = re.compile(r"\([^\s()]*\)?").match(self.text, self._at)
            text += more[0] if more else ""
            self._at = more.end() if more else self._at
        return Word(text)

    def _related(self, start: int, related: re.Match[str]) -> Filter | None:
        name = related[1].lower().replace("-", "_")
        outside, self._relation = self._relation, name
        if outside:
            self.wrong(start, related.end(), f"{related[1]}(...) can't stand inside of {outside}(...)")
        self._at = related.end() - 1
        inner = self._atom()
        self._relation = outside
        if inner is None:
            return None
        return Related(name, inner)

    def _term(self, start: int, key: re.Match[str]) -> Filter | None:
        self._at = key.end()
        values = [self._one_value()]
        while self._at < len(self.text) and self.text[self._at] == ",":
            self._at += 1
            values.append(self._one_value())
        self.terms += 1
        op = OPS.get(key[2], key[2])
        found = Term(key[1].lower().replace("-", "_"), "=" if op == "!=" else op, tuple(filter(None, values)))
        if not all(values):
            self.wrong(start, self._at, f'write a value behind {key[1]}{key[2]}, or "" for none')
            return None
        asked = replace(found, key=f"{self._relation}.{found.key}") if self._relation else found
        if sentence := self._check(asked):
            self.wrong(start, self._at, sentence)
            return None
        return Not(found) if op == "!=" else found

    def _one_value(self) -> Value | None:
        if quoted := QUOTED.match(self.text, self._at):
            self._at = quoted.end()
            return Value(_plain(quoted[1]), quoted=True)
        stop = r"[^\s,\")]+" if self._depth else r"[^\s,\"]+"
        bare = re.compile(stop).match(self.text, self._at)
        if bare is None:
            return None
        self._at = bare.end()
        return value_of(bare[0])

    def _take(self, pattern: str) -> bool:
        self._blank()
        found = re.compile(pattern).match(self.text, self._at)
        if found:
            self._at = found.end()
        return found is not None

    def _blank(self) -> None:
        while self._at < len(self.text) and self.text[self._at].isspace():
            self._at += 1


def value_of(text: str) -> Value:
    """A value that is not quoted: a text, or a range."""
    low, dots, high = text.partition("..")
    if dots and (low or high) and not set(text) & set("()"):
        return Value(low=low or None, high=high or None)
    return Value(text)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _together(kind: type[All] | type[Any], parts: list[Filter]) -> Filter | None:
    flat: list[Filter] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else [part]
    if len(flat) < 2:
        return flat[0] if flat else None
    return kind(tuple(flat))
