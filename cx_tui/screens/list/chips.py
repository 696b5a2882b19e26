"""The line above a list that says what narrows it: a chip for each condition, those switched off dimmed."""

from dataclasses import dataclass

from textual.message import Message

from cx_tui.domain.filter_values import read_filter
from cx_tui.domain.filter_words import in_words
from cx_tui.domain.filters import BadFilter
from cx_tui.domain.narrowing import conditions
from cx_tui.domain.query import Query
from widgets.line import Line, Part


class ChipLine(Line):
    """A click on a chip switches its condition off or on, one on the cross behind it takes it away."""

    DEFAULT_CSS = """
    ChipLine { height: 1; padding: 0 1; display: none; &.-said { display: block; } }
    """

    @dataclass
    class Clicked(Message):
        """The operator wants something of a condition: one of drop, off, on, drop_off."""

        act: str
        place: int

    def say(self, *parts: Part, stays: bool = False) -> None:
        """Say this; of nothing there is no line at all, unless it stays: rows must not jump at every key."""
        self.set_class(bool(parts) or stays, "-said")
        self.show(*parts)

    def action_chip(self, act: str, place: int) -> None:
        """Tell what was clicked."""
        self.post_message(self.Clicked(act, place))


class RangeLine(Line):
    """Totals of what is marked, as soon as more than one row is."""

    DEFAULT_CSS = """
    RangeLine { height: 1; padding: 0 1; display: none; background: $surface; &.-said { display: block; } }
    """

    def say(self, *parts: Part) -> None:
        """Say this; of nothing there is no line at all."""
        self.set_class(bool(parts), "-said")
        self.show(*parts)


def chip_text(condition: str, record: str) -> str:
    """A condition in words; one of another version as it is written."""
    try:
        return in_words(read_filter(condition, record), record)
    except BadFilter:
        return condition


def chips(query: Query, *, ascii: bool) -> list[Part]:
    """What narrows a list; a single word needs no chip, it stands in the box."""
    away = "x" if ascii else "×"
    parts: list[Part] = []
    for place, condition in enumerate(conditions(query) if query.where else ()):
        text = chip_text(condition, query.record)
        parts += [
            Part(text, "accent", f"chip('off',{place})"),
            Part(f" {away}   ", "dim", f"chip('drop',{place})"),
        ]
    for place, condition in enumerate(query.off):
        text = f"off: {chip_text(condition, query.record)}"
        parts += [
            Part(text, "dim", f"chip('on',{place})"),
            Part(f" {away}   ", "dim", f"chip('drop_off',{place})"),
        ]
    return parts
