"""The signs a form draws with: one set for Unicode terminals, one in plain ASCII."""

from __future__ import annotations

from typing import NamedTuple


class Signs(NamedTuple):
    """Every sign is one terminal cell wide."""

    focus: str
    changed: str
    tick: str
    mask: str
    opens: str
    ellipsis: str
    left: str
    right: str


UNICODE = Signs("▸", "▪", "✓", "∗", "▾", "…", "‹", "›")
ASCII = Signs(">", "+", "x", "*", "v", "~", "<", ">")
