"""The panel: what its keys and the mouse do, and what it tells its owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from widgets.grid import Column
from widgets.grid.layout import frozen_first, with_frozen
from widgets.grid.shaping import WIDEST
from widgets.mouse import is_over

from .keys import KEYS
from .listing import Choice
from .view import GUTTER, HEAD, ChooserView

WHEEL = 3


class ColumnChooser(ChooserView):
    """Every column there is: those shown in their order, then the others by group.

    The owner docks it, applies the columns of `Changed` to its grid, and takes it away at `Closed`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]

    DEFAULT_CSS = """
    ColumnChooser {
        width: 34;
        height: 1fr;
        background: $panel;
        color: $foreground;

        & > Input { width: 1fr; margin: 1 1 0 1; background: $surface; }
        & > Input > .input--placeholder { color: $text-muted; }
        & > .column-chooser--title { text-style: bold; }
        & > .column-chooser--dim, & > .column-chooser--keys { color: $text-muted; }
        & > .column-chooser--help, & > .column-chooser--keys { background: $surface; }
        & > .column-chooser--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .column-chooser--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }

        /* A terminal's own sixteen colours may be any: only its attributes can be relied on. */
        &:ansi { border-left: solid $foreground; }
        &:ansi > .column-chooser--dim, &:ansi > .column-chooser--keys { text-style: dim; }
        &:ansi > .column-chooser--help { text-style: bold; }
        &:ansi > .column-chooser--cursor { color: $foreground; background: $background; text-style: bold; }
        &:ansi:focus > .column-chooser--cursor { text-style: reverse; }
    }
    """

    @dataclass
    class Changed(Message):
        """The operator changed the columns; these are shown now."""

        chooser: ColumnChooser
        columns: tuple[Column, ...]

        @property
        def control(self) -> ColumnChooser:
            """The panel that tells it."""
            return self.chooser

    @dataclass
    class Closed(Message):
        """The operator is done."""

        chooser: ColumnChooser

        @property
        def control(self) -> ColumnChooser:
            """The panel that tells it."""
            return self.chooser

    def __init__(
        self,
        available: Sequence[Choice],
        shown: Sequence[Column],
        usual: Sequence[Column],
        *,
        ascii: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(available, shown, ascii=ascii, name=name, id=id, classes=classes)
        self._usual = frozen_first(usual)

    # Going about

    def action_go(self, steps: int) -> None:
        """Go some columns down, or up."""
        keys = self._listing.keys
        if keys:
            self._go(keys[max(0, min(keys.index(self._cursor) + steps, len(keys) - 1))])

    def action_page(self, pages: int) -> None:
        """Go some pages down, or up."""
        self.action_go(pages * self._room)

    def action_first(self) -> None:
        """Go to the first column."""
        self.action_go(-len(self._listing.keys))

    def action_last(self) -> None:
        """Go to the last column."""
        self.action_go(len(self._listing.keys))

    def action_find(self) -> None:
        """Go to the filter."""
        self._filter.focus()

    def action_back(self) -> None:
        """One step back: clear the filter, leave it, close."""
        if self._filter.value:
            self._filter.value = ""
        elif self._filter.has_focus:
            self.focus()
        else:
            self.action_close()

    def action_close(self) -> None:
        """Ask the owner to take the panel away."""
        self.post_message(self.Closed(self))

    # Changing the columns

    def action_show_or_hide(self) -> None:
        """Show or hide the highlighted column; the next one is highlighted, on the same screen line."""
        column, line = self.current, self._line
        if column is None:
            return
        others = [other for other in self._shown if other.key != column.key]
        hide = len(others) < len(self._shown)
        if hide and not others:
            self._refuse("At least one column stays shown. Show another one first.")
            return
        self._cursor = self._listing.neighbour(column.key)
        self._change(others if hide else [*others, replace(column, frozen=False)])
        self._scroll(self._line - line)

    def action_shift(self, steps: int) -> None:
        """Move the highlighted column among those shown; as many as before stay frozen."""
        place = self._place_shown()
        if place is not None and 0 <= place + steps < len(self._shown):
            columns = list(self._shown)
            columns.insert(place + steps, columns.pop(place))
            self._change(with_frozen(columns, sum(column.frozen for column in columns)))

    def action_widen(self, cells: int) -> None:
        """Make the highlighted column wider by some cells, or narrower down to its minimum."""
        place = self._place_shown()
        if place is not None:
            column = self._shown[place]
            width = max(column.minimum, min(column.width + cells, WIDEST))
            self._change([*self._shown[:place], replace(column, width=width), *self._shown[place + 1 :]])

    def action_freeze(self) -> None:
        """Freeze the columns up to the highlighted one, or release them when they are frozen up to there."""
        place = self._place_shown()
        if place is not None:
            frozen = sum(column.frozen for column in self._shown)
            self._change(with_frozen(self._shown, 0 if frozen == place + 1 else place + 1))

    def action_reset(self) -> None:
        """Show the usual columns."""
        self._change(self._usual)

    def _place_shown(self) -> int | None:
        """The highlighted column's place among those shown; of a hidden one, say that it has none."""
        places = [place for place, column in enumerate(self._shown) if column.key == self._cursor]
        if self.current is not None and not places:
            self._refuse("This column is hidden. Show it first.")
        return places[0] if self.current is not None and places else None

    def _change(self, columns: Sequence[Column]) -> None:
        """Show these columns and say so."""
        if columns and tuple(columns) != self._shown:
            self.set_shown(columns)
            self.post_message(self.Changed(self, self._shown))

    def _refuse(self, text: str) -> None:
        """Say why nothing was done."""
        self.notify(text, severity="warning")

    # The filter and the mouse

    def on_input_changed(self, event: Input.Changed) -> None:
        """List what the filter leaves."""
        event.stop()
        self._list_again()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go from the filter to what it left."""
        event.stop()
        self.focus()

    def on_click(self, event: events.Click) -> None:
        """The mark of a column: show or hide it; elsewhere: highlight it."""
        offset = event.get_content_offset(self) if is_over(self, event) else None
        if offset is None or not 0 <= offset.y - HEAD < self._room:
            return
        lines = self._listing.lines[self._top + offset.y - HEAD :]
        if lines and lines[0].column:
            self._go(lines[0].column.key)
            if offset.x < GUTTER:
                self.action_show_or_hide()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Look further down."""
        event.stop()
        self._scroll(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Look further up."""
        event.stop()
        self._scroll(-WHEEL)
