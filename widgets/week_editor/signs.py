"""The signs a week is drawn with: one set for Unicode terminals, one in plain ASCII."""

from __future__ import annotations

from typing import NamedTuple


class Signs(NamedTuple):
    """Every sign is one terminal cell wide.

    `cells` and, in a selection, `picked` have one for each pair of quarters: none, the second, the first,
    both.  `cursor` and `now` have one for a quarter that is not allowed and one that is; so have `first`
    and `second`, which are the cursor where a cell is two quarters.
    """

    cells: str
    picked: str
    hour: str
    cursor: str
    first: str
    second: str
    now: str
    here: str
    mark: str
    wrong: str
    ellipsis: str


UNICODE = Signs(" ▐▌█", "░▐▌▓", "·", "·✓", "‹«", "›»", "│┃", "▸", "▾", "×", "…")
ASCII = Signs(" []#", "-[]%", ".", ".*", "<{", ">}", "|!", ">", "v", "x", "~")
