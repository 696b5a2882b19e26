"""A demonstration: `python -m widgets.column_chooser` shows made-up columns beside the order that results."""

from __future__ import annotations

import argparse

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from widgets.column_chooser import Choice, ColumnChooser
from widgets.grid import Column

STOCK = {
    "Article": "Number, Name, Maker, Family, Colour, Size, Weight, Material, Country of origin, Warranty",
    "Shelf": "Hall, Aisle, Rack, Level, Bin, Counted on, Counted by, Temperature, Reserved, Free",
    "Prices": "Bought at, Sold at, Margin, Discount, Currency, Tax rate, Valid from, Valid until",
    "Movement": "Received, Sold today, Sold this week, Returned, Damaged, Days of stock, Reorder at",
    "Supplier": "Supplier, Contact, Lead time, Smallest order, Next delivery, Late deliveries, Rating",
    "Notes": "Note, A remark no panel has room for in full, 日本語の品名, Hostile \x1b[31m [red]\u202e",
}
CHOICES = [
    Choice(
        Column(
            title.casefold(), title, 8 + len(title) % 9, help=f"{title} of the article, as of the last count."
        ),
        group,
    )
    for group, titles in STOCK.items()
    for title in titles.split(", ")
]
USUAL = tuple(choice.column for choice in (*CHOICES[:6], CHOICES[17], CHOICES[21]))


class Demo(App[None]):
    """The panel, and what it told last."""

    CSS = "#order { width: 1fr; padding: 0 1; }"

    def __init__(self, ascii_only: bool, theme: str) -> None:
        super().__init__(ansi_color=theme.startswith("ansi") or None)
        self._ascii = ascii_only
        self.theme = theme

    def compose(self) -> ComposeResult:
        """The order at the left, the panel at the right."""
        with Horizontal():
            yield Static(id="order", markup=False)
            yield ColumnChooser(CHOICES, USUAL, USUAL, ascii=self._ascii)

    def on_mount(self) -> None:
        """The usual order."""
        self.query_one(ColumnChooser).focus()
        self._show(USUAL)

    def on_column_chooser_changed(self, message: ColumnChooser.Changed) -> None:
        """The new order."""
        self._show(message.columns)

    def on_column_chooser_closed(self) -> None:
        """Nothing else to do here."""
        self.exit()

    def _show(self, columns: tuple[Column, ...]) -> None:
        """Write down the columns."""
        lines = (f"{c.width:>3} {'frozen' if c.frozen else '      '} {c.title!a}" for c in columns)
        self.query_one("#order", Static).update("\n".join(lines))


def main() -> None:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ascii", action="store_true", help="draw with plain ASCII signs")
    parser.add_argument("--theme", default="textual-dark")
    args = parser.parse_args()
    Demo(args.ascii, args.theme).run()


if __name__ == "__main__":
    main()
