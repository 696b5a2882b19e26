"""A report as a page of text: read, copied, written into a file."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.config.folders import write_private
from cx_tui.errors import CxError
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.header import Header
from cx_tui.screens.page import sentence
from cx_tui.screens.program import Program
from cx_tui.screens.times import local
from cx_tui.terminal.clipboard import copy
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import LOOK
from widgets.key_line import KeyLine
from widgets.line import Part
from widgets.picker import LineList
from widgets.text import visible

if TYPE_CHECKING:
    from cx_tui.services.session import Session

SHIFT = timedelta(hours=8)


class ReportScreen(Screen[None]):
    """The text, and the keys that hand it on."""

    CSS_PATH = "reports.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "copy all", id="report.copy", tooltip="Copy the whole text."),
        Binding(
            "w",
            "write",
            "write",
            id="report.write",
            tooltip="Write the text into a file.",
        ),
        Binding(
            f"r,{LOOK}",
            "refresh",
            "refresh",
            id="report.refresh",
            tooltip="Build the report again.",
        ),
        Binding("escape,q", "leave", "back", id="report.back", tooltip="Back to where you came from."),
    ]

    lines = getters.query_one("#text", LineList)

    def __init__(self, title: str, file: str, *, of: str = "") -> None:
        super().__init__()
        self._about, self._of, self._file = title, of, file
        self.title = f"{title} of {of}" if of else title
        self.text = ""

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    async def made(self, session: "Session") -> str:
        """The text."""
        raise NotImplementedError

    def beside(self) -> list[Part]:
        """What is said beside the title."""
        return []

    def compose(self) -> ComposeResult:
        """The header, the text, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield LineList(cursor=False, id="text")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Put it together."""
        self.set_focus(self.lines)
        self.show_text("Putting it together …", "dim")
        self.action_refresh()

    def awaits(self, key: str) -> bool:
        """Keys act on the text: they wait for it, but for the one that leaves."""
        return not self.text and key not in ("escape", "q")

    @work(exclusive=True, group="read")
    async def action_refresh(self) -> None:
        """Build the report again."""
        try:
            self.text = await self.made(await self.cx.services())
        except CxError as error:
            self.text = sentence(error)
            self.show_text(self.text, "bad")
            return
        self.show_text(self.text)

    def show_text(self, text: str, tone: str = "") -> None:
        """Show it."""
        self.query_one(Header).say(Part(self._about, "strong"), *self.beside(), of=self._of)
        width = max(40, self.size.width - 4)
        self.lines.show_lines(
            [_line(part, tone) for line in text.splitlines() for part in _folded(line, width)]
        )

    def action_copy(self) -> None:
        """Copy the whole text, and say what was sent."""
        copied = copy(cast(Any, self.app), self.text, self.cx.settings.clipboard.limit)
        whole = f"Sent {len(self.text.splitlines()):,} lines to the clipboard of your terminal."
        cut = f"Sent the first {copied.sent:,} characters to the clipboard; w writes all into a file."
        self.notify(cut if copied.cut else whole, severity="warning" if copied.cut else "information")

    @work(group="act", name=OPENS)
    async def action_write(self) -> None:
        """Write the text into a file."""
        from cx_tui.screens.ask_path import AskPath

        asked = AskPath("Write it into which file?", str(Path.cwd() / self._file), ())
        path = await self.app.push_screen_wait(asked)
        if path is None:
            return
        try:
            await asyncio.to_thread(write_private, path, self.text)
        except CxError as error:
            self.notify(sentence(error), severity="error", timeout=10)
        else:
            self.notify(f"Written into {path}; only you can read it.")

    def action_leave(self) -> None:
        """Back to where you came from."""
        self.dismiss(None)


class HandOverScreen(ReportScreen):
    """What the next shift must know."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "since", "since", id="hand_over.since", tooltip="Begin at another moment."),
    ]

    def __init__(self) -> None:
        now = datetime.now(UTC)
        super().__init__("Hand-over", f"hand-over-{now.astimezone():%Y-%m-%d-%H%M}.txt")
        self._since = now - SHIFT

    def command(self) -> str:
        """The same as a command."""
        since = self._since.isoformat(timespec="minutes")
        return words_of("hand-over", None, *option("since", since))

    def beside(self) -> list[Part]:
        return [Part(f"since {local(self._since)}", "accent")]

    async def made(self, session: "Session") -> str:
        from cx_tui.services.reports.hand_over import hand_over

        return (await hand_over(session.database, self._since)).as_text()

    @work(group="act", name=OPENS)
    async def action_since(self) -> None:
        """Begin at another moment."""
        from cx_tui.screens.moments import earlier_moment

        since = await self.app.push_screen_wait(earlier_moment("Since when?"))
        if since is not None:
            self._since = since
            self.action_refresh()


class EvidenceScreen(ReportScreen):
    """What is known of a customer, masked or not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "mask", "mask", id="evidence.mask", tooltip="Mask numbers and addresses, or show them."),
    ]

    def __init__(self, customer_id: int, name: str) -> None:
        day = datetime.now(UTC)
        words = "".join(sign if sign.isalnum() else "-" for sign in name).strip("-").lower()
        super().__init__("Evidence", f"evidence-{words or customer_id}-{day:%Y-%m-%d}.txt", of=name)
        self._customer_id = customer_id
        self._mask = False

    def command(self) -> str:
        """The same as a command."""
        return words_of("evidence", self._customer_id, "--mask" if self._mask else "")

    def beside(self) -> list[Part]:
        return [Part("masked", "accent")] if self._mask else [Part("numbers are readable", "warn")]

    async def made(self, session: "Session") -> str:
        from cx_tui.services.reports.evidence import evidence

        return (await evidence(session, self._customer_id)).as_text(mask=self._mask)

    def action_mask(self) -> None:
        """Mask numbers and addresses, or show them."""
        self._mask = not self._mask
        self.action_refresh()


def _line(text: str, tone: str) -> list[tuple[Part, int]]:
    return [(Part(visible(text), tone), 0)]


def _folded(line: str, width: int) -> list[str]:
    """A line in as many as it needs; those after the first stand further in."""
    return wrap(line, width, subsequent_indent="    ") if len(line) > width else [line]
