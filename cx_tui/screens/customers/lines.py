"""The texts around the grid: the header, the chips beside the search box, the detail of one customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cx_tui.domain.columns import list_columns
from cx_tui.domain.query import Query, StatusFilter
from cx_tui.screens.present import amount, credit_in_words, full_text, spaced, warned
from widgets.line import LineText, Part

Values = Mapping[str, Any]

NAME, NUMBER = 28, 8
"""Cells that a name and a number usually need: what follows stands still while one goes from row to row."""
WIDE = 80
"""The cells of a line from which on there is room for that."""


@dataclass(frozen=True)
class Standing:
    """How the list stands to the database at this moment."""

    state: str
    """One of connecting, live, paused, waiting, away, refused."""
    since: datetime | None = None
    seconds: int = 0
    """How long an answer has been waited for."""

    @property
    def is_wrong(self) -> bool:
        """Whether the last answer was that there is none."""
        return self.state in ("away", "refused")

    def part(self) -> Part:
        """The state in words, with its time."""
        if self.state == "waiting":
            return Part(f"waiting for the database, {self.seconds} s", "warn", keep=True)
        clock = f" {self.since.astimezone():%H:%M}" if self.since else ""
        tones = {"live": "good", "paused": "warn", "away": "bad", "refused": "bad"}
        return Part(f"{self.state}{clock}", tones.get(self.state, "dim"), keep=True)


def header(
    counts: Mapping[StatusFilter, int], found: str, marked: str, more: str = "", view: str = ""
) -> list[Part]:
    """What is in the database, what was found and is marked, how many are not in the list yet, which view."""
    parts = [Part("Customers", "strong")]
    if counts:
        parts.append(Part(f"{counts[StatusFilter.ALL]:,}"))
        parts.append(Part(f"Active {counts[StatusFilter.ACTIVE]:,}", "dim"))
        parts.append(Part(f"dialing {counts[StatusFilter.DIALING]:,}", "dim"))
    if found:
        parts.append(Part(found, "accent", keep=True))
    if more:
        parts.append(Part(more, "warn", keep=True))
    if marked:
        parts.append(Part(marked, "accent", keep=True))
    if view:
        parts.append(Part(view, "accent"))
    return parts


def chips(query: Query, *, ascii: bool) -> list[Part]:
    """What narrows the list, and its order when it is not the usual one."""
    status = "All" if query.status is StatusFilter.ALL else query.status.label
    tone = "dim" if query.status is StatusFilter.ALL else "accent"
    sign = "v" if ascii else "▾"
    parts = [Part("status ", "dim"), Part(f"{status} {sign}", tone, "screen.status_filter")]
    if [sort.column for sort in query.sort] != ["name"]:
        order = ", ".join(
            list_columns()[sort.column].label + (" descending" if sort.descending else "")
            for sort in query.sort
        )
        parts += [Part("   by ", "dim"), Part(order, "accent")]
    return parts


def detail(values: Values | None, column: str | None, width: int = WIDE) -> list[LineText]:
    """Two lines on the customer under the cursor: who it is and its credit, then what is wrong with it."""
    if values is None:
        return []
    name, number = (NAME, NUMBER) if width >= WIDE else (0, 0)
    first = [
        Part(f"{values['name']:<{name}}", "strong"),
        Part(f"{'#' + str(values['id']):<{number}}", "", "screen.open_record"),
        Part(credit_in_words(values)),
    ]
    if values["daily_limit"] is not None:
        spent, limit = (amount(values[name], values["currency"]) for name in ("spend_today", "daily_limit"))
        first.append(Part(f"today {spent} of {limit}", "dim"))
    second = [warned(values["warning_mask"]), *_whole_value(values, column)]
    return [LineText(spaced(first)), LineText(spaced(second))]


def _whole_value(values: Values, column: str | None) -> list[Part]:
    if column is None or column in ("name", "warnings") or column not in values:
        return []
    text = full_text(values, column)
    return [Part(f"{list_columns()[column].label}: {text or 'empty'}", "" if text else "dim")]
