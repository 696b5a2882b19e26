"""The screen of an upload: its parts, its keys, and the way back."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.errors import CxError
from cx_tui.screens.page import sentence
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.screens.upload.doing import DoingScreen
from cx_tui.screens.upload.grid import FileGrid
from cx_tui.screens.upload.reading import SUFFIXES
from cx_tui.screens.upload.verdict_rows import verdict_columns
from cx_tui.terminal.in_order import OPENS
from widgets.file_picker import FilePicker
from widgets.grid import Grid
from widgets.key_line import KeyLine
from widgets.line import Line

OF_FILE = {"map", "unmap", "start_here", "header_or_none", "decimal", "encoding", "delimiter", "sheet"}
OF_PLAN = {"mode", "all_or_nothing", "rejects", "check", "upload", "pick", "read_again"}
OF_VERDICTS = {"filter", "next_change"}


class UploadScreen(DoingScreen):
    """Records from a file; dismissed with whether any were written."""

    TITLE = "the upload"
    CSS_PATH = "upload.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "check", "check", id="upload.check",
                tooltip="Judge every row and write nothing."),
        Binding("u,f10", "upload", "upload", id="upload.upload",
                tooltip="Say what will be done, ask, and upload the file."),
        Binding("t", "filter", "verdict", id="upload.filter", tooltip="Show the rows of one verdict only."),
        Binding("right_square_bracket", "next_change(1)", "next change", show=False, id="upload.next_change",
                tooltip="Go to the next row that changes a record."),
        Binding("left_square_bracket", "next_change(-1)", "change before", show=False,
                id="upload.previous_change", tooltip="Go back to the previous row that changes a record."),
        Binding("s", "start_here", "header", id="upload.start_row",
                tooltip="This row is the header; the data are beneath it."),
        Binding("v", "other_view", "file/rows", id="upload.view",
                tooltip="Go from the file to the verdicts of its rows, and back."),
        Binding("n", "header_or_none", "header or none", show=False, id="upload.no_header",
                tooltip="The first row is a header, or data already: then columns are known by number."),
        Binding("comma", "decimal", "decimal comma", show=False, id="upload.decimal",
                tooltip="Numbers have a decimal comma, or a decimal point."),
        Binding("o", "mode", "mode", id="upload.mode", tooltip="Create records, update them, or both."),
        Binding("m", "map", "field", show=False, id="upload.map",
                tooltip="Choose the field of this column."),
        Binding("x,delete", "unmap", "not used", show=False, id="upload.unmap",
                tooltip="Stop using this column."),
        Binding("f", "pick", "other file", id="upload.file", tooltip="Choose another file."),
        Binding("e", "encoding", "encoding", show=False, id="upload.encoding",
                tooltip="Choose the encoding of the file."),
        Binding("b", "delimiter", "delimiter", show=False, id="upload.delimiter",
                tooltip="Choose what separates cells."),
        Binding("w", "sheet", "sheet", show=False, id="upload.sheet",
                tooltip="Choose the sheet of a spreadsheet."),
        Binding("a", "all_or_nothing", "all or nothing", show=False, id="upload.all_or_nothing",
                tooltip="If a row is rejected, write nothing, or write the good rows anyway."),
        Binding("r", "rejects", "rejects", show=False, id="upload.rejects",
                tooltip="Choose where rejected rows are written with their reasons."),
        Binding("f5", "read_again", "read again", show=False, id="upload.read_again",
                tooltip="Read the file again as it is now."),
        Binding("T,f6", "template", "template", id="upload.template",
                tooltip="Write a file with all columns and one example row, to be filled in."),
        Binding("z", "log", "log", id="upload.log", tooltip="Show the log, where the upload can be undone."),
        Binding("escape", "step_back", "back", id="upload.back",
                tooltip="From the verdicts to the file, from there to the list."),
        Binding("q,ctrl+q", "leave", "back", show=False, id="upload.leave",
                tooltip="Back to the list; asks when something was chosen and not uploaded."),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """Where one is, the folder, the steps, the rows with their fields, the detail, the keys."""
        glyphs = self.cx.glyphs
        with self.body():
            yield Line(glyphs=glyphs, id="header")
            yield FilePicker(self.start_folder(), SUFFIXES, glyphs=glyphs, id="picker")
            yield Line(glyphs=glyphs, id="steps")
            yield Line(glyphs=glyphs, id="fields")
            yield FileGrid((), glyphs=glyphs, id="file")
            yield ReadingGrid(verdict_columns(self.room.width), glyphs=glyphs, id="verdicts")
            yield Line(glyphs=glyphs, id="detail")
            yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Begin with the folder."""
        self.watch(self.grid, "looked_at", self._moved, init=False)
        self.watch(self.grid, "scroll_x", self._moved, init=False)
        self.watch(self.verdicts, "looked_at", self.show_detail, init=False)
        self.show_view("picking")

    def on_unmount(self) -> None:
        """The verdicts are not needed any more."""
        self.workroom.clear()

    def on_resize(self) -> None:
        """The fields stand over their columns at any width."""
        self.verdicts.set_columns(verdict_columns(self.room.width))
        self.call_after_refresh(self.show_fields)

    def _moved(self) -> None:
        self.show_detail()
        self.call_after_refresh(self.show_fields)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What can be done depends on what is looked at."""
        if action in OF_FILE:
            return self.view == "file"
        if action in OF_PLAN:
            return self.view != "picking"
        if action in OF_VERDICTS:
            return self.view == "verdicts"
        if action == "other_view":
            return self.view != "picking" and self.judged is not None
        if action == "log":
            return self.uploaded
        return super().check_action(action, parameters)

    def command(self) -> str | None:
        """What judges this file, as a command; none before there is one."""
        return self.plan.command() if self.plan else None

    # The way back

    def action_pick(self) -> None:
        """Choose another file; this one stays until then."""
        self.picker.look_again()
        self.show_view("picking")

    def action_read_again(self) -> None:
        """Read the file again."""
        self.read_again()

    def action_step_back(self) -> None:
        """One step back."""
        from_verdicts = self.view == "verdicts" and not self.judged_done
        if from_verdicts or (self.view == "picking" and self.plan is not None):
            self.show_view("file")
        else:
            self.action_leave()

    @work(group="leave", exclusive=True, name=OPENS)
    async def action_leave(self) -> None:
        """Back to the list; what was chosen is not thrown away without asking."""
        from cx_tui.screens.confirm import Confirm

        if self.touched and self.plan and self.is_current:
            said = f"What you chose for {self.plan.path.name} is forgotten, unless it was checked."
            asked = Confirm("Leave without uploading?", [said], yes="Leave", no="Stay")
            if not await self.app.push_screen_wait(asked):
                return
        self.dismiss(self.uploaded)

    def action_log(self) -> None:
        """Show the log, where it can be undone."""
        from cx_tui.screens.log import LogScreen

        self.app.push_screen(LogScreen())

    @on(Grid.Failed)
    def failed(self, event: Grid.Failed) -> None:
        """Say what is wrong with the verdicts; what is not their fault is a bug and stays loud."""
        if not isinstance(event.error, CxError):
            raise event.error
        self.notify(sentence(event.error), severity="error", timeout=10)
