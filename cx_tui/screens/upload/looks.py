"""The part of an upload that shows: what was chosen, the fields over the columns, the detail."""

from dataclasses import dataclass
from typing import cast

from textual import getters, on
from textual.geometry import Size

from cx_tui.domain.records import record_named
from cx_tui.screens.header import Header
from cx_tui.screens.program import Program
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.screens.upload import lines, upload_sentences
from cx_tui.screens.upload.files import Stamp
from cx_tui.screens.upload.grid import FileGrid
from cx_tui.screens.upload.plan import Head, Plan
from cx_tui.screens.upload.source import shorter
from cx_tui.screens.upload.upload_sentences import Result
from cx_tui.screens.upload.verdict_rows import VerdictRow
from cx_tui.screens.window import Window
from widgets.file_picker import FilePicker
from widgets.grid import Grid
from widgets.line import Line, LineText, Part


@dataclass(frozen=True)
class Judged:
    """What a plan came to, of the file as it was then; `done` when it was no dry run."""

    plan: Plan
    stamp: Stamp | None
    result: Result
    done: bool = False


LARGEST = Size(140, 36)
"""How large the window is at most: files have many columns, and verdicts long reasons."""


class LooksScreen(Window[bool]):
    """A screen that shows a file, or its verdicts, with what was chosen above."""

    grid = getters.query_one("#file", FileGrid)
    verdicts = getters.query_one("#verdicts", ReadingGrid)
    picker = getters.query_one("#picker", FilePicker)

    def __init__(self, record: str = "customer", owner: str = "") -> None:
        super().__init__()
        self.record, self.owner = record, owner
        self.declared = record_named(record).declared
        self.lines = lines.Lines(ascii=self.cx.ascii)
        self.plan: Plan | None = None
        self.head = Head()
        self.judged: Judged | None = None
        self.view = "picking"
        self.wrong = ""
        self._reading = self.touched = False
        self.how_large = ""

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def content(self, room: Size) -> Size:
        """Columns and rows of a file, as many as are read at a glance."""
        return LARGEST

    def _title(self) -> str:
        """What is uploaded; customers need not be named."""
        return "Upload" if self.record == "customer" else f"Upload {self.declared.several}"

    @on(Grid.ColumnsChanged, "#file")
    def columns_changed(self) -> None:
        """The fields stand where the columns do."""
        self.show_fields()

    def show_lines(self) -> None:
        """Say what was chosen, and what is next."""
        plan = self.plan
        state = Part("reading …" if self._reading else self.shown_of_all(), "dim")
        name = Part(plan.path.name if plan and self.view != "picking" else "choose a file", "")
        self.query_one(Header).say(Part(self._title(), "strong"), name, state)
        if plan is None:
            return
        self.query_one("#steps", Line).show_lines(
            [
                self.lines.file(plan, self.how_large),
                self.lines.read_as(plan, self.head),
                self.lines.may_do(plan),
                self.lines.step("rows", *self._outcome(plan)),
            ]
        )
        self.show_fields()
        self.show_detail()

    def shown_of_all(self) -> str:
        """How many rows are listed, of how many."""
        return ""

    def _outcome(self, plan: Plan) -> list[Part]:
        judged = self.judged
        if judged is None:
            return self.lines.unchecked(plan)
        if judged.done:
            return upload_sentences.done(judged.plan, judged.result, key="z")
        if judged.plan != plan:
            return [Part("checked before the last change; d checks again", "warn")]
        return upload_sentences.counts(judged.result)

    def show_fields(self) -> None:
        """Say over each column which field it is."""
        if self.plan is None:
            return
        places = self.grid.column_places()
        widths = {column.key: column.width for column in self.grid.columns}
        parts = self.lines.fields(places, widths, self.plan, self.grid.size.width)
        self.query_one("#fields", Line).show(*parts)

    def show_detail(self) -> None:
        """Say more of what is under the cursor."""
        detail = self.query_one("#detail", Line)
        if self.view == "verdicts":
            row = self.verdicts.cursor_row
            detail.show_lines(lines.verdict_detail(row if isinstance(row, VerdictRow) else None))
        elif self.plan is not None and (column := self.grid.cursor_column):
            at = self.grid.cursor_row
            place = int(column.key) if column.key.isdigit() else 0
            cells = self.head.rows[at.key] if at and at.key < len(self.head.rows) else ()
            text = cells[place] if column.key.isdigit() and place < len(cells) else ""
            first = self.lines.column(self.plan, self.head, column.key)
            detail.show_lines([first, LineText([Part(shorter(text))])])
        else:
            detail.show_lines([LineText()])
