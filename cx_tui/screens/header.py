"""The first line of every page: the way to it, what it is, more of it, and which database it is."""

from collections.abc import Iterator, Sequence
from typing import cast

from rich.cells import cell_len, set_cell_size

from cx_tui.screens.present import spaced
from cx_tui.screens.program import Program
from widgets.grid import Glyphs
from widgets.line import GAP, Line, Part
from widgets.text import visible

LONGEST, SHORTEST = 24, 8
"""The cells to which names on the way are cut before one is left out, and the fewest that say something."""

NAMES_KEPT = 80
"""So many characters of a name are looked at."""


class Header(Line):
    """A page says what it is; the names of the pages beneath it are put before that."""

    DEFAULT_CSS = """
    Header { padding: 0 1; background: $panel; }
    """

    def __init__(self, *, glyphs: Glyphs) -> None:
        super().__init__(glyphs=glyphs, id="header")
        self._signs = glyphs
        self._said: tuple[Part, tuple[Part, ...], str, tuple[Part, ...]] | None = None
        self.inner = ""
        """What of this page is open, such as a tab: pages that are opened from it stand beneath that."""

    @property
    def names(self) -> tuple[str, ...]:
        """What this page is on the way to the pages that are opened from it."""
        title = self._said[0].text if self._said else ""
        return tuple(visible(name[:NAMES_KEPT]) for name in (title, self.inner) if name)

    def way(self) -> tuple[str, ...]:
        """The names of the pages that this one was opened from, the first at first."""
        beneath = self.app.screen_stack
        place = beneath.index(self.screen) if self.screen in beneath else len(beneath)
        return tuple(name for page in beneath[:place] for line in page.query(Header) for name in line.names)

    def knows(self, name: str) -> bool:
        """Whether the way says this name: then the title need not."""
        return visible(name[:NAMES_KEPT]) in self.way()

    def say(self, title: Part, *said: Part, of: str = "", right: Sequence[Part] = ()) -> None:
        """Say what the page is, of what (unless the way says so), and more; at the right how it stands."""
        self._said = title, said, of, tuple(right)
        self._say()

    def on_resize(self) -> None:
        """Give the way as much room as there is now."""
        self._say()

    def _say(self) -> None:
        if self._said is None or not self.is_attached:
            return
        title, said, of, right = self._said
        way = self.way()
        if of and not self.knows(of):
            title = title._replace(text=f"{title.text} of {of}")
        if title.text in way:
            # A page that opens what the way comes from, such as the form of the card's customer.
            way = way[: way.index(title.text)]
        title = title._replace(keep=True) if way else title
        parts, place = spaced([title, *said]), spaced([*cast(Program, self.app).place(), *right])
        so_far = trail(way, self._room(parts, place), self._signs) if way else ""
        self.show(*([Part(so_far, "dim", keep=True)] if so_far else []), *parts, right=place)

    def _room(self, parts: Sequence[Part], place: Sequence[Part]) -> int:
        """The cells for the way: what is left over, or a quarter as far as that leaves what is kept."""
        width = self.content_size.width or self.app.size.width - 2
        free = width - _cells(parts) - _cells(place) - GAP
        kept = [part for part in (*parts, *place) if part.keep]
        return min(width - _cells(kept) - GAP * (len(kept) + 1), max(free, width // 4))


def trail(names: Sequence[str], room: int, signs: Glyphs) -> str:
    """The names with a sign behind each; the nearest stay longest, one alone is cut to the room there is."""
    between = f" {signs.more_right} "
    for said in _ways(names, signs.ellipsis):
        text = "".join(f"{name}{between}" for name in said)
        if cell_len(text) <= room:
            return text
    left = room - len(between)
    return _cut(names[-1], left, signs.ellipsis) + between if left >= SHORTEST else ""


def _ways(names: Sequence[str], more: str) -> Iterator[Sequence[str]]:
    """How it can be said, the longest first."""
    yield names
    short = [_cut(name, LONGEST, more) for name in names]
    yield short
    for place in range(1, len(names)):
        yield [more, *short[place:]]
    yield short[-1:]


def _cut(text: str, cells: int, more: str) -> str:
    return text if cell_len(text) <= cells else set_cell_size(text, cells - 1).rstrip() + more


def _cells(parts: Sequence[Part]) -> int:
    return sum(cell_len(visible(part.text)) for part in parts)
