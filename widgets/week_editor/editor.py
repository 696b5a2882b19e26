"""The editor: what its keys do."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from textual.binding import BindingType

from . import changes
from .bits import A_DAY, DAYS, Block, Place, copied, day_of, edge_moved, painted, toggled
from .keys import KEYS
from .mouse import WeekMouse
from .presets import PRESETS


class WeekEditor(WeekMouse):
    """The hours of a week in which something is allowed: seven days of 96 steps, and all of it in words.

    `parse` and `write` are for hours typed as text, `parse` raises a ValueError that says what is wrong;
    `describe` says in a sentence when it is allowed.  A week that is allowed altogether is told as None.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]

    DEFAULT_CSS = """
    WeekEditor {
        width: 1fr;
        min-width: 52;
        height: auto;
        min-height: 12;
        background: $surface;
        color: $foreground;

        & > Input { width: 1fr; margin: 8 0 0 6; background: $panel; }
        & > Input > .input--placeholder { color: $text-muted; }
        & > .week-editor--dim { color: $text-muted; }
        & > .week-editor--bad { color: $text-error; }
        & > .week-editor--accent { color: $text-accent; }
        & > .week-editor--here { text-style: bold; }
        & > .week-editor--allowed { color: $success; }
        & > .week-editor--picked { color: $text-muted; background: $accent 30%; }
        & > .week-editor--picked-allowed { color: $success; background: $accent 30%; }
        & > .week-editor--now { color: $text-warning; text-style: bold; }
        & > .week-editor--now-allowed { color: $background; background: $success; text-style: bold; }
        & > .week-editor--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .week-editor--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }

        /* A terminal's own sixteen colours may be any: only its attributes can be relied on. */
        &:ansi > .week-editor--dim { text-style: dim; }
        &:ansi > .week-editor--picked, &:ansi > .week-editor--picked-allowed {
            background: $background;
            text-style: bold;
        }
        &:ansi > .week-editor--now { text-style: bold; }
        &:ansi > .week-editor--now-allowed {
            color: $foreground;
            background: $background;
            text-style: reverse;
        }
        &:ansi > .week-editor--cursor { color: $foreground; background: $background; text-style: bold; }
        &:ansi:focus > .week-editor--cursor { text-style: bold reverse; }
    }
    """

    Changed: TypeAlias = changes.Changed

    _remembered: int | None = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc is the owner's while there is nothing to leave; what is typed is no key."""
        if action == "back":
            return self._typing or self._anchor is not None
        return not self._typing

    def action_back(self) -> None:
        """Stop typing without taking it, or drop the selection."""
        if self._typing:
            self._leave_typing()
        else:
            self._go(self.cursor, None)

    def action_allow(self) -> None:
        """Allow the selection or the step at the cursor, or stop it."""
        self._change(toggled(self.bits, self._block.mask))

    def action_allow_day(self) -> None:
        """Allow the cursor's day or the selected days, or stop it."""
        self._change(toggled(self.bits, self._whole_days.mask))

    def action_clear(self) -> None:
        """Allow nothing in the selection or on the cursor's day."""
        self._change(painted(self.bits, (self.selection or self._whole_days).mask, allow=False))

    def action_edge(self, by: int) -> None:
        """Move the edge nearest to the cursor, and the cursor with it."""
        day, step = self.cursor
        moved = edge_moved(day_of(self.bits, day), step, by)
        if moved is None:
            self._say("no edge to move")
            return
        row, edge = moved
        self._go(Place(day, edge), None)
        self._change(copied(self.bits, row, [day]))

    def action_copy(self) -> None:
        """Remember the hours of the cursor's day."""
        self._remembered = day_of(self.bits, self.cursor.day)
        self._say(f"{DAYS[self.cursor.day]} is remembered")

    def action_paste(self, first: int | None = None, last: int | None = None) -> None:
        """Put the remembered hours on these days, or on the cursor's or the selected ones."""
        if self._remembered is None:
            self._say("no day is remembered")
            return
        days = self._block.days if first is None or last is None else range(first, last + 1)
        self._change(copied(self.bits, self._remembered, days))

    def action_preset(self, place: int) -> None:
        """Set one of the weeks that are asked for often."""
        self._change(PRESETS[place].bits)

    @property
    def _block(self) -> Block:
        """What a key works on: the selection, or the step at the cursor."""
        return self.selection or Block.between(self.cursor, self.cursor)

    @property
    def _whole_days(self) -> Block:
        """The selected days, or the cursor's, from one midnight to the next."""
        days = self._block.days
        return Block(days[0], days[-1], 0, A_DAY)
