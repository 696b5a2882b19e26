"""Bare Textual programs to compare with: `peers.py hello` and `peers.py table`."""

import sys

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("Hello, world")


def table() -> App[None]:
    from textual.widgets import DataTable

    class Table(App[None]):
        def compose(self) -> ComposeResult:
            yield DataTable(cursor_type="row")

        def on_mount(self) -> None:
            grid = self.query_one(DataTable)
            titles = ", Name, !, Credit, Channels, Status, Last call, ASR, ACD, PDD, CPS, Country"
            grid.add_columns(*titles.split(", "))
            for row in range(100):
                grid.add_row(
                    "", f"Acme Wholesale {row:03}", str(row % 4), f"{row * 91.37:,.2f} EUR", f"{row} of 120",
                    "Pending Approval" if row % 9 == 0 else "Active", f"{row} min ago", f"{row * 0.9:.1f}",
                    f"{row % 8}:{row % 60:02}", f"{row / 20:.1f}", f"{row / 9:.1f}", "GB",
                )  # fmt: skip

    return Table()


if __name__ == "__main__":
    (table() if sys.argv[1:] == ["table"] else Hello()).run()
