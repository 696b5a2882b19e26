"""A demonstration: `python -m widgets.grid` shows a million rows, computed when looked at."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping, Sequence

from textual.app import App, ComposeResult

from widgets.grid import ASCII, UNICODE, Cell, Column, Grid, Row, SortKey, next_sort

COLUMNS = (
    Column("name", "Name", 24, frozen=True),
    Column("balance", "Balance", 14, "right"),
    Column("channels", "Channels", 12, "right"),
    Column("status", "Status", 12),
    Column("country", "Country", 10),
    Column("calls", "Calls today", 12, "right"),
    Column("note", "Note", 40),
)
STATES = (Cell("Active", "good"), Cell("Active", "good"), Cell("Low credit", "warn"), Cell("Blocked", "bad"))
WORDS = (
    "Globex",
    "Initech",
    "Umbrella",
    "Hooli",
    "日本電話",
    "Acme",
    "Vandelay",
    "Stark \x1b[31m",
    "Wayne [red]",
)
COUNTRIES = ("GB", "DE", "US", "JP", "BR", "IN", "ZA")


def made_up(number: int) -> Row:
    """The row with this number."""
    mixed = number * 2654435761 % 2**32
    balance = mixed % 2_000_000 / 100 - 2_000
    return Row(
        number,
        {
            "name": f"{WORDS[mixed % len(WORDS)]} {number}",
            "balance": Cell(f"{balance:,.2f} USD", "bad" if balance < 0 else ""),
            "channels": f"{mixed % 31} of {mixed % 31 + mixed % 90}",
            "status": STATES[mixed // 7 % len(STATES)],
            "country": COUNTRIES[mixed % len(COUNTRIES)],
            "calls": f"{mixed % 90_000:,}",
            "note": Cell("moved to the new rate plan in spring" if mixed % 5 == 0 else "", "dim"),
        },
    )


class Computed:
    """Rows that are computed, after a delay as a far database would have."""

    def __init__(self, total: int, delay: float, descending: bool) -> None:
        self._total = total
        self._delay = delay
        self._descending = descending

    def _number(self, position: int) -> int:
        """Positions to numbers, and back."""
        return self._total - 1 - position if self._descending else position

    async def count(self) -> int:
        """How many rows there are."""
        return self._total

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The keys at these positions."""
        return [self._number(position) for position in range(start, min(start + count, self._total))]

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """The rows at these positions."""
        await asyncio.sleep(self._delay)
        return [made_up(key) for key in await self.keys(start, count)]

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same rows."""
        return {key: made_up(key) for key in keys}

    async def position(self, key: int) -> int | None:
        """Where that key is."""
        return self._number(key) if key < self._total else None


class Demo(App[None]):
    """A grid and nothing else."""

    def __init__(self, total: int, delay: float, ascii_only: bool, theme: str) -> None:
        # Textual decides here what NO_COLOR takes away: it must know that the colours are the terminal's.
        super().__init__(ansi_color=theme.startswith("ansi") or None)
        self._total = total
        self._delay = delay
        self._glyphs = ASCII if ascii_only else UNICODE
        self.theme = theme

    def compose(self) -> ComposeResult:
        """The grid."""
        yield Grid(COLUMNS, glyphs=self._glyphs)

    async def on_mount(self) -> None:
        """The first rows."""
        await self._show(())

    async def on_grid_sort_requested(self, message: Grid.SortRequested) -> None:
        """Rows can only be turned round here, but every order is shown."""
        await self._show(next_sort(message.grid.columns.sort, message.column, message.add))

    def on_grid_refused(self, message: Grid.Refused) -> None:
        """Say why."""
        self.notify(message.text)

    async def _show(self, sort: tuple[SortKey, ...]) -> None:
        """Show the rows in an order."""
        grid = self.query_one(Grid)
        await grid.show(Computed(self._total, self._delay, bool(sort) and sort[0].descending))
        grid.columns.sort = sort
        if not self._total:
            grid.notice("No rows.\nStart again with --rows 1000.")


def main() -> None:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds each page takes to come")
    parser.add_argument("--ascii", action="store_true", help="draw with plain ASCII signs")
    parser.add_argument("--theme", default="textual-dark")
    args = parser.parse_args()
    Demo(args.rows, args.delay, args.ascii, args.theme).run()


if __name__ == "__main__":
    main()
