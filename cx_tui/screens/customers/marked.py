"""Which customers an act is for, when some of the marked ones are not in the list that is shown."""

from typing import TYPE_CHECKING

from cx_tui.domain.query import Query, StatusFilter
from cx_tui.domain.selection import Selection
from cx_tui.screens.stakes import customers, short

if TYPE_CHECKING:
    from cx_tui.services.changes.bulk import BulkChanges
    from widgets.menu import Item

ALL, SHOWN, HERE = "all", "shown", "here"


async def shown_part(bulk: "BulkChanges", marked: Selection, query: Query) -> frozenset[int] | None:
    """The marked customers that the list shows, when it does not show all of them; else None."""
    narrowed = bool(query.typed) or query.status is not StatusFilter.ALL
    if marked.all_but or not narrowed:
        return None
    there = frozenset(await bulk.chosen(marked))
    shown = await bulk.shown_of(there, query)
    return shown if shown != there else None


def question(number: int, hidden: int) -> str:
    """What is asked."""
    if hidden == number:
        return f"None of the {customers(number)} that you marked is in this list"
    are = "is" if hidden == 1 else "are"
    return f"{hidden:,} of the {customers(number)} that you marked {are} not in this list"


def answers(act: str, number: int, shown: int, here: str) -> "list[Item]":
    """What can be answered; the safe answer first."""
    from widgets.menu import Item

    them = "the one" if number == 1 else f"all {number:,}"
    items = [Item("", "Do nothing")]
    if shown:
        items.append(
            Item(SHOWN, f"{act} only {shown:,} of them: {'the one' if shown == 1 else 'those'} in this list")
        )
    if here:
        items.append(Item(HERE, f'{act} only "{short(here, 40)}", the one under the cursor'))
    return [*items, Item(ALL, f"{act} {them}, also what this list does not show")]
