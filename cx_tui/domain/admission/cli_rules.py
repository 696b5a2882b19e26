"""CLI rules: may this caller's number pass, and as what?

Without a rule for a direction every number passes.  The first rule turns that round: only what a rule
matches passes.  What no rule matches is given the number of the first forced rule; without one it is blocked.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias
from zlib import crc32

from cx_tui.domain.admission.facts import CliRule, Customer, Direction, UseDid
from cx_tui.domain.admission.numbers import is_anonymous, is_exact, same_form
from cx_tui.domain.admission.patterns import Match, Pattern, compiled, pattern_set
from cx_tui.domain.admission.replacement import replacement
from cx_tui.domain.kinds.base import BadValue

Result: TypeAlias = Literal["passed", "rewritten", "forced", "blocked"]


class Caller(NamedTuple):
    """The numbers of a call that the rules look at."""

    cli: str
    paid: str
    dialled: str


class Shown(NamedTuple):
    """What the rules decided: the numbers that are shown, and the rule that decided."""

    result: Result
    cli: str
    paid: str
    rule: CliRule | None = None


class Condition:
    """One condition of a rule: a number in any of its forms, or a pattern."""

    def __init__(self, text: str) -> None:
        self.number = same_form(text) if is_exact(text) else ""
        self.problem = ""
        self.pattern: Pattern | None = None
        if not self.number:
            try:
                self.pattern = compiled(text)
            except BadValue as problem:
                self.problem = str(problem)

    def holds(self, number: str) -> bool:
        """Whether it is that number, or the pattern is found in it."""
        if self.pattern is None:
            return bool(self.number) and same_form(number) == self.number
        return self.pattern.matches(number)

    def search(self, number: str) -> Match | None:
        """What the pattern found; None for a number."""
        return self.pattern.search(number) if self.pattern else None


class _Ready:
    """A rule with its conditions compiled."""

    def __init__(self, rule: CliRule) -> None:
        self.rule = rule
        self.cli = Condition(rule.cli) if rule.cli else None
        self.paid = Condition(rule.paid) if rule.paid else None
        self.dialled = Condition(rule.dialled) if rule.dialled else None
        pattern = self.cli.pattern if self.cli else None
        self.slow = pattern if pattern and not pattern.linear else None
        self.plain = not (
            self.paid or self.dialled or rule.use_did is not UseDid.DISABLED or self.only_forces
        )
        self.refers = "$" in (texts := rule.rewrite_cli + rule.rewrite_paid) or "\\" in texts
        self.changes = bool(rule.rewrite_cli or rule.rewrite_paid) or rule.use_did in PICKS

    @property
    def only_forces(self) -> bool:
        """Whether nothing is matched by it: it says only what is shown for the others."""
        return self.rule.forced and not self.rule.cli and not self.rule.paid

    def fits(self, caller: Caller, dids: frozenset[str]) -> bool:
        """Whether the other conditions hold too; that of the CLI does already."""
        if self.paid and not self.paid.holds(caller.paid):
            return False
        if self.dialled and not self.dialled.holds(caller.dialled):
            return False
        if self.rule.use_did is UseDid.FILTER or self.only_forces:
            return same_form(caller.cli) in dids
        return True


PICKS = (UseDid.RANDOM, UseDid.PREFIX)


class Rules:
    """The rules of one customer for one direction, ready to be asked."""

    def __init__(
        self, rules: Iterable[CliRule], dids: Iterable[str] = (), approved_only: bool = False
    ) -> None:
        self._ready = [_Ready(rule) for rule in rules]
        self._dids = tuple(sorted({same_form(did) for did in dids}))
        self._did_set = frozenset(self._dids)
        self._approved_only = approved_only
        self._numbers: defaultdict[str, list[int]] = defaultdict(list)
        self._anyway: list[int] = []
        self._places: list[int] = []
        for place, ready in enumerate(self._ready):
            if ready.cli is None:
                self._anyway.append(place)
            elif ready.cli.number:
                self._numbers[ready.cli.number].append(place)
            elif ready.cli.pattern:
                (self._places if ready.cli.pattern.linear else self._anyway).append(place)
        self._patterns = pattern_set(tuple([self._ready[place].rule.cli for place in self._places]))
        self._forced = [ready for ready in self._ready if ready.rule.forced]

    @property
    def problems(self) -> list[tuple[CliRule, str]]:
        """The conditions that can't be used, with what is wrong with them."""
        return [
            (ready.rule, condition.problem)
            for ready in self._ready
            for condition in (ready.cli, ready.paid, ready.dialled)
            if condition and condition.problem
        ]

    def show(self, caller: Caller) -> Shown:
        """What is shown of this caller, or that the call is blocked."""
        if not self._ready:
            return Shown("blocked" if self._approved_only else "passed", caller.cli, caller.paid)
        ready = self._first(caller)
        if ready is not None:
            return (
                self._rewritten(ready, caller) if ready.changes else Shown("passed", *caller[:2], ready.rule)
            )
        for ready in self._forced:
            if ready.dialled is None or ready.dialled.holds(caller.dialled):
                cli = self._presented(ready.rule, caller)
                if cli:
                    paid = _expand(ready.rule.rewrite_paid, (cli,), {}) or caller.paid
                    return Shown("forced", cli, paid, ready.rule)
        return Shown("blocked", caller.cli, caller.paid)

    def lists(self, caller: Caller) -> bool:
        """Whether a rule (not only a forced one) names this caller: that proves who calls."""
        return not is_anonymous(caller.cli) and self._first(caller) is not None

    def _first(self, caller: Caller) -> _Ready | None:
        """The first rule that matches."""
        places = self._anyway
        found = (
            [self._places[number] for number in self._patterns.found_in(caller.cli)] if self._places else []
        )
        if self._numbers:
            found += self._numbers.get(same_form(caller.cli), ())
        if found:
            places = sorted(places + found)
        for place in places:
            ready = self._ready[place]
            # A slow pattern is searched for only when no rule before it has decided.
            if ready.slow and not ready.slow.matches(caller.cli):
                continue
            if ready.plain or ready.fits(caller, self._did_set):
                return ready
        return None

    def _rewritten(self, ready: _Ready, caller: Caller) -> Shown:
        """The numbers as a matching rule shows them."""
        rule = ready.rule
        groups: tuple[str, ...] = (caller.cli,)
        names: dict[str, str] = {}
        if ready.dialled or ready.paid:
            for condition, number in ((ready.dialled, caller.dialled), (ready.paid, caller.paid)):
                found = condition.search(number) if condition else None
                if found:
                    names |= found.names
        found = ready.cli.search(caller.cli) if ready.cli and ready.refers else None
        if found:
            groups, names = found.groups, names | found.names
        cli = _expand(rule.rewrite_cli, groups, names) or caller.cli
        if rule.use_did in PICKS and not rule.rewrite_cli and same_form(caller.cli) not in self._did_set:
            cli = self._picked(rule.use_did, caller) or cli
        paid = _expand(rule.rewrite_paid, groups, names) or caller.paid
        changed = (cli, paid) != (caller.cli, caller.paid)
        return Shown("rewritten" if changed else "passed", cli, paid, rule)

    def _presented(self, rule: CliRule, caller: Caller) -> str:
        """The number that a forced rule gives to a caller whom no rule matches; "" when it has none."""
        if rule.use_did in PICKS:
            return self._picked(rule.use_did, caller)
        if rule.rewrite_cli:
            return rule.rewrite_cli if replacement(rule.rewrite_cli).literal else ""
        return rule.cli if is_exact(rule.cli) else ""

    def _picked(self, how: UseDid, caller: Caller) -> str:
        """One of the customer's inbound numbers: the most like what is dialled, or one by lot.

        The lot depends on the numbers of the call alone, so that the same call is always decided alike.
        """
        if not self._dids:
            return ""
        if how is UseDid.PREFIX:
            dialled = same_form(caller.dialled)
            return max(self._dids, key=lambda did: _alike(did, dialled))
        lot = crc32("\n".join(caller).encode())
        return self._dids[lot % len(self._dids)]


def _alike(one: str, other: str) -> int:
    """How many digits two numbers begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _expand(text: str, groups: Sequence[str], names: dict[str, str]) -> str:
    return replacement(text, len(groups) - 1).expand(groups, names) if text else ""


@lru_cache(4096)
def rules_of(customer: Customer, direction: Direction) -> Rules:
    """A customer's rules for a direction, compiled; those that were used last are kept."""
    return Rules(
        [rule for rule in customer.cli_rules if rule.direction is direction],
        [did.number for did in customer.dids],
        customer.terms.approved_clis_only and direction is Direction.TERMINATION,
    )


def shown_of(customer: Customer, direction: Direction, caller: Caller) -> Shown:
    """What is shown of a caller of a customer."""
    if not customer.cli_rules and not customer.terms.approved_clis_only:
        return Shown("passed", caller.cli, caller.paid)
    return rules_of(customer, direction).show(caller)


def presents(rule: CliRule) -> bool:
    """Whether a forced rule has a number to show for callers whom no rule matches."""
    if rule.use_did in PICKS:
        return True
    if rule.rewrite_cli:
        return replacement(rule.rewrite_cli).literal
    return is_exact(rule.cli)
