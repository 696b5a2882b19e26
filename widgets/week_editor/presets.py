"""Weeks that are asked for so often that a key sets each of them."""

from __future__ import annotations

from typing import NamedTuple

from .bits import A_DAY, FULL, HOUR, Block


class Preset(NamedTuple):
    """A week and what it is called."""

    name: str
    bits: int


PRESETS = (
    Preset("session hours", Block(0, 4, 9 * HOUR, 17 * HOUR).mask),
    Preset("nights", Block(0, 6, 0, 6 * HOUR).mask | Block(0, 6, 20 * HOUR, A_DAY).mask),
    Preset("always", FULL),
    Preset("never", 0),
)
