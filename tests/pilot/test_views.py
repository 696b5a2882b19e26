"""What lists can do to what they show: conditions, groups, views, SQL, and the same as a command."""

from textual.widgets import Input

from cx_tui.screens.ask import Ask
from cx_tui.screens.groups import GroupsPage
from cx_tui.screens.groups.plot import PlotPage
from cx_tui.screens.list.filter_panel import FilterPanel
from cx_tui.screens.sql import SqlPage
from tests.pilot.driver import Driver, opened
from widgets.menu import Menu


async def typed_into_question(cx: Driver, text: str) -> None:
    """Answer a question with a text."""
    await cx.until(lambda: isinstance(cx.screen, Ask), "a question")
    cx.screen.query_one(Input).value = text
    await cx.press("enter")


async def test_conditions_by_cell_box_and_panel_are_one_filter(own_url: str) -> None:
    async with opened(own_url) as cx:
        every = cx.grid.rows.total
        # By the cell: only this, then without this.
        await cx.to_column("status")
        await cx.do("list.only_this")
        await cx.until(lambda: cx.customers.query_now.where.startswith("status:"), "a condition of the cell")
        await cx.until(lambda: 0 < cx.grid.rows.total < every, "fewer rows")
        active = cx.grid.rows.total
        assert cx.search.value == cx.customers.query_now.where
        await cx.shows("Status is ")
        # In the panel: turned round, switched off, on, removed.
        await cx.do("list.filters")
        await cx.until(lambda: isinstance(cx.customers.narrowing.panel, FilterPanel), "the panel")
        await cx.do("filters.not")
        await cx.until(lambda: cx.grid.rows.total == every - active, "the complement")
        await cx.do("filters.switch")
        await cx.until(lambda: cx.grid.rows.total == every, "all rows")
        assert len(cx.customers.query_now.off) == 1
        await cx.shows("off: not Status is")
        await cx.do("filters.switch")
        await cx.until(lambda: cx.grid.rows.total == every - active, "the complement again")
        await cx.do("filters.remove")
        await cx.until(lambda: cx.grid.rows.total == every and not cx.search.value, "all rows")
        # A column, how it is compared, a value.
        await cx.do("filters.find")
        await cx.press(*"channels", "enter", "enter")
        await cx.until(lambda: isinstance(cx.screen, Menu), "how it is compared")
        await cx.press("a")
        await typed_into_question(cx, "many")
        await cx.shows("is not a number")
        await typed_into_question(cx, "50")
        await cx.until(lambda: cx.search.value == "in_use>=50", "a condition from the panel")
        await cx.do("filters.close")
        # Typed: completed by tab, and what can't be read is said while the rows stay.
        await cx.do("customers.search")
        cx.search.value = "coun"
        cx.search.cursor_position = 4
        await cx.shows("tab: ")
        await cx.press("tab")
        assert cx.search.value == "country:"
        cx.search.value = "colour:red "
        await cx.shows("no column")
        cx.search.value = ""
        await cx.press("escape")
        await cx.do("list.worst_first")
        await cx.until(lambda: cx.customers.query_now.sort[0].column == "warnings", "the worst first")
        assert cx.customers.query_now.sort[0].descending


async def test_groups_open_levels_pivot_plot_and_show_the_rows_behind(own_url: str) -> None:
    async with opened(own_url) as cx:
        every = cx.grid.rows.total
        await cx.to_column("status")
        await cx.do("list.groups")
        await cx.until(lambda: isinstance(cx.screen, GroupsPage) and cx.screen.grid.rows.total, "groups")
        page = cx.screen
        assert isinstance(page, GroupsPage)
        await cx.shows("Credit total")
        await cx.shows("%")
        await cx.do("groups.by")
        await cx.until(lambda: isinstance(cx.screen, Menu), "columns")
        cx.app.screen.dismiss("country")
        await cx.until(lambda: cx.screen is page and len(page.written[0]) == 2, "two levels")
        await cx.shows("▸ Active")
        rows = page.grid.rows.total
        await cx.do("groups.open")
        await cx.until(lambda: page.grid.rows.total > rows, "an open level")
        await cx.do("groups.fewer")
        await cx.until(lambda: len(page.written[0]) == 1, "one level")
        # Only some of them, by their totals; what is wrong with that is said.
        every_group = page.grid.rows.total
        await cx.do("groups.having")
        await cx.until(lambda: isinstance(cx.screen, Ask), "which groups")
        cx.screen.query_one(Input).value = "count>many"
        await cx.press("enter")
        await cx.shows("is not a number")
        cx.screen.query_one(Input).value = f"count>{every // 30}"
        await cx.press("enter")
        await cx.until(lambda: cx.screen is page and 0 < page.grid.rows.total < every_group, "fewer groups")
        await cx.shows("only groups with Count > ")
        await cx.shows(f" of {every_group} groups")
        assert page.command().endswith(f"--having 'count>{every // 30}'")
        await cx.do("groups.having")
        await cx.until(lambda: isinstance(cx.screen, Ask), "which groups")
        cx.screen.query_one(Input).value = ""
        await cx.press("enter")
        await cx.until(lambda: cx.screen is page and page.grid.rows.total == every_group, "all groups")
        await cx.do("groups.pivot")
        await cx.until(lambda: isinstance(cx.screen, Menu), "columns to lay side by side")
        cx.app.screen.dismiss("country")
        await cx.until(lambda: any(column.key == "v1" for column in page.grid.columns.shown), "a pivot")
        await cx.do("groups.plot")
        await cx.until(lambda: isinstance(cx.screen, PlotPage), "a plot")
        await cx.shows("Most: ")
        await cx.press("escape")
        await cx.do("app.command")
        await cx.shows("cx-tui group")
        await cx.until(lambda: cx.screen is page, "groups")
        await cx.do("grid.choose")
        await cx.until(
            lambda: cx.screen is cx.customers and 0 < cx.grid.rows.total < every, "the rows behind"
        )
        assert "status:" in cx.search.value
        # Totals of what is marked, as soon as it is more than one row.
        await cx.do("grid.mark", "grid.mark")
        await cx.shows("2 marked")
        await cx.shows("average")


