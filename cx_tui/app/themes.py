"""The house's own themes, and what the terminal is able to show."""

import os
import sys
from collections.abc import Mapping, MutableMapping

from textual.theme import Theme

# Every colour exists among the terminal's 256 too: the lean driver says it in half of the bytes.
DARK = Theme(
    name="cx-dark",
    primary="#5fafd7",
    secondary="#87afd7",
    accent="#d7af87",
    warning="#d7af5f",
    error="#d75f5f",
    success="#87af87",
    foreground="#d7d7d7",
    background="#121212",
    surface="#121212",
    panel="#262626",
    dark=True,
    variables={
        "text-muted": "#a8a8a8",
        "text-disabled": "#949494",
        "text-primary": "#87afd7",
        "text-secondary": "#87afd7",
        "text-accent": "#d7af87",
        "text-warning": "#ffd787",
        "text-error": "#ff8787",
        "text-success": "#afd7af",
        "block-cursor-background": "#005f87",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#303030",
        "block-cursor-blurred-foreground": "#d7d7d7",
        "scrollbar": "#585858",
        "scrollbar-background": "#262626",
    },
)

LIGHT = Theme(
    name="cx-light",
    primary="#005faf",
    secondary="#5f87af",
    accent="#005faf",
    warning="#875f00",
    error="#af0000",
    success="#005f00",
    foreground="#1c1c1c",
    background="#ffffff",
    surface="#ffffff",
    panel="#eeeeee",
    dark=False,
    variables={
        "text-muted": "#585858",
        "text-disabled": "#626262",
        "text-primary": "#005faf",
        "text-secondary": "#005faf",
        "text-accent": "#005faf",
        "text-warning": "#875f00",
        "text-error": "#af0000",
        "text-success": "#005f00",
        "block-cursor-background": "#afd7ff",
        "block-cursor-foreground": "#121212",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#d0d0d0",
        "block-cursor-blurred-foreground": "#1c1c1c",
        "scrollbar": "#9e9e9e",
        "scrollbar-background": "#eeeeee",
    },
)

WITHOUT_COLOR = "ansi-dark"
"""A theme that sends no colours of its own when Textual is told NO_COLOR."""


def wants_color(color: str, env: Mapping[str, str]) -> bool:
    """Whether colours are wanted: NO_COLOR counts when it is set and not empty."""
    return color != "none" and not (color == "auto" and env.get("NO_COLOR"))


def wants_ascii(setting: str, env: Mapping[str, str]) -> bool:
    """Whether only ASCII signs may be drawn: as the setting says, else when the locale is not UTF-8."""
    if setting != "auto":
        return setting == "on"
    locale = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or ""
    encoding = (sys.stdout.encoding or "").casefold()
    return not (locale.casefold().endswith(("utf-8", "utf8")) or encoding.startswith("utf"))


def prepare(color: str, env: MutableMapping[str, str] = os.environ) -> None:
    """Tell Textual, before it is asked for anything, what it reads from the environment."""
    env.setdefault("TEXTUAL_ANIMATIONS", "none")
    names = {"truecolor": "truecolor", "256": "256", "16": "standard"}
    if color in names:
        env.setdefault("TEXTUAL_COLOR_SYSTEM", names[color])
    if wants_color(color, env):
        env.pop("NO_COLOR", None)  # Textual takes an empty one for a wish
    else:
        env["NO_COLOR"] = "1"
