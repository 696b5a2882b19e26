"""Cells that are marked as in a spreadsheet: which they are, what they come to, copying them."""

import base64
from collections.abc import Sequence

from cx_tui.screens.admission.why import WhyScreen
from cx_tui.screens.groups import GroupsPage
from cx_tui.screens.present import MONEY, full_text
from cx_tui.screens.sql import SqlPage
from tests.pilot.driver import Driver, opened
from widgets.grid import Grid


def copied(cx: Driver) -> str:
    """What was sent to the clipboard last."""
    sent = [text for text in cx.written if "]52;" in text][-1]
    return base64.b64decode(sent.rpartition(";")[2].strip("\x07\x1b\\")).decode()


def expected(cx: Driver, rows: int, columns: Sequence[str]) -> str:
    """The cells of the first rows, with tabs."""
    lines = []
    for row in cx.grid.rows.visible[:rows]:
        values = row.values  # type: ignore[attr-defined]  # a customer's row
        lines.append("\t".join(" ".join(full_text(values, name).split()) for name in columns))
    return "\n".join(lines)


async def test_cells_are_marked_from_a_corner_totalled_and_copied(own_url: str) -> None:
    async with opened(own_url) as cx:
        await cx.to_column("credit")
        await cx.do("grid.cells_down", "grid.cells_down")
        await cx.until(lambda: cx.grid.cells.block and cx.grid.cells.block.rows == 3, "three rows")
        await cx.shows("3 cells")
        await cx.shows("Credit: sum ")
        # Amounts of each currency apart, exact.
        sums: dict[str, object] = {}
        for row in cx.grid.rows.visible[:3]:
            values = row.values  # type: ignore[attr-defined]  # a customer's row
            sums[values["currency"]] = sums.get(values["currency"], 0) + values["balance"]
        for currency, amount in sums.items():
            await cx.shows(f"{MONEY.show(amount)} {currency}")
        await cx.do("grid.cells_right")
        columns = cx.columns()
        both = columns[columns.index("credit") : columns.index("credit") + 2]
        assert cx.grid.cells.block
        assert list(cx.grid.cells.block.columns) == both
        await cx.shows("6 cells")
        await cx.do("customers.copy_cell")
        await cx.says("6 cells")
        assert copied(cx) == expected(cx, 3, both)
        titles = "\t".join(column.title for column in cx.grid.columns.shown if column.key in both)
        await cx.do("customers.copy_rows")
        await cx.says("6 cells with titles")
        assert copied(cx) == f"{titles}\n{expected(cx, 3, both)}"
        # They outlive a refresh; escape and any other move end them.
        await cx.do("customers.refresh")
        await cx.refreshed()
        await cx.until(lambda: cx.grid.cells.block and cx.grid.cells.block.count == 6, "the same cells")
        await cx.press("escape")
        await cx.hides("6 cells")
        assert cx.grid.cells.block is None
        await cx.do("grid.cells_up")
        await cx.shows("2 cells")
        await cx.do("grid.left")
        await cx.hides("2 cells")
        # Marked rows are said again when no cell is marked.
        await cx.do("grid.mark", "grid.mark", "grid.cells_down")
        await cx.shows("2 cells")
        await cx.do("grid.down")
        await cx.shows("2 marked")
        # A whole column, however long, is asked of the database.
        await cx.do("grid.first", "grid.cells_last")
        await cx.shows(f"{cx.grid.rows.total:,} cells")


async def test_every_grid_says_what_its_marked_cells_come_to(own_url: str) -> None:
    async with opened(own_url) as cx:
        await cx.do("customers.why")
        await cx.until(lambda: isinstance(cx.screen, WhyScreen) and cx.screen.grid.rows.total, "the gates")
        await cx.do("grid.cells_right")
        await cx.shows("2 cells")
        await cx.do("app.copy_cells")
        await cx.says("2 cells")
        assert copied(cx).count("\t") == 1
        await cx.press("escape")
        await cx.hides("2 cells")
        await cx.press("escape")
        await cx.until(lambda: cx.screen is cx.customers, "the list")
        await cx.do("customers.sql")
        await cx.until(lambda: isinstance(cx.screen, SqlPage), "the page")
        page = cx.screen
        assert isinstance(page, SqlPage)
        page.editor.load_text(
            "SELECT 2 AS n, 'EUR' AS currency UNION ALL SELECT 3, 'GBP' UNION ALL SELECT 4, 'EUR'"
        )
        await cx.do("sql.run")
        await cx.until(lambda: page.grid.rows.total == 3, "the answer")
        page.grid.focus()
        await cx.do("grid.cells_last")
        await cx.shows("n: sum 6 EUR, 3 GBP")
        await cx.press("escape", "escape", "escape")
        await cx.until(lambda: cx.screen is cx.customers, "the list")
        await cx.to_column("status")
        await cx.do("list.groups")
        await cx.until(lambda: isinstance(cx.screen, GroupsPage) and cx.screen.grid.rows.total > 1, "groups")
        await cx.do("grid.right", "grid.right", "grid.cells_down")
        await cx.shows("2 cells")
        counts = [int(row.cell("count").text.replace(",", "")) for row in grid_of(cx).rows.visible[:2]]
        await cx.shows(f"count {sum(counts):,}")
        await cx.press("escape", "escape")
        await cx.until(lambda: cx.screen is cx.customers, "the list")


def grid_of(cx: Driver) -> Grid:
    """The grid of the page."""
    return cx.screen.query_one(Grid)
