"""Rows of a list of calls as a text for the clipboard."""

from collections.abc import Sequence

from widgets.grid import Column, Marks, Row, RowSource

A_PART = 500
"""So many rows are read at a time."""

LEAST = 20
"""Signs that a row has at least: more rows than fit into the clipboard are not read."""


async def marked_rows(source: RowSource, marks: Marks, total: int, limit: int) -> list[Row]:
    """The marked rows, as far as the clipboard takes them."""
    rows: list[Row] = []
    wanted = marks.count(total)
    for start in range(0, total, A_PART):
        rows += [one for one in await source.rows(start, A_PART) if one.key in marks]
        if len(rows) >= wanted or len(rows) * LEAST > limit:
            break
    return rows


def table_of(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """The titles and the rows, a line each."""
    lines = ["\t".join(one.title for one in columns)]
    lines += ["\t".join(each.cell(one.key).text for one in columns) for each in rows]
    return "\n".join(lines) + "\n"
