"""Jump mode: a letter over everything one can go to; pressing it goes there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

from textual.app import ComposeResult
from textual.events import Click, Key
from textual.screen import ModalScreen
from textual.widgets import Static

LETTERS = "asdfghjklqwertyuiopzxcvbnm"


@dataclass(frozen=True)
class Target:
    """A place on the screen that one can go to."""

    name: str
    x: int
    y: int


def labels(count: int) -> list[str]:
    """One letter each, or two when there are more targets than letters."""
    if count <= len(LETTERS):
        return [*LETTERS[:count]]
    return ["".join(pair) for pair in product(LETTERS, repeat=2)][:count]


class JumpOverlay(ModalScreen[str | None]):
    """Shows the letters and answers with the name of the target that was chosen."""

    DEFAULT_CSS = """
    JumpOverlay {
        background: transparent;
        & > .label {
            position: absolute; width: auto; height: 1; padding: 0 1;
            background: $warning; color: $background; text-style: bold;
        }
        &:ansi > .label { text-style: reverse bold; background: $background; color: $foreground; }
    }
    """

    AUTO_FOCUS: ClassVar[str | None] = ""

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__()
        self._targets = dict(zip(labels(len(targets)), targets, strict=False))
        self._typed = ""

    def compose(self) -> ComposeResult:
        """A label over each target."""
        for label, target in self._targets.items():
            mark = Static(label, classes="label", markup=False)
            mark.offset = (target.x, target.y)  # type: ignore[assignment]  # Textual takes a pair
            yield mark

    def on_key(self, event: Key) -> None:
        """Letters choose; anything else leaves."""
        event.stop()
        event.prevent_default()
        self._typed += event.character or "\0"
        if self._typed in self._targets:
            self.dismiss(self._targets[self._typed].name)
        elif not any(label.startswith(self._typed) for label in self._targets):
            self.dismiss(None)

    def on_click(self, event: Click) -> None:
        """A click leaves."""
        self.dismiss(None)
