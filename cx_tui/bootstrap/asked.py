"""What commands ask of the services, one call for each."""

import asyncio
import re
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cx_tui.bootstrap.demo import Progress
from cx_tui.bootstrap.opening import open_services, open_views, services, who_is_here
from cx_tui.config import Loaded, folders
from cx_tui.domain.who import NOBODY

if TYPE_CHECKING:
    from datetime import datetime

    from cx_tui.domain.outbox import Way
    from cx_tui.domain.query import Query
    from cx_tui.domain.view import View
    from cx_tui.services.lists.grouping import Grouping
    from cx_tui.services.rates.pricing import NumberPrice
    from cx_tui.services.sending.command import Announcement, Reporter
    from cx_tui.services.sending.opt_outs import OptedOut
    from cx_tui.services.upload.asking import Asked
    from cx_tui.services.upload.telling import Teller


LISTED_AT_ONCE = 4_096
"""So many rows are read at a time."""


async def upload(url: str, env: Mapping[str, str], asked: "Asked", teller: "Teller") -> int:
    """Upload a file; says how many rows were rejected.  When the system ends it, all is turned back."""
    from cx_tui.services.upload.asking import carry_out
    from cx_tui.services.upload.mappings import Mappings

    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    session = await open_services(url, read_only=asked.dry_run, makes=True, who=who_is_here(env))
    try:
        return await carry_out(session, Mappings(folders.state_dir(env), asked.record), asked, teller)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        await session.close()


async def upload_rates(
    url: str, env: Mapping[str, str], asked: "Asked", teller: "Teller", card: str, moment: "datetime"
) -> tuple[int, dict[str, Any]]:
    """Upload a price list of a card; says how many rows were rejected, and how it differs from the prices
    that hold before."""
    from cx_tui.services.upload.asking import carry_out
    from cx_tui.services.upload.mappings import Mappings
    from cx_tui.services.upload.price_difference import before

    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    session = await open_services(url, read_only=asked.dry_run, makes=True, who=who_is_here(env))
    try:
        difference = await before(session.database, card, moment)
        mappings = Mappings(folders.state_dir(env), asked.record)
        rejected = await carry_out(session, mappings, asked, teller, difference.add)
        return rejected, difference.facts()
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        await session.close()


async def number_price(
    url: str, card: str, number: str, seconds: int, moment: "datetime"
) -> "NumberPrice | None":
    """What a call to a number costs by a card; None without a rate."""
    from cx_tui.services.rates.pricing import price_of

    async with services(url, read_only=True, makes=True, who=NOBODY) as session:
        return await price_of(session.database, card, number, seconds, moment)


async def view_named(url: str, env: Mapping[str, str], name: str, record: str) -> "View":
    """A saved view of who is here, by its name."""
    async with open_views(url, env, read_only=True) as views:
        return await views.named(name, record)


async def list_records(
    url: str, query: "Query", columns: "Sequence[str]", limit: int | None, show: "Callable[[Any], None]"
) -> None:
    """Show the records that a query asks for, row by row, as long as somebody wants them."""
    async with services(url, read_only=True, makes=True, who=NOBODY) as session:
        listing = await session.listing(query)
        total = await listing.exact_count()
        end = total if limit is None else min(limit, total)
        for start in range(0, end, LISTED_AT_ONCE):
            for row in await listing.rows(start, min(LISTED_AT_ONCE, end - start), columns):
                show(row)


class SqlAnswer(Protocol):
    """Takes the answer to a question in SQL."""

    def names(self, names: Sequence[str]) -> None:
        """The columns."""

    def row(self, row: Sequence[Any]) -> None:
        """A row."""


async def sql(
    loaded: Loaded, url: str, env: Mapping[str, str], query: str, seconds: float, show: SqlAnswer
) -> None:
    """Ask in SQL, which only reads; names of columns and rows are handed on as they come."""
    from cx_tui.services.read_only_sql import ask

    async with services(
        url, read_only=True, makes=True, who=NOBODY, settings=loaded.settings, env=env
    ) as session:
        if asks_of_calls(query):
            from cx_tui.services.calls.sql import ask_of_calls

            await ask_of_calls(session.database, session.calls, query, show.names, show.row)
        else:
            await ask(session.database, query, seconds, show.names, show.row)


def asks_of_calls(query: str) -> bool:
    """Whether a question in SQL names the view of calls, which are not only in the database."""
    return re.search(r"\bv_call\b", query, re.IGNORECASE) is not None


async def grouped(url: str, query: "Query", grouping: "Grouping") -> list[dict[str, Any]]:
    """The groups of the records that a query asks for, with their totals."""
    from cx_tui.services.lists.grouping import groups

    async with services(url, read_only=True, makes=True, who=NOBODY) as session:
        return await groups(session.database, query, grouping)


async def opt_outs(
    url: str, env: Mapping[str, str], ways: "Sequence[Way]", names: "Sequence[str]"
) -> "tuple[list[OptedOut], list[str]]":
    """Those who have opted out; or those who do now, by their names, and why that can't be said of others."""
    from cx_tui.services.sending.opt_outs import OptOuts

    async with services(url, read_only=not names, who=who_is_here(env)) as session:
        opted = OptOuts(session.database, session.who)
        return (await opted.added(ways, names)) if names else (await opted.listed(), [])


async def rehearse_sending(
    loaded: Loaded, url: str, env: Mapping[str, str], what: "Announcement", reporter: "Reporter"
) -> int:
    """Say what sending would do, and what is wrong; says the exit code."""
    from cx_tui.services.sending.command import rehearse

    async with services(
        url, read_only=True, makes=True, who=NOBODY, settings=loaded.settings, env=env
    ) as session:
        return await rehearse(session, what, reporter)


async def send(
    loaded: Loaded, url: str, env: Mapping[str, str], what: "Announcement", reporter: "Reporter"
) -> int:
    """Send to many; says the exit code.  When the system ends it while the messages are stored, none is;
    later, those that have begun are finished, and the others stay queued."""
    from cx_tui.services.sending import command

    ending, loop, task = asyncio.Event(), asyncio.get_running_loop(), asyncio.current_task()
    session = await open_services(
        url, read_only=False, who=who_is_here(env), settings=loaded.settings, env=env
    )
    try:
        if task:
            loop.add_signal_handler(signal.SIGTERM, task.cancel)
        job = await command.order(session, what, reporter)
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, ending.set)
        code = await command.send(session, job, ending, reporter)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        await session.close()
    if ending.is_set():
        raise KeyboardInterrupt
    return code


async def export(url: str, path: Path, query: "Query", progress: Progress) -> int:
    """Write records into a file; says how many."""
    from cx_tui.services.export.exporting import Export

    async with services(url, read_only=True, makes=True, who=NOBODY) as session:
        return await Export(session).of_query(path, query, progress)
