"""Jump mode: a letter over everything one can go to; pressing it goes there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.events import Click, Key
from textual.screen import ModalScreen
from textual.strip import Strip

from widgets.line import Line, Part

# The letters under the fingers first.
LETTERS = "asdfghjklqwertyuiopzxcvbnm"


@dataclass(frozen=True, slots=True)
class Target:
    """A cell of the screen that one can go to."""

    name: str
    x: int
    y: int


def labels(count: int) -> list[str]:
    """One letter each, or two when there are more targets than letters."""
    if count <= len(LETTERS):
        return list(LETTERS[:count])
    return ["".join(pair) for pair in product(LETTERS, repeat=2)][:count]


class JumpOverlay(ModalScreen[str | None]):
    """Draws a label over each target and answers with the name of the one that was chosen, or None."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"jump--label"}

    DEFAULT_CSS = """
    JumpOverlay {
        background: transparent;
        & > .jump--label {
            background: $warning;
            color: $text;
            text-style: bold;
        }
        &:ansi > .jump--label { background: $background; color: $foreground; text-style: bold reverse; }
    }
    """

    AUTO_FOCUS: ClassVar[str | None] = ""

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__()
        self._targets = dict(zip(labels(len(targets)), targets, strict=False))
        self._typed = ""

    def render_line(self, y: int) -> Strip:
        """The screen below, with the labels that may still be meant."""
        strip = super().render_line(y)
        style = self.get_component_rich_style("jump--label")
        for x, letters in self._labels_of(y):
            drawn = Strip([Segment(letters, style)], len(letters))
            strip = Strip.join([strip.crop(0, x), drawn, strip.crop(x + len(letters))])
        return strip

    def _labels_of(self, y: int) -> list[tuple[int, str]]:
        """Where the labels of a line stand: inside the screen, and none over another."""
        width, bottom = self.size.width, self.size.height - 1
        here = [
            (max(0, min(target.x, width - len(label))), label)
            for label, target in self._targets.items()
            if label.startswith(self._typed) and max(0, min(target.y, bottom)) == y
        ]
        placed: list[tuple[int, str]] = []
        free = 0
        for x, label in sorted(here):
            placed.append((max(x, free), label[len(self._typed) :]))
            free = max(x, free) + len(label)
        return [(x, letters) for x, letters in placed if x + len(letters) <= width]

    def on_key(self, event: Key) -> None:
        """A label's letters choose its target; anything else leaves."""
        event.stop()
        event.prevent_default()
        self._typed += (event.character or " ").casefold()
        if self._typed in self._targets:
            self.dismiss(self._targets[self._typed].name)
        elif any(label.startswith(self._typed) for label in self._targets):
            self.refresh()
        else:
            self.dismiss(None)

    def on_click(self, _event: Click) -> None:
        """A click leaves."""
        self.dismiss(None)


class Demo(App[None]):
    """f jumps among few targets, m among many."""

    BINDINGS: ClassVar[list[BindingType]] = [("f", "jump(4)", "Few"), ("m", "jump(40)", "Many")]

    def compose(self) -> ComposeResult:
        """Something to jump to."""
        yield Line(id="said")
        for _ in range(12):
            yield Line(classes="words")

    def on_mount(self) -> None:
        """Fill the screen."""
        self.query_one("#said", Line).show("press f or m")
        for line in self.query(".words").results(Line):
            line.show("日本電話 Globex   ", Part("Initech   ", "good"), Part("Umbrella   ", "warn"), "Hooli")

    async def action_jump(self, count: int) -> None:
        """Jump."""
        targets = [Target(f"target {n}", n % 4 * 15 + 1, 1 + n // 4) for n in range(count)]
        self.push_screen(JumpOverlay(targets), lambda name: self.query_one("#said", Line).show(repr(name)))


if __name__ == "__main__":
    Demo().run()
