"""A page with the records of one kind, of all customers or of one owner."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.screens.following import Follower, in_short
from cx_tui.screens.header import Header
from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.list.scope import Scope
from cx_tui.screens.list.special import list_of
from cx_tui.screens.program import Program
from cx_tui.terminal.in_order import OPENS
from widgets.key_line import KeyLine
from widgets.line import Line, Part

if TYPE_CHECKING:
    from textual.worker import Worker

    from cx_tui.domain.news import News


class RecordPage(Follower):
    """The page."""

    CSS_PATH = "list.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "log", "log", id="page.log", tooltip="Show what was done, by whom and when; undo it."),
    ]

    records = getters.query_one(RecordList)

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope
        self.title = scope.title

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def compose(self) -> ComposeResult:
        """The header, the list, the detail of a row, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        yield list_of(self.scope)
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Begin in the list."""
        self.show_lines()
        self.records.grid.focus()

    def follow(self, news: "News") -> None:
        """Others have done something: the list follows."""
        self.records.following.follow(news)

    def keep_up(self) -> "Worker[Any]":
        """Read again what is shown."""
        return self.records.following.keep_up()

    @on(RecordList.Shown)
    def show_lines(self) -> None:
        """Say what there is, and more of the row under the cursor."""
        records = self.records
        parts: list[Part] = []
        if records.read_at:
            parts += records.contents.standing()
        if changed := in_short(records.following.more, len(records.grid.changes.out_of_order)):
            parts.append(Part(changed, "warn"))
        if records.query_now.typed:
            parts.append(Part(f'with "{records.query_now.typed}"', "accent"))
        standing = Part(f"read {records.read_at.astimezone():%H:%M}" if records.read_at else "reading", "dim")
        of, many = self.scope.owner_name, self.scope.record.declared.many
        self.query_one(Header).say(Part(many, "strong"), *parts, of=of, right=[standing])
        self.query_one("#detail", Line).show_lines([records.contents.detail()])

    @on(RecordList.Left)
    def leave(self) -> None:
        """Back to where you came from."""
        self.dismiss(None)

    @work(group="act", name=OPENS)
    async def action_log(self) -> None:
        """Show what was done."""
        from cx_tui.screens.log import LogScreen

        owner: Any = self.scope.owner_id if self.scope.record.declared.owner == "customer" else None
        await self.app.push_screen_wait(LogScreen(owner, self.scope.owner_name if owner else ""))
        await self.records.finding.again()
