"""The page where operators ask in SQL: an editor, the answer in a grid, what was asked before."""

from __future__ import annotations

import asyncio
import csv
import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from cx_tui.errors import CxError
from cx_tui.screens.ask_path import AskPath
from cx_tui.screens.header import Header
from cx_tui.screens.list.cells import said_of, table
from cx_tui.screens.page import Page
from cx_tui.screens.present import one_of
from cx_tui.screens.sql.editor import SqlEditor
from cx_tui.screens.sql.source import AnswerRows, columns_of, shown
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import AFTER, DO, LIST, LOOK, TAB_AFTER
from widgets.grid import Column, Grid
from widgets.key_line import KeyLine
from widgets.line import Line, Part

if TYPE_CHECKING:
    from cx_tui.services.asked_sql import Answer

BEGIN = "SELECT name, balance, currency FROM v_customer\nWHERE balance < 0 ORDER BY balance LIMIT 100"
LIMIT = 10.0
"""Seconds after which a question is ended."""
LIMITS = (10.0, 60.0, 600.0)
PART = 10_000
FILTER_ROOM = 1_900
"""Characters that numbers may take in a filter."""

Outcome = tuple[str, list[int]]
"""What the list of customers does with numbers: "filter" or "mark"."""


class SqlPage(Page):
    """The page; it ends with numbers of customers when they shall be marked, or filter the list."""

    TITLE = "SQL"
    CSS_PATH = "sql.tcss"
    AUTO_FOCUS = "#editor"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"{LOOK},ctrl+r", "run", "run", id="sql.run", priority=True, tooltip="Ask the question."),
        Binding("escape", "step_back", "back", id="sql.back",
                tooltip="Stop what runs; from the answer to the editor, from there back to the list."),
        Binding(TAB_AFTER, "to_answer", "answer", show=False, id="sql.answer", priority=True,
                tooltip="Go to the answer."),
        Binding(LIST, "history", "history", id="sql.history", priority=True,
                tooltip="Take up an earlier question again, even one that failed."),
        Binding(AFTER, "limit", "limit", id="sql.limit", priority=True,
                tooltip="How long a question may take: 10 s, 60 s, 10 min."),
        Binding(f"{DO},ctrl+s", "export", "export", id="sql.export", priority=True,
                tooltip="Write the answer into a CSV or JSON file."),
        Binding("F", "use_as_filter", "as filter", id="sql.filter",
                tooltip="Show these customers in the list, where the answer has their numbers."),
        Binding("M", "mark", "mark these", id="sql.mark",
                tooltip="Mark these customers in the list, where the answer has their numbers."),
    ]  # fmt: skip

    editor = getters.query_one("#editor", SqlEditor)

    def __init__(self) -> None:
        super().__init__()
        self.answer: Answer | None = None
        self._limit = LIMIT
        self._said = Part("")

    def compose(self) -> ComposeResult:
        """The header, the editor, what could be written, the answer, how it went, the keys."""
        glyphs = self.cx.glyphs
        history = self.cx.workspace.asked_in_sql()
        yield Header(glyphs=glyphs)
        yield SqlEditor(history[0]["text"] if history else BEGIN, id="editor")
        yield Line(glyphs=glyphs, id="offers")
        yield Grid((Column("nothing", ""),), glyphs=glyphs)
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Begin in the editor."""
        self.read_at = datetime.now(UTC)
        self.watch(self.grid, "looked_at", self.say, init=False)
        self.grid.notice("f5 asks; tab completes; f4 shows what was asked before", "dim")
        self.editor.move_cursor(self.editor.document.end)
        self.say()

    def say(self) -> None:
        """Say what was answered, and the whole value of the cell under the cursor."""
        number = Part(f"{len(self.answer):,} rows" if self.answer else "", "accent")
        limit = Part(f"limit {self._limit:g} s", "dim")
        self.show_head(Part("SQL", "strong"), number, self._said, limit)
        row, column = self.grid.cursor.row, self.grid.cursor.column
        text = row.cell(column.key).text if row and column else ""
        self.query_one("#detail", Line).show(Part(f"{column.title}: {text}" if column and text else "", ""))

    @on(TextArea.Changed)
    @on(TextArea.SelectionChanged)
    @on(SqlEditor.Offered)
    def offer(self) -> None:
        """Say what could be written."""
        found, taken = self.editor.offered()
        parts = [Part("tab: ", "dim")] if found else []
        for place, text in enumerate(found):
            parts += [one_of(text, chosen=place == taken), Part(" ")]
        self.query_one("#offers", Line).show(*parts)

    # Asking

    def action_run(self) -> None:
        """Ask the question."""
        text = self.editor.text.strip()
        if text:
            self._run(text)

    @work(exclusive=True, group="sql")
    async def _run(self, text: str) -> None:
        from cx_tui.services.asked_sql import asked

        began = monotonic()
        self._said = Part("asking …", "accent")
        self.say()
        wrong = ""
        try:
            session = await self.cx.services()
            answer = await asked(session, text, self._limit, heard=self._heard)
        except CxError as error:
            wrong = str(error)
            self._said = Part("failed", "bad")
            if self.answer is None or not len(self.answer):
                self.grid.notice(wrong, "bad")
            else:
                self.notify(wrong, severity="error", timeout=15)
        except asyncio.CancelledError:
            self._said = Part("stopped", "warn")
            self.say()
            raise
        else:
            engine = "polars, hot and sealed days" if re.search(r"\bv_call\b", text, re.I) else "the database"
            self._said = Part(f"{monotonic() - began:.1f} s, by {engine}", "dim")
            if self.answer:
                self.answer.close()
            self.answer = answer
            await self._show(answer)
        rows = len(self.answer) if self.answer and not wrong else 0
        self.cx.workspace.keep_asked_in_sql(
            text, rows=rows, seconds=round(monotonic() - began, 1), wrong=wrong
        )
        self.say()

    def _heard(self, answer: Answer) -> None:
        self._said = Part(f"{len(answer):,} rows so far", "accent")
        self.say()

    async def _show(self, answer: Answer) -> None:
        self.grid.columns.show(columns_of(answer))
        await self.grid.show(AnswerRows(answer), keep=False)
        if not len(answer):
            self.grid.notice("The answer has no rows.", "dim")

    def stop(self) -> bool:
        """Stop the question that runs: its process is killed."""
        running = [worker for worker in self.workers if worker.group == "sql" and worker.is_running]
        for worker in running:
            worker.cancel()
        return bool(running)

    def action_step_back(self) -> None:
        """Stop what runs; go back to the editor; leave."""
        if self.stop():
            self.notify("The question was stopped.")
        elif self.grid.has_focus:
            self.editor.focus()
        else:
            self.dismiss(None)

    def action_to_answer(self) -> None:
        """Go to the answer."""
        if self.answer:
            self.grid.focus()

    # What was asked before, and for how long

    @work(group="act", name=OPENS)
    async def action_history(self) -> None:
        """Take up a question that was asked before."""
        from widgets.menu import Item, Menu

        history = self.cx.workspace.asked_in_sql()
        items = [
            Item(str(place), " ".join(one["text"].split())[:70], _note(one))
            for place, one in enumerate(history)
        ]
        menu = Menu("Asked before", items or [Item("", "nothing yet")], glyphs=self.cx.glyphs)
        chosen = await self.app.push_screen_wait(menu)
        if chosen:
            self.editor.load_text(history[int(chosen)]["text"])
            self.editor.focus()

    def action_limit(self) -> None:
        """Another limit."""
        self._limit = LIMITS[(LIMITS.index(self._limit) + 1) % len(LIMITS)]
        self.say()

    # What is done with the answer

    @work(group="act", name=OPENS)
    async def action_export(self) -> None:
        """Write the answer into a file."""
        if self.answer is None:
            self.notify("There is no answer yet; f5 asks.")
            return
        path = await self.app.push_screen_wait(
            AskPath("Write the answer into which file?", str(Path.cwd() / "answer.csv"), (".csv", ".json"))
        )
        if path is None:
            return
        try:
            await asyncio.to_thread(_write, self.answer, path)
        except OSError as error:
            self.notify(f"{path} can't be written: {error.strerror}.", severity="error")
            return
        self.notify(f"{len(self.answer):,} rows are in {path}.")

    def _numbers(self) -> list[int] | None:
        """The numbers of customers that the answer has, of the marked rows where some are marked."""
        answer = self.answer
        place = _customers_in(answer.names, self.editor.text) if answer else None
        if answer is None or place is None:
            self.notify(
                "The answer has no customers: select customer_id, or id of v_customer.", severity="warning"
            )
            return None
        marks, found = self.grid.marks.rows, []
        for start in range(0, len(answer), PART):
            for at, row in enumerate(answer.rows(start, PART), start):
                if (not marks or at in marks) and isinstance(row[place], int):
                    found.append(row[place])
        return list(dict.fromkeys(found))

    def action_use_as_filter(self) -> None:
        """Show these customers in the list."""
        found = self._numbers()
        if found is None:
            return
        if not found or len(",".join(map(str, found))) > FILTER_ROOM:
            self.notify(
                f"{len(found):,} customers are no filter (up to about 300 are); M marks them instead."
            )
            return
        self.dismiss(("filter", found))  # type: ignore[arg-type]  # this page ends with numbers

    def action_mark(self) -> None:
        """Mark these customers in the list."""
        found = self._numbers()
        if found:
            self.dismiss(("mark", found))  # type: ignore[arg-type]  # this page ends with numbers

    async def action_copy(self) -> None:
        """Copy the marked cells, or the cell under the cursor: whole values."""
        row, column, cells = self.grid.cursor.row, self.grid.cursor.column, self.grid.cells.block
        if self.answer and cells:
            places, limit = [_place(key) for key in cells.columns], self.cx.settings.clipboard.limit
            rows = self.answer.rows(cells.start, min(cells.rows, limit))
            self.send_to_clipboard(table([_text(row[at]) for at in places] for row in rows), said_of(cells))
        elif row and column and self.answer:
            text = _text(self.answer.rows(row.key, 1)[0][_place(column.key)])
            self.send_to_clipboard(text, f'"{text[:60]}"')

    def command(self) -> str:
        """The question, as a command."""
        return shlex.join(
            ["cx-tui", "sql", " ".join(self.editor.text.split()), "--limit-s", f"{self._limit:g}"]
        )


def _place(key: str) -> int:
    """The place of a column of the answer."""
    return int(key[1:])


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _note(one: dict[str, Any]) -> str:
    return "failed" if one.get("wrong") else f"{one.get('rows', 0):,} rows, {one.get('seconds', 0):g} s"


def _write(answer: Answer, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if path.suffix == ".csv":
            writer.writerow(answer.names)
        for start in range(0, len(answer), PART):
            for row in answer.rows(start, PART):
                if path.suffix == ".csv":
                    writer.writerow(["" if value is None else value for value in row])
                else:
                    file.write(
                        json.dumps(dict(zip(answer.names, row, strict=True)), ensure_ascii=False) + "\n"
                    )


def _customers_in(names: Any, text: str) -> int | None:
    """The column that has numbers of customers."""
    if "customer_id" in names:
        return int(names.index("customer_id"))
    views = set(re.findall(r"\bv_\w+", text.lower()))
    return int(names.index("id")) if "id" in names and views == {"v_customer"} else None


__all__ = ["Outcome", "SqlPage", "shown"]
