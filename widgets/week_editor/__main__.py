"""A demonstration: `python -m widgets.week_editor` edits made-up hours and shows what is told of them."""

from __future__ import annotations

import argparse
import re
from datetime import datetime

from textual.app import App, ComposeResult
from textual.widgets import Footer, Static

from widgets.week_editor import WeekEditor
from widgets.week_editor.bits import DAYS, HOUR, Block, copied, day_of, windows
from widgets.week_editor.words import span

PART = re.compile(r"(?P<first>\w+)(-(?P<last>\w+))? (?P<times>.+)")
TIME = re.compile(r"(\d\d?):(00|15|30|45)-(\d\d?):(00|15|30|45)")
EXAMPLE = "Mon-Fri 09:00-17:30; Sat 10:00-14:00"


def parse(text: str) -> int | None:
    """Read `Mon-Fri 09:00-17:30; Sat 10:00-14:00`; nothing is always."""
    if not text.strip():
        return None
    return sum(copied(0, row, days) for days, row in map(_part, text.split(";")))


def _part(text: str) -> tuple[range, int]:
    """The days and the hours of one part."""
    found = PART.fullmatch(text.strip())
    if not found or not {found["first"], found["last"] or "Mon"} <= set(DAYS):
        raise ValueError(f'"{text.strip()}" does not begin with a day; write it like {EXAMPLE}.')
    days = range(DAYS.index(found["first"]), DAYS.index(found["last"] or found["first"]) + 1)
    row = 0
    for time in found["times"].split():
        numbers = TIME.fullmatch(time)
        if not numbers:
            raise ValueError(f'"{time}" is not a time like 09:00-17:30, in steps of 15 minutes.')
        start, stop = (int(numbers[n]) * HOUR + int(numbers[n + 1]) // 15 for n in (1, 3))
        if not start < stop <= 24 * HOUR:
            raise ValueError(f'"{time}" must end after it begins, by 24:00.')
        row |= day_of(Block(0, 0, start, stop).mask, 0)
    return days, row


def write(value: int | None) -> str:
    """Write hours so that they can be read again."""
    rows = [] if value is None else [(name, windows(day_of(value, n))) for n, name in enumerate(DAYS)]
    return "; ".join(" ".join([name, *map(span, row)]) for name, row in rows if row)


def describe(value: int | None) -> str:
    """When it is allowed."""
    if value is None:
        return "Calls are allowed at any time."
    return f"Calls are allowed {write(value)}." if value else "Calls are never allowed."


class Demo(App[None]):
    """The editor, and what it told last."""

    CSS = "WeekEditor { margin: 1 2; } #told { margin: 0 2; }"

    def __init__(self, ascii_only: bool, theme: str) -> None:
        super().__init__(ansi_color=theme.startswith("ansi") or None)
        self._ascii = ascii_only
        self.theme = theme

    def compose(self) -> ComposeResult:
        """The editor above the value."""
        hours = parse("Mon-Thu 09:00-17:30; Fri 09:15-12:00 13:00-16:45; Sat 10:00-14:00")
        yield WeekEditor(
            hours, parse=parse, write=write, describe=describe, example=EXAMPLE, ascii=self._ascii
        )
        yield Static(id="told")
        yield Footer()

    def on_mount(self) -> None:
        """Follow the clock."""
        self._tell_time()
        self.set_interval(30, self._tell_time)

    def _tell_time(self) -> None:
        """Say what time it is."""
        now = datetime.now()
        self.query_one(WeekEditor).show_now((now.weekday() * 24 + now.hour) * HOUR + now.minute // 15)

    def on_week_editor_changed(self, message: WeekEditor.Changed) -> None:
        """Show the value."""
        text = "always" if message.value is None else f"{message.value:0168x}"
        self.query_one("#told", Static).update(text)


def main() -> None:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ascii", action="store_true", help="draw with plain ASCII signs")
    parser.add_argument("--theme", default="textual-dark")
    args = parser.parse_args()
    Demo(args.ascii, args.theme).run()


if __name__ == "__main__":
    main()
