"""The screen of an export: which records, which kind of file, and where to."""

import asyncio
import os
import shlex
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cx_tui.config import folders
from cx_tui.domain.query import Query, StatusFilter
from cx_tui.domain.selection import Selection
from cx_tui.screens.ask_path import may_replace, why_not
from cx_tui.screens.exporting import export_sentences
from cx_tui.screens.exporting.errand import Order
from cx_tui.screens.header import Header
from cx_tui.screens.list.commands import chosen, chosen_by
from cx_tui.screens.program import Program
from cx_tui.screens.upload.files import typable
from cx_tui.services import child_process
from cx_tui.terminal.in_order import OPENS
from widgets.file_picker import FilePicker
from widgets.function_keys import AFTER, LIST
from widgets.key_line import KeyLine
from widgets.line import Line, LineText, Part
from widgets.menu import Item, Menu

LABEL = 9
ERRAND = "cx_tui.screens.exporting.errand"


class ExportScreen(Screen[bool]):
    """Records into a file; dismissed with whether one was written."""

    TITLE = "the export"
    CSS_PATH = "exporting.tcss"
    AUTO_FOCUS = "#path-box"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(AFTER, "which", "which", id="export.which", tooltip="Choose which of them to write."),
        Binding(LIST, "format", "format", id="export.format",
                tooltip="Choose the kind of file: CSV, XLSX, Parquet or JSON."),
        Binding("escape", "leave", "back", id="export.back", tooltip="Back to the list; nothing is written."),
    ]  # fmt: skip

    picker = getters.query_one("#picker", FilePicker)

    def __init__(
        self, query: Query, listed: int | None, marked: Selection | None = None, number: int | None = 0
    ) -> None:
        super().__init__()
        self._query, self._marked = query, marked
        self._numbers: dict[str, int | None] = {
            export_sentences.MARKED: number,
            export_sentences.LISTED: listed,
            export_sentences.ALL: None,
        }
        self.choice = export_sentences.MARKED if marked else export_sentences.LISTED

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def compose(self) -> ComposeResult:
        """Which records, which kind of file, where to."""
        glyphs = self.cx.glyphs
        kept = self.cx.workspace.folder_of_files()
        folder = kept if kept and "\0" not in kept and Path(kept).is_dir() else str(Path.cwd())
        path = export_sentences.usual_path(f"{folder.rstrip('/')}/", self._query)
        yield Header(glyphs=glyphs)
        yield Line(glyphs=glyphs, id="steps")
        yield FilePicker(path, [*export_sentences.FORMATS], new=True, glyphs=glyphs, id="picker")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Say what is chosen."""
        self.show_lines()

    def show_lines(self) -> None:
        """Say what would be written."""
        self.query_one(Header).say(Part("Export", "strong"))
        opens = "v" if self.cx.ascii else "▾"
        which = export_sentences.which(self.choice, self._numbers[self.choice], self._query)
        suffix = next((one for one in export_sentences.FORMATS if self.picker.text.lower().endswith(one)), "")
        kind = export_sentences.FORMATS.get(suffix, "by the ending of the file")
        self.query_one("#steps", Line).show_lines([
            LineText([_label("which"), Part(which, "strong", "screen.which")]),
            LineText([_label("format"), Part(f"{kind} {opens}", "" if suffix else "warn", "screen.format")]),
            LineText([_label("file"), Part("every field has its column, as an upload reads it", "dim")]),
        ])  # fmt: skip

    @on(FilePicker.Typed)
    def typed(self) -> None:
        """The ending says which format it is."""
        self.show_lines()

    def action_which(self) -> None:
        """Write the next choice of records: those marked, those listed, all."""
        narrowed = self.picker.is_mounted and export_sentences.narrowed(self._query)
        choices = (
            [export_sentences.MARKED] * bool(self._marked)
            + [export_sentences.LISTED]
            + [export_sentences.ALL] * bool(narrowed)
        )
        self.choice = choices[(choices.index(self.choice) + 1) % len(choices)]
        self.show_lines()

    @work(group="choose", exclusive=True, name=OPENS)
    async def action_format(self) -> None:
        """Choose the kind of file."""
        items = [Item(suffix, name, suffix) for suffix, name in export_sentences.FORMATS.items()]
        now = next((one for one in export_sentences.FORMATS if self.picker.text.lower().endswith(one)), "")
        chosen = await self.app.push_screen_wait(Menu("The kind of file", items, now, glyphs=self.cx.glyphs))
        if chosen:
            self.picker.put(export_sentences.with_suffix(self.picker.text, chosen))

    @on(FilePicker.Picked)
    @work(group="write", exclusive=True, name=OPENS)
    async def picked(self, event: FilePicker.Picked) -> None:
        """Write it, if it can be written and may be replaced."""
        path = event.path
        if wrong := await asyncio.to_thread(why_not, path, tuple(export_sentences.FORMATS)):
            self.picker.say(wrong)
        elif self.is_current and await may_replace(self, path):
            await self._write(path)

    async def _write(self, path: Path) -> None:
        from cx_tui.screens.progress import Progress, Report

        if folder := typable(path.parent):
            self.cx.workspace.keep_folder_of_files(folder)
        order = self._order(path)

        async def work(report: Report) -> int:
            session = await self.cx.services()
            env = child_process.environment(session, read_only=True, env=os.environ)

            def heard(event: child_process.Event) -> None:
                report(int(event["done"]), int(event["of"]))

            with tempfile.TemporaryDirectory(prefix="cx-tui-") as folder:
                told = Path(folder) / "order"
                await asyncio.to_thread(folders.write_private, told, order.as_json())
                return int((await child_process.run([str(told)], env, heard, ERRAND))["records"])

        title, stopped = f"Writing {path.name}", "It was stopped; no file was written."
        number = await self.app.push_screen_wait(Progress(title, work, stopped=stopped, at_the_end=stopped))
        if number is not None:
            self.app.notify(export_sentences.written(number, path, self._query), timeout=10)
            self.dismiss(True)

    def _order(self, path: Path) -> Order:
        if self.choice == export_sentences.MARKED:
            return Order(path, self._query, self._marked)
        if self.choice == export_sentences.ALL:
            return Order(path, replace(self._query, search="", where="", status=StatusFilter.ALL))
        return Order(path, self._query)

    def command(self) -> str:
        """What writes the same file, as a command."""
        order = self._order(Path(self.picker.text).expanduser())
        which = chosen_by(order.selection) if order.selection else chosen(order.query)
        return shlex.join(["cx-tui", "export", str(order.path), *which])

    def action_leave(self) -> None:
        """Back to the list."""
        self.dismiss(False)


def _label(text: str) -> Part:
    return Part(f"{text:<{LABEL}}", "dim")
