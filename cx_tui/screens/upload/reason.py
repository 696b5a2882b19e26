"""Everything that is said of one row of a file."""

from collections.abc import Sequence
from typing import ClassVar, cast

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from cx_tui.screens.program import Program
from cx_tui.screens.upload.upload_sentences import TONES
from cx_tui.screens.upload.verdict_rows import VerdictRow
from widgets.line import Line, Part
from widgets.text import visible

LONGEST = 20_000


class Reason(ModalScreen[None]):
    """What becomes of a row, and why."""

    CSS_PATH = "upload.tcss"
    TITLE = "a row of the file"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "close", "back", id="reason.back", tooltip="Back to the rows."),
        Binding("up,k", "scroll_by(-1)", "Up", show=False, id="reason.up", tooltip="Read further up."),
        Binding("down,j", "scroll_by(1)", "Down", show=False, id="reason.down", tooltip="Read further down."),
    ]

    words = getters.query_one("#words", VerticalScroll)

    def __init__(self, row: VerdictRow) -> None:
        super().__init__()
        self._row = row

    def compose(self) -> ComposeResult:
        """The line and its verdict, then each reason."""
        glyphs = cast(Program, self.app).glyphs
        with Vertical():
            yield Line(glyphs=glyphs, id="title")
            with VerticalScroll(id="words", can_focus=False):
                for text, tone in self._sentences():
                    yield Static(visible(text[:LONGEST]), markup=False, classes=f"-{tone}" if tone else "")
            yield Line(glyphs=glyphs, id="foot")

    def on_mount(self) -> None:
        """Say which row it is."""
        said, verdict = self._row.said or {}, self._row.verdict
        title = [Part(f"Line {said.get('line', 0):,}   ", "strong"), Part(verdict.label, TONES[verdict])]
        self.query_one("#title", Line).show(*title, Part(f"   {said.get('name') or ''}"))
        self.query_one("#foot", Line).show(right=[Part("esc", "accent"), Part(" back")])

    def _sentences(self) -> Sequence[tuple[str, str]]:
        said = self._row.said or {}
        found = [(part.strip(), "") for part in str(said.get("why") or "").split("; ")]
        found += [(change, "") for change in self._row.changes]
        found += [(part.strip(), "warn") for part in str(said.get("warning") or "").split("; ")]
        found = [(text, tone) for text, tone in found if text]
        usual = {"create": "Makes a new record.", "unchanged": "Is in the database as it is here."}
        return found or [(usual.get(self._row.verdict.value, ""), "dim")]

    def action_close(self) -> None:
        """Back."""
        self.dismiss(None)

    def action_scroll_by(self, by: int) -> None:
        """Read on."""
        self.words.scroll_relative(y=by, animate=False)
