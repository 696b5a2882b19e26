"""Copying a text to the operator's own clipboard, and saying so."""

from typing import Any

from cx_tui.terminal.clipboard import copy


def send(app: Any, text: str, what: str) -> None:
    """Copy a text, and say what was sent: whether the terminal took it can't be known."""
    copied = copy(app, text, app.settings.clipboard.limit)
    if copied.cut:
        app.notify(
            f"Sent the first {copied.sent:,} characters to the clipboard; more is too much for it. "
            "The setting clipboard.limit says how much.",
            severity="warning",
        )
    else:
        app.notify(f"Sent {what} to the clipboard of your terminal.")