async def test_log_outbox_board_and_others_copy_themselves_as_commands(own_url: str) -> None:
    async with opened(own_url) as cx:
        for key, command in (
            ("customers.log", "cx-tui log"), ("customers.outbox", "cx-tui outbox"),
            ("customers.board", "cx-tui delayed"),
        ):  # fmt: skip
            await cx.do(key)
            await cx.until(lambda: cx.screen is not cx.customers, "a page")
            await cx.do("app.command")
            await cx.shows(command)
            await cx.press("escape")
            await cx.until(lambda: cx.screen is cx.customers, "the list")


async def test_a_view_is_kept_on_a_key_and_brings_everything_back(own_url: str) -> None:
    async with opened(own_url) as cx:
        await cx.find("status:active")
        await cx.press("enter")
        await cx.until(lambda: cx.customers.query_now.where == "status:active", "the filter")
        await cx.to_column("credit")
        await cx.do("grid.sort", "grid.hide")
        await cx.do("list.views")
        await cx.until(lambda: isinstance(cx.screen, Menu), "the menu of views")
        await cx.press("+")
        await typed_into_question(cx, "night")
        await cx.shows("Kept as")
        columns, found = [column.key for column in cx.grid.columns.shown], cx.grid.rows.total
        await cx.until(lambda: cx.screen is cx.customers, "the list")
        await cx.do("list.views")
        await cx.until(lambda: isinstance(cx.screen, Menu), "the menu of views")
        await cx.press("r")
        await cx.until(lambda: not cx.search.value and cx.grid.rows.total > found, "all rows")
        assert [column.key for column in cx.grid.columns.shown] != columns
        await cx.do("list.view_1")
        await cx.until(lambda: cx.grid.rows.total == found, "the rows of the view")
        assert [column.key for column in cx.grid.columns.shown] == columns
        assert cx.customers.query_now.sort[0].column == "credit"
        await cx.shows("night")
        await cx.do("app.command")
        await cx.shows("cx-tui list")


async def test_sql_is_answered_marked_and_stopped(own_url: str) -> None:
    async with opened(own_url) as cx:
        await cx.do("customers.sql")
        await cx.until(lambda: isinstance(cx.screen, SqlPage), "the page")
        page = cx.screen
        assert isinstance(page, SqlPage)
        page.editor.load_text("SELECT id, name FROM v_customer ORDER BY id LIMIT 3")
        await cx.do("sql.run")
        await cx.until(lambda: page.answer and len(page.answer) == 3, "the answer")
        page.editor.load_text("SELECT nam FROM v_customer")
        await cx.do("sql.run")
        await cx.shows("is it name")
        page.editor.load_text(
            "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT count(*) FROM a"
        )
        await cx.do("sql.run")
        await cx.until(lambda: any(one.group == "sql" and one.is_running for one in page.workers), "it runs")
        await cx.press("escape")
        await cx.shows("stopped")
        await cx.do("sql.history")
        await cx.until(lambda: isinstance(cx.screen, Menu), "what was asked")
        await cx.shows("failed")
        await cx.press("escape")
        await cx.until(lambda: cx.screen is page, "the page")
        page.editor.load_text("SELECT id, name FROM v_customer ORDER BY id LIMIT 3")
        await cx.do("sql.run")
        await cx.until(lambda: page.grid.rows.total == 3, "the answer")
        page.grid.focus()
        await cx.do("sql.mark")
        await cx.until(lambda: cx.screen is cx.customers, "the list")
        assert cx.marked() == 3
