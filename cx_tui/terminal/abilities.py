"""What can be said of a terminal from the environment alone."""

from __future__ import annotations

from collections.abc import Mapping

# terminfo says "no" for some of these, and is often not installed for the others.
ERASE_IN_COLOR = (
    "xterm", "tmux", "kitty", "alacritty", "foot", "wezterm", "vte", "gnome", "konsole", "iterm",
    "ms-terminal", "ghostty", "contour", "rio", "mintty", "rxvt", "st-",
)  # fmt: skip
SWITCH = "LEAN_TERMINAL_BCE"


def erases_in_color(env: Mapping[str, str]) -> bool:
    """Whether erased cells take the background colour.  The switch says it for terminals not known here."""
    if SWITCH in env:
        return env[SWITCH] not in ("", "0", "off", "no")
    term = env.get("TERM", "")
    if term.startswith("screen"):
        return "TMUX" in env and "STY" not in env
    if "STY" in env:
        return term.startswith("tmux")
    return term.startswith(ERASE_IN_COLOR)


def is_remote(env: Mapping[str, str]) -> bool:
    """Whether there is a network between program and terminal."""
    return bool(env.get("SSH_CONNECTION") or env.get("SSH_TTY"))
