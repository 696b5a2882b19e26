"""Reading the file of an upload: its first rows are shown as it is understood."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cx_tui.errors import CxError
from cx_tui.screens.page import sentence
from cx_tui.screens.upload.files import size_of, typable, why_not_read
from cx_tui.screens.upload.plan import Head, Plan, rejects_of
from cx_tui.screens.upload.source import Fixed, file_columns, file_rows
from cx_tui.services import child_process
from cx_tui.services.upload.order import HowToRead
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.upload.upload_screen import UploadScreen

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".parquet", ".json", ".gz")


class FileReading(Duty):
    """Has the file read, and read again when a choice changes how."""

    host: "UploadScreen"

    def __init__(self, host: "UploadScreen") -> None:
        super().__init__(host)
        self.head = Head()
        """The first rows, and what was found out."""
        self.wrong = ""
        """Why the file can't be read."""
        self.is_reading = False
        self.size = ""
        """How large the file is, in words."""

    def start_folder(self) -> str:
        """Where files are looked for at first: where the last one was, else where the program began."""
        kept = self.host.cx.workspace.folder_of_files()
        here = kept if kept and "\0" not in kept and Path(kept).is_dir() else str(Path.cwd())
        return f"{here.rstrip('/')}/"

    @work(exclusive=True, group="read")
    async def pick(self, path: Path) -> None:
        """Read this file, if it can be read; what was chosen for the one before is kept if not."""
        screen = self.host
        if wrong := await asyncio.to_thread(why_not_read, path):
            screen.picker.say(wrong)
            return
        if folder := typable(path.parent):
            screen.cx.workspace.keep_folder_of_files(folder)
        kept = screen.plan
        if kept and kept.path == path:
            plan = kept
        else:
            mode = {"mode": kept.mode, "all_or_nothing": kept.all_or_nothing} if kept else {}
            plan = Plan(path, rejects=rejects_of(path), record=screen.record, owner=screen.owner, **mode)  # type: ignore[arg-type]  # of these two
            self.head, screen.judged, screen.touched = Head(), None, False
            await screen.grid.show(Fixed([]), keep=False)
        screen.show_view("file")
        await self.read(plan)

    def read_as(self, how: HowToRead) -> None:
        """Read the file otherwise."""
        if self.host.plan:
            self.change(replace(self.host.plan, how=how))

    def change(self, plan: Plan) -> None:
        """Another choice; when the file is read otherwise by it, its rows are read again."""
        screen = self.host
        before, screen.plan = screen.plan, plan
        screen.touched = screen.touched or plan != before
        if before is None or plan.how != before.how:
            self.action_read_again()
        else:
            self._show_file()

    @work(exclusive=True, group="read")
    async def action_read_again(self) -> None:
        """Read the file again, as it is now."""
        if self.host.plan:
            await self.read(self.host.plan)

    async def read(self, plan: Plan) -> None:
        """Read the first rows, and understand what can be understood of them."""
        screen = self.host
        screen.plan, self.is_reading, self.wrong = plan, True, ""
        screen.captions.show()
        env = child_process.environment(None, read_only=True, env=os.environ)
        try:
            head = Head.of(await child_process.run(plan.reading(), env))
            self.size = await asyncio.to_thread(size_of, plan.path)
        except CxError as error:
            self.wrong = sentence(error)
            self.is_reading = False
            screen.grid.notice(f"{self.wrong}\n\ne encoding   f another file   f5 read it again", "bad")
            screen.captions.show()
            return
        self.is_reading = False
        if not plan.header and plan.how.has_header and (row := head.likely_header(plan.record)):
            await self.read(replace(plan, how=replace(plan.how, start_row=row), header=head.header(row)))
            return
        header = head.header(head.header_row) if plan.how.has_header else [""] * head.width
        kept = list(header) == list(plan.header) and bool(plan.mapping)
        found = replace(plan, header=header, guessed=head.guessed)
        if not kept:
            how = replace(plan.how, decimal=plan.how.decimal or head.decimal)
            found = replace(found, mapping=head.guessed, values=head.values, how=how)
        screen.plan = found
        self.head = head
        self._show_file(anew=True)

    @work(exclusive=True, group="show")
    async def _show_file(self, *, anew: bool = False) -> None:
        """Show the rows with the fields of their columns."""
        plan, grid = self.host.plan, self.host.grid
        if plan is None:
            return
        columns = file_columns(self.head, plan)
        if [column.key for column in columns] != [column.key for column in grid.columns.shown]:
            grid.columns.show(columns)
            grid.moves.to_column("0")
        await grid.show(file_rows(self.head, plan), keep=True)
        if not any(any(row) for row in self.head.rows):
            grid.notice("There is nothing in this file.\n\nf another file", "warn")
        elif anew:
            await grid.moves.to_position(self.head.place_of(self.head.header_row) or 0)
        self.host.captions.show()
