"""What a demo needs: customers, calls, and a real switch where one is installed."""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cx_tui.bootstrap.opening import services
from cx_tui.domain.who import NOBODY
from cx_tui.errors import Refused

if TYPE_CHECKING:
    from cx_tui.config.sources import CallSource
    from cx_tui.services.demo_callers import DemoCaller


Progress = Callable[[int, int], None]


async def seed_database(url: str, customers: int, seed: int, progress: Progress) -> None:
    """Fill an empty database with believable customers."""
    from cx_tui.services.seeding import seed as fill
    from cx_tui.services.session import open_session

    session = await open_session(url)
    try:
        await fill(session.database, customers, seed, progress)
    finally:
        await session.close()


async def seed_for_demo(url: str, customers: int, seed: int, progress: Progress) -> None:
    """The same, but a database that has customers already is used as it is."""
    with contextlib.suppress(Refused):
        await seed_database(url, customers, seed, progress)
        await _calls_at_the_start(url)


async def _calls_at_the_start(url: str) -> None:
    """As many calls are up as the demo will have: the first picture shows what the next ones do."""
    from datetime import UTC, datetime

    from cx_tui.services.calls.traffic import DEMO_RATE, Traffic

    async with services(url, read_only=False, who=NOBODY) as session:
        await Traffic(session.database, rate=DEMO_RATE).begin(datetime.now(UTC))


@contextlib.contextmanager
def real_switch(url: str, folder: Path, env: Mapping[str, str]) -> "Iterator[Mapping[str, CallSource]]":
    """A Kamailio on this machine whose calls are decided by a demo's database, as a source of its calls."""
    from cx_tui.config.sources import CallSource
    from cx_tui.decide.kamailio.playing import CARRIER, Caller, played

    with played(folder) as switch:
        found = asyncio.run(_demo_callers(url, CARRIER, switch.carrier_port))
        if not found:
            raise Refused(
                "no customer of this database can call now; leave --switch out, or give --customers more"
            )
        source = CallSource(kind="kamailio", rpc=switch.rpc, database=switch.wanted.records_url)
        settings = folder / "cx-tui.toml"
        lines = (
            "[sources.switch]",
            'kind = "kamailio"',
            f'rpc = "{source.rpc}"',
            f'database = "{source.database}"',
        )
        settings.write_text("\n".join([*lines, ""]), "utf-8")
        own = {**env, "CX_TUI_DB": url, "CX_TUI_CONFIG": str(settings), "XDG_STATE_HOME": str(folder)}
        switch.start_switch()
        program = (sys.executable, "-m", "cx_tui")
        switch.run("decide", *program, "decide", "--listen", "none", "--evapi", switch.wanted.evapi, env=own)
        switch.wait_for("decide", "linked")
        switch.run("collect", *program, "collect", env=own)
        switch.call([Caller(one.address, one.calls) for one in found])
        yield {"switch": source}


async def _demo_callers(url: str, host: str, port: int) -> "list[DemoCaller]":
    from cx_tui.services import demo_callers

    async with services(url, read_only=False, who=NOBODY) as session:
        await session.without_traffic()
        await demo_callers.bring_home(session, host, port)
        return await demo_callers.callers(session)
