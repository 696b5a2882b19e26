"""Choosing one record of a kind by its name, while typing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from textual.screen import Screen

from cx_tui.domain.query import Query
from cx_tui.domain.records import record_named
from cx_tui.errors import CxError
from cx_tui.screens.program import Program

if TYPE_CHECKING:
    from cx_tui.services.session import Session

OFFERED = 200
"""So many are offered at once; typing narrows them."""


async def choose_record(screen: Screen[Any], record: str, title: str) -> int | None:
    """Let the operator choose a record; None when none was chosen."""
    from widgets.form.popup import Popup
    from widgets.form.signs import ASCII, UNICODE

    program = cast(Program, screen.app)
    session = await program.services()

    async def find(typed: str) -> Sequence[tuple[str, str]]:
        try:
            return [(f"#{number}", name) for number, name in await named_records(session, record, typed)]
        except CxError as error:
            screen.notify(f"They can't be read: {error}.", severity="error")
            return []

    screen.notify(title)
    chosen = await screen.app.push_screen_wait(Popup(find, "", signs=ASCII if program.ascii else UNICODE))
    return int(chosen.removeprefix("#")) if chosen else None


async def named_records(
    session: "Session", record: str, typed: str, owner_id: int | None = None
) -> list[tuple[int, str]]:
    """The records of a kind that have a text, or the number in #12, with their names."""
    names = record_named(record).declared.names
    query = Query(record=record, search=typed.strip(), owner_id=owner_id, sort=())
    number = typed.strip().removeprefix("#")
    by_number = typed.strip().startswith("#") and number.isdecimal()
    if by_number:
        query = replace(query, search="")
    listing = await session.customers.list(query) if record == "customer" else session.list_of(query)
    if by_number:
        rows = list((await listing.again([int(number)], (names,))).values())
    else:
        rows = await listing.rows(0, OFFERED, (names,))
    return [(row["id"], str(row[names])) for row in rows]
