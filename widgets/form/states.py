"""A list of things, each in one of a few states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.events import Click
from textual.strip import Strip

from widgets.text import fit, visible

from .drawn import Drawn
from .editor import Setting
from .keys import key
from .looks import Look, Piece

# The space between two columns, and the most columns there are.
GAP, COLUMNS = 3, 3


class StateList(Drawn):
    """Written as "CDR=hide, Rates=show"; the first state is the usual one and isn't written."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("up", "state_up", "step(-1)", "Up", "Go to the line above."),
        key("down", "state_down", "step(1)", "Down", "Go to the line below."),
        key("space,right", "state_next", "turn(1)", "Next state", "Change to the next state."),
        key("left", "state_before", "turn(-1)", "State before", "Change to the state before."),
    ]

    def __init__(self, setting: Setting, names: Sequence[str], states: Sequence[str]) -> None:
        super().__init__(setting)
        self._names, self._states = names, states
        self._at = 0

    def render_line(self, y: int) -> Strip:
        """One line of each column."""
        pieces: list[Piece] = []
        for place in range(y, len(self._names), lines(self._names, self._states, self.size.width)):
            pieces += [*self._entry(place), (" " * GAP, self.rest)]
        return self.drawn(*pieces[:-1])

    def _entry(self, place: int) -> list[Piece]:
        """A name and its state; the usual one is pale."""
        name, state = self._names[place], self._state(self._names[place])
        label, word = (max(map(cell_len, texts)) for texts in (self._names, self._states))
        text = fit(visible(name), label, ellipsis=self.setting.signs.ellipsis)
        if self.has_focus and place == self._at:
            return [(f"{text}  {fit(visible(state), word)}", "chosen")]
        usual = state == self._states[0] and not self.setting.fixed
        pale: Look = "sign-focus" if self.has_focus else "sign"
        return [(f"{text}  ", self.rest), (fit(visible(state), word), pale if usual else self.rest)]

    def _state(self, name: str) -> str:
        """The state of a name."""
        return parsed(self.text).get(name.casefold(), (name, self._states[0]))[1]

    # What an operator does

    def action_step(self, by: int) -> None:
        """Go to another line; out of the list to another field."""
        if not 0 <= self._at + by < len(self._names):
            raise SkipAction
        self._at += by
        self.refresh()

    def action_turn(self, by: int) -> None:
        """Change the state."""
        name, states = self._names[self._at], self._states
        state = self._state(name)
        place = states.index(state) + by if state in states else 0
        chosen = parsed(self.text)
        chosen[name.casefold()] = name, states[place % len(states)]
        known = {
            each.casefold(): chosen.pop(each.casefold()) for each in self._names if each.casefold() in chosen
        }
        written = [
            f"{each}={state}" for each, state in (*known.values(), *chosen.values()) if state != states[0]
        ]
        self.change(", ".join(written))

    def on_click(self, event: Click) -> None:
        """A click changes the state of what was clicked."""
        high = lines(self._names, self._states, self.size.width)
        place = event.x // (width_of(self._names, self._states) + GAP) * high + event.y
        if place < len(self._names):
            self._at = place
            self.action_turn(1)


def parsed(text: str) -> dict[str, tuple[str, str]]:
    """What a text says: the folded name of each, its name and its state."""
    pairs = (part.partition("=") for part in re.split(r"[,;\n]+", text) if part.strip())
    return {name.strip().casefold(): (name.strip(), state.strip()) for name, _, state in pairs}


def width_of(names: Sequence[str], states: Sequence[str]) -> int:
    """How wide a column is."""
    return max(map(cell_len, names)) + 2 + max(map(cell_len, states))


def lines(names: Sequence[str], states: Sequence[str], width: int) -> int:
    """How many lines the list has at a width."""
    columns = max(1, min(COLUMNS, (width + GAP) // (width_of(names, states) + GAP)))
    return -(-len(names) // columns)
