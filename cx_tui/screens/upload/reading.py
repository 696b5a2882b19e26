"""The part of an upload that reads: a file is picked, and its first rows are shown as it is understood."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual import on, work

from cx_tui.errors import CxError
from cx_tui.screens.page import sentence
from cx_tui.screens.upload.files import size_of, typable, why_not_read
from cx_tui.screens.upload.looks import LooksScreen
from cx_tui.screens.upload.plan import Head, Plan, rejects_of
from cx_tui.screens.upload.source import Fixed, file_columns, file_rows
from cx_tui.services import child_process
from widgets.file_picker import FilePicker

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".parquet", ".json", ".gz")
VIEWS = ("picking", "file", "verdicts")


class ReadingScreen(LooksScreen):
    """A screen on which a file is looked at."""

    def start_folder(self) -> str:
        """Where files are looked for at first: where the last one was, else where the program began."""
        kept = self.cx.workspace.folder_of_files()
        here = kept if kept and "\0" not in kept and Path(kept).is_dir() else str(Path.cwd())
        return f"{here.rstrip('/')}/"

    # The file

    def awaits(self, key: str) -> bool:
        """Keys act on the rows of the file that is being read."""
        return any(worker.group in ("read", "show") and worker.is_running for worker in self.workers)

    def show_view(self, view: str) -> None:
        """Show the folder, the file, or the verdicts."""
        self.view = view
        for each in VIEWS:
            self.set_class(each == view, f"-{each}")
        shown: Mapping[str, Any] = {"picking": self.picker.box, "file": self.grid, "verdicts": self.verdicts}
        shown[view].focus()
        self.refresh_bindings()
        self.show_lines()

    @on(FilePicker.Picked, "#picker")
    @work(exclusive=True, group="read")
    async def picked(self, event: FilePicker.Picked) -> None:
        """Read this file, if it can be read; what was chosen for the one before is kept if not."""
        path = event.path
        if wrong := await asyncio.to_thread(why_not_read, path):
            self.picker.say(wrong)
            return
        if folder := typable(path.parent):
            self.cx.workspace.keep_folder_of_files(folder)
        kept = self.plan
        if kept and kept.path == path:
            plan = kept
        else:
            mode = {"mode": kept.mode, "all_or_nothing": kept.all_or_nothing} if kept else {}
            plan = Plan(path, rejects=rejects_of(path), record=self.record, owner=self.owner, **mode)  # type: ignore[arg-type]  # of these two
            self.head, self.judged, self.touched = Head(), None, False
            await self.grid.show(Fixed([]), keep=False)
        self.show_view("file")
        await self._read(plan)

    def change(self, plan: Plan) -> None:
        """Another choice; when the file is read otherwise by it, its rows are read again."""
        before, self.plan = self.plan, plan
        self.touched = self.touched or plan != before
        if before is None or plan.how != before.how:
            self.read_again()
        else:
            self.show_file()

    @work(exclusive=True, group="read")
    async def read_again(self) -> None:
        """Read the file again, as it is now."""
        if self.plan:
            await self._read(self.plan)

    async def _read(self, plan: Plan) -> None:
        self.plan, self._reading, self.wrong = plan, True, ""
        self.show_lines()
        env = child_process.environment(None, read_only=True, env=os.environ)
        try:
            head = Head.of(await child_process.run(plan.reading(), env))
            self.how_large = await asyncio.to_thread(size_of, plan.path)
        except CxError as error:
            self.wrong = sentence(error)
            self._reading = False
            self.grid.notice(f"{self.wrong}\n\ne encoding   f another file   f5 read it again", "bad")
            self.show_lines()
            return
        self._reading = False
        if not plan.header and plan.how.has_header and (row := head.likely_header(plan.record)):
            await self._read(replace(plan, how=replace(plan.how, start_row=row), header=head.header(row)))
            return
        header = head.header(head.header_row) if plan.how.has_header else [""] * head.width
        kept = list(header) == list(plan.header) and bool(plan.mapping)
        found = replace(plan, header=header, guessed=head.guessed)
        if not kept:
            how = replace(plan.how, decimal=plan.how.decimal or head.decimal)
            found = replace(found, mapping=head.guessed, values=head.values, how=how)
        self.plan = found
        self.head = head
        self.show_file(anew=True)

    @work(exclusive=True, group="show")
    async def show_file(self, *, anew: bool = False) -> None:
        """Show the rows with the fields of their columns."""
        plan = self.plan
        if plan is None:
            return
        columns = file_columns(self.head, plan)
        if [column.key for column in columns] != [column.key for column in self.grid.columns.shown]:
            self.grid.columns.show(columns)
            self.grid.moves.to_column("0")
        await self.grid.show(file_rows(self.head, plan), keep=True)
        if not any(any(row) for row in self.head.rows):
            self.grid.notice("There is nothing in this file.\n\nf another file", "warn")
        elif anew:
            await self.grid.moves.to_position(self.head.place_of(self.head.header_row) or 0)
        self.show_lines()
