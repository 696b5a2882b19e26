"""How the editor looks: the styles of its pieces, in a theme's colours and in those of a terminal."""

from __future__ import annotations

LOOKS = {
    "week-editor--text",
    "week-editor--dim",
    "week-editor--bad",
    "week-editor--accent",
    "week-editor--here",
    "week-editor--allowed",
    "week-editor--picked",
    "week-editor--picked-allowed",
    "week-editor--now",
    "week-editor--now-allowed",
    "week-editor--cursor",
}

CSS = """
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
