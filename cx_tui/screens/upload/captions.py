"""What stands around the rows: what was chosen, the fields over the columns, more of one cell or row."""

from typing import TYPE_CHECKING

from cx_tui.screens.header import Header
from cx_tui.screens.upload import upload_sentences
from cx_tui.screens.upload.lines import Lines, verdict_detail
from cx_tui.screens.upload.plan import Plan
from cx_tui.screens.upload.source import shorter
from cx_tui.screens.upload.verdict_rows import VerdictRow
from widgets.line import Line, LineText, Part

if TYPE_CHECKING:
    from cx_tui.screens.upload.upload_screen import UploadScreen


class Captions:
    """The lines of one upload screen."""

    def __init__(self, screen: "UploadScreen") -> None:
        self._screen = screen
        self.lines = Lines(ascii=screen.cx.ascii)

    def show(self) -> None:
        """Say what was chosen, and what is next."""
        screen, plan = self._screen, self._screen.plan
        name = Part(plan.path.name if plan and screen.view != "picking" else "choose a file", "")
        state = "reading …" if screen.reading.is_reading else screen.verdict_list.shown_of_all()
        screen.query_one(Header).say(Part(self._title(), "strong"), name, Part(state, "dim"))
        if plan is None:
            return
        screen.query_one("#steps", Line).show_lines(
            [
                self.lines.file(plan, screen.reading.size),
                self.lines.read_as(plan, screen.reading.head),
                self.lines.may_do(plan),
                self.lines.step("rows", *self._outcome(plan)),
            ]
        )
        self.show_fields()
        self.show_detail()

    def _title(self) -> str:
        """What is uploaded; customers need not be named."""
        screen = self._screen
        return "Upload" if screen.record == "customer" else f"Upload {screen.declared.several}"

    def _outcome(self, plan: Plan) -> list[Part]:
        judged = self._screen.judged
        if judged is None:
            return self.lines.unchecked(plan)
        if judged.done:
            return upload_sentences.done(judged.plan, judged.result, key="z")
        if judged.plan != plan:
            return [Part("checked before the last change; d checks again", "warn")]
        return upload_sentences.counts(judged.result)

    def show_fields(self) -> None:
        """Say over each column which field it is."""
        screen, grid = self._screen, self._screen.grid
        if screen.plan is None:
            return
        widths = {column.key: column.width for column in grid.columns.shown}
        parts = self.lines.fields(grid.columns.starts(), widths, screen.plan, grid.size.width)
        screen.query_one("#fields", Line).show(*parts)

    def show_detail(self) -> None:
        """Say more of what is under the cursor."""
        screen = self._screen
        detail = screen.query_one("#detail", Line)
        if screen.view == "verdicts":
            row = screen.verdicts.cursor.row
            detail.show_lines(verdict_detail(row if isinstance(row, VerdictRow) else None))
        elif screen.plan is not None and (column := screen.grid.cursor.column):
            at, rows = screen.grid.cursor.row, screen.reading.head.rows
            place = int(column.key) if column.key.isdigit() else 0
            cells = rows[at.key] if at and at.key < len(rows) else ()
            text = cells[place] if column.key.isdigit() and place < len(cells) else ""
            first = self.lines.column(screen.plan, screen.reading.head, column.key)
            detail.show_lines([first, LineText([Part(shorter(text))])])
        else:
            detail.show_lines([LineText()])
