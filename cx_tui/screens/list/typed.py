"""What is typed into the search box of a list: words to look for, or conditions."""

import re
from dataclasses import replace

from cx_tui.domain.filter_values import is_filter, read_filter
from cx_tui.domain.filters import LONGEST, BadFilter, Problem, written
from cx_tui.domain.query import Query
from cx_tui.screens.list.commands import numbers
from widgets.grid import Marks

MARKED = re.compile(r"(?<![^\s(|-])is:marked(?![^\s)])")
"""Only a list knows what is marked: it becomes the numbers of those that are marked now."""


def as_typed(query: Query, text: str, marks: Marks) -> Query:
    """The query with what was typed; BadFilter when it has conditions that can't be understood."""
    text = _with_marks(text.strip(), marks)
    if not is_filter(text):
        return replace(query, search=text, where="")
    return replace(query, search="", where=written(read_filter(text, query.record)))


def _with_marks(text: str, marks: Marks) -> str:
    said = MARKED.search(text)
    if not said:
        return text
    keys = numbers(sorted(marks.keys))
    ids = f"id:{keys}" if keys else "no:id"
    full = MARKED.sub(f"(-{ids})" if marks.all_but else ids, text)
    wrong = "so many are marked that a filter can't name them" if len(full) > LONGEST else ""
    if wrong := wrong or ("" if marks else "nothing is marked"):
        raise BadFilter(text, [Problem(said.start(), said.end(), wrong)])
    return full


def so_far(query: Query, text: str, marks: Marks) -> Query:
    """The same while somebody types: what can't be understood yet changes nothing."""
    try:
        return as_typed(query, text, marks)
    except BadFilter:
        return query


def why_not(query: Query, text: str, marks: Marks) -> str:
    """Why what was typed is not applied, as a sentence; nothing when it is."""
    try:
        as_typed(query, text, marks)
    except BadFilter as error:
        said = error.problems[0].sentence
        return f"The filter is not applied: {said}."
    return ""
