"""The pages of the documentation in the program, as they came with it; nothing is asked of the network."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Markdown

import cx_tui
from cx_tui.errors import NotFound
from widgets.key_line import KeyLine
from widgets.line import Line, Part

FIRST = (
    "finding",
    "customers",
    "card",
    "calls",
    "money",
    "messages",
    "files",
    "switches",
    "keys",
    "settings",
    "commands",
)
"""The pages that are looked for most, in their order; the others follow by name."""
NOT_HERE = ("index",)


def folders() -> Iterator[Path]:
    """Where the pages may be: beside the sources, beside what was installed, or with the Python of it."""
    home = Path(cx_tui.__file__).parents[1]
    yield home / "docs"
    yield home / "share" / "cx-tui" / "docs"
    yield Path(sys.prefix) / "share" / "cx-tui" / "docs"


def pages() -> dict[str, Path]:
    """The pages by name, in their order; NotFound when this copy has none."""
    for folder in folders():
        found = {path.stem: path for path in sorted(folder.glob("*.md")) if path.stem not in NOT_HERE}
        if "keys" in found:
            return {name: found[name] for name in (*FIRST, *sorted(found.keys() - {*FIRST})) if name in found}
    raise NotFound("this copy of the program came without its documentation; install it from the wheel")


def title_of(page: Path) -> str:
    """The title of a page: its first line."""
    with page.open(encoding="utf-8") as file:
        return file.readline().lstrip("# ").strip()


def readable(text: str) -> str:
    """A page as a terminal can show it: what only a browser or an editor sees is left out."""
    without_pictures = re.sub(r"!\[([^\]]*)\]\([^)]*\)", "", text)
    return re.sub(r"<!--.*?-->", "", without_pictures, flags=re.DOTALL)


class PageScreen(Screen[None]):
    """One page."""

    DEFAULT_CSS = """
    PageScreen {
        background: $background;
        & > #title { padding: 0 1; background: $panel; }
        & > VerticalScroll { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
        & Markdown { padding: 0; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "down", "down", show=False, id="page_of_guide.down", tooltip="Go down by one line."),
        Binding("k", "up", "up", show=False, id="page_of_guide.up", tooltip="Go up by one line."),
        Binding(
            "escape,q", "leave", "back", id="page_of_guide.leave", tooltip="Back to where you came from."
        ),
    ]

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.title = title_of(page)
        self._text = readable(page.read_text("utf-8"))

    def compose(self) -> ComposeResult:
        """The title, the page, the keys."""
        yield Line(id="title")
        with VerticalScroll():
            yield Markdown(self._text, open_links=False)
        yield KeyLine(last="leave")

    def on_mount(self) -> None:
        """Be ready to go down."""
        self.query_one("#title", Line).show(Part(f"Guide: {self.title}", "strong"))
        self.query_one(VerticalScroll).focus()

    def action_down(self) -> None:
        """Go down."""
        self.query_one(VerticalScroll).scroll_down(animate=False)

    def action_up(self) -> None:
        """Go up."""
        self.query_one(VerticalScroll).scroll_up(animate=False)

    def action_leave(self) -> None:
        """Close the page."""
        self.dismiss(None)
