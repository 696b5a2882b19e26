"""The panel at the right with all that narrows a list: conditions to change, columns to add one of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from cx_tui.domain import narrowing
from cx_tui.domain.columns import ListColumn
from cx_tui.domain.filter_values import filter_columns, is_ordered, read_filter
from cx_tui.domain.filters import written
from cx_tui.domain.kinds import Choice, Day, Flag, Kind, Moment, Money, Secret, Several
from cx_tui.domain.query import Query
from cx_tui.domain.search import plain_letters
from cx_tui.domain.view import columns_of
from cx_tui.screens.ask import Ask, required
from cx_tui.screens.list.chips import chip_text
from cx_tui.screens.program import Program
from cx_tui.terminal.in_order import OPENS
from widgets.line import Line, Part
from widgets.menu import Item, Menu
from widgets.picker import LineList

WIDTH = 40


@dataclass(frozen=True)
class Entry:
    """One line: a condition, one that is switched off, a column, or a title."""

    kind: str
    place: int = 0
    column: ListColumn | None = None


class FilterPanel(Vertical):
    """Enter changes a condition, or adds one for a column; space switches one off or on, x removes it."""

    BINDING_GROUP_TITLE = "The conditions"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "switch", "off/on", id="filters.switch",
                tooltip="Switch this condition off or on; it is kept."),
        Binding("x,delete", "remove", "remove", id="filters.remove", tooltip="Remove this condition."),
        Binding("minus", "turn_round", "not", id="filters.not",
                tooltip="Show what does not fit this condition, instead of what does."),
        Binding("o", "join", "or", id="filters.or",
                tooltip="Either this condition or the next one must hold; press again for both."),
        Binding("slash", "find", "find column", id="filters.find", tooltip="Find a column while typing."),
        Binding("escape,f", "close", "close", id="filters.close", tooltip="Close the panel."),
    ]  # fmt: skip

    DEFAULT_CSS = """
    FilterPanel {
        width: 40;
        background: $panel;
        & > Line { height: 1; padding: 0 1; }
        & > Input { margin: 0 1; background: $surface; }
        & > LineList { height: 1fr; }
        &:ansi { border-left: solid $foreground; }
    }
    """

    @dataclass
    class Changed(Message):
        """The operator wants another question."""

        query: Query

    class Closed(Message):
        """The operator is done."""

    lines = getters.query_one(LineList)
    finder = getters.query_one(Input)

    def __init__(self, query: Query, *, ascii: bool = False) -> None:
        super().__init__()
        self._query = query
        self._ascii = ascii
        self._entries: list[Entry] = []

    def compose(self) -> ComposeResult:
        """The title, the box that finds a column, the lines, the keys."""
        yield Line(id="panel-title")
        yield Input(placeholder="find a column", compact=True)
        yield LineList()
        yield Line(id="panel-keys")
        yield Line(id="panel-more")

    def on_mount(self) -> None:
        """Show what narrows the list."""
        self.finder.cursor_blink = False
        self.query_one("#panel-title", Line).show(Part("Conditions", "strong"))
        self.query_one("#panel-keys", Line).show(Part("enter change/add  space off/on", "dim"))
        self.query_one("#panel-more", Line).show(Part("x remove  - not  o or  esc close", "dim"))
        self.show_query(self._query)

    def show_query(self, query: Query) -> None:
        """Show what narrows a list now."""
        self._query = query
        self._entries = [*self._conditions(), *self._columns()]
        self.lines.show_lines([self._line(entry) for entry in self._entries])

    def _conditions(self) -> list[Entry]:
        there = [Entry("condition", place) for place in range(len(narrowing.conditions(self._query)))]
        return [*there, *(Entry("off", place) for place in range(len(self._query.off)))]

    def _columns(self) -> list[Entry]:
        wanted = plain_letters(self.finder.value.strip())
        columns = [
            column
            for column in columns_of(self._query.record).values()
            if wanted in plain_letters(column.title) and not isinstance(column.kind, Secret)
        ]
        return [Entry("title"), *(Entry("column", column=column) for column in columns)]

    def _line(self, entry: Entry) -> list[tuple[Part, int]]:
        room = WIDTH - 3
        match entry.kind:
            case "condition":
                text = chip_text(narrowing.conditions(self._query)[entry.place], self._query.record)
                sign = "*" if self._ascii else "●"
                return [(Part(f" {sign} ", "accent"), 3), (Part(text, "strong"), room)]
            case "off":
                text = chip_text(self._query.off[entry.place], self._query.record)
                return [(Part(" - " if self._ascii else " ○ ", "dim"), 3), (Part(text, "dim"), room)]
            case "title":
                return [(Part(" add a condition on", "dim"), 0)]
        return [(Part("   "), 3), (Part(entry.column.title if entry.column else ""), room)]

    @property
    def _here(self) -> Entry | None:
        return self._entries[self.lines.place] if self._entries else None

    def _change(self, act: Callable[[Query, int], Query], *kinds: str) -> None:
        here = self._here
        if here and here.kind in kinds:
            self.post_message(self.Changed(act(self._query, here.place)))

    def action_switch(self) -> None:
        """Switch the condition under the cursor off, or on."""
        self._change(narrowing.switch_off, "condition")
        self._change(narrowing.switch_on, "off")

    def action_remove(self) -> None:
        """Remove the condition under the cursor."""
        self._change(narrowing.drop, "condition")
        self._change(narrowing.drop_off, "off")

    def action_turn_round(self) -> None:
        """Ask for its complement."""
        self._change(narrowing.turn_round, "condition")

    def action_join(self) -> None:
        """Let it or the next one do."""
        self._change(narrowing.join_with_next, "condition")

    def action_find(self) -> None:
        """Go to the box that finds a column."""
        self.finder.focus()

    def action_close(self) -> None:
        """Leave the box, then close the panel."""
        if self.finder.has_focus:
            self.finder.value = ""
            self.lines.focus()
            return
        self.post_message(self.Closed())

    @on(Input.Changed)
    def finding(self, event: Input.Changed) -> None:
        """Show the columns that are meant; the first of them is under the cursor."""
        event.stop()
        self.show_query(self._query)
        first = next((place for place, one in enumerate(self._entries) if one.kind == "column"), 0)
        if event.value:
            self.lines.go(first)

    @on(Input.Submitted)
    def found(self, event: Input.Submitted) -> None:
        """Go to what was found."""
        event.stop()
        self.lines.focus()

    @on(LineList.Chosen)
    def chosen(self, event: LineList.Chosen) -> None:
        """Change a condition, or add one for a column."""
        event.stop()
        entry = self._entries[event.place]
        if entry.kind == "off":
            self.action_switch()
        elif entry.kind == "condition":
            self._edit(entry.place)
        elif entry.column:
            self._add(entry.column)

    @work(name=OPENS)
    async def _edit(self, place: int) -> None:
        there = narrowing.conditions(self._query)
        asked = Ask("Change the condition", self._condition, does="take it", text=there[place])
        text = await self.app.push_screen_wait(asked)
        if text:
            there[place] = text
            self.post_message(self.Changed(narrowing.with_conditions(self._query, there)))

    def _condition(self, text: str) -> str:
        """A condition that was typed, in its one way to be written."""
        return written(read_filter(required(text), self._query.record))

    @work(name=OPENS)
    async def _add(self, column: ListColumn) -> None:
        key = _key_of(column, self._query.record)
        glyphs = cast(Program, self.app).glyphs
        label = column.title
        forms = _forms(column.kind)
        items = [Item(form, said, key=letter) for form, said, letter in forms]
        form = await self.app.push_screen_wait(Menu(label, items, glyphs=glyphs))
        if form is None:
            return
        text = form.format(key=key)
        if "…" in text:
            said = next(said for one, said, _ in forms if one == form)
            condition = await self._asked(f"{label} {said}", column, text)
        else:
            condition = self._condition(text)
        if condition:
            self.post_message(self.Changed(narrowing.add(self._query, condition)))

    async def _asked(self, title: str, column: ListColumn, form: str) -> str | None:
        """A condition with what is typed in the place of its dots."""

        def value(text: str) -> str:
            if isinstance(column.kind, Choice | Several):
                # Their names may have spaces.
                return ",".join(f'"{word.strip()}"' for word in text.split(",") if word.strip())
            return text.replace("\\", "\\\\").replace('"', '\\"') if '"…"' in form else text

        def condition(text: str) -> str:
            return self._condition(form.replace("…", value(required(text))))

        return await self.app.push_screen_wait(
            Ask(title, condition, does="take it", explains=_hint(column.kind), means=str)
        )


def _key_of(column: ListColumn, record: str) -> str:
    """What a column is called in a filter."""
    names = [name for name, one in filter_columns(record).items() if one.name == column.name]
    plain = column.name.removesuffix("_name")
    return plain if plain in names else names[0]


EMPTY_FORMS = (("no:{key}", "is empty", "e"), ("has:{key}", "is filled", "f"))
TEXT_FORMS = (
    ('{key}:"…"', "contains", "c"), ("{key}:…*", "starts with", "s"), ('{key}="…"', "is", "i"),
    ('{key}~"…"', "fits the regular expression", "r"), ('-{key}:"…"', "does not contain", "n"), *EMPTY_FORMS,
)  # fmt: skip
ORDERED_FORMS = (
    ("{key}>=…", "is at least", "a"), ("{key}<=…", "is at most", "m"), ("{key}:…", "is, or is from..to", "i"),
    ("{key}<…", "is below", "b"), ("{key}>…", "is above", "v"), *EMPTY_FORMS,
)  # fmt: skip
CHOICE_FORMS = (
    ("{key}:…", "is one of", "i"), ("-{key}:…", "is none of", "n"), *EMPTY_FORMS,
)  # fmt: skip
FLAG_FORMS = (("{key}:yes", "yes", "y"), ("{key}:no", "no", "n"))


def _forms(kind: Kind) -> tuple[tuple[str, str, str], ...]:
    """The conditions that a kind of value can have."""
    if isinstance(kind, Flag):
        return FLAG_FORMS
    if isinstance(kind, Choice | Several):
        return CHOICE_FORMS
    return ORDERED_FORMS if is_ordered(kind) else TEXT_FORMS


def _hint(kind: Kind) -> str:
    """What may be typed."""
    if isinstance(kind, Choice | Several):
        return ", ".join(one.label for one in kind.choices)[:120]
    if isinstance(kind, Moment | Day):
        return "2026-11, 2026-11-21, today, now-7d, 7d; from..to"
    if isinstance(kind, Money):
        return "12.50, 1k, -5..5; 100EUR means only euros"
    return "12, 1k, 1.5, 5..10; a comma is or" if is_ordered(kind) else ""
