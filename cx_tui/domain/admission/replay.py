"""What CLI rules would have done to calls that were made: before the rules are saved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cx_tui.domain.admission.cli_rules import Caller, Result, Rules, Shown
from cx_tui.domain.admission.facts import CliRule, Direction

SAMPLES = 5
"""So many calls of each result are kept as examples."""


class Sample(NamedTuple):
    """A call and what the rules made of it."""

    caller: Caller
    shown: Shown


@dataclass(slots=True)
class Replay:
    """How many calls passed, were rewritten, forced or blocked, with examples of each."""

    counts: dict[Result, int]
    samples: dict[Result, list[Sample]] = field(default_factory=dict)

    @property
    def calls(self) -> int:
        """How many calls there were."""
        return sum(self.counts.values())

    @property
    def sentence(self) -> str:
        """The result in a sentence."""
        if not self.calls:
            return "There were no calls to try the rules on."
        parts = [f"{count:,} {result}" for result, count in self.counts.items()]
        one = self.calls == 1
        return f"Of {self.calls:,} {'call' if one else 'calls'}: {', '.join(parts)}."


def replay(
    rules: Sequence[CliRule],
    calls: Iterable[Caller],
    dids: Iterable[str] = (),
    direction: Direction = Direction.TERMINATION,
    approved_only: bool = False,
) -> Replay:
    """The calls of a direction through rules as they would be."""
    ready = Rules([rule for rule in rules if rule.direction is direction], dids, approved_only)
    counts: dict[Result, int] = {"passed": 0, "rewritten": 0, "forced": 0, "blocked": 0}
    samples: dict[Result, list[Sample]] = {result: [] for result in counts}
    show = ready.show
    for caller in calls:
        shown = show(caller)
        result = shown.result
        counts[result] += 1
        if counts[result] <= SAMPLES:
            samples[result].append(Sample(caller, shown))
    return Replay(counts, samples)


def flip(before: Sequence[CliRule], after: Sequence[CliRule], direction: Direction) -> str:
    """What turns round when the rules change from these to those, in a sentence; "" when nothing does."""
    had = any(rule.direction is direction for rule in before)
    has = any(rule.direction is direction for rule in after)
    calls = "outgoing" if direction is Direction.TERMINATION else "incoming"
    if has and not had:
        return (
            f"This is the first CLI rule for {calls} calls: from now on only callers whom a rule matches "
            "pass, and all others are blocked unless a rule is forced."
        )
    if had and not has:
        return f"This is the last CLI rule for {calls} calls: without it every caller's number passes."
    return ""
