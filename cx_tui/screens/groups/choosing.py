"""Choosing a column, a total, or which groups are shown."""

from collections.abc import Collection, Sequence
from typing import Any, cast

from textual.screen import Screen

from cx_tui.domain.filter_values import is_ordered
from cx_tui.domain.groups import COUNT
from cx_tui.domain.having import written
from cx_tui.domain.kinds import BadValue, Day, Moment
from cx_tui.domain.view import GroupedBy, columns_of
from cx_tui.errors import CxError
from cx_tui.screens.ask import Ask
from cx_tui.screens.program import Program
from widgets.menu import Item, Menu


async def choose_column(
    screen: Screen[Any], record: str, title: str, *, without: Collection[str]
) -> str | None:
    """Let the operator choose a column to group by."""
    from cx_tui.services.lists.grouping import may_group_by

    items = [
        Item(name, column.title, column.group)
        for name, column in columns_of(record).items()
        if name not in without and may_group_by(record, name)
    ]
    program = cast(Program, screen.app)
    chosen: str | None = await screen.app.push_screen_wait(Menu(title, items, glyphs=program.glyphs))
    return chosen


async def choose_total(screen: Screen[Any], record: str, there: Sequence[str]) -> str | None:
    """Let the operator choose a total to add, or one that is there to take away."""
    from cx_tui.services.lists.grouping import RATIOS, may_group_by

    names = ["count"]
    for name, column in columns_of(record).items():
        if is_ordered(column.kind):
            acts = ("min", "max") if isinstance(column.kind, Moment | Day) else ("sum", "avg", "min", "max")
            names += [f"{act}:{name}" for act in acts]
        if may_group_by(record, name):
            names.append(f"distinct:{name}")
        if record == "customer" and name in RATIOS:
            names.append(f"ratio:{name}")
    items = [Item(name, _title(record, name), "take away") for name in there]
    items += [Item(name, _title(record, name)) for name in names if name not in there]
    program = cast(Program, screen.app)
    menu = Menu("Totals: enter adds one, or takes one away", items, glyphs=program.glyphs)
    chosen: str | None = await screen.app.push_screen_wait(menu)
    return chosen


async def ask_having(screen: Screen[Any], record: str, grouped: GroupedBy) -> str | None:
    """Ask which groups are shown: conditions on totals, in their one way to be written; none shows all."""
    from cx_tui.services.lists.grouping import having_of

    def conditions(text: str) -> str:
        try:
            return written(having_of(record, text))
        except CxError as error:
            raise BadValue(str(error)) from error

    totals = ", ".join(dict.fromkeys((COUNT, *grouped.totals)))
    asked = Ask(
        "Only groups of which this holds", conditions, does="take it", text=grouped.having,
        example="count>100 sum:credit<0",
        explains=f"There are {totals}, and any other total; compare them by < <= > >= or =.  Without a"
        " condition all groups are shown.",
    )  # fmt: skip
    said: str | None = await screen.app.push_screen_wait(asked)
    return said


def having_in_words(record: str, having: str) -> str:
    """Which groups are shown, as a chip says it; conditions of another version as they are written."""
    from cx_tui.services.lists.grouping import having_of

    try:
        said = " and ".join(condition.in_words() for condition in having_of(record, having))
    except CxError:
        said = having
    return f"only groups with {said}"


def _title(record: str, word: str) -> str:
    from cx_tui.services.lists.grouping import total_of

    total = total_of(record, word)
    said = {
        "min": "least",
        "max": "most",
        "ratio": "of all together (weighted)",
        "distinct": "different values",
    }
    if total.column is None:
        return total.title
    return f"{total.column.title}, {said[total.act]}" if total.act in said else total.title


def first_to_group(record: str) -> str:
    """The column that is grouped by where the one under the cursor can't be."""
    from cx_tui.services.lists.grouping import may_group_by

    names = ("status", "currency", "country", "direction", "type", "enabled")
    there = [name for name in names if name in columns_of(record) and may_group_by(record, name)]
    return there[0] if there else next(name for name in columns_of(record) if may_group_by(record, name))


def usual_totals(record: str) -> tuple[str, ...]:
    """What is said of each group at first, beside how many there are."""
    if record == "customer":
        return ("sum:credit", "sum:in_use", "ratio:asr")
    names = ("total", "rate", "channels")
    return tuple(f"sum:{name}" for name in names if name in columns_of(record) and name != "rate")
