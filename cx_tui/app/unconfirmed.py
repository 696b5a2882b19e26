"""Changes that will be turned back unless somebody confirms them: how long that is, and who would do it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.app import App

from cx_tui.errors import CxError
from widgets.line import Part
from widgets.text import visible

if TYPE_CHECKING:
    from cx_tui.services.session import Session


def countdown(session: "Session | None", *, wide: bool) -> list[Part]:
    """What will be turned back next, and in how long."""
    waiting = session.unconfirmed if session else ()
    if not waiting:
        return []
    left = max(0, int((waiting[0][0] - datetime.now(UTC)).total_seconds()))
    whose = waiting[0][1][:24] if wide else f"{len(waiting):,} unconfirmed"
    more = f" and {len(waiting) - 1:,} more" if len(waiting) > 1 and wide else ""
    return [Part(visible(f"{whose}{more}: back in {left // 60}:{left % 60:02} (b)"), "warn", keep=True)]


async def may_leave(app: App[int], session: "Session | None") -> bool:
    """Ask, when no other program is open that would turn back what is not confirmed."""
    from widgets.menu import Item, Menu

    number = len(session.unconfirmed) if session else 0
    if session is None or not number or await _others_are_here(session):
        return True
    one = number == 1
    said = "1 change is not confirmed" if one else f"{number:,} changes are not confirmed"
    items = [
        Item("stay", "Go on; b shows the board, where s confirms"),
        Item(
            "leave",
            f"Leave; the next program to open, or cx-tui worker, turns {'it' if one else 'them'} back",
        ),
    ]
    asked = Menu(f"{said}, and no other program is open", items, "stay")
    return await app.push_screen_wait(asked) == "leave"


async def _others_are_here(session: "Session") -> bool:
    """Whether another program is open; a database that is away is no reason to stay."""
    try:
        here = await session.here.everybody()
    except CxError:
        return True
    return any(one.number != session.here.number for one in here)
