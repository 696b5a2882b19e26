"""Lint: what is wrong with any customer or the setup, found by a child process while keys are answered."""

import os
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import Worker

from cx_tui.domain.admission.call import Where
from cx_tui.errors import CxError
from cx_tui.screens.admission.opening import open_where
from cx_tui.screens.as_command import option, words_of
from cx_tui.screens.header import Header
from cx_tui.screens.program import Program
from cx_tui.screens.reading_grid import ReadingGrid
from cx_tui.services import child_process
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import LOOK
from widgets.grid import Cell, Column, Grid, Row, RowsAtHand
from widgets.key_line import KeyLine
from widgets.line import Line, Part

COLUMNS = (
    Column("customer", "Customer", width=26, frozen=True),
    Column("rule", "Rule", width=18, help="What was looked for; f shows one rule only."),
    Column("sentence", "What is wrong", width=120, help="What is wrong, and what to do."),
)
SETUP = "(setup)"
MOST = 50_000
"""So many findings are shown; all are counted."""

SHOWN_EVERY = 0.5
"""Seconds between two looks at what was found meanwhile."""


@dataclass(frozen=True, slots=True)
class FoundRow(Row):
    """A finding that knows whose it is, and where it is mended."""

    customer_id: int | None = None
    where: Where | None = None
    rule: str = ""


def row_of(place: int, event: child_process.Event) -> FoundRow:
    """The row of a finding that the child tells."""
    where = event["where"]
    cells = {
        "customer": Cell(event["customer"] or SETUP, "" if event["customer"] else "dim"),
        "rule": Cell(in_words(event["rule"]), "dim"),
        "sentence": Cell(event["sentence"]),
    }
    return FoundRow(
        place, cells, customer_id=event["customer_id"], where=Where(*where) if where else None,
        rule=event["rule"],
    )  # fmt: skip


class LintScreen(Screen[None]):
    """The findings, while they are found and afterwards."""

    CSS_PATH = "admission.tcss"
    TITLE = "lint"
    AUTO_FOCUS = "#gates"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "only", "one rule", id="lint.only", tooltip="Show the findings of one rule, or of all."),
        Binding("s", "stop", "stop", id="lint.stop", tooltip="Stop looking; what was found stays."),
        Binding(f"r,{LOOK}", "look", "look again", id="lint.look", tooltip="Look at all customers again."),
        Binding("escape", "leave", "back", id="lint.leave", tooltip="Back to where you came from."),
    ]  # fmt: skip

    grid = getters.query_one("#gates", ReadingGrid)

    def __init__(self) -> None:
        super().__init__()
        self._looking: Worker[None] | None = None
        self._found: list[FoundRow] = []
        self._number: Counter[str] = Counter()
        self._done = self._of = 0
        self._said = ""
        self._rule = ""
        self._shown = -1

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def command(self) -> str:
        """The same as a command."""
        return words_of("lint", None, *option("rule", self._rule))

    def compose(self) -> ComposeResult:
        """How far it is, the findings, the whole sentence of one, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield ReadingGrid(COLUMNS, glyphs=glyphs, id="gates")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Begin to look."""
        self.watch(self.grid, "looked_at", self._say_more, init=False)
        self.set_interval(SHOWN_EVERY, self._show)
        self.action_look()

    @property
    def is_looking(self) -> bool:
        """Whether it is still being looked."""
        return self._looking is not None and not self._looking.is_finished

    def action_look(self) -> None:
        """Look at all customers, from the beginning."""
        if self.is_looking:
            self.notify("It is looking; s stops it.")
            return
        self._found, self._number, self._said, self._rule = [], Counter(), "", ""
        self._done, self._of, self._shown = 0, 0, -1
        self.grid.notice("Looking at the first customers …", "dim")
        self._looking = self._look()
        self._say()

    @work(group="look")
    async def _look(self) -> None:
        try:
            session = await self.cx.services()
            env = child_process.environment(session, read_only=True, env=os.environ)
            await child_process.run(["lint", "--events"], env, self._heard)
            self._said = "done"
        except CxError as error:
            self._said = f"stopped: {error}"
        self.call_later(self._show)

    def _heard(self, event: child_process.Event) -> None:
        if event["event"] == "progress":
            self._done, self._of = int(event["done"]), int(event["of"])
            return
        self._number[event["rule"]] += 1
        if len(self._found) < MOST:
            self._found.append(row_of(len(self._found), event))

    async def _show(self) -> None:
        """Show what was found meanwhile; the cursor stays where it is."""
        self._say()
        rows = [row for row in self._found if self._rule in ("", row.rule)]
        if len(rows) == self._shown:
            return
        self._shown = len(rows)
        if rows:
            await self.grid.show(RowsAtHand(rows), keep=True)
        elif not self.is_looking:
            self.grid.notice("Nothing is wrong." if self._said == "done" else "Nothing was found.", "dim")

    def _say(self) -> None:
        total = self._number.total()
        far = f"{self._done:,} of {self._of:,} customers" if self._of else ""
        if not self.is_looking and self._said == "done":
            far = f"all {self._of or self._done:,} customers"
        which = f"only {in_words(self._rule)}: {self._number[self._rule]:,}" if self._rule else ""
        parts = [
            Part("Lint", "strong"),
            Part(f"{total:,} findings" if total != 1 else "1 finding", "warn" if total else "dim"),
            Part(which, "accent"),
            Part(f"looked at {far}" if far else "looking", "dim"),
            Part("" if self._said in ("", "done") else self._said, "bad"),
            Part(f"the first {MOST:,} are shown" if total > MOST else "", "warn"),
        ]
        self.query_one(Header).say(*parts)
        self._say_more()

    def _say_more(self) -> None:
        """The whole sentence of the row under the cursor, and whether enter leads somewhere."""
        row = self.grid.cursor.row
        text = row.cell("sentence").text if row else ""
        opens = "enter opens what is to be changed" if isinstance(row, FoundRow) and row.where else ""
        self.query_one("#detail", Line).show(Part(text), right=[Part(opens, "dim")])

    @work(group="act", name=OPENS)
    async def action_only(self) -> None:
        """Let the operator choose a rule."""
        from widgets.menu import Item, Menu

        items = [Item("", "all rules", f"{self._number.total():,}")]
        items += [Item(rule, in_words(rule), f"{number:,}") for rule, number in self._number.most_common()]
        menu = Menu("Show the findings of", items, self._rule, glyphs=self.cx.glyphs)
        chosen = await self.app.push_screen_wait(menu)
        if chosen is not None:
            self._rule, self._shown = chosen, -1
            await self._show()

    def action_stop(self) -> None:
        """Stop looking."""
        if self._looking is not None and self.is_looking:
            self._looking.cancel()
            self._said = "stopped"
            self._say()

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """Open what is to be changed."""
        if isinstance(event.row, FoundRow) and event.row.where:
            self._open(event.row)

    @work(group="act", name=OPENS)
    async def _open(self, row: FoundRow) -> None:
        if row.where:
            await open_where(self, row.where, row.customer_id or 0)

    def action_leave(self) -> None:
        """Back to where one came from; nobody looks any more."""
        self.dismiss(None)


def in_words(rule: str) -> str:
    """A rule as it is read; its name is for commands."""
    return rule.replace("_", " ")
