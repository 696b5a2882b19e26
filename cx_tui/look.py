"""The house's own themes, and what the terminal is able to show."""

import os
import sys
from collections.abc import Mapping, MutableMapping

from textual.theme import Theme

DARK = Theme(
    name="cx-dark",
    primary="#4f9bd9",
    secondary="#7aa6c2",
    accent="#e0a458",
    warning="#d9a441",
    error="#e06c6c",
    success="#7fb685",
    foreground="#d7dce0",
    background="#14181c",
    surface="#14181c",
    panel="#1d2329",
    dark=True,
    variables={
        "block-cursor-background": "#2f5d86",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#28323b",
        "block-cursor-blurred-foreground": "#d7dce0",
        "scrollbar": "#4a5864",
        "scrollbar-background": "#1d2329",
    },
)

LIGHT = Theme(
    name="cx-light",
    primary="#1f6aa5",
    secondary="#46708e",
    accent="#9a5b00",
    warning="#8a5a00",
    error="#b3261e",
    success="#2e7d41",
    foreground="#1c2329",
    background="#fbfbf9",
    surface="#fbfbf9",
    panel="#eceeec",
    dark=False,
    variables={
        "block-cursor-background": "#bcd7ee",
        "block-cursor-foreground": "#0b1722",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#dde4ea",
        "block-cursor-blurred-foreground": "#1c2329",
        "scrollbar": "#9aa7b1",
        "scrollbar-background": "#eceeec",
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
