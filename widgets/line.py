"""A strip of text that is cheap to change: no layout, and only what differs is drawn again.

Parts stand one after another with nothing between them.  The left has priority: it is cut, with a sign, only
where the line ends.  The right stands at the end of the line in what room is left; while it does not fit, its
first part is dropped, so its last part stays longest.  It is never cut: half a number would be misread.
Where parts are to be kept, the others are dropped before: those of the right, then the last of the left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.reactive import Reactive, reactive
from textual.strip import Strip
from textual.widget import Widget

from widgets.grid.glyphs import UNICODE, Glyphs
from widgets.text import visible

# The space kept free between the left and the right.
GAP = 2
# A part may hold this many characters for each cell: a stack of accents has no width but costs bytes.
STACKED = 8


class Part(NamedTuple):
    """A text, its tone (dim, good, warn, bad, accent, strong, label), the action a click on it runs, and
    whether it is kept when there is no room for all."""

    text: str
    tone: str = ""
    action: str = ""
    keep: bool = False


Words = Sequence[Part | str]


class LineText(NamedTuple):
    """What one line says."""

    left: Words = ()
    right: Words = ()


class Placed(NamedTuple):
    """A part where it stands."""

    x: int
    width: int
    part: Part


class Line(Widget):
    """One line of text, or as many as its height."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line--text",
        "line--dim",
        "line--good",
        "line--warn",
        "line--bad",
        "line--accent",
        "line--strong",
        "line--label",
    }

    DEFAULT_CSS = """
    Line {
        height: 1;
        width: 1fr;

        & > .line--dim, & > .line--label { color: $text-muted; }
        & > .line--good { color: $text-success; }
        & > .line--warn { color: $text-warning; }
        & > .line--bad { color: $text-error; }
        & > .line--accent { color: $text-accent; }
        & > .line--strong { text-style: bold; }
        &:ansi > .line--dim, &:ansi > .line--label { text-style: dim; }
    }
    """

    # A part with an action looks like any other.
    auto_links: Reactive[bool] = reactive(False)

    def __init__(
        self,
        *,
        glyphs: Glyphs = UNICODE,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._glyphs = glyphs
        self._lines: tuple[LineText, ...] = ()
        self._held: dict[tuple[int, int], list[Placed]] = {}
        self._styles: dict[tuple[str, str], Style] = {}

    def show(self, *left: Part | str, right: Words = ()) -> None:
        """Say this in one line."""
        self.show_lines((LineText(left, right),))

    def show_lines(self, lines: Sequence[LineText]) -> None:
        """Say this; only the parts that differ are drawn again."""
        width, height = self.size
        before = [set(self._placed(y, width)) for y in range(height)]
        self._lines = tuple(lines)
        self._held.clear()
        regions = [
            Region(placed.x, y, placed.width, 1)
            for y, old in enumerate(before)
            for placed in old.symmetric_difference(self._placed(y, width))
        ]
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """One line as it stands."""
        width, plain = self.size.width, self._style("text")
        segments: list[Segment] = []
        end = 0
        for placed in self._placed(y, width):
            if placed.x > end:
                segments.append(Segment(" " * (placed.x - end), plain))
            segments.append(Segment(placed.part.text, self._style_of(placed.part)))
            end = placed.x + placed.width
        segments.append(Segment(" " * (width - end), plain))
        return Strip(segments, width)

    def _placed(self, y: int, width: int) -> list[Placed]:
        """Where the parts of a line stand at this width."""
        if y >= len(self._lines):
            return []
        if (y, width) not in self._held:
            self._held[y, width] = placed(self._lines[y], width, self._glyphs.ellipsis)
        return self._held[y, width]

    def _style_of(self, part: Part) -> Style:
        """How a part looks, and what a click on it does."""
        key = (part.tone, part.action)
        style = self._styles.get(key)
        if style is None:
            style = self._style(part.tone or "text")
            if part.action:
                style += Style.from_meta({"@click": part.action})
            self._styles[key] = style
        return style

    def notify_style_update(self) -> None:
        """Draw in the new theme."""
        super().notify_style_update()
        self._styles.clear()

    def _style(self, tone: str) -> Style:
        """The style of a tone."""
        return self.get_component_rich_style(f"line--{tone}")


def placed(line: LineText, width: int, ellipsis: str) -> list[Placed]:
    """Where everything stands in `width` cells."""
    words, right = _with_room(_shown(line.left, width), _shown(line.right, width), width)
    held = sum(cell_len(part.text) for part in right) + GAP if any(part.keep for part in right) else 0
    held = held if held < width else 0
    left = list(_in_a_row(words, 0))
    if left and _end(left) > width - held:
        cut = _cut(left, width - held, ellipsis)
        return [*cut, *_in_a_row(right, width - held + GAP)] if held else cut
    room = width - (_end(left) + GAP if left else 0)
    while right and sum(cell_len(part.text) for part in right) > room:
        del right[0]
    return [*left, *_in_a_row(right, width - sum(cell_len(part.text) for part in right))]


def _with_room(left: list[Part], right: list[Part], width: int) -> tuple[list[Part], list[Part]]:
    """Both without what is dropped so that there is room for what is kept."""
    if not any(part.keep for part in (*left, *right)):
        return left, right
    left, right = [*left], [*right]

    def is_full() -> bool:
        return sum(cell_len(part.text) for part in (*left, *right)) + GAP > width

    while is_full() and (place := _first_to_go(right)) is not None:
        del right[place : place + 2]  # with the space behind it
    if right and not right[-1].text.strip():
        del right[-1]
    # What a line begins with says where one is: it is cut at last, not dropped.
    while is_full() and (place := _first_to_go(left[:0:-1])) is not None:
        last = len(left) - 1 - place
        del left[last if left[last - 1].text.strip() or last == 1 else last - 1 : last + 1]
    return left, right


def _first_to_go(parts: Sequence[Part]) -> int | None:
    return next((place for place, part in enumerate(parts) if not part.keep and part.text.strip()), None)


def _shown(words: Words, width: int) -> list[Part]:
    """The parts that say something, their text safe to show and not much longer than can be seen."""
    parts = [Part(part) if isinstance(part, str) else part for part in words]
    longest = width * STACKED + 1
    return [part._replace(text=visible(part.text[:longest])) for part in parts if part.text]


def _in_a_row(parts: Sequence[Part], x: int) -> Iterator[Placed]:
    """Parts one after another."""
    for part in parts:
        width = cell_len(part.text)
        yield Placed(x, width, part)
        x += width


def _end(row: Sequence[Placed]) -> int:
    """The cell after the last part."""
    return row[-1].x + row[-1].width if row else 0


def _cut(row: Sequence[Placed], width: int, ellipsis: str) -> list[Placed]:
    """What can be seen of a row that is too long, with a sign that there is more."""
    kept = [item for item in row if item.x < width]
    if not kept:
        return []
    *whole, last = kept
    part = last.part
    text = set_cell_size(part.text, width - 1 - last.x) + ellipsis
    return [*whole, Placed(last.x, width - last.x, part._replace(text=text))]


class Demo(App[None]):
    """Every tone, a cut, a click."""

    def compose(self) -> ComposeResult:
        """Two strips."""
        yield Line(id="top")
        yield Line(id="status")

    def on_mount(self) -> None:
        """Say something."""
        self.query_one("#top", Line).show(
            Part(" Customers", "strong"),
            Part("  1,000,000"),
            Part("   Active ", "label"),
            "712,044",
            Part("   3 marked", "accent"),
            right=[Part("  acme-prod", "dim"), Part("  ana", "dim"), Part("  live 12:03:44 ", "good")],
        )
        self.query_one("#status", Line).show(
            Part(" [bold]not markup[/] \x1b[31m ", "warn"),
            Part("no ingress route; ", "bad"),
            Part("click here", "accent", "app.bell"),
            Part(" and a text that goes on until it has to be cut at the end of the line" * 2, "dim"),
        )


if __name__ == "__main__":
    Demo().run()
