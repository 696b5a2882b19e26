"""The kinds of values: each knows how to read what a person typed, show it, and say what is wrong."""

from cx_tui.domain.kinds.base import BadValue, Kind, quote
from cx_tui.domain.kinds.choices import Choice, Code, Flag, Labelled
from cx_tui.domain.kinds.numbers import CallSeconds, Integer, Money, Percent, Rate, Ratio
from cx_tui.domain.kinds.structured import Areas, Networks, Secret, Tags, Texts, Toml
from cx_tui.domain.kinds.times import Ago, Day, Hours, Moment
from cx_tui.domain.kinds.words import Email, Identifier, Lines, Phone, Text, Url, Zone

__all__ = [
    "Ago",
    "Areas",
    "BadValue",
    "CallSeconds",
    "Choice",
    "Code",
    "Day",
    "Email",
    "Flag",
    "Hours",
    "Identifier",
    "Integer",
    "Kind",
    "Labelled",
    "Lines",
    "Moment",
    "Money",
    "Networks",
    "Percent",
    "Phone",
    "Rate",
    "Ratio",
    "Secret",
    "Tags",
    "Text",
    "Texts",
    "Toml",
    "Url",
    "Zone",
    "quote",
]
