"""What screens show, as commands that print the same."""

import shlex
from collections.abc import Sequence

from cx_tui.domain.query import BY_NAME, Query, StatusFilter
from cx_tui.domain.view import GroupedBy, sort_text


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
        from cx_tui.domain.filters import narrowed

        where = narrowed(f"customer.id={query.owner_id}", where)
    return [*words, "--where", where] if where else words


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
