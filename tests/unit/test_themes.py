"""The themes: what is written can be read, in few bytes."""

import pytest
from textual.color import Color
from textual.theme import Theme

from cx_tui.app.themes import DARK, LIGHT
from cx_tui.terminal.style import INDEXED

READABLE = 4.5
"""The contrast that WCAG asks for."""
TONES = ("muted", "disabled", "accent", "warning", "error", "success")
TEXTS = ("foreground", *(f"text-{tone}" for tone in TONES))
GROUNDS = ("background", "panel")
PAIRS = [
    *((text, ground) for text in TEXTS for ground in GROUNDS),
    ("block-cursor-foreground", "block-cursor-background"),
    ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
]


def colors_of(theme: Theme) -> dict[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


def luminance(color: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    ]
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: Color, other: Color) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_every_text_can_be_read_on_its_ground(text: str, ground: str, theme: Theme) -> None:
    colors = colors_of(theme)
    assert contrast(Color.parse(colors[text]), Color.parse(colors[ground])) >= READABLE


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_colours_of_the_list_are_among_the_256(theme: Theme) -> None:
    colors = colors_of(theme)
    for name in {name for pair in PAIRS for name in pair}:
        assert ";".join(map(str, Color.parse(colors[name]).rgb)) in INDEXED, name
