"""The main screen: finds, shows, marks and watches customers."""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Input

from cx_tui.domain.query import Query, StatusFilter
from cx_tui.errors import CxError
from cx_tui.screens.customers import lines
from cx_tui.screens.customers.acts import NEEDS, CustomerActs
from cx_tui.screens.customers.arranging import CustomersArranging
from cx_tui.screens.customers.cards import Cards
from cx_tui.screens.customers.figures import SwitchFigures
from cx_tui.screens.customers.finding import Finding, found_in_words
from cx_tui.screens.customers.keys import KEYS
from cx_tui.screens.customers.last_run import LastRun
from cx_tui.screens.customers.left_drafts import LeftDrafts
from cx_tui.screens.customers.lines import Standing
from cx_tui.screens.customers.marked_customers import MarkedCustomers
from cx_tui.screens.customers.menus import Menus
from cx_tui.screens.customers.pages import Pages
from cx_tui.screens.customers.side_pane import SidePane
from cx_tui.screens.customers.source import CustomerRow
from cx_tui.screens.customers.stepping_back import SteppingBack
from cx_tui.screens.customers.switch_line import parts_of
from cx_tui.screens.customers.watching import NEVER, Watching
from cx_tui.screens.following import in_short
from cx_tui.screens.header import Header
from cx_tui.screens.list.chips import ChipLine, RangeLine
from cx_tui.screens.list.column_panel import ColumnPanel
from cx_tui.screens.list.commands import list_command
from cx_tui.screens.list.copying import Copying
from cx_tui.screens.list.filter_input import FilterInput
from cx_tui.screens.list.grouping import Grouping
from cx_tui.screens.list.marked_totals import MarkedTotals
from cx_tui.screens.list.narrowing import Narrowing
from cx_tui.screens.list.numbers import Numbers
from cx_tui.screens.list.opened_view import OpenedView
from cx_tui.screens.list.typed import so_far, why_not
from cx_tui.screens.present import ALWAYS, full_text, spaced
from cx_tui.screens.program import Program
from cx_tui.screens.read_only import offered
from widgets.duties import has_duties
from widgets.grid import Grid, next_sort
from widgets.key_line import KeyLine
from widgets.line import Line

if TYPE_CHECKING:
    from textual.worker import Worker

    from cx_tui.domain.news import News
    from cx_tui.screens.list.filter_panel import FilterPanel
    from cx_tui.services.lists.listing import Listing
    from cx_tui.services.session import Session
    from widgets.column_chooser import ColumnChooser

ROOM_FOR_TWO = 110
"""Cells in which two panels and some of the list have room."""


