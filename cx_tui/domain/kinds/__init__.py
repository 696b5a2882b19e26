"""The kinds of values: each knows how to read what a person typed, show it, and say what is wrong."""

from cx_tui.domain.kinds.base import BadValue, Kind, quote
from cx_tui.domain.kinds.choices import Choice, Code, Flag, Labelled, Several
from cx_tui.domain.kinds.dialling import InboundNumber, Prefix, Prefixes
from cx_tui.domain.kinds.networking import Address, Addresses, Port
from cx_tui.domain.kinds.numbers import CallSeconds, Integer, Integers, Money, Percent, Rate, Ratio
from cx_tui.domain.kinds.patterns import NumberOrRegex, Regex, check_pattern
from cx_tui.domain.kinds.references import Reference, References
from cx_tui.domain.kinds.structured import Areas, Networks, Secret, Tags, Texts, Toml
from cx_tui.domain.kinds.times import Ago, Day, Duration, Hours, Moment, ZonedMoment
from cx_tui.domain.kinds.words import Email, Emails, Identifier, Lines, Phone, SipName, Text, Url, Zone

__all__ = [
    "Address",
    "Addresses",
    "Ago",
    "Areas",
    "BadValue",
    "CallSeconds",
    "Choice",
    "Code",
    "Day",
    "Duration",
    "Email",
    "Emails",
    "Flag",
    "Hours",
    "Identifier",
    "InboundNumber",
    "Integer",
    "Integers",
    "Kind",
    "Labelled",
    "Lines",
    "Moment",
    "Money",
    "Networks",
    "NumberOrRegex",
    "Percent",
    "Phone",
    "Port",
    "Prefix",
    "Prefixes",
    "Rate",
    "Ratio",
    "Reference",
    "References",
    "Regex",
    "Secret",
    "Several",
    "SipName",
    "Tags",
    "Text",
    "Texts",
    "Toml",
    "Url",
    "Zone",
    "ZonedMoment",
    "check_pattern",
    "quote",
]
