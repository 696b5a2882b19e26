"""A log and a board to look at: what others did before the program was opened."""

import re
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.screen import Screen

from cx_tui.domain.query import Query
from cx_tui.domain.who import Who
from cx_tui.services.session import Session, open_session
from tests.pilot.driver import Driver, opened
from widgets.grid import Grid

ANA = Who("ana", "ssh 10.20.0.14")


@asynccontextmanager
async def session_of(url: str, who: Who = ANA) -> AsyncIterator[Session]:
    """An session of somebody else at the same database."""
    session = await open_session(url, who=who)
    try:
        yield session
    finally:
        await session.close()


async def first_customers(session: Session, number: int) -> list[int]:
    """The first customers by name."""
    return await (await session.customers.list(Query())).ids(0, number)


async def save(session: Session, customer_id: int, **wanted: object) -> None:
    """Change fields of a customer."""
    await session.records.save(await session.records.get(customer_id), wanted)


@asynccontextmanager
async def looking_at(
    screen: Screen[None], url: str, size: tuple[int, int] = (120, 40), **settings: object
) -> AsyncIterator[Driver]:
    """The program with a page over the customers, when its list is there."""
    async with opened(url, size, **settings) as cx:  # type: ignore[arg-type]  # settings by name
        cx.app.push_screen(screen)
        await cx.until(lambda: top_is(cx, screen) and rows_are_there(cx), "the page")
        yield cx


def top_is(cx: Driver, screen: Screen[None]) -> bool:
    """Whether this page is on top."""
    return cx.app.screen is screen


def rows_are_there(cx: Driver) -> bool:
    """Whether the list of the page on top was read."""
    return bool(cx.app.screen.query(Grid)) and cx.app.screen.query_one(Grid).rows.source is not None


def cells(cx: Driver, column: str) -> list[str]:
    """The cells of a column of the page on top."""
    return [row.cell(column).text for row in cx.app.screen.query_one(Grid).rows.visible]


def clipboard(cx: Driver) -> str:
    """The text that was sent to the terminal's clipboard last."""
    found = re.fullmatch("\x1b\\]52;c;([A-Za-z0-9+/=]*)\x07", cx.written[-1])
    assert found, cx.written
    return b64decode(found[1]).decode()