@has_duties
class CustomersScreen(Screen[None]):
    """The list of customers."""

    TITLE = "Customers"
    AUTO_FOCUS = "#customers"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  # as Textual declares it
        (0, "-usual"), (160, "-wide"), (190, "-widest"),
    ]  # fmt: skip

    BINDINGS: ClassVar[list[BindingType]] = KEYS

    grid = getters.query_one("#customers", Grid)
    search = getters.query_one("#search", Input)
    table = getters.query_one("#table", Horizontal)

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[StatusFilter, int] = {}
        self.standing = Standing("connecting")
        self.listing: Listing | None = None
        self.numbers: Numbers = Numbers(self)
        self.more = 0
        """How many customers the list would have more than it shows, or fewer."""
        self.arranging: CustomersArranging = CustomersArranging(self)
        self.query_now: Query = Query(sort=self.arranging.layout.sort)
        self.finding: Finding = Finding(self)
        self.narrowing = Narrowing(self)
        self.grouping = Grouping(self)
        self.opened_view = OpenedView(self)
        self.totals = MarkedTotals(self)
        self.columns = ColumnPanel(self, self.arranging)
        self.watching = Watching(self)
        self.figures = SwitchFigures(self)
        self.side_pane = SidePane(self)
        self.last_run = LastRun(self)
        self.left_drafts = LeftDrafts(self)
        self.marked: MarkedCustomers = MarkedCustomers(self)
        self.cards = Cards(self)
        self.stepping_back = SteppingBack(self)
        self.duties = (
            self.arranging, self.narrowing, self.grouping, self.opened_view, self.columns, self.watching,
            self.cards, CustomerActs(self), Pages(self), Menus(self), self.stepping_back,
            Copying(self, full_text, ALWAYS, failed=self.finding.explain),
        )  # fmt: skip

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    @property
    def row(self) -> CustomerRow | None:
        """The row under the cursor."""
        row = self.grid.cursor.row
        return row if isinstance(row, CustomerRow) else None

    def compose(self) -> ComposeResult:
        """The header, the search bar, the grid, the detail, the keys."""
        glyphs = self.cx.glyphs
        yield Header(glyphs=glyphs)
        with Horizontal(id="bar"):
            yield Line(glyphs=glyphs, id="slash")
            yield FilterInput("customer", placeholder="name, contact, phone, tag, external id", id="search")
            yield Line(glyphs=glyphs, id="chips")
        yield ChipLine(glyphs=glyphs, id="conditions")
        with Horizontal(id="table"):
            yield Grid(self.arranging.columns_of(self.arranging.layout), glyphs=glyphs, id="customers")
            yield Line(glyphs=glyphs, id="side")
        yield RangeLine(glyphs=glyphs, id="range")
        yield Line(glyphs=glyphs, id="detail")
        yield KeyLine(glyphs=glyphs, id="keys")

    async def on_mount(self) -> None:
        """Show what was seen last, then get the live rows."""
        self.search.cursor_blink = False  # it would cost bytes for ever
        self.query_one("#slash", Line).show("/")
        self.watch(self.grid, "looked_at", self.show_detail, init=False)
        self.grid.columns.sort = self.arranging.sort_keys()
        await self.last_run.show()
        self.finding.find()
        self.watching.begin()

    def awaits(self, key: str) -> bool:
        """Keys act on the rows that were asked for, but while one types what they are."""
        return self.finding.is_awaited and self.focused is self.grid

    def stop(self) -> bool:
        """Stop looking for customers; what was found before stays."""
        return self.finding.stop()

    def keep(self) -> None:
        """Keep the rows that are on the screen, to be shown at the next start."""
        self.last_run.keep()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of what the login may not do are not offered."""
        return offered(self, NEEDS, action)

    def command(self) -> str:
        """What this list shows, as a command."""
        return list_command(self.query_now, [column.key for column in self.grid.columns.shown])

    # What is said

    def show_lines(self) -> None:
        """Say what there is, what is asked for and how things stand."""
        query = self.query_now
        found = ""
        if query.typed or query.status is not StatusFilter.ALL:
            found = found_in_words(query, self.grid.rows.total, estimated=self.numbers.estimated)
        view = self.opened_view.title()
        marked = self.numbers.marked_in_words()
        changed = in_short(self.more, self.watching.would_move)
        parts = lines.header(self.counts, found, marked, changed, view)
        standing = self.standing.part()
        if self.figures.now and not found:
            said = (*spaced(parts), *spaced([*self.cx.place(), standing]))
            room = self.size.width - 2 - sum(len(part.text) for part in said)
            parts += parts_of(self.figures.now, room, ascii=self.cx.ascii)
        self.query_one(Header).say(*parts, right=[standing])
        self.query_one("#chips", Line).show(*lines.chips(query, ascii=self.cx.ascii))
        self.narrowing.show_chips()
        self.watching.look_on()
        self.figures.renew()

    def show_detail(self) -> None:
        """Say more of the customer under the cursor, and in the pane what belongs to it."""
        column = self.grid.cursor.column
        said = lines.detail(self.values_here(), column.key if column else None, self.size.width)
        self.query_one("#detail", Line).show_lines(said)
        self.side_pane.show()

    def key_of(self, binding: str) -> str:
        """The key that an act has now."""
        bound = (active.binding for active in self.active_bindings.values())
        return next((self.app.get_key_display(each) for each in bound if each.id == binding), "")

    # What others have done

    def follow(self, news: "News") -> None:
        """Others have done something."""
        self.watching.follow(news)

    def link_changed(self) -> None:
        """The database does not answer any more, or does again."""
        self.watching.link_changed()

    def keep_up(self) -> "Worker[None]":
        """Read again what is shown."""
        return self.watching.keep_up()

    def on_screen_resume(self) -> None:
        """Another screen has gone: what it changed is to be seen."""
        self.side_pane.is_old()
        self.watching.following.resumed()

    # What its duties ask of it

    def values_here(self) -> Mapping[str, Any] | None:
        """The values of the customer under the cursor."""
        return self.row.values if self.row else None

    def search_shown(self) -> None:
        """The search box is always there."""

    def make_room(self) -> None:
        """Close the other panel where two would leave nothing of the list."""
        if self.size.width < ROOM_FOR_TWO:
            self.narrowing.close_panel()
            self.columns.close()

    async def session(self) -> "Session | None":
        """The services, or None when the database can't be reached, which is then said."""
        try:
            return await self.cx.services()
        except CxError as error:
            self.finding.explain(error)
            return None

    async def show_changes(self, *, ordered: bool = False) -> None:
        """Show what was changed: at once in the rows on the screen, and where rows may have come or gone
        or have another place, in the list and the counts."""
        await self.grid.changes.fetch()
        self.show_detail()
        if ordered:
            with suppress(CxError):  # the list says it
                await self.marked.drop_gone()
            self.watching.counted_at = NEVER
            await self.finding.show_list(keep=True)

    # What its widgets tell

    @on(Input.Changed, "#search")
    def search_changed(self, event: Input.Changed) -> None:
        """Find while the operator types."""
        typed = so_far(self.query_now, event.value, self.grid.marks.rows)
        self.finding.ask(typed, wait=self.cx.settings.search.wait)
        self.narrowing.typed_so_far(event.value)

    @on(Input.Submitted, "#search")
    def search_done(self) -> None:
        """Go to the rows, without waiting for a pause in typing; what is wrong is said instead."""
        if said := why_not(self.query_now, self.search.value, self.grid.marks.rows):
            self.notify(said, severity="warning", timeout=10)
            return
        self.grid.focus()
        if self.finding.shown != self.query_now:
            self.finding.find()

    @on(FilterInput.Offered)
    def offered_anew(self) -> None:
        """Say what narrows the list, or what could be typed."""
        self.narrowing.show_chips()

    @on(ChipLine.Clicked)
    def chip_clicked(self, event: ChipLine.Clicked) -> None:
        """Do what was clicked."""
        self.narrowing.chip_clicked(event)

    def on_filter_panel_changed(self, event: "FilterPanel.Changed") -> None:
        """Narrow the list as the panel says."""
        self.narrowing.narrow_to(event.query)

    def on_filter_panel_closed(self) -> None:
        """Close the panel."""
        self.narrowing.close_panel()

    def on_column_chooser_changed(self, event: "ColumnChooser.Changed") -> None:
        """Show the chosen columns at once, and keep them."""
        self.columns.chosen(event.columns)

    def on_column_chooser_closed(self) -> None:
        """Close the panel."""
        self.columns.close()

    @on(Grid.Chosen)
    def chosen(self) -> None:
        """Open the card of the customer under the cursor."""
        self.cards.action_card()

    @on(Grid.SortRequested)
    def sort_requested(self, event: Grid.SortRequested) -> None:
        """Order the list."""
        self.arranging.order(next_sort(self.grid.columns.sort, event.column, event.add))

    @on(Grid.MarksChanged)
    def marks_changed(self) -> None:
        """Say how many are marked."""
        self.show_lines()
        self.totals.show()

    @on(Grid.CellsMarked)
    def cells_marked(self, event: Grid.CellsMarked) -> None:
        """Say what the marked cells come to."""
        event.stop()
        self.totals.show()

    @on(Grid.ColumnsChanged)
    def columns_changed(self, event: Grid.ColumnsChanged) -> None:
        """Keep the layout that the operator made with the grid's keys."""
        self.columns.changed(event.columns)

    @on(Grid.Hidden)
    def column_hidden(self, event: Grid.Hidden) -> None:
        """Say it, and how it comes back."""
        self.notify(f"{event.column.title} is hidden; {self.key_of('customers.columns')} brings it back.")

    @on(Grid.Refused)
    def refused(self, event: Grid.Refused) -> None:
        """Say why the grid did not do it."""
        self.notify(event.text, severity="warning")

    @on(Grid.Failed)
    def failed(self, event: Grid.Failed) -> None:
        """Say what is wrong with the database; what is not its fault is a bug and stays loud."""
        if not isinstance(event.error, CxError):
            raise event.error
        self.finding.explain(event.error)
