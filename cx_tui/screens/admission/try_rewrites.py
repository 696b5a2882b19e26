"""Trying a number on rewrite rules: what each rule makes of it, and what comes out of the whole chain."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, cast

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from cx_tui.domain.admission.facts import RewriteRule
from cx_tui.domain.admission.numbers import number_in
from cx_tui.domain.admission.rewriting import Effect, Rewritten, rewritten
from cx_tui.screens.program import Program
from widgets.line import Line, Part
from widgets.picker import LineList

PLACE, RULE, NUMBER = 5, 34, 24
PARAMETERS = {"destination": "As the dialled number", "cli": "As the caller's number"}

Words = list[tuple[Part, int]]


class TryRewrites(ModalScreen[None]):
    """A number above, the rules beneath; it follows every key."""

    CSS_PATH = "try_rewrites.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "leave", "back", id="try.leave", tooltip="Back to the rules."),
    ]

    sheet = getters.query_one("#sheet", LineList)

    def __init__(self, of: str, rules: Sequence[RewriteRule]) -> None:
        super().__init__()
        self._of = of
        self._rules = rules

    def compose(self) -> ComposeResult:
        """The title, the number, what the rules make of it."""
        with Vertical():
            yield Line(id="title", glyphs=cast(Program, self.app).glyphs)
            yield Input(placeholder="a number, as it is dialled or shown", compact=True, id="number")
            yield LineList(cursor=False, id="sheet")

    def on_mount(self) -> None:
        """Begin with the number."""
        title = Part(f"Try a number on the rules of {self._of}", "strong")
        self.query_one("#title", Line).show(title, right=[Part("esc closes", "dim")])
        self.typing()

    @on(Input.Changed)
    def typing(self) -> None:
        """Show what the rules make of what is typed."""
        typed = number_in(self.query_one(Input).value)
        arrow = "->" if cast(Program, self.app).ascii else "→"
        lines: list[Words] = []
        for parameter, title in PARAMETERS.items():
            lines += _lines(title, rewritten(self._rules, parameter, typed), typed, arrow)
        self.sheet.show_lines(lines)

    @on(Input.Submitted)
    def action_leave(self) -> None:
        """Back to the rules."""
        self.dismiss(None)


def _lines(title: str, done: Rewritten, typed: str, arrow: str) -> Iterator[Words]:
    yield [(Part(""), 0)]
    yield [(Part(title, "strong"), 0)]
    if not done.effects:
        yield [(Part("No rule of this address or user changes it.", "dim"), 0)]
        return
    for place, effect in enumerate(done.effects, 1):
        yield _line(place, effect, arrow)
    if done.emptied:
        said = "The chain stops there: the rule would leave nothing of the number."
        yield [(Part("", ""), PLACE), (Part(said, "bad"), 0)]
    elif typed:
        yield [(Part(""), PLACE), (Part("comes out as", "dim"), RULE), (Part(done.number, "strong"), 0)]


def _line(place: int, effect: Effect, arrow: str) -> Words:
    rule = effect.rule
    kind = "matches" if rule.regex else "begins"
    said = Part(f"{kind} {rule.current or 'anything'} {arrow} {rule.new or 'nothing'}")
    if effect.problem:
        outcome = Part(effect.problem, "dim" if effect.problem == "disabled" else "warn")
    elif effect.before == effect.after:
        outcome = Part("does not fit" if effect.before else "", "dim")
    else:
        outcome = Part(
            f"{effect.before} {arrow} {effect.after or 'nothing'}", "good" if effect.after else "bad"
        )
    return [(Part(f"{place}", "dim"), PLACE), (said, RULE), (outcome, 0)]
