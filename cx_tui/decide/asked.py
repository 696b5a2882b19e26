"""What a switch asks, as JSON: the words of `cx-tui simulate`, and a few of its own."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.facts import Direction
from cx_tui.domain.kinds import BadValue, ZonedMoment
from cx_tui.errors import Invalid

TEXTS = dict.fromkeys(
    ("source", "user", "dialled", "cli", "paid", "direction", "at", "call", "digest", "method", "from")
)
"""Looked up for each word of each question."""
NUMBERS = ("channels", "cps")
SWITCHES = ("trace", "answered")
LONGEST = 1_000
"""Characters of a word: more is not a number and no address."""
DIRECTIONS = {direction.value: direction for direction in Direction}


def checked(words: Any) -> dict[str, Any]:
    """The words of a question; what can't be one is refused with a sentence."""
    if not isinstance(words, Mapping):
        raise Invalid({"": 'a question is an object like {"source": "192.0.2.1", "dialled": "44207946"}'})
    problems = {}
    for name, value in words.items():
        if name in TEXTS:
            if not isinstance(value, str) or len(value) > LONGEST:
                problems[name] = f"{name} is a text of at most {LONGEST:,} characters"
        elif name in NUMBERS:
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                problems[name] = f"{name} is a whole number from 0"
        elif name in SWITCHES:
            if not isinstance(value, bool):
                problems[name] = f"{name} is true or false"
        else:
            known = ", ".join((*TEXTS, *NUMBERS, *SWITCHES))
            problems[str(name)[:40]] = f'there is no word "{str(name)[:40]}"; there are {known}'
    if problems:
        raise Invalid(problems)
    return dict(words)


def call_of(words: Mapping[str, Any]) -> Call:
    """The call that checked words describe."""
    dialled = words.get("dialled", "")
    if not dialled:
        raise Invalid({"dialled": "say which number is dialled"})
    direction = DIRECTIONS.get(words.get("direction") or "termination")
    if direction is None:
        raise Invalid({"direction": f"direction is {' or '.join(DIRECTIONS)}"})
    return Call(
        dialled=dialled,
        moment=_moment(words.get("at", "")),
        source=words.get("source", ""),
        user=words.get("user", ""),
        cli=words.get("cli", ""),
        paid=words.get("paid", ""),
        direction=direction,
        channels=words.get("channels"),
        cps=words.get("cps"),
    )


def _moment(text: str) -> datetime:
    if not text:
        return datetime.now(UTC)
    try:
        moment: datetime = ZonedMoment().parse(text)
    except BadValue as error:
        raise Invalid({"at": f"at: {error}"}) from None
    return moment
