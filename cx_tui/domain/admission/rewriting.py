"""Rewrite rules: what each makes of a number, one after the other."""

from collections.abc import Iterable
from typing import NamedTuple

from cx_tui.domain.admission.facts import DialPattern, RewriteRule
from cx_tui.domain.admission.numbers import behind
from cx_tui.domain.admission.patterns import compiled
from cx_tui.domain.admission.replacement import replacement
from cx_tui.domain.kinds.base import BadValue


class Effect(NamedTuple):
    """What one rule did: the same number before and after when it did not fit."""

    rule: RewriteRule
    before: str
    after: str
    problem: str = ""


class Rewritten(NamedTuple):
    """The number after all rules, and what each did; `emptied` is the rule that left nothing."""

    number: str
    effects: tuple[Effect, ...] = ()
    emptied: RewriteRule | None = None

    @property
    def changed(self) -> list[Effect]:
        """The effects that changed something."""
        return [effect for effect in self.effects if effect.before != effect.after]


def rewritten(rules: Iterable[RewriteRule], parameter: str, number: str) -> Rewritten:
    """A number after the rules for its parameter ("destination" or "cli"), in their order.

    A rule that leaves nothing of a number is a mistake: the chain stops there, before it.
    """
    effects: list[Effect] = []
    for rule in rules:
        if rule.parameter != parameter:
            continue
        after, problem = _after(rule, number)
        if number and not after:
            return Rewritten(number, (*effects, Effect(rule, number, after)), rule)
        effects.append(Effect(rule, number, after, problem))
        number = after
    return Rewritten(number, tuple(effects))


def _after(rule: RewriteRule, number: str) -> tuple[str, str]:
    """The number after a rule, and why the rule could not be used."""
    if not rule.enabled:
        return number, "disabled"
    if not rule.regex:
        if not rule.current and rule.parameter == "cli":
            return behind(rule.new, number), ""
        if number.startswith(rule.current):
            return rule.new + number[len(rule.current) :], ""
        return number, ""
    try:
        pattern = compiled(rule.current)
    except BadValue as problem:
        return number, str(problem)
    found = pattern.search(number)
    if found is None:
        return number, "takes too long" if pattern.worn_out else ""
    new = replacement(rule.new, pattern.groups).expand(found.groups, found.names)
    return number[: found.start] + new + number[found.end :], ""


def as_dialled(pattern: DialPattern, number: str) -> str:
    """The digits of a number, without what its dial pattern puts before them: +, or 00 too."""
    if number.startswith("+"):
        return number[1:]
    if pattern is DialPattern.INTERNATIONAL and number.startswith("00"):
        return number[2:]
    return number
