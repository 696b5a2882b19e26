"""What is typed into the search box of a list: words to look for, or conditions."""

from dataclasses import replace

from cx_tui.domain.filter_values import is_filter, read_filter
from cx_tui.domain.filters import BadFilter, written
from cx_tui.domain.query import Query


def as_typed(query: Query, text: str) -> Query:
    """The query with what was typed; BadFilter when it has conditions that can't be understood."""
    text = text.strip()
    if not is_filter(text):
        return replace(query, search=text, where="")
    return replace(query, search="", where=written(read_filter(text, query.record)))


def so_far(query: Query, text: str) -> Query:
    """The same while somebody types: what can't be understood yet changes nothing."""
    try:
        return as_typed(query, text)
    except BadFilter:
        return query


def why_not(query: Query, text: str) -> str:
    """Why what was typed is not applied, as a sentence; nothing when it is."""
    try:
        as_typed(query, text)
    except BadFilter as error:
        said = error.problems[0].sentence
        return f"The filter is not applied: {said}."
    return ""
