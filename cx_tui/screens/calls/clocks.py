"""The clock by which the times of calls are shown: one's own, UTC, the customer's, or that of any zone."""

from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from textual.screen import Screen

from cx_tui.domain.query import Query
from cx_tui.errors import CxError
from cx_tui.screens.program import Program

CUSTOMERS = "customer"
ANOTHER = "another"


def clock_of(name: str, theirs: str) -> tzinfo | None:
    """The clock of a choice; None is one's own, and so is one that this machine does not know."""
    name = theirs if name == CUSTOMERS else name
    if name in ("", "UTC"):
        return UTC if name else None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError):
        return None


def name_of_clock(zone: tzinfo | None) -> str:
    """How a clock is called."""
    return "your clock" if zone is None else str(zone)


async def zone_of(program: Program, customer_id: int) -> str:
    """The time zone of a customer; nothing when it has none."""
    try:
        listing = await (await program.services()).customers.list(Query())
        found = await listing.again([customer_id], ("time_zone",))
    except CxError:
        return ""  # the list says it
    return str(found[customer_id]["time_zone"]) if customer_id in found else ""


async def choose_clock(program: Program, screen: Screen[Any], now: str, theirs: str) -> str | None:
    """Let the operator choose a clock; None when none was chosen."""
    from cx_tui.screens.form_fields import zones
    from widgets.form.popup import Popup
    from widgets.form.signs import ASCII, UNICODE
    from widgets.menu import Item, Menu

    items = [Item("", "Your own clock"), Item("UTC", "UTC")]
    if theirs:
        items.append(Item(CUSTOMERS, "The customer's clock", theirs))
    if now not in ("", "UTC", CUSTOMERS):
        items.append(Item(now, now))
    items.append(Item(ANOTHER, "Another time zone …"))
    chosen = await screen.app.push_screen_wait(Menu("Show times by", items, now, glyphs=program.glyphs))
    if chosen != ANOTHER:
        return chosen

    async def find(typed: str) -> list[tuple[str, str]]:
        word = typed.lower().replace(" ", "_")
        return [one for one in zones() if word in one[0].lower()]

    return await screen.app.push_screen_wait(Popup(find, "", signs=ASCII if program.ascii else UNICODE))
