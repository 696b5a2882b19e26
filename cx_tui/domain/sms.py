"""The length of an SMS: how it is encoded, into how many segments it is cut, how much still fits."""

import re
from typing import NamedTuple

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""These take an escape and a second septet."""

LONGEST = 1600
"""The most characters that Twilio takes."""

E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class Encoding(NamedTuple):
    """How much a segment holds: alone, and as one of several, which each carry a header."""

    name: str
    alone: int
    among: int


GSM = Encoding("GSM-7", 160, 153)
UCS = Encoding("UCS-2", 70, 67)


class Length(NamedTuple):
    """What a text takes: `units` are septets or UTF-16 units, `left` still fit without another segment."""

    encoding: Encoding
    units: int
    segments: int
    left: int
    unusual: str
    """The characters for which it can't be GSM-7, each once."""


def length_of(text: str) -> Length:
    """What a text takes as an SMS."""
    unusual = "".join(dict.fromkeys(char for char in text if char not in GSM_7 and char not in EXTENDED))
    encoding = UCS if unusual else GSM
    widths = [_width(char, encoding) for char in text]
    units = sum(widths)
    if units <= encoding.alone:
        return Length(encoding, units, min(units, 1), encoding.alone - units, unusual)
    segments, used = _packed(widths, encoding.among)
    return Length(encoding, units, segments, encoding.among - used, unusual)


def is_e164(number: str) -> bool:
    """Whether a number is in international form, as it is sent."""
    return E164.fullmatch(number) is not None


def _width(char: str, encoding: Encoding) -> int:
    wide = char > "\uffff" if encoding is UCS else char in EXTENDED
    return 2 if wide else 1


def _packed(widths: list[int], room: int) -> tuple[int, int]:
    """How many segments there are, and how much of the last is used: no character is cut in two."""
    segments, used = 1, 0
    for width in widths:
        if used + width > room:
            segments, used = segments + 1, 0
        used += width
    return segments, used
