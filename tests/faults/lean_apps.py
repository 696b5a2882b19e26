"""Programs on the lean driver, watched: `python -m tests.faults.lean_apps torture|program BYTES_FILE ...`.

All that Textual writes goes into the file too.  At the key F20 a mark is put into that file and on the
terminal when both have led to the same frame: there the two can be compared.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from typing import Any, ClassVar

from rich.console import RenderableType
from rich.control import Control
from rich.style import Style
from rich.text import Text
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widgets import DataTable, Footer, Input, Label, RichLog, Static, TabbedContent, TabPane, Tree

from cx_tui.terminal.direct import cursor_on
from cx_tui.terminal.driver import LeanDriver
from cx_tui.terminal.frame import SYNC_END, SYNC_START, is_frame, is_harmless

FENCE_KEY = "f20"
MARK = "\x1b]7777;{}\x07"
NOT_UNDERSTOOD = "\x1b]7778;\x07"
SOON = 0.005
"""Seconds in which Textual usually draws what a key has changed."""

# Nothing on whose width emulator and Textual disagree (joined emoji): there stock shifts the rest of a line.
WORDS = (
    "Acme Telecom", "日本語テキスト", "Zażółć gęślą", "e\u0301te\u0301 co\u0301mbine\u0301", "🎉 party 🚀",
    "Ελληνικά", "Привет", "┌─┬─┐▸●", "naïve ½", "全角ＡＢＣ", "한국어", "", "מזל", "x" * 30,
    "  spaced  out  ", "\N{BLACK CIRCLE}\N{HORIZONTAL ELLIPSIS}",
)  # fmt: skip
STYLES = (
    "", "bold", "reverse", "underline red", "white on blue", "italic #ff8800", "strike", "dim", "on red",
    "reverse green on black", "bold underline on #303030", "link https://example.org/a;b blue", "overline",
    "link https://example.org/2 reverse", "bold reverse #123456 on #abcdef",
)  # fmt: skip


class Watched(LeanDriver):
    """Copies what it is given."""

    def __init__(self, app: App[Any], **more: Any) -> None:
        super().__init__(app, **more)
        self._copy = open(sys.argv[2], "ab", buffering=0)  # noqa: SIM115  # as long as the program
        self._marks = count(1)

    def copy(self, data: str) -> None:
        """Put this into the file."""
        self._copy.write(data.encode("utf-8", "replace"))

    def write(self, data: str) -> None:
        self.copy(data)
        if self._is_running and not (is_frame(data) or is_harmless(data) or data in (SYNC_START, SYNC_END)):
            self._copy.write(NOT_UNDERSTOOD.encode())
        super().write(data)

    def process_message(self, message: Message) -> None:
        if isinstance(message, Key) and message.key == FENCE_KEY:
            self._loop.call_soon_threadsafe(self._app.call_later, self._after_frame)
        else:
            super().process_message(message)

    def _after_frame(self) -> None:
        # Not `call_after_refresh`: a screen that is just closing would take the call with it.
        self._loop.call_later(SOON, self._fence)

    def _fence(self) -> None:
        # After a resize Textual takes its time until it draws.
        if self._busy or self._get_terminal_size() != (self.shadow.width, self.shadow.height):
            self._after_frame()
            return
        mark = MARK.format(next(self._marks))
        self._copy.write(mark.encode())
        self._waiting.append(mark)
        self._hand_over()


class Modal(ModalScreen[None]):
    """A window before the others."""

    CSS = "Modal { align: center middle; } #box { width: 40; height: 9; border: thick $accent; }"

    def compose(self) -> ComposeResult:
        yield Static(Text("日本 modal " * 12, "reverse"), id="box")


class Torture(App[None]):
    """All that is hard for a terminal."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "modal", "modal", priority=True),
        Binding("ctrl+t", "toast", "toast", priority=True),
        Binding("ctrl+g", "log_line", "log", priority=True),
        Binding("ctrl+r", "theme", "theme", priority=True),
        Binding("ctrl+o", "image", "image", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._number = count()

    def compose(self) -> ComposeResult:
        yield Input(placeholder="日本 input")
        with TabbedContent():
            with TabPane("表 table"):
                yield DataTable(cursor_type="row")
            with TabPane("tree"):
                yield Tree("root 🌳")
            with TabPane("log"):
                yield RichLog()
            with TabPane("text"):
                yield Label(Text("\n").join(self._styled(number) for number in range(60)))
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("n", "some", "others", "x", "more")
        for row in range(150):
            table.add_row(str(row), *(self._styled(row * 7 + column * 5) for column in range(4)))
        tree = self.query_one(Tree)
        for number in range(8):
            branch = tree.root.add(self._styled(number), expand=number % 2 == 0)
            for leaf in range(6):
                branch.add_leaf(self._styled(number * 3 + leaf))
        tree.root.expand()

    def _styled(self, number: int) -> Text:
        text = Text()
        for part in range(3):
            word = WORDS[(number * 3 + part) % len(WORDS)]
            text.append(word + " ", Style.parse(STYLES[(number + part * 4) % len(STYLES)]))
        return text

    def action_modal(self) -> None:
        if isinstance(self.screen, Modal):
            self.pop_screen()
        else:
            self.push_screen(Modal())

    def action_toast(self) -> None:
        self.notify("日本 🎉 toast " * (1 + next(self._number) % 9), timeout=1 + next(self._number) % 3)

    def action_log_line(self) -> None:
        for _ in range(1 + next(self._number) % 5):
            self.query_one(RichLog).write(self._styled(next(self._number)))

    def action_theme(self) -> None:
        self.theme = "textual-light" if self.theme == "textual-dark" else "textual-dark"

    def action_image(self) -> None:
        """What the driver can't understand, and what leaves the screen as it is."""
        assert self._driver is not None
        self._driver.write("\x1b_Gi=1;AAAA\x1b\\")


def program() -> App[Any]:
    """The program itself, with the database of the fourth argument."""
    from cx_tui.bootstrap.program import build_app
    from cx_tui.config import load

    app = build_app(load(os.environ, {}), sys.argv[3], os.environ, traffic=True)
    display = app._display

    def written(screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Its frames are not written as a text: here they are, by Textual itself."""
        if (
            isinstance(renderable, CompositorUpdate)
            and app._running
            and not app._closed
            and not app._batch_count
        ):
            cursor = app.screen.outer_size.clamp_offset(cursor_on(app.screen))
            assert isinstance(app._driver, Watched)
            app._driver.copy(renderable.render_segments(app.console) + Control.move_to(*cursor).segment.text)
        display(screen, renderable)

    app._display = written  # type: ignore[method-assign]
    return app


def main() -> None:
    app: App[Any] = Torture() if sys.argv[1] == "torture" else program()
    app.driver_class = Watched
    app.run()


if __name__ == "__main__":
    main()
