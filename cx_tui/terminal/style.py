"""What a cell looks like, and the shortest way for a terminal from one look to another.

Equal looks are one object, so that they are compared by identity.  One that has fallen out of the cache is
made anew; then some cells count as changed that are not, and are sent once more: that is all.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

ENDS = {
    "22": frozenset(("1", "2")), "23": frozenset("3"), "24": frozenset(("4", "21")), "25": frozenset("56"),
    "27": frozenset("7"), "28": frozenset("8"), "29": frozenset("9"), "54": frozenset(("51", "52")),
    "55": frozenset(("53",)),
}  # fmt: skip
"""The codes that end attributes: bold and dim, italic, underlined, blinking, reverse, hidden, struck ..."""

ATTRIBUTES = frozenset().union(*ENDS.values())
DRAWN = frozenset(("4", "7", "9", "21", "51", "52", "53"))
"""The attributes that show where nothing is written."""

FOREGROUND = frozenset(str(code) for code in (*range(30, 38), *range(90, 98)))
BACKGROUND = frozenset(str(code) for code in (*range(40, 48), *range(100, 108)))
ARGUMENTS = {"5": 1, "2": 3}
"""How many numbers follow in an extended colour: one of 256, or red, green and blue."""

STEPS = (0, 95, 135, 175, 215, 255)
CUBE = [(red, green, blue) for red in STEPS for green in STEPS for blue in STEPS]
GREYS = [(8 + 10 * step,) * 3 for step in range(24)]
REDEFINED = range(16, 22)
"""Colours that some themes of shells make others of."""
INDEXED = {
    ";".join(map(str, color)): str(number)
    for number, color in enumerate((*CUBE, *GREYS), 16)
    if number not in REDEFINED
}
"""The number among the 256 of each colour that is there: half of the bytes for the same colour."""


class Style:
    """A look: attributes and colours as SGR codes, the link as OSC 8 has it.

    The style of a blank says nothing of the colour of its text, which cannot be seen.
    """

    __slots__ = ("attributes", "bg", "blank", "fg", "link")

    def __init__(self, attributes: frozenset[str], fg: str, bg: str, link: str, blank: bool) -> None:
        self.attributes, self.fg, self.bg, self.link, self.blank = attributes, fg, bg, link, blank

    def __repr__(self) -> str:
        return f"Style({sorted(self.attributes)}, {self.fg!r}, {self.bg!r}, {self.link!r}, {self.blank})"


def style(
    attributes: frozenset[str] = frozenset(), fg: str = "", bg: str = "", link: str = "", blank: bool = False
) -> Style:
    """The one object of a look."""
    return _style(attributes, fg, bg, link, blank)


# The cache tells calls apart by how their arguments are written: here they are always written alike.
_style = lru_cache(4096)(Style)


PLAIN = style()


@lru_cache(4096)
def styled(pen: Style, codes: str) -> Style:
    """The look after SGR codes such as "1;38;5;4"; codes that are not known say nothing."""
    attributes, fg, bg = set(pen.attributes), pen.fg, pen.bg
    rest = iter(codes.split(";"))
    for given in rest:
        code = given.lstrip("0")
        if not code:
            attributes, fg, bg = set(), "", ""
        elif code in ATTRIBUTES:
            attributes.add(code)
        elif code in ENDS:
            attributes -= ENDS[code]
        elif code in FOREGROUND or code == "39":
            fg = "" if code == "39" else code
        elif code in BACKGROUND or code == "49":
            bg = "" if code == "49" else code
        elif code == "38":
            fg = _extended(code, rest)
        elif code == "48":
            bg = _extended(code, rest)
    return style(frozenset(attributes), fg, bg, pen.link)


def _extended(code: str, rest: Iterator[str]) -> str:
    kind = next(rest, "")
    numbers = list(islice(rest, ARGUMENTS.get(kind, 0)))
    whole = bool(numbers) and len(numbers) == ARGUMENTS[kind] and all(numbers)
    if kind == "2" and (number := INDEXED.get(";".join(numbers))):
        return f"{code};5;{number}"
    return ";".join((code, kind, *numbers)) if whole else ""


@lru_cache(1024)
def linked(pen: Style, link: str) -> Style:
    """The look inside a link, given as OSC 8 has it: "parameters;address"; without address it ends."""
    return style(pen.attributes, pen.fg, pen.bg, link if link.partition(";")[2] else "")


@lru_cache(4096)
def ground(of: Style) -> Style:
    """The look of a blank: what lines and reversal show is kept, else only the background and the link."""
    return of if of.attributes & DRAWN else style(bg=of.bg, link=of.link, blank=True)


@lru_cache(8192)
def change(pen: Style, to: Style) -> tuple[str, Style]:
    """What leads a terminal from one look to another, and the look it then has."""
    targets = [to]
    if to.blank:
        # Text colour and weight may stay as they are where nothing is written.
        targets = [style(pen.attributes - DRAWN, pen.fg, to.bg, to.link), style(bg=to.bg, link=to.link)]
    said, reached = min(((_sgr(pen, target), target) for target in targets), key=lambda way: len(way[0]))
    if pen.link != to.link:
        said += f"\x1b]8;{to.link or ';'}\x1b\\"
    return said, reached


def _sgr(pen: Style, to: Style) -> str:
    """The shorter of two ways: saying what differs, or starting from nothing."""
    superfluous = pen.attributes - to.attributes
    ends = [code for code, ended in ENDS.items() if ended & superfluous]
    left = pen.attributes.difference(*(ENDS[code] for code in ends))
    differing = [*ends, *sorted(to.attributes - left, key=int)]
    if pen.fg != to.fg:
        differing.append(to.fg or "39")
    if pen.bg != to.bg:
        differing.append(to.bg or "49")
    if not differing:
        return ""
    anew = ";".join(filter(None, ("0", *sorted(to.attributes, key=int), to.fg, to.bg)))
    return f"\x1b[{min(';'.join(differing), '' if anew == '0' else anew, key=len)}m"
