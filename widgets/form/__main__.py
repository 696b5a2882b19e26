"""A demonstration: `python -m widgets.form` shows a form with every editor there is."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.reactive import reactive
from textual.widget import Widget

from widgets.form import (
    Code,
    Form,
    FormField,
    Made,
    Masked,
    OneLine,
    OneOf,
    Own,
    SeveralLines,
    States,
    Tell,
    Words,
    YesNo,
)

STATES = [("on", "Open"), ("off", "Closed"), ("fix", "Being repaired"), ("new", "Not yet built")]
PLACES = [(f"{n:03}", f"{n:03}  {a} {b}") for n, (a, b) in enumerate(
    (a, b) for a in ("North", "South", "East", "West", "Upper", "Lower", "Great", "Little", "Old", "New")
    for b in ("Harbour", "Bridge", "Hill", "Mill", "Field", "Wood", "Marsh", "Lock", "Cross", "Gate") * 6
)]  # fmt: skip
OWNERS = ("Ana Almeida", "Anatol Berg", "Bea Costa", "Carl [b]Dahl[/]", "Dora \x1b[31m")
ROOMS = ("Balance", "Bar", "Cellar", "Garden", "Hall", "Kitchen", "Latest Calls", "Session", "Roof", "Stage")


def number(text: str) -> str | None:
    """What is wrong with a whole number."""
    return None if text.isdecimal() else f'"{text}" is not a whole number; write digits only, like 120'


def no_spaces(text: str) -> str | None:
    """What is wrong with a code."""
    if " " not in text:
        return None
    return f'"{text}" has a space in it; a code is one word of letters and digits, as it stands on the label'


def mistake(text: str) -> tuple[int, int] | None:
    """Where a line names something and gives it no value."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.rstrip().endswith("="):
            return number, len(line.rstrip())
    return None


def no_gaps(text: str) -> str | None:
    """Where a line has no value, in words."""
    found = mistake(text)
    return f"line {found[0]}, column {found[1]}: a value is missing" if found else None


async def owners(typed: str) -> Sequence[str]:
    """The owners there are, as slow as a far database."""
    await asyncio.sleep(0.05)
    return [name for name in OWNERS if typed.casefold() in name.casefold()]


class Slider(Widget, can_focus=True):
    """An editor that no form knows of."""

    BINDINGS: ClassVar[list[BindingType]] = [("left", "slide(-1)"), ("right", "slide(1)")]
    DEFAULT_CSS = "Slider:focus { color: $text-accent; }"
    level = reactive(0)

    def __init__(self, text: str, tell: Tell) -> None:
        super().__init__()
        self._tell = tell
        self.show(text)

    def show(self, text: str) -> None:
        """Show a level."""
        self.level = int(text) if text.isdecimal() else 0

    def render(self) -> str:
        """The level as a line."""
        return "=" * self.level + "|" + "-" * (40 - self.level)

    def action_slide(self, by: int) -> None:
        """Change it."""
        self.level = max(0, min(self.level + by, 40))
        self._tell(str(self.level))


def slider(text: str, tell: Tell) -> Made:
    """The editor of the level."""
    made = Slider(text, tell)
    return Made(made, made.show)


FIELDS = (
    FormField("name", "Name", "Basic", help="A name that no other place has.", required=True),
    FormField("code", "Code", "Basic", OneLine(16), "The code on the label.", check=no_spaces),
    FormField("seats", "Seats", "Basic", OneLine(10), "How many can sit.", check=number,
              means=lambda text: "nobody can sit" if int(text) == 0 else f"{int(text):,} people can sit"),
    FormField("state", "State", "Basic", OneOf(lambda: STATES, search=False), "Whether it is open."),
    FormField("place", "Place", "Basic", OneOf(lambda: PLACES), "Where it is.", required=True),
    FormField("heated", "Heated", "Basic", YesNo(), "Whether it is warm in winter."),
    FormField("kind", "Kind", "Basic", help="What it is; this was decided once.", fixed=True),
    FormField("key", "Door key", "Basic", Masked(), "What opens the door."),
    FormField("owner", "Owner", "More", OneOf(owners, suggest=True), "Who it belongs to; any name will do."),
    FormField("tags", "Tags", "More", Words(lambda: ("quiet", "garden", "late", "live music")),
              "Words to find it by."),
    FormField("rooms", "Rooms", "More", States(ROOMS, ("inherit", "show", "hide")), "What visitors may see."),
    FormField("settings", "Settings", "More", Code(mistake=mistake), "What the door reads, in TOML.",
              check=no_gaps),
    FormField("public", "Public notes", "Notes", SeveralLines(), "Everybody can read these."),
    FormField("private", "Private notes", "Notes", SeveralLines(), "Only we can read these."),
    FormField("level", "How loud it is", "Loudness", Own(slider, height=1), "Left and right change it."),
)  # fmt: skip
VALUES = {
    "name": "Café [bold]Globex[/] \x1b[31m",
    "code": "GX-1",
    "seats": "120",
    "state": "fix",
    "place": "042",
    "heated": "yes",
    "kind": "Restaurant",
    "key": "4711",
    "owner": "Ana",
    "tags": "quiet, garden",
    "rooms": "Cellar=hide, Garden=show",
    "settings": '# Read at every start\n[door]\nname = "front"\nopen = true\nseconds = 12.5\n',
    "level": "12",
    "public": "Closed on Mondays.\nDogs are welcome.",
}


class Demo(App[None]):
    """A form and nothing else."""

    def __init__(self, ascii_only: bool, theme: str) -> None:
        super().__init__(ansi_color=theme.startswith("ansi") or None)
        self._ascii = ascii_only
        self.theme = theme

    def compose(self) -> ComposeResult:
        """The form."""
        form = Form(FIELDS, ascii=self._ascii)
        form.show(VALUES)
        yield form


def main() -> None:
    """Run the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ascii", action="store_true", help="draw with plain ASCII signs")
    parser.add_argument("--theme", default="textual-dark")
    args = parser.parse_args()
    Demo(args.ascii, args.theme).run()


if __name__ == "__main__":
    main()
