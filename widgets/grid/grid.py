"""The grid: a table of any length whose rows come from a source when they are looked at."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from textual.binding import BindingType

from . import messages
from .keys import KEYS
from .mouse import GridMouse


class Grid(GridMouse, inherit_bindings=False):
    """A table of a source's rows with a cursor, marks, frozen columns and an order shown in its header."""

    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]

    DEFAULT_CSS = """
    Grid {
        background: $surface;
        color: $foreground;
        height: 1fr;
        overflow: auto;
        scrollbar-size: 0 1;

        & > .grid--header { color: $text-muted; background: $panel; }
        & > .grid--column { color: $foreground; text-style: bold underline; }
        & > .grid--marked { background: $accent 15%; text-style: bold; }
        & > .grid--gone, & > .grid--stale, & > .grid--notice, & > .grid--dim { color: $text-muted; }
        & > .grid--good { color: $text-success; }
        & > .grid--warn { color: $text-warning; }
        & > .grid--bad { color: $text-error; }
        & > .grid--accent { color: $text-accent; }
        & > .grid--changed { background: $accent 35%; text-style: bold; }
        & > .grid--cells { background: $primary 45%; }
        & > .grid--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .grid--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }

        /* A terminal's own sixteen colours may be any: only its attributes can be relied on. */
        &:ansi > .grid--header { text-style: underline; }
        &:ansi > .grid--column { text-style: bold reverse; }
        &:ansi > .grid--marked { background: $background; text-style: bold; }
        &:ansi > .grid--cells { text-style: bold underline; }
        &:ansi > .grid--changed { background: $background; text-style: bold reverse; }
        &:ansi > .grid--gone, &:ansi > .grid--stale, &:ansi > .grid--dim { text-style: dim; }
        &:ansi > .grid--cursor { color: $foreground; background: $background; text-style: bold; }
        &:ansi:focus > .grid--cursor { text-style: reverse; }
    }
    """

    CursorMoved: TypeAlias = messages.CursorMoved
    Chosen: TypeAlias = messages.Chosen
    MarksChanged: TypeAlias = messages.MarksChanged
    CellsMarked: TypeAlias = messages.CellsMarked
    SortRequested: TypeAlias = messages.SortRequested
    ColumnsChanged: TypeAlias = messages.ColumnsChanged
    Hidden: TypeAlias = messages.Hidden
    Refused: TypeAlias = messages.Refused
    Failed: TypeAlias = messages.Failed
