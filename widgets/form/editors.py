"""The editors a field can have."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import ClassVar, Literal, cast

from .chips import Chips
from .editor import Editor, Hints, Made, Setting, Span, Tell
from .entry import Entry
from .pick import Found, Make, Pick
from .popup import Find, Option, matching
from .secret import Secret
from .states import StateList, lines
from .suggest import Suggest
from .yes_no import Tick


def no_mistake(text: str) -> tuple[int, int] | None:
    """Of a text in which no mistake can be found."""
    return None


@dataclass(frozen=True)
class OneLine(Editor):
    """One line of text."""

    width: int = 0
    max_length: int = 0

    @property
    def cells(self) -> int:
        return self.width

    def build(self, setting: Setting) -> Made:
        entry = Entry(setting, max_length=self.max_length)
        return Made(entry, entry.write)


@dataclass(frozen=True)
class Masked(Editor):
    """A secret."""

    width: int = 0

    @property
    def hints(self) -> Hints:
        return (("form.reveal", "show or hide"),)

    @property
    def cells(self) -> int:
        return self.width

    def build(self, setting: Setting) -> Made:
        secret = Secret(setting)
        return Made(secret, secret.write)


@dataclass(frozen=True)
class YesNo(Editor):
    """The text "yes" or "no"."""

    @property
    def hints(self) -> Hints:
        return (("form.toggle", "change"),)

    @property
    def cells(self) -> int:
        return 7

    def build(self, setting: Setting) -> Made:
        tick = Tick(setting)
        return Made(tick, tick.write)


@dataclass(frozen=True)
class OneOf(Editor):
    """One of several options; the text is the value of one.

    With `suggest` any text may be typed; `options` may then also be asked with what is typed so far, and
    answer later with the texts it has to offer (it must not raise: who can't answer offers nothing).
    """

    options: Callable[[], Sequence[Option]] | Callable[[str], Awaitable[Sequence[str]]]
    search: bool = True
    suggest: bool = False

    @property
    def hints(self) -> Hints:
        return (("form.offers" if self.suggest else "form.open", "list"),)

    def build(self, setting: Setting) -> Made:
        if self.suggest:
            entry = Suggest(setting, self._find)
            return Made(entry, entry.write)
        pick = Pick(setting, cast(Callable[[], Sequence[Option]], self.options), search=self.search)
        return Made(pick, pick.write)

    async def _find(self, typed: str) -> Sequence[Option]:
        """What is offered for a text."""
        if not signature(self.options).parameters:
            return matching(cast(Callable[[], Sequence[Option]], self.options)(), typed)
        ask = cast(Callable[[str], Awaitable[Sequence[str]]], self.options)
        return [(text, text) for text in await ask(typed)]


@dataclass(frozen=True)
class OneFound(Editor):
    """One of very many options, found while typing; `make` lets the operator make another one."""

    find: Find
    make: Make | None = None

    @property
    def hints(self) -> Hints:
        return (("form.open", "list"),)

    def build(self, setting: Setting) -> Made:
        found = Found(setting, self.find, self.make)
        return Made(found, found.write)


@dataclass(frozen=True)
class Words(Editor):
    """A set of words, written "retail, uk"."""

    suggestions: Callable[[], Sequence[str]] = tuple
    span: ClassVar[Span] = "wide"

    def build(self, setting: Setting) -> Made:
        chips = Chips(setting, self.suggestions)
        return Made(chips, chips.write)


@dataclass(frozen=True)
class States(Editor):
    """Several names, each in one of a few states: "CDR=hide, Rates=show".  The first state isn't written."""

    rows: Sequence[str]
    states: Sequence[str]
    span: ClassVar[Span] = "wide"

    @property
    def hints(self) -> Hints:
        return (("form.state_next", "change"),)

    def lines_at(self, width: int) -> int:
        return lines(self.rows, self.states, width)

    def build(self, setting: Setting) -> Made:
        states = StateList(setting, self.rows, self.states)
        return Made(states, states.write)


@dataclass(frozen=True)
class SeveralLines(Editor):
    """Text of several lines."""

    rows: int = 4
    span: ClassVar[Span] = "wide"

    def lines_at(self, width: int) -> int:
        return self.rows

    def build(self, setting: Setting) -> Made:
        from .notes import Notes  # only where it is used: Textual's text area takes long to load

        notes = Notes(setting)
        return Made(notes, notes.write)


@dataclass(frozen=True)
class Code(Editor):
    """TOML.  `mistake` says in which line and column a text is wrong, each counted from 1."""

    language: Literal["toml"] = "toml"
    rows: int = 8
    mistake: Callable[[str], tuple[int, int] | None] = no_mistake
    span: ClassVar[Span] = "wide"

    @property
    def hints(self) -> Hints:
        return (("form.mistake", "to the mistake"),)

    def lines_at(self, width: int) -> int:
        return self.rows

    def build(self, setting: Setting) -> Made:
        from .code import CodeArea  # only where it is used: Textual's text area takes long to load

        code = CodeArea(setting, self.mistake)
        return Made(code, code.write)


@dataclass(frozen=True)
class Own(Editor):
    """A widget of the owner's, as wide as the page, beneath its label.

    `make` gets the present text and whom to tell each new one; it makes the widget, and what gives the widget
    another text, as `Made(widget, write)`.
    """

    make: Callable[[str, Tell], Made]
    height: int = 8
    span: ClassVar[Span] = "full"

    def lines_at(self, width: int) -> int:
        return self.height

    def build(self, setting: Setting) -> Made:
        return self.make(setting.text, setting.tell)
