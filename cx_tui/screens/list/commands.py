"""What screens show, as commands that print the same."""

import shlex
from collections.abc import Sequence
from dataclasses import replace

from cx_tui.domain.filters import LONGEST, narrowed
from cx_tui.domain.query import BY_NAME, Query, StatusFilter
from cx_tui.domain.selection import Selection
from cx_tui.domain.view import GroupedBy, sort_text
from cx_tui.errors import Refused


def chosen(query: Query) -> list[str]:
    """The options that choose the records of a query.  What belongs to one owner can't be said there."""
    words: list[str] = []
    if query.record != "customer":
        words += ["--record", query.record]
    if query.status is not StatusFilter.ALL:
        words += ["--status", query.status.label]
    if query.search:
        words += ["--search", query.search]
    where = query.where
    if query.owner_id is not None and query.record != "customer":
        where = narrowed(f"customer.id={query.owner_id}", where)
    return [*words, "--where", where] if where else words


def chosen_by(selection: Selection) -> list[str]:
    """The options that choose records: those that are marked, or all of a list but some; none for all."""
    ids = numbers(sorted(selection.ids))
    if not selection.all_but:
        return chosen(Query(record=selection.query.record, where=_short(f"id:{ids}")))
    if not ids:
        return chosen(selection.query)
    return chosen(replace(selection.query, where=_short(narrowed(selection.query.where, f"-id:{ids}"))))


def _short(where: str) -> str:
    if len(where) > LONGEST:
        raise Refused("so many are marked that a command can't name them; narrow the list and mark all of it")
    return where


def numbers(ids: Sequence[int]) -> str:
    """Numbers as a filter lists them: those that follow each other as a range."""
    runs: list[list[int]] = []
    for one in ids:
        if runs and one == runs[-1][1] + 1:
            runs[-1][1] = one
        else:
            runs.append([one, one])
    return ",".join(f"{first}..{last}" if last > first else f"{first}" for first, last in runs)


def list_command(query: Query, columns: Sequence[str]) -> str:
    """A list as `cx-tui list`."""
    words = ["cx-tui", "list", *chosen(query), "--columns", ",".join(columns)]
    if query.sort and query.sort != BY_NAME:
        words += ["--sort", ",".join(map(sort_text, query.sort))]
    return shlex.join(words)


def group_command(query: Query, grouped: GroupedBy) -> str:
    """Groups as `cx-tui group`."""
    words = ["cx-tui", "group", "--by", ",".join(grouped.by), "--total", ",".join(grouped.totals)]
    if grouped.pivot:
        words += ["--pivot", grouped.pivot]
    if grouped.having:
        words += ["--having", grouped.having]
    return shlex.join([*words, *chosen(query)])
