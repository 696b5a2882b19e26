"""How a grid looks: the styles of its parts, in a theme's colours and in those of a terminal."""

from __future__ import annotations

LOOKS = {
    "grid--row",
    "grid--header",
    "grid--column",
    "grid--cursor",
    "grid--marked",
    "grid--gone",
    "grid--stale",
    "grid--notice",
    "grid--dim",
    "grid--good",
    "grid--warn",
    "grid--bad",
    "grid--accent",
    "grid--changed",
    "grid--cells",
}

CSS = """
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
