"""The screen of an upload: its parts, its keys, and the way back."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size

from cx_tui.domain.records import record_named
from cx_tui.errors import CxError
from cx_tui.screens.header import Header
from cx_tui.screens.page import sentence
from cx_tui.screens.program import Program
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.screens.upload.captions import Captions
from cx_tui.screens.upload.choosing import Choices
from cx_tui.screens.upload.grid import FileGrid
from cx_tui.screens.upload.judged import Judged
from cx_tui.screens.upload.mapping import FieldMapping
from cx_tui.screens.upload.plan import Plan
from cx_tui.screens.upload.reading import SUFFIXES, FileReading
from cx_tui.screens.upload.running import Running
from cx_tui.screens.upload.source import NUMBER
from cx_tui.screens.upload.template import Template
from cx_tui.screens.upload.verdict_rows import VerdictRow, verdict_columns
from cx_tui.screens.upload.verdicts import VerdictList
from cx_tui.screens.window import Window
from cx_tui.terminal.in_order import OPENS
from widgets.duties import has_duties
from widgets.file_picker import FilePicker
from widgets.function_keys import DO, LOOK
from widgets.grid import Grid
from widgets.key_line import KeyLine
from widgets.line import Line

OF_FILE = {"map", "unmap", "start_here", "header_or_none", "decimal", "encoding", "delimiter", "sheet"}
OF_PLAN = {"mode", "all_or_nothing", "rejects", "check", "upload", "pick", "read_again"}
OF_VERDICTS = {"filter", "next_change"}


LARGEST = Size(140, 36)
"""How large the window is at most: files have many columns, and verdicts long reasons."""
VIEWS = ("picking", "file", "verdicts")


@has_duties
class UploadScreen(Window[bool]):
    """Records from a file; dismissed with whether any were written."""

    TITLE = "the upload"
    CSS_PATH = "upload.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "check", "check", id="upload.check",
                tooltip="Judge every row and write nothing."),
        Binding(f"u,{DO}", "upload", "upload", id="upload.upload",
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
        Binding(LOOK, "read_again", "read again", show=False, id="upload.read_again",
                tooltip="Read the file again as it is now."),
        Binding("T,ctrl+t", "template", "template", id="upload.template",
                tooltip="Write a file with all columns and one example row, to be filled in."),
        Binding("z", "log", "log", id="upload.log", tooltip="Show the log, where the upload can be undone."),
        Binding("escape", "step_back", "back", id="upload.back",
                tooltip="From the verdicts to the file, from there to the list."),
        Binding("q,ctrl+q", "leave", "back", show=False, id="upload.leave",
                tooltip="Back to the list; asks when something was chosen and not uploaded."),
    ]  # fmt: skip

    grid = getters.query_one("#file", FileGrid)
    verdicts = getters.query_one("#verdicts", ReadingGrid)
    picker = getters.query_one("#picker", FilePicker)

    def __init__(self, record: str = "customer", owner: str = "") -> None:
        super().__init__()
        self.record, self.owner = record, owner
        self.declared = record_named(record).declared
        self.plan: Plan | None = None
        self.judged: Judged | None = None
        self.view = "picking"
        self.touched = self.uploaded = False
        self.captions = Captions(self)
        self.reading = FileReading(self)
        self.choices = Choices(self)
        self.mapping = FieldMapping(self)
        self.verdict_list = VerdictList(self)
        self.running = Running(self)
        self.duties = (
            self.reading, self.choices, self.mapping, self.verdict_list, self.running, Template(self),
        )  # fmt: skip

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    @property
    def is_done(self) -> bool:
        """Whether the verdicts are those of an upload, not of a dry run."""
        return self.judged is not None and self.judged.done

    def content(self, room: Size) -> Size:
        """Columns and rows of a file, as many as are read at a glance."""
        return LARGEST

    def compose(self) -> ComposeResult:
        """Where one is, the folder, the steps, the rows with their fields, the detail, the keys."""
        glyphs = self.cx.glyphs
        with self.body():
            yield Header(glyphs=glyphs)
            yield FilePicker(self.reading.start_folder(), SUFFIXES, glyphs=glyphs, id="picker")
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
        self.watch(self.verdicts, "looked_at", self.captions.show_detail, init=False)
        self.show_view("picking")

    def on_unmount(self) -> None:
        """The verdicts are not needed any more."""
        self.running.workroom.clear()

    def on_resize(self) -> None:
        """The fields stand over their columns at any width."""
        self.verdicts.columns.show(verdict_columns(self.room.width))
        self.call_after_refresh(self.captions.show_fields)

    def _moved(self) -> None:
        self.captions.show_detail()
        self.call_after_refresh(self.captions.show_fields)

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
        self.captions.show()

    # What the parts of the screen tell

    @on(FilePicker.Picked, "#picker")
    def picked(self, event: FilePicker.Picked) -> None:
        """Read this file."""
        self.reading.pick(event.path)

    @on(Grid.ColumnsChanged, "#file")
    def columns_changed(self) -> None:
        """The fields stand where the columns do."""
        self.captions.show_fields()

    @on(Grid.Chosen, "#file")
    def column_chosen(self) -> None:
        """Choose the field of the column under the cursor."""
        self.mapping.action_map()

    @on(Grid.SortRequested, "#file")
    def title_clicked(self, event: Grid.SortRequested) -> None:
        """The head of a column was clicked."""
        if event.column != NUMBER:
            self.mapping.choose_field(int(event.column))

    @on(FileGrid.StartHere)
    def number_clicked(self, event: FileGrid.StartHere) -> None:
        """The number of a row was clicked: that row is the header."""
        self.mapping.start(event.position)

    @on(Grid.Chosen, "#verdicts")
    def verdict_chosen(self, event: Grid.Chosen) -> None:
        """Show everything that is said of a row."""
        from cx_tui.screens.upload.reason import Reason

        if isinstance(event.row, VerdictRow):
            self.app.push_screen(Reason(event.row))

    # The way back

    def action_pick(self) -> None:
        """Choose another file; this one stays until then."""
        self.picker.look_again()
        self.show_view("picking")

    def action_step_back(self) -> None:
        """One step back."""
        from_verdicts = self.view == "verdicts" and not self.is_done
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
