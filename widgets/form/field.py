"""A field of a form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .editor import Editor
from .editors import OneLine


def nothing_wrong(text: str) -> str | None:
    """The check of a field that takes any text."""
    return None


@dataclass(frozen=True)
class FormField:
    """One field of a form.  Its value is a text: what an operator would type."""

    name: str
    label: str
    tab: str
    editor: Editor = OneLine()
    help: str = ""
    required: bool = False
    """Marked with a star; it can't be left empty."""
    fixed: bool = False
    """It is shown and can have the focus, but can't be changed and isn't checked."""
    check: Callable[[str], str | None] = nothing_wrong
    """What is wrong with a text, in one sentence."""
    means: Callable[[str], str] | None = None
    """What a text means, said beside it while nothing is wrong with it."""

    def wrong(self, text: str) -> str | None:
        """What is wrong with a text, if anything."""
        if self.fixed:
            return None
        missing = f"{self.label} is required" if self.required and not text.strip() else None
        return self.check(text) or missing
